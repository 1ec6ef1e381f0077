"""`rungwise log verify`: walks the journal of a store, beside what the read models remember of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import UUID

from core.journal.verify import Reached
from projections.files import NAME, in_use
from projections.store import STATE_NAME

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["remembered"]


def remembered(folder: Path) -> Reached | None:
    """Return how far the read models were and at which event; None where there are none to ask.

    They are only looked at: opening them as the pages do would make them anew from a journal that was cut off.
    """
    path = in_use(folder / NAME)
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT position, mark FROM view_state WHERE name = ?", (STATE_NAME,)).fetchone()
        stream, _, version = row[1].partition("/")
        return Reached(position=row[0], stream=UUID(stream), version=int(version))
    except (sqlite3.DatabaseError, TypeError, ValueError):  # damaged, of another version, or nothing folded yet
        return None
