"""Opening `access.db`: settings asserted, revision guarded, migrated when older than the program."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.errors import StoreError
from core.journal.sqlite import APPLICATION_ID, connect
from web.access.credentials import Credentials
from web.access.looked import Looked
from web.access.quarantine import Quarantine
from web.access.saved_filters import SavedFilters
from web.access.sessions import Sessions
from web.access.tables import setting
from web.access.throttle import Throttle
from web.access.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["REVISION", "Access", "Database", "open_access"]

REVISION = "0003"  # the newest migration; a test compares it with the scripts
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Read and write transactions on `access.db`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = sa.create_engine(
            "sqlite://",
            creator=lambda: _connection(path),
            poolclass=sa.QueuePool,
            pool_size=8,
            hide_parameters=True,  # an error text must not carry a password's hash
        )
        sa.event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(write=True)
        # waits for no disk: what is written here may be lost with the power, and only here
        self._light = sa.create_engine(
            "sqlite://", creator=lambda: _light(path), poolclass=sa.QueuePool, pool_size=2, hide_parameters=True
        ).execution_options(write=True)
        sa.event.listen(self._light, "begin", _begin)
        self._lookers: deque[sqlite3.Connection] = deque()

    def look(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of one query by the plain driver: for what every page asks, at a tenth of the cost."""
        with _plainly():
            try:
                db = self._lookers.pop()
            except IndexError:
                db = _connection(self.path)
                db.row_factory = sqlite3.Row
            found = db.execute(statement, values).fetchall()
            self._lookers.append(db)
        return found

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a read transaction."""
        with _plainly(), self._engine.begin() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a write transaction; it takes the lock at once, so it never fails half-way."""
        with _plainly(), self._writer.begin() as db:
            yield db

    @contextmanager
    def jot(self) -> Iterator[sa.Connection]:
        """Open a write transaction for what may be lost with the power, such as who looked at what."""
        with _plainly(), self._light.begin() as db:
            yield db

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        self._light.dispose()
        while self._lookers:
            self._lookers.pop().close()


class Access:
    """Everything about signing in, and what each member keeps for themselves, for one institution."""

    def __init__(self, database: Database, key: bytes, now: Callable[[], float]) -> None:
        self._db = database
        self.now = now
        self.credentials = Credentials(database, now)
        self.sessions = Sessions(database, now)
        self.throttle = Throttle(database, now)
        self.uploads = Uploads(database, now, key)
        self._watch: sqlite3.Connection | None = None
        self.looked = Looked(database)
        self.saved_filters = SavedFilters(database, key)
        self.quarantine = Quarantine(database, now)

    def setting(self, name: str) -> str | None:
        """Return a setting of the store itself, such as the offset of a demo's calendar."""
        found = self._db.look("SELECT value FROM setting WHERE name = ?", name)
        return found[0]["value"] if found else None

    def keep_setting(self, name: str, value: str) -> None:
        """Set a setting of the store itself."""
        with self._db.write() as db:
            db.execute(setting.delete().where(setting.c.name == name))
            db.execute(setting.insert().values(name=name, value=value))

    def changes(self) -> int:
        """Return a number that is another one whenever anybody has written; for one thread, which asks often."""
        if self._watch is None:
            self._watch = _connection(self._db.path)
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        if self._watch is not None:
            self._watch.close()
        self._db.close()


def open_access(path: Path, key: bytes, *, create: bool = False, now: Callable[[], float] = time.time) -> Access:
    """Open `access.db` and bring it to the newest revision.

    Args:
        path: of the file; made when `create` is true.
        key: seals what is personal in it [32 bytes].
        create: make what is missing.
        now: seconds since 1970-01-01 UTC, the real clock.

    Raises:
        StoreError: missing, damaged, not ours, or newer than the program.
    """
    with _plainly():
        fresh = create and not path.exists()
        db = connect(path, synchronous="FULL", create=create)
        try:
            if fresh:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            found = _revision(db)
        finally:
            db.close()
        if found != REVISION:
            _migrate(path)
    return Access(Database(path), key, now)


def _revision(db: sqlite3.Connection) -> str | None:
    """Return the revision of the file, None for a fresh one."""
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID:
        raise StoreError(f"access.db is not a Rungwise store (application id {owner})")
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None or row[0] > REVISION:
        found = row[0] if row else "none"
        raise StoreError(f"access.db has revision {found}, this program knows up to {REVISION}: use the newer program")
    return str(row[0])


def _migrate(path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = sa.create_engine("sqlite://", creator=lambda: _connection(path), poolclass=sa.NullPool)
    sa.event.listen(engine, "begin", _begin)
    with engine.execution_options(write=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _connection(path: Path) -> sqlite3.Connection:
    db = connect(path, synchronous="FULL")
    db.execute("PRAGMA secure_delete = ON")  # a password hash or an upload that is removed leaves no trace in the file
    return db


def _light(path: Path) -> sqlite3.Connection:
    db = _connection(path)
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def _begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _plainly() -> Iterator[Any]:
    """Turn what the database says into one sentence."""
    try:
        yield
    except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
        raise StoreError(f"access.db cannot be used now ({_first(error)}); nothing was saved, try again") from None
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        raise StoreError(f"access.db is damaged ({_first(error)}); restore it from a backup") from None


def _first(error: Exception) -> str:
    return str(getattr(error, "orig", error) or error)
