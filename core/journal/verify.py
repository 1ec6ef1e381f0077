"""Walks a whole journal and says what is wrong with it, row by row; changes nothing.

Each row must open under its key, at its place (institution, stream, version and topic are bound in), and match its
commitment; each stream must begin with its first event, lack none in the middle, and lie under one key; positions must
have no gap, for SQLite numbers rows without one. So an edited, swapped, renumbered or copied row is found, and every
row that is gone from the middle of the log, also the last one of its stream.

What this cannot find, because a journal does not vouch for its own length: the newest rows of the log gone at once, or
two rows of different streams that changed places in the log. The read models remember how far they were, so the first
is found until they are made again; a key that seals nothing any more is told as a doubt. Of an erased record only the
form can be looked at: header, order, key.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from uuid import UUID

from core.errors import StoreError
from core.journal.keys import Keys, master_key
from core.journal.mapper import SealedMapper
from core.journal.root import Created, Erased
from core.journal.sqlite import connect, guard_format
from core.journal.store import FORMAT
from core.journal.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from core.journal.root import Root

__all__ = ["STRIDE", "Finding", "Reached", "Walk"]

_ROWS = """
SELECT rowid, originator_id, originator_version, topic, CASE typeof(state) WHEN 'blob' THEN state END
FROM stored_events ORDER BY rowid
"""
STRIDE = 200  # rows between two pauses, some 10 ms of work
KEY_ID = slice(1, 17)  # in the header of a row
_TABLE = "stored_events"  # with its index, all that the file holds: a trigger or a view could change what is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong, in one sentence; `position` is None where it concerns no one place.

    A *doubt* has a harmless explanation too, and is no reason for an alarm by itself.
    """

    position: int | None
    sentence: str
    level: Literal["finding", "doubt"] = "finding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What another file remembers of the log: at this position stood this event."""

    position: int
    stream: UUID
    version: int


class _Row(NamedTuple):
    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes


@dataclass(slots=True)
class _Stream:
    version: int = 0
    root: type[Root] | None = None  # as its first row that opens says, like the key
    key_id: bytes = b""


