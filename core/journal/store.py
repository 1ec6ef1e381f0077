"""The journal of one institution: load, save, read in order; open and guard its files."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, PersistenceError
from eventsourcing.utils import Environment

from core.errors import Conflict, NotFound, RecordErased, StoreError
from core.journal.keys import Keys, master_key
from core.journal.mapper import SealedMapper
from core.journal.root import replay
from core.journal.sqlite import connect, guard_format
from core.journal.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from core.journal.root import Erased, Event, Root

__all__ = ["Journal", "Recorded", "Unreadable", "open_journal"]

FORMAT = 1
MOST = 2**63 - 1  # no position is greater
R = TypeVar("R", bound="Root")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event at its place in the log of the whole institution; positions grow strictly, gaps are legal."""

    position: int
    event: Event | Erased


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the log that does not open: its place, as it says itself, and why; nothing else of it is known."""

    position: int
    stream: UUID
    version: int
    topic: str
    reason: str


class _Store(Application["UUID"]):
    """The library's application with our mapper and our durability; ignores the process environment."""

    name = "journal"

    def __init__(self, path: Path, keys: Keys) -> None:
        self._keys = keys
        super().__init__(
            {
                "PERSISTENCE_MODULE": "core.journal.sqlite",
                "SQLITE_DBNAME": str(path),
                "SQLITE_LOCK_TIMEOUT": "5",
            }
        )

    def construct_env(self, name: str, env: Any = None) -> Environment:
        return Environment(name, env)

    def construct_mapper(self) -> SealedMapper:
        return SealedMapper(self._keys, TOPICS, self._first_row)

    def _first_row(self, stream: UUID) -> bytes | None:
        rows = self.recorder.select_events(stream, limit=1)
        return rows[0].state if rows else None


class _Held(threading.local):
    """What a thread that reads one page was told of changes."""

    on = False
    numbers: tuple[int, ...] = ()


