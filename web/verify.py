"""Walks the journal of a store, beside what the read models remember of it: `rungwise log verify`, and each day.

What the last walk found is kept in `access.db`: the pages say when it was, and never claim health that nobody checked.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from core.errors import RungwiseError
from core.journal.verify import Reached, Walk
from projections.files import NAME, in_use
from projections.store import STATE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from web.house import House

__all__ = ["Verified", "last_verified", "remembered", "verify"]

_SETTING = "verified"
_FIRST_MAX = 200  # characters of a sentence that is kept
_PAUSE_S = 0.2  # after some 10 ms of work, so that a walk takes a twentieth of a core from whoever waits for a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What the last walk over the journal found.

    Args:
        at: when it ended, by the school's clock.
        events: how many were opened.
        findings: how many faults; doubts, which have a harmless explanation too, are not among them.
        first: the first fault, one sentence; empty without one.
    """

    at: datetime
    events: int
    findings: int
    first: str


def verify(house: House) -> Verified:
    """Walk the journal of an open store beside its other work, and keep what was found.

    Args:
        house: of this process.
    """
    folder, found, events = house.settings.data_dir, [], 0
    try:
        reached = remembered(folder)  # before the walk begins: the log only grows
        keys, pause = house.desk.journal.keys, partial(time.sleep, _PAUSE_S)
        with closing(Walk(folder, {}, reached=reached, keys=keys, pause=pause)) as walk:
            found = [one.sentence for one in walk.findings() if one.level == "finding"]
            events = walk.rows
    except RungwiseError as error:
        found.append(str(error))
    done = Verified(at=house.clock(), events=events, findings=len(found), first=found[0][:_FIRST_MAX] if found else "")
    house.access.keep_setting(_SETTING, json.dumps(asdict(done) | {"at": done.at.isoformat()}))
    return done


def last_verified(house: House) -> Verified | None:
    """Return what the last walk found, in whichever process; None before the first.

    Args:
        house: of this process.
    """
    kept = house.access.setting(_SETTING)
    if kept is None:
        return None
    held = json.loads(kept)
    return Verified(**held | {"at": datetime.fromisoformat(held["at"])})


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
