"""The file of the read models, `views.db`: opened, guarded, read in snapshots, written in one transaction a pass.

Everything in it can be made again from the journal, so a file that cannot be trusted is emptied and rebuilt, and only
a file of a newer program is refused. It holds personal data in clear, so what is deleted is overwritten
(`secure_delete`).
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, event, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from core.errors import StoreError
from core.journal.sqlite import connect, guard_format

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from core.journal.store import Journal

__all__ = ["METADATA", "STATE", "Views", "open_views", "upsert"]

FORMAT = 1  # raise it whenever a fold gives other rows for the same events
METADATA = MetaData()

# One row for each set of read models that moves together; here one. `mark` names the event at `position`, so that a
# journal with another history (a restored backup that went on) is found out; `erasures` counts the destroyed keys that
# the rows know of.
STATE = Table(
    "view_state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("institution", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("mark", Text, nullable=False),
    Column("erasures", Integer, nullable=False),
    Column("error", Text),
)
STATE_NAME = "journal/pages/1"  # application / projection / version

POOL_SIZE = 8
# A file up to this size is checked through at the start (about a second at most); larger ones by `rungwise doctor`.
CHECKED_BYTES = 256 * 1024 * 1024


class Views:
    """The read models of one institution.

    Args:
        path: of `views.db`.
        note: why the file was emptied at opening, one sentence, or None.
    """

    def __init__(self, path: Path, note: str | None) -> None:
        self.path = path
        self.note = note
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: _connect(path),
            poolclass=QueuePool,
            pool_size=POOL_SIZE,
            hide_parameters=True,  # an error text must not carry a student's data
        )
        # the driver is in autocommit mode, so that this is the one place where a transaction begins
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(writes=True)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection on which every query sees the same moment; one for each page."""
        with self._engine.connect() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection with a write transaction: all of it is kept, or nothing when the block raises."""
        with self._writer.begin() as db:
            yield db

    def position(self) -> int:
        """Return the position of the journal up to which the rows are folded."""
        with self.read() as db:
            return int(db.execute(select(STATE.c.position).where(STATE.c.name == STATE_NAME)).scalar_one())

    def shrink_log(self) -> None:
        """Empty the write-ahead log, so that nothing of an erased record is left in it."""
        db = _connect(self.path)
        try:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()


def open_views(folder: Path, journal: Journal, *, fresh: bool = False) -> Views:
    """Open the read models in a store's folder; make, or empty and note, what does not belong to this journal.

    Args:
        folder: holds `views.db`.
        journal: the journal whose events are folded.
        fresh: begin with an empty file in any case.

    Raises:
        StoreError: the file is of a newer program, not one of ours, or cannot be opened.
    """
    import projections.registry  # noqa: F401 - the read models put their tables into METADATA

    path = folder / "views.db"
    existed = path.exists()
    reason = None
    if existed:
        reason = "is emptied as asked" if fresh else _distrust(path, journal)
        if reason:
            for end in ("", "-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)
    views = Views(path, f"views.db {reason}; it is made again from the journal" if reason else None)
    if reason or not existed:
        _make(views, journal)
    return views


@cache
def shape() -> str:
    """Return a digest of all tables and of what `METADATA.info` says of their content: another file is found out."""
    dialect = sqlite.dialect()
    ddl = [str(CreateTable(table).compile(dialect=dialect)) for table in METADATA.sorted_tables]
    ddl += [str(CreateIndex(index).compile(dialect=dialect)) for t in METADATA.sorted_tables for index in t.indexes]
    ddl.append(msgspec.json.encode(METADATA.info, order="deterministic").decode())
    return "sha256:" + hashlib.sha256("\n".join(sorted(ddl)).encode()).hexdigest()


@cache
def upsert(table: Table) -> str:
    """Return the statement that inserts a row or replaces the one with its key; parameters in the order of columns.

    It is made for the driver, not for `execute`: many rows at once go through it as fast as through the raw driver.
    """
    statement = sqlite.insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    made = statement.on_conflict_do_update(index_elements=keys, set_=rest) if rest else statement
    return str(made.compile(dialect=sqlite.dialect()))


def put(db: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert or replace rows, each in the order of the table's columns; plain values as the driver takes them."""
    if rows:
        db.exec_driver_sql(upsert(table), list(rows))


def digest_of(db: Connection, tables: Sequence[Table]) -> str:
    """Return "sha256:" and the digest of all rows of some tables, in the order of their keys."""
    total = hashlib.sha256()
    for table in tables:
        for row in db.execute(select(table).order_by(*table.primary_key)):
            total.update(msgspec.json.encode(list(row)))
    return "sha256:" + total.hexdigest()


def mark_of(stream: Any, version: int) -> str:
    """Return how an event is named in `view_state.mark`."""
    return f"{stream}/{version}"


def _begin(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")


def _connect(path: Path) -> sqlite3.Connection:
    db = connect(path, synchronous="NORMAL", create=True)
    db.execute("PRAGMA secure_delete = ON")
    return db


def _make(views: Views, journal: Journal) -> None:
    db = _connect(views.path)
    try:
        guard_format(db, "views.db", FORMAT, create=True)
    finally:
        db.close()
    with views.write() as made:
        METADATA.create_all(made)
        row = {"name": STATE_NAME, "institution": str(journal.keys.institution), "shape": shape()}
        made.execute(STATE.insert().prefix_with("OR IGNORE"), {**row, "position": 0, "mark": "", "erasures": 0})


def _distrust(path: Path, journal: Journal) -> str | None:
    """Return why the file cannot be used, or None.

    Raises:
        StoreError: it is of a newer program, not one of ours, or cannot be opened now.
    """
    try:
        db = _connect(path)
    except StoreError as error:
        if isinstance(error.__context__, sqlite3.OperationalError):  # locked, or the disk: not a damage
            raise
        return "was damaged"
    try:
        if path.stat().st_size <= CHECKED_BYTES and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            return "was damaged"
        guard_format(db, "views.db", FORMAT, create=True)
        if db.execute("PRAGMA user_version").fetchone()[0] < FORMAT:
            return "was of an older format"
        known = "institution, shape, position, mark"
        row = db.execute(f"SELECT {known} FROM view_state WHERE name = ?", (STATE_NAME,)).fetchone()
    except sqlite3.DatabaseError:  # a table or a column is not there, or a page cannot be read
        return "was damaged or of another version"
    finally:
        db.close()
    return _not_of(journal, row)


def _not_of(journal: Journal, row: tuple[str, str, int, str] | None) -> str | None:
    if row is None or row[1] != shape():
        return "was made by another version of the program"
    institution, _, position, mark = row
    if institution != str(journal.keys.institution):
        return "belonged to another institution"
    if position > journal.head():
        return "was ahead of the journal"
    if position and mark != _mark_at(journal, position):
        return "was made from another history of the journal"
    return None


def _mark_at(journal: Journal, position: int) -> str | None:
    found = journal.read_log(position - 1, 1)
    if not found or found[0].position != position:
        return None
    return mark_of(found[0].event.originator_id, found[0].event.originator_version)
