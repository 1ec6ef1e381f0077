"""Making the read models again, in a file beside the one in use, which is followed and read meanwhile.

The new file is put in its place in one step, once it has everything. Until then nobody sees it, so it is written
without the care that a power cut asks for; an interrupted one is swept away by the next (`projections.files`).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from core.journal.sqlite import connect
from projections.files import Making
from projections.folding import Folding
from projections.store import Views, create

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from core.journal.store import Journal
    from projections.model import ReadModel

__all__ = ["rebuild"]

BATCH = 60_000  # nobody waits for a pass, and a journey's row is written once in each
REMEMBERED = 2_200  # journeys: the year of a large school; with these, all of it stays near 200 MB
CACHE_KIB = 32 * 1024


def rebuild(
    journal: Journal,
    views: Views,
    models: Sequence[ReadModel],
    *,
    clock: Callable[[], datetime] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> int | None:
    """Make the read models again and put them in the place of those in use.

    Args:
        journal: is read.
        views: those in use; they can be read and followed meanwhile.
        models: what is folded.
        clock: says when an event was parked.
        stopped: asked after each pass; true gives it up.

    Returns:
        The position, or None when it was given up.

    Raises:
        Conflict: they are being made again already.
        StoreError: the journal cannot be read, or too many events are parked.
    """
    with Making(views.path.parent) as making:
        create(making.file, journal)
        hidden = Views(making.file, opener=_open_hidden)
        with closing(hidden):
            folding = Folding(journal, hidden, models, batch=BATCH, remembered=REMEMBERED, clock=clock)
            while folding.step():
                making.tell(hidden.position())
                if stopped():
                    return None
            _sync(making.file)  # nearly all of it, before anybody has to wait
            with views.write():  # the rows in use do not move on from here
                folding.to_the_end()
                position = hidden.position()
                hidden.close()
                connect(making.file, synchronous="NORMAL").close()  # a write-ahead log from here on
                _sync(making.file)
                making.publish()
        return position


def _open_hidden(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA secure_delete = ON")
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return db


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
