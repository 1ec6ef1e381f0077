"""Filters of a board that members keep under a name; a filter may hold a student's name, so each is sealed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import InvalidValue, NotFound
from core.values import text
from web.access.tables import saved_filter

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from web.access.store import Database

__all__ = ["KEPT_MAX", "NAME_MAX", "SavedFilter", "SavedFilters"]

NAME_MAX = 60
KEPT_MAX = 50  # a member keeps in one cohort: more is a list nobody reads
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A view of a cohort's board under a name.

    Args:
        id: of the filter.
        member_id: whose it is.
        cohort: of which board.
        shared: everybody who reads the cohort sees it.
        name: as its member calls it.
        query: the part of the board's address that makes the view.
    """

    id: str
    member_id: str
    cohort: str
    shared: bool
    name: str
    query: str


_VISIBLE = "SELECT * FROM saved_filter WHERE cohort = ? AND (member_id = ? OR shared)"


class SavedFilters:
    """The filters of all members."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._db = database
        self._cipher = AESGCM(key)

    def for_member(self, member_id: str, cohort: str) -> tuple[SavedFilter, ...]:
        """Return what a member sees of a cohort, by name: their own filters, and those that others share."""
        rows = self._db.look(_VISIBLE, cohort, member_id)
        return tuple(sorted((self._open(row) for row in rows), key=lambda one: (one.name.casefold(), one.id)))

    def keep(self, made: SavedFilter) -> None:
        """Keep a new filter; the same id again changes nothing, so a form sent twice keeps one.

        Raises:
            InvalidValue: no name, a name of theirs that is taken, or too many filters.
        """
        kept = self.for_member(made.member_id, made.cohort)
        if any(one.id == made.id for one in kept):
            return
        own = [one for one in kept if one.member_id == made.member_id]
        if len(own) >= KEPT_MAX:
            raise InvalidValue("name", made.name, f"at most {KEPT_MAX} filters: delete one first")
        name = _free(made.name, own)
        place = {"id": made.id, "member_id": made.member_id, "cohort": made.cohort, "shared": made.shared}
        with self._db.write() as db:
            row = {**place, "sealed": self._seal(made.id, name, made.query)}
            db.execute(saved_filter.insert().prefix_with("OR IGNORE").values(row))

    def change(self, member_id: str, cohort: str, filter_id: str, *, name: str, shared: bool) -> None:
        """Give a filter of one's own another name, share it, or take it back.

        Raises:
            NotFound: there is none, or it is somebody else's.
            InvalidValue: no name, or a name of theirs that is taken.
        """
        own = [one for one in self.for_member(member_id, cohort) if one.member_id == member_id]
        held = next((one for one in own if one.id == filter_id), None)
        if held is None:
            raise NotFound("there is no such filter of yours")
        sealed = self._seal(filter_id, _free(name, [one for one in own if one.id != filter_id]), held.query)
        with self._db.write() as db:
            db.execute(saved_filter.update().where(saved_filter.c.id == filter_id).values(shared=shared, sealed=sealed))

    def delete(self, member_id: str, filter_ids: Collection[str]) -> int:
        """Delete filters of one's own; return how many there were."""
        mine = (saved_filter.c.member_id == member_id, saved_filter.c.id.in_(filter_ids))
        with self._db.write() as db:
            return db.execute(saved_filter.delete().where(*mine)).rowcount

    def forget(self, member_id: str) -> None:
        """Remove all filters of a member."""
        with self._db.write() as db:
            db.execute(saved_filter.delete().where(saved_filter.c.member_id == member_id))

    def _seal(self, filter_id: str, name: str, query: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, msgspec.json.encode([name, query]), filter_id.encode())

    def _open(self, row: sqlite3.Row) -> SavedFilter:
        sealed: bytes = row["sealed"]
        plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row["id"].encode())
        name, query = msgspec.json.decode(plain, type=tuple[str, str])
        return SavedFilter(
            id=row["id"],
            member_id=row["member_id"],
            cohort=row["cohort"],
            shared=bool(row["shared"]),
            name=name,
            query=query,
        )


def _free(name: str, own: Collection[SavedFilter]) -> str:
    """Return a name, checked: a member has no two filters with the same name in a cohort."""
    name = " ".join(text("name", name, NAME_MAX).split())
    if any(one.name.casefold() == name.casefold() for one in own):
        raise InvalidValue("name", name, "a name that no other filter of yours has")
    return name
