"""How we open an SQLite file: the settings that carry a promise, asserted at each connection."""

from __future__ import annotations

import sqlite3
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteConnection, SQLiteConnectionPool, SQLiteFactory

from core.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

__all__ = ["DurableFactory", "connect", "guard_format"]

LOCK_TIMEOUT_S = 5
_MANY = 2**63 - 1
APPLICATION_ID = 0x52554E47  # "RUNG": marks the file as ours

# `synchronous = NORMAL` lost acknowledged events in 71 % of simulated power cuts, FULL in none of 2,000.
_SYNCHRONOUS = {"NORMAL": 1, "FULL": 2}


def connect(path: Path, *, synchronous: Literal["NORMAL", "FULL"], create: bool = False) -> sqlite3.Connection:
    """Open an SQLite file in autocommit mode with write-ahead log and the given durability.

    Raises:
        StoreError: the file is not there (and `create` is false), is not SQLite, or refuses a setting.
    """
    if not create and not path.exists():
        raise StoreError(f"{path} is not there: this folder holds no complete store")
    try:
        mode = "rwc" if create else "rw"  # a file that is gone by now is not made again, empty
        address = f"{path.absolute().as_uri()}?mode={mode}"
        db = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=LOCK_TIMEOUT_S)
        _settle(db, synchronous)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be opened as a store ({error}); restore it from a backup") from None
    return db


def _settle(db: sqlite3.Connection, synchronous: str) -> None:
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA foreign_keys = ON")
    if mode.lower() != "wal" or db.execute("PRAGMA synchronous").fetchone()[0] != _SYNCHRONOUS[synchronous]:
        raise StoreError(f"SQLite refused its settings: journal_mode {mode} (wal), synchronous (must be {synchronous})")


def guard_format(db: sqlite3.Connection, name: str, known: int, *, create: bool) -> None:
    """Check the format number of a store; write it into a fresh one.

    Raises:
        StoreError: the store is newer than the program, or the file is not one of ours.
    """
    try:
        found = db.execute("PRAGMA user_version").fetchone()[0]
        owner = db.execute("PRAGMA application_id").fetchone()[0]
        empty = not db.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master)").fetchone()[0]
        if found == 0 and owner == 0 and empty and create:
            db.execute("BEGIN IMMEDIATE")
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {known}")
            db.execute("COMMIT")
            return
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{name} is damaged ({error}); restore it from a backup") from None
    if owner != APPLICATION_ID:
        raise StoreError(f"{name} is not a Rungwise store (application id {owner})")
    if found > known:
        raise StoreError(f"{name} has format {found}, this program knows up to {known}: use the newer program")


class _DurablePool(SQLiteConnectionPool):
    _synchronous: Literal["NORMAL", "FULL"] = "FULL"

    def _create_connection(self) -> SQLiteConnection:
        connection: SQLiteConnection = super()._create_connection()
        _settle(connection._sqlite_conn, self._synchronous)  # noqa: SLF001 - the library offers no hook for settings
        return connection

    def settle(self, synchronous: Literal["NORMAL", "FULL"]) -> None:
        """Give all connections, which must be idle, another durability."""
        self._synchronous = synchronous
        for connection in self._pool:
            _settle(connection._sqlite_conn, synchronous)  # noqa: SLF001


class _Recorder(SQLiteApplicationRecorder):
    """Reads one stream without making its id again for each row, which cost as much as the query."""

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        stream = originator_id if isinstance(originator_id, str) else originator_id.hex
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                f"SELECT originator_version, topic, state FROM {self.events_table_name} WHERE originator_id = ?"
                " AND originator_version > ? AND originator_version <= ?"
                f" ORDER BY originator_version {'DESC' if desc else 'ASC'} LIMIT ?",
                (stream, gt or 0, _MANY if lte is None else lte, _MANY if limit is None else limit),
            )
            return [StoredEvent(originator_id, *row) for row in cursor.fetchall()]

    def select_log(self, after: int, limit: int) -> list[tuple[int, str, int, str, bytes]]:
        """Return position, stream, version, topic and state of the rows after a position, as they are stored."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT rowid, originator_id, originator_version, topic, CAST(state AS BLOB)"
                f" FROM {self.events_table_name} WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (after, limit),
            )
            rows: list[tuple[int, str, int, str, bytes]] = cursor.fetchall()
            return rows

    def select_streams(self, streams: str, up_to: int) -> list[tuple[int, str, int, str, bytes]]:
        """Return the rows of some streams (a JSON array of ids) up to a position, as `select_log` does.

        Found by the index on the stream, however many others there are: the plus keeps SQLite from walking the log.
        """
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT rowid, originator_id, originator_version, topic, CAST(state AS BLOB)"
                f" FROM {self.events_table_name} WHERE originator_id IN (SELECT value FROM json_each(?))"
                " AND +rowid <= ?",
                (streams, up_to),
            )
            rows: list[tuple[int, str, int, str, bytes]] = cursor.fetchall()
            return sorted(rows, key=itemgetter(0))


class DurableFactory(SQLiteFactory):
    """The library's SQLite stores, each connection with our durability settings."""

    application_recorder_class = _Recorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        stock = self.datastore.pool
        self.datastore.pool = _DurablePool(
            db_name=stock.db_name,
            lock_timeout=stock.lock_timeout,
            pool_size=stock.pool_size,
            max_overflow=stock.max_overflow,
            pool_timeout=stock.pool_timeout,
        )
        stock.close()


del SQLiteFactory, SQLiteApplicationRecorder  # the library takes the one factory class it finds in this module
