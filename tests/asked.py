"""What is asked of the read models, for the tests that count it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from projections.store import Views

_OF_A_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def asking(views: Views) -> Iterator[list[str]]:
    """Give the queries of this thread as SQLite itself sees them, whoever asks; the runner looks on from its own.

    Counted is what is asked on connections that are taken in the block.
    """
    asked: list[str] = []
    mine = threading.get_ident()

    def hear(statement: str) -> None:
        if threading.get_ident() == mine and not statement.startswith(_OF_A_TRANSACTION):
            asked.append(statement)

    def taken(db: sqlite3.Connection, *_: Any) -> None:
        db.set_trace_callback(hear)

    event.listen(views._engine, "checkout", taken)
    yield asked
    event.remove(views._engine, "checkout", taken)
    mine = 0
