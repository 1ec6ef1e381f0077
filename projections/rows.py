"""The tables that every read model's file has, and how rows are put into it and compared."""

from __future__ import annotations

import hashlib
from collections import namedtuple
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

import msgspec
from sqlalchemy import (
    BindParameter,
    Column,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.visitors import iterate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

__all__ = [
    "METADATA",
    "OWN",
    "PARKED",
    "STATE",
    "STATE_NAME",
    "Answer",
    "Plain",
    "among",
    "apart",
    "digest_of",
    "driver",
    "listed",
    "mark_of",
    "put",
    "shape",
    "together",
    "upsert",
]

METADATA = MetaData()

# One row for each set of read models that moves together; here one. `mark` names the event at `position`, so that a
# journal with another history (a restored backup that went on) is found out. `erasures` counts the destroyed keys that
# the rows know of, `clean` those that were known when the file was begun: of what was erased since, something may still
# lie in its gaps, and a new file is due.
STATE = Table(
    "view_state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("institution", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("mark", Text, nullable=False),
    Column("erasures", Integer, nullable=False),
    Column("clean", Integer, nullable=False),
    Column("rate", Float),  # events a second in the last pass
    Column("error", Text),
)
STATE_NAME = "journal/pages/1"  # application / projection / version
OWN = STATE.c.name == STATE_NAME

# Events that a read model could not take; it went on without them.
PARKED = Table(
    "parked",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("stream", Uuid, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text),
)


_UNIT, _RECORD = "\x1f", "\x1e"  # no name holds these separators


def together(key: Column[str], value: Column[str]) -> Any:
    """Return a whole small table in one value, so that its names cost no query of their own."""
    return select(func.aggregate_strings(key + _UNIT + value, _RECORD)).scalar_subquery()


def apart(text: str | None) -> dict[str, str]:
    """Return what `together` put into one value."""
    return dict(cast("tuple[str, str]", pair.split(_UNIT, 1)) for pair in (text or "").split(_RECORD) if pair)


class Answer:
    """The rows that a `Plain` query found: named tuples, read while the connection is open."""

    __slots__ = ("_cursor", "_row")

    def __init__(self, cursor: sqlite3.Cursor, row: Callable[[Any], Any]) -> None:
        self._cursor = cursor
        self._row = row

    def __iter__(self) -> Iterator[Any]:
        return map(self._row, self._cursor)

    def all(self) -> list[Any]:
        """Return all rows."""
        return list(map(self._row, self._cursor.fetchall()))

    def first(self) -> Any:
        """Return the first row, None when there is none."""
        found = self._cursor.fetchone()
        self._cursor.close()
        return found and self._row(found)

    def one(self) -> Any:
        """Return the row of a query that always finds one."""
        found = self.first()
        if found is None:
            raise LookupError("no row where there is always one")
        return found

    def scalar(self) -> Any:
        """Return the first value of the first row, None when there is none."""
        found = self.first()
        return found and found[0]


@cache
def _row_of(names: tuple[str, ...]) -> Callable[[Any], Any]:
    # made of a tuple at once, as `_make` of a named tuple does after a second look at its length
    return partial(tuple.__new__, cast("type[Any]", namedtuple("Row", names, rename=True)))  # noqa: PYI024 - at run time


class Plain:
    """A query put into words once and then asked of the driver itself: for what pages ask, at a tenth of the cost.

    Values come as they are stored: an id as 32 digits, a truth as 0 or 1. What differs from one time to the next is
    bound by name (`bindparam`). An error is the driver's own; its text holds no values.

    Args:
        query: the query.
    """

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        bound = {one.key: None for one in iterate(query) if isinstance(one, BindParameter) and one.required}
        compiled: Any = query.compile(dialect=sqlite.dialect())
        made = compiled.construct_expanded_state(bound)
        self._text: str = made.statement
        self._given = tuple((name, made.parameters[name]) for name in made.positiontup)
        self._row = _row_of(tuple(query.selected_columns.keys()))

    def __call__(self, db: Connection, **named: object) -> Answer:
        """Ask it; a name that is not given has the value that the query was built with."""
        values = [named.get(name, value) for name, value in self._given]
        return Answer(driver(db).execute(self._text, values), self._row)


def driver(db: Connection) -> sqlite3.Connection:
    """Return the driver's own connection, for what is asked so often that all between costs more than the answer.

    Args:
        db: from `Views.read` or `Views.write`: its transaction has begun.
    """
    return cast("sqlite3.Connection", db.connection.dbapi_connection)


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that an id is one of those bound as `journeys`, which `listed` makes one value of."""
    these = func.json_each(bindparam("journeys", type_=Text())).table_valued("value")
    return type_coerce(column, Text()).in_(select(these.c.value))


def listed(journeys: Collection[str]) -> str:
    """Return ids [32 digits each] in one value."""
    return msgspec.json.encode(list(journeys)).decode()


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