class Walk:
    """One walk over the journal in a folder, in one snapshot.

    Args:
        folder: holds `journal.db` and `keys.db`.
        env: where the master key may be named.
        reached: what the read models remember of the log, where they are there.
        keys: those of an open store, which then stay open; else the walk opens its own.
        pause: called after every `STRIDE` rows, so that a walk beside other work can let it go first.

    Attributes:
        rows: walked so far.
        erased: of these, how many are tombstones.
        streams: how many streams they form.
        head: the last position.

    Raises:
        StoreError: a file is not there, is no store, or is locked with another master key.
    """

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str],
        *,
        reached: Reached | None = None,
        keys: Keys | None = None,
        pause: Callable[[], None] | None = None,
    ) -> None:
        self.rows = self.erased = self.head = 0
        self._path = folder / "journal.db"
        self._own = keys is None
        self._keys = keys or Keys(folder / "keys.db", master_key(folder, env, create=False))
        self._pause = pause
        self._open_row = SealedMapper(self._keys, TOPICS, lambda _: None).open_row
        self._subjects = self._keys.subjects()
        self._streams: dict[str, _Stream] = {}
        self._reached = reached

    @property
    def streams(self) -> int:
        """How many streams were met."""
        return len(self._streams)

    def close(self) -> None:
        """Close the keys, unless they are those of an open store."""
        if self._own:
            self._keys.close()

    def findings(self) -> Iterator[Finding]:
        """Walk; yields what is wrong as it is met."""
        with closing(connect(self._path, synchronous="FULL")) as db:
            guard_format(db, self._path.name, FORMAT, create=False)
            try:
                db.execute("BEGIN")
                yield from _file(db)
                for row in db.execute(_ROWS):
                    yield from self._row(*row)
                    if self._pause and self.rows % STRIDE == 0:
                        self._pause()
            except sqlite3.DatabaseError as error:
                yield Finding(position=None, sentence=f"journal.db is damaged after position {self.head} ({error})")
                return
        yield from self._end()

    def _row(self, position: Any, stream: Any, version: Any, topic: Any, state: Any) -> Iterator[Finding]:
        if position != self.head + 1:
            gone = f"{self.head + 1}" if position == self.head + 2 else f"{self.head + 1} to {position - 1}"
            yield Finding(position=self.head + 1, sentence=f"no event lies at position {gone}: it was deleted")
        self.head = position
        self.rows += 1
        if (origin := _id(stream)) is None or not isinstance(version, int) or not 0 < version < 1 << 63:
            yield Finding(position=position, sentence="no program of ours wrote this row: it has no stream or version")
            return
        row = _Row(position, origin, version, topic, state)
        known = self._streams.setdefault(stream, _Stream())
        yield from self._order(row, known)
        yield from self._open(row, known)
        if self._reached and position == self._reached.position:
            yield from self._same(row, self._reached)

    def _order(self, row: _Row, known: _Stream) -> Iterator[Finding]:
        """Count the events of a stream."""
        before, known.version = known.version, max(known.version, row.version)
        if row.version != before + 1:
            what = f"lacks its event {before + 1}" if row.version > before else "is out of order"
            told = f"event {row.version} comes after event {before}: stream {row.stream} {what}"
            yield Finding(position=row.position, sentence=told)

    def _open(self, row: _Row, known: _Stream) -> Iterator[Finding]:
        """Open a row, and hold it against those of its stream that opened before."""
        at = row.position
        try:
            event = self._open_row(*row[1:])
        except StoreError as error:
            yield Finding(position=at, sentence=str(error))
            return
        self.erased += isinstance(event, Erased)
        topic, key_id = TOPICS[row.topic], row.state[KEY_ID]
        known.root, known.key_id = known.root or topic.root, known.key_id or key_id
        told = f"event {row.version} of stream {row.stream}"
        if (row.version == 1) is not issubclass(topic.event, Created) or topic.root is not known.root:
            yield Finding(position=at, sentence=f"{told} is a {row.topic}, which does not belong at its place")
        if key_id != known.key_id:
            yield Finding(position=at, sentence=f"{told} is sealed under another key than the stream it is in")
        if isinstance(event, Created) and self._subjects.get(key_id) != event.subject:
            yield Finding(position=at, sentence=f"keys.db names another subject for the key of stream {row.stream}")

    def _same(self, row: _Row, known: Reached) -> Iterator[Finding]:
        if (row.stream, row.version) != (known.stream, known.version):
            told = f"the read models remember event {known.version} of stream {known.stream} here: rows were replaced"
            yield Finding(position=known.position, sentence=told)

    def _end(self) -> Iterator[Finding]:
        if self._reached and self._reached.position > self.head:
            told = f"the log ends here, and the read models were at position {self._reached.position}: it was cut off"
            yield Finding(position=self.head, sentence=told)
        used = {one.key_id for one in self._streams.values()}
        for key_id, subject in self._subjects.items():
            if key_id not in used:
                told = f"the key of {subject} seals no event: its first one was never saved, or its events are gone"
                yield Finding(position=None, sentence=told, level="doubt")


def _file(db: sqlite3.Connection) -> Iterator[Finding]:
    for kind, name, table in db.execute("SELECT type, name, tbl_name FROM sqlite_master"):
        if kind not in ("table", "index") or table != _TABLE:
            yield Finding(position=None, sentence=f"journal.db holds a {kind} {name!r} that no program of ours made")
    for (told,) in db.execute("PRAGMA integrity_check(10)"):
        if told != "ok":  # SQLite tells it over several lines
            yield Finding(position=None, sentence=f"journal.db is damaged: {' '.join(told.split())}")


@lru_cache(maxsize=4096)  # the events of a stream lie near each other, and an id is slow to make
def _id(stream: Any) -> UUID | None:
    """Return the id of a stream as the journal writes it, 32 hexadecimal digits, or None."""
    try:
        made = UUID(stream)
    except (ValueError, TypeError, AttributeError):
        return None
    return made if made.hex == stream else None
