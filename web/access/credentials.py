"""Passwords: set, checked, and set anew over a one-time invitation."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from core.errors import InvalidValue, NotFound
from web.access.sessions import digest
from web.access.tables import credential, invitation

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.access.store import Database

__all__ = ["INVITATION_HOURS", "PASSWORD_MAX", "PASSWORD_MIN", "Credentials"]

# Length and nothing else: rules of composition make passwords worse. Source: NIST SP 800-63B, section 5.1.1.2 (which
# asks for 8 at least; 12 is this product's own choice).
PASSWORD_MIN = 12
PASSWORD_MAX = 200
INVITATION_HOURS = 72


class Credentials:
    """The passwords of an institution's members."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._db = database
        self._now = now
        # Source: OWASP, Password Storage Cheat Sheet, 2024, Argon2id: 19 MiB, t = 2, p = 1.
        self._hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def has(self, member_id: str) -> bool:
        """Say whether the member has a password."""
        return self._hash_of(member_id) is not None

    def check(self, member_id: str | None, password: str) -> bool:
        """Say whether the password is the member's.

        An unknown member costs the same time as a known one: the answer does not tell whether an address is known.
        """
        stored = self._hash_of(member_id) if member_id else None
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return stored is not None

    def set(self, member_id: str, password: str) -> None:
        """Set a password; outstanding invitations of the member end.

        Raises:
            InvalidValue: too short or too long (the password itself is never shown).
        """
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise InvalidValue("password length", len(password), f"{PASSWORD_MIN} to {PASSWORD_MAX} characters")
        values = {"password_hash": self._hasher.hash(password), "changed_at": self._now()}
        with self._db.write() as db:
            if not db.execute(credential.update().where(credential.c.member_id == member_id).values(values)).rowcount:
                db.execute(credential.insert().values(member_id=member_id, **values))
            db.execute(invitation.delete().where(invitation.c.member_id == member_id))

    def invite(self, member_id: str) -> str:
        """Return a token with which the member sets a password once; an earlier one of theirs ends."""
        token = secrets.token_urlsafe(32)
        with self._db.write() as db:
            db.execute(invitation.delete().where(invitation.c.member_id == member_id))
            db.execute(
                invitation.insert().values(
                    token_hash=digest(token),
                    member_id=member_id,
                    expires_at=self._now() + INVITATION_HOURS * 3600,
                )
            )
        return token

    def invited(self, token: str) -> str:
        """Return whom a token was made for; looking does not use it up.

        Raises:
            NotFound: unknown, used or expired.
        """
        query = sa.select(invitation.c.member_id).where(
            invitation.c.token_hash == digest(token), invitation.c.expires_at > self._now()
        )
        with self._db.read() as db:
            found: str | None = db.scalar(query)
        if found is None:
            raise NotFound("this link was used already or is older than three days; ask a steward for a new one")
        return found

    def forget(self, member_id: str) -> None:
        """Take the password and the invitations of a member away."""
        with self._db.write() as db:
            db.execute(credential.delete().where(credential.c.member_id == member_id))
            db.execute(invitation.delete().where(invitation.c.member_id == member_id))

    def _hash_of(self, member_id: str) -> str | None:
        with self._db.read() as db:
            found: str | None = db.scalar(
                sa.select(credential.c.password_hash).where(credential.c.member_id == member_id)
            )
        return found
