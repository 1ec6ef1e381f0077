"""Parking: an event that a read model cannot take is written down with the reason, and everything else goes on."""

from __future__ import annotations

import sqlite3
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from core.errors import RungwiseError, StoreError
from projections.rows import PARKED, put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import Connection

__all__ = ["PARKED_MAX", "Parked", "is_of_the_store", "park", "parked", "reason_of"]

# More than this is no bad event but a bad program or a bad disk, and pages with so many holes help nobody.
PARKED_MAX = 1000

# What SQLite says of a statement; all else it says is of the file, the disk or the lock.
_OF_A_STATEMENT = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_RANGE,
}
_PRIMARY = 0xFF  # the rest of an extended result code says more of the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An event that some read models had to go on without.

    Args:
        position: of the event.
        stream: of the journey, member or other record it belongs to.
        version: its number there.
        topic: as it is stored.
        reason: why, one sentence without a student's data.
        at: when it was parked; None when nobody had a clock.
        models: names of the read models that lack it.
    """

    position: int
    stream: UUID
    version: int
    topic: str
    reason: str
    at: datetime | None
    models: tuple[str, ...]


def park(
    db: Connection,
    position: int,
    place: tuple[UUID, int, str],
    reasons: Mapping[str, str],
    at: datetime | None,
) -> None:
    """Write down an event that read models could not take.

    Args:
        db: the transaction in which they go on.
        position: of the event.
        place: its stream, version and topic.
        reasons: why, by the name of the read model.
        at: now.

    Raises:
        StoreError: there are too many already.
    """
    if reasons and db.execute(select(func.count(PARKED.c.position.distinct()))).scalar_one() >= PARKED_MAX:
        raise StoreError(
            f"the event at position {position} cannot be folded either ({next(iter(reasons.values()))}), and "
            f"{PARKED_MAX} are parked: the program or the store needs a repair"
        )
    stream, version, topic = place
    moment = at.isoformat() if at else None
    put(db, PARKED, [(position, name, stream.hex, version, topic, why, moment) for name, why in reasons.items()])


def parked(db: Connection) -> tuple[Parked, ...]:
    """Return the parked events in the order of their positions."""
    found: dict[int, Parked] = {}
    for row in db.execute(select(PARKED).order_by(PARKED.c.position, PARKED.c.model)):
        before = found.get(row.position)
        found[row.position] = Parked(
            position=row.position,
            stream=row.stream,
            version=row.version,
            topic=row.topic,
            reason=row.reason,
            at=datetime.fromisoformat(row.at) if row.at else None,
            models=(*(before.models if before else ()), row.model),
        )
    return tuple(found.values())


def is_of_the_store(error: Exception) -> bool:
    """Say whether the file, the disk, the lock or the memory is to blame, and no event."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & _PRIMARY not in _OF_A_STATEMENT
    return isinstance(cause, MemoryError | OSError)


def reason_of(error: BaseException) -> str:
    """Return what went wrong without a student's data: a text of our own, or only the kind and the place."""
    if isinstance(error, RungwiseError):
        return str(error)
    if isinstance(error, DBAPIError):
        return f"{type(error.orig).__name__}: {error.orig}"
    places = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{where}"
