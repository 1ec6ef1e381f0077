"""The file of the read models: opened, guarded, read in snapshots, written in one transaction a pass.

Everything in it can be made again from the journal, so a file that cannot be trusted is given up and made anew, and
only a file of a newer program is refused. It holds personal data in clear, so what is deleted is overwritten
(`secure_delete`).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from core.errors import Conflict, StoreError
from core.journal.sqlite import LOCK_TIMEOUT_S, connect, guard_format
from projections.files import NAME, Making, in_use
from projections.rows import METADATA, OWN, STATE, STATE_NAME, Plain, driver, mark_of, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from core.journal.store import Journal

__all__ = ["FORMAT", "STATE", "STATE_NAME", "Views", "create", "open_views"]

FORMAT = 1  # raise it whenever a fold gives other rows for the same events
POOL_SIZE = 8
_LOOK_S = 0.05
# A file up to this size is checked through at the start (about a second at most); larger ones by `rungwise doctor`.
CHECKED_BYTES = 256 * 1024 * 1024


class Views:
    """The read models of one institution.

    Args:
        path: of `views.db`, the link to the file in use; or of one that is being made.
        note: why the file was emptied at opening, one sentence, or None.
        opener: opens a file with the settings it needs.
    """

    def __init__(
        self, path: Path, note: str | None = None, opener: Callable[[Path], sqlite3.Connection] | None = None
    ) -> None:
        self.path = path
        self.note = note
        self._opener = opener or _connect
        self._engine = create_engine(
            "sqlite://",
            creator=self._open,
            poolclass=QueuePool,
            pool_size=POOL_SIZE,
            hide_parameters=True,  # an error text must not carry a student's data
        )
        # the driver is in autocommit mode, so that this is the one place where a transaction begins
        event.listen(self._engine, "begin", _begin)
        event.listen(self._engine, "connect", _remember_file)
        event.listen(self._engine, "checkout", self._leave_old_file)
        self._writer = self._engine.execution_options(writes=True)
        self._looking = threading.Lock()
        self._look: tuple[Path, sqlite3.Connection] | None = None  # asked so often, without a pool

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
        with self._looking:
            self._leave()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection on which every query sees the same moment; one for each page."""
        with self._engine.connect() as db:
            db.begin()
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection with a write transaction: all of it is kept, or nothing when the block raises."""
        while True:
            with self._writer.begin() as db:
                if db.info["file"] == in_use(self.path).name:  # no flip while it waited for its turn
                    yield db
                    return

    def state(self) -> Any:
        """Return the row that says how far the rows are."""
        with self.read() as db:
            return _STATE(db).one()

    def position(self) -> int:
        """Return the position of the journal up to which the rows are folded."""
        with self._looking:
            file = in_use(self.path)
            if self._look is None or self._look[0] != file:
                self._leave()
                self._look = (file, self._open())
            found: int = self._look[1].execute(_POSITION, (STATE_NAME,)).fetchone()[0]
            return found

    def _leave(self) -> None:
        if self._look is not None:
            self._look[1].close()
            self._look = None

    def shrink_log(self) -> None:
        """Empty the write-ahead log, so that nothing of an erased record is left in it."""
        with closing(self._open()) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _open(self) -> sqlite3.Connection:
        while True:
            file = in_use(self.path)
            try:
                return self._opener(file)
            except StoreError:
                if file == in_use(self.path):
                    raise

    def _leave_old_file(self, _: Any, record: Any, __: Any) -> None:
        """Let the pool open the file in use where a connection still has the one before it."""
        if record.info["file"] != in_use(self.path).name:
            raise DisconnectionError


_STATE = Plain(select(STATE).where(OWN))
_POSITION = f"SELECT position FROM {STATE.name} WHERE name = ?"


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

    path = folder / NAME
    reason = None
    if existed := path.exists():
        reason = "is emptied as asked" if fresh else _distrust(path, journal)
    if reason or not existed:
        _begin_anew(path, journal)
    return Views(path, f"views.db {reason}; it is made again from the journal" if reason else None)


def _begin_anew(path: Path, journal: Journal) -> None:
    until = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            with Making(path.parent) as making:
                create(making.file, journal)
                making.publish()
        except Conflict as error:
            if path.exists() and _distrust(path, journal) is None:
                return  # somebody else was first
            if time.monotonic() > until:
                raise StoreError(str(error)) from None
            time.sleep(_LOOK_S)
        else:
            return


def create(file: Path, journal: Journal) -> None:
    """Make a file without rows, at the beginning of a journal."""
    with closing(connect(file, synchronous="NORMAL", create=True)) as db:
        guard_format(db, file.name, FORMAT, create=True)
    views = Views(file)
    row = {"name": STATE_NAME, "institution": str(journal.keys.institution), "shape": shape()}
    erasures = len(journal.keys.destroyed())
    with closing(views), views.write() as db:
        METADATA.create_all(db)
        db.execute(STATE.insert(), {**row, "position": 0, "mark": "", "erasures": erasures, "clean": erasures})


def _begin(db: Connection) -> None:
    if db.get_execution_options().get("writes"):
        db.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver(db).execute("BEGIN")


def _remember_file(db: sqlite3.Connection, record: Any) -> None:
    record.info["file"] = Path(db.execute("PRAGMA database_list").fetchone()[2]).name


def _connect(path: Path) -> sqlite3.Connection:
    db = connect(path, synchronous="NORMAL")
    db.execute("PRAGMA secure_delete = ON")
    return db


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
    events, unreadable = journal.read_on(position - 1, 1)
    if unreadable is not None:
        return mark_of(unreadable.stream, unreadable.version) if unreadable.position == position else None
    if not events or events[0].position != position:
        return None
    return mark_of(events[0].event.originator_id, events[0].event.originator_version)