class Journal:
    """The only door to the events of one institution."""

    _kept: dict[UUID, Any] | None = None  # aggregates by stream, while somebody is alone with the journal

    def __init__(self, path: Path, keys: Keys) -> None:
        self.keys = keys
        self.path = path
        self._store = _Store(path, keys)
        self._watching = threading.Lock()
        self._held = _Held()
        self._watched = [connect(one, synchronous="FULL") for one in (path, keys.path)]

    def close(self) -> None:
        """Close the files."""
        for watched in self._watched:
            watched.close()
        self._store.close()
        self.keys.close()

    def changes(self) -> tuple[int, ...]:
        """Return numbers that are others whenever anybody, in any process, wrote an event or destroyed a key.

        They cost next to nothing, and are the answer to whether something that was read is still so: ask first, then
        read.
        """
        held = self._held
        if held.numbers:
            return held.numbers
        with _one_sentence("read"), self._watching:  # connections that never write: their own writes would not count
            numbers = tuple(watched.execute("PRAGMA data_version").fetchone()[0] for watched in self._watched)
        if held.on:
            held.numbers = numbers
        return numbers

    def hold(self, *, on: bool) -> None:
        """Let `changes` answer this thread from now on as it does the next time, until it saves, or no longer.

        For a page that is read: it asks a dozen times. What others write meanwhile the next page sees.
        """
        self._held.on, self._held.numbers = on, ()

    def get(self, kind: type[R], stream: UUID, version: int | None = None) -> R:
        """Load an aggregate, at a version where one is given.

        Raises:
            NotFound: no such stream, or it is of another kind.
            RecordErased: its key was destroyed.
        """
        kept = self._kept
        root = kept.get(stream) if kept is not None and version is None else None
        if root is None or root.pending_events:  # what a refused command began is not taken up
            root = replay(None, self.stream(stream, version))
        if not isinstance(root, kind):
            raise NotFound(f"there is no {kind.TOPIC} {stream}")
        if root.erased:
            raise RecordErased("this record was erased; nothing of it can be read or added to")
        if kept is not None and version is None:
            kept[stream] = root
        return root

    def refresh(self, root: R) -> R:
        """Return an aggregate with the events that came after it; the given one is changed in place."""
        if self._kept is not None and self._kept.get(root.id) is root:
            return root
        with _one_sentence("read"):
            newer: Any = list(self._store.events.get(root.id, gt=root.version))
        brought_up: Any = replay(root, newer)
        return brought_up  # type: ignore[no-any-return]

    def has(self, stream: UUID) -> bool:
        """Say whether the stream exists (an erased one does)."""
        with _one_sentence("read"):
            return bool(self._store.recorder.select_events(stream, limit=1))

    def save(self, *roots: Root) -> int:
        """Write the pending events of all given aggregates in one transaction; return the last position written.

        Returns the head of the log when there is nothing to write.

        Raises:
            Conflict: another writer was first on one of the streams; load again and decide again.
            StoreError: the disk or the lock did not allow the write; nothing was written.
        """
        self.hold(on=False)  # who writes sees what they wrote
        with _one_sentence("written"):
            written = self._store.save(*roots)
        return int(written[-1].notification.id) if written else self.head()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Write much at once, as the only user of this journal, when it can be done again from where it stopped.

        Aggregates are kept, and no save waits for the disk: a loss of power may take the newest saves of the block, but
        tears none and takes no older one before a newer one (write-ahead log, `synchronous = NORMAL`). The first save
        after the block brings all of them to the disk.
        """
        pool: Any = self._store.factory.datastore.pool  # type: ignore[attr-defined] # of our own factory
        pool.settle("NORMAL")
        self._kept = {}
        try:
            yield
        finally:
            self._kept = None
            pool.settle("FULL")

    def head(self) -> int:
        """Return the position of the newest event, 0 in an empty journal."""
        with _one_sentence("read"):
            return self._store.recorder.max_notification_id() or 0

    def stream(self, stream: UUID, up_to: int | None = None) -> list[Event | Erased]:
        """Return the events of one stream in order, up to a version where one is given."""
        with _one_sentence("read"):
            return list(self._store.events.get(stream, lte=up_to))  # type: ignore[arg-type]

    def read_streams(self, streams: Iterable[UUID], up_to: int | None = None) -> list[Recorded]:
        """Return the events of some streams in the order of the log, up to a position where one is given."""
        wanted = json.dumps([stream.hex for stream in streams])
        with _one_sentence("read"):
            rows = self._store.recorder.select_streams(wanted, MOST if up_to is None else up_to)  # type: ignore[attr-defined] # of our own recorder
        open_row = self._store.mapper.open_row  # type: ignore[attr-defined]
        return [Recorded(row[0], open_row(_stream(row[1]), *row[2:])) for row in rows]

    def read_log(self, after: int, limit: int, topics: Sequence[str] = ()) -> list[Recorded]:
        """Return up to `limit` events after a position, in order, of all streams (of these topics alone, if any)."""
        with _one_sentence("read"):
            rows = self._store.recorder.select_notifications(after, limit, topics=topics, inclusive_of_start=False)
        open_row = self._store.mapper.to_domain_event
        return [Recorded(row.id, open_row(row)) for row in rows]  # type: ignore[arg-type]

    def read_on(self, after: int, limit: int) -> tuple[list[Recorded], Unreadable | None]:
        """Return what `read_log` does, up to the first row that does not open, and that row."""
        with _one_sentence("read"):
            rows = self._store.recorder.select_log(after, limit)  # type: ignore[attr-defined] # of our own recorder
        open_row = self._store.mapper.open_row  # type: ignore[attr-defined]
        events: list[Recorded] = []
        for position, stream, version, topic, state in rows:
            try:
                events.append(Recorded(position, open_row(_stream(stream), version, topic, state)))
            except StoreError as error:
                return events, Unreadable(position, _stream(stream), version, topic, str(error))
            except (ValueError, TypeError, AttributeError):  # neither an id nor a version of ours
                return events, Unreadable(position, _NOBODY, 0, str(topic)[:60], "no program of ours wrote this row")
        return events, None


_stream = lru_cache(maxsize=4096)(UUID)  # the events of a stream lie near each other, and an id is slow to make
_NOBODY = UUID(int=0)


@contextmanager
def _one_sentence(done: str) -> Iterator[None]:
    """Turn what the library and SQLite raise into errors that a person can be shown."""
    try:
        yield
    except IntegrityError:
        raise Conflict("somebody else changed this record at the same moment") from None
    except (PersistenceError, sqlite3.Error) as error:
        hint = "nothing was saved, try again" if done == "written" else "restore it from a backup if this stays"
        raise StoreError(f"the journal could not be {done} ({error}); {hint}") from None
    except ValueError as error:
        raise StoreError(f"the journal holds a row that no program of ours wrote ({error})") from None


def open_journal(folder: Path, env: Mapping[str, str], *, create: bool = False) -> Journal:
    """Open the journal and the keys in a store's folder.

    Args:
        folder: holds `journal.db` and `keys.db`.
        env: where the master key may be named.
        create: make what is missing; without it a missing store is an error.

    Raises:
        StoreError: missing, damaged, newer than the program, or sealed with other keys.
    """
    if create:
        folder.mkdir(parents=True, exist_ok=True)
    journal_path, keys_path = folder / "journal.db", folder / "keys.db"
    if journal_path.exists() and not keys_path.exists():
        raise StoreError(f"{keys_path} is missing: without it nothing in journal.db can be read; restore it")
    if not create and not keys_path.exists():
        raise StoreError(f"{folder} holds no store; scripts/run creates one")
    keys = Keys(keys_path, master_key(folder, env, create=create and not keys_path.exists()), create=create)
    try:
        return _open_beside(keys, journal_path, create=create)
    except BaseException:
        keys.close()
        raise


def _open_beside(keys: Keys, path: Path, *, create: bool) -> Journal:
    if keys.in_use() and not path.exists():
        raise StoreError(f"{path} is missing although keys.db was in use: restore it from a backup")
    db = connect(path, synchronous="FULL", create=create)
    try:
        guard_format(db, path.name, FORMAT, create=create)
    finally:
        db.close()
    try:
        journal = Journal(path, keys)
    except PersistenceError as error:
        raise StoreError(f"journal.db is damaged ({error}); restore it from a backup") from None
    journal.read_log(0, 1)  # a journal of another store is found out before anybody works on it
    return journal
