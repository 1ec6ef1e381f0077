"""Server-side sessions: the cookie holds a random token, the store its hash."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from web.access.tables import session

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.access.store import Database

__all__ = ["Sessions", "digest"]

TOKEN_BYTES = 32
TOUCH_S = 60  # "seen" is written at most once a minute: a page view costs a read, not a write


def digest(token: str) -> str:
    """Return the SHA-256 of a token [64 hexadecimal digits]; whoever reads the store cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Who is signed in."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._db = database
        self._now = now

    def open(self, member_id: str) -> str:
        """Start a session; return its token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._now()
        with self._db.write() as db:
            db.execute(
                session.insert().values(token_hash=digest(token), member_id=member_id, created_at=now, seen_at=now)
            )
        return token

    def member_of(self, token: str, *, idle_hours: int, hours: int, touch: bool = True) -> str | None:
        """Return the member of a live session, or None; an ended session is removed.

        Args:
            token: of the cookie.
            idle_hours: a session ends after so long without a touch.
            hours: and so long after it began.
            touch: whether the request is the person's own doing, not that of a page that was left open.
        """
        now, hashed = self._now(), digest(token)
        found = self._db.look("SELECT member_id, created_at, seen_at FROM session WHERE token_hash = ?", hashed)
        if not found:
            return None
        member_id, created_at, seen_at = found[0]
        if now - seen_at > idle_hours * 3600 or now - created_at > hours * 3600:
            self.close(token)
            return None
        if touch and now - seen_at > TOUCH_S:
            with self._db.write() as db:
                db.execute(session.update().where(session.c.token_hash == hashed).values(seen_at=now))
        known: str = member_id
        return known

    def close(self, token: str) -> None:
        """End a session."""
        with self._db.write() as db:
            db.execute(session.delete().where(session.c.token_hash == digest(token)))

    def close_all(self, member_id: str, *, but: str = "") -> int:
        """End all sessions of a member, except the one with the token `but`; return how many."""
        with self._db.write() as db:
            return db.execute(
                session.delete().where(session.c.member_id == member_id, session.c.token_hash != digest(but))
            ).rowcount

    def sweep(self, *, hours: int) -> None:
        """Remove the rows of sessions that are long over."""
        with self._db.write() as db:
            db.execute(session.delete().where(session.c.created_at < self._now() - hours * 3600))
