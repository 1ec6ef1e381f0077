"""Read model of the recommendations that the journey page shows whole: the one in force and the one before it.

The rules behind a recommendation take as much room as twenty other events, and older ones are shown by their line in
the timeline alone; so each journey has two slots, which new recommendations fill in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Column, Integer, LargeBinary, Table, Uuid

from core.journal.root import Erased
from core.journey.recommendations import RecommendationIssued
from projections.model import ReadModel
from projections.rows import METADATA, put

if TYPE_CHECKING:
    from core.journal.store import Recorded
    from projections.working import Working

__all__ = ["MODEL", "RECOMMENDATION"]

SLOTS = 2
HELD = 1000  # rows of a pass before they are written, for they take much room

RECOMMENDATION = Table(
    "recommendation",
    METADATA,
    Column("journey_id", Uuid, primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
_FIELDS = ("result", "playbook", "engine", "evidence_version")
_encode = msgspec.json.Encoder().encode


def _fold(work: Working, one: Recorded) -> None:
    event: Any = one.event
    if not isinstance(event, Erased):
        place = (event.originator_id.hex, work.standing.beside.recommendations % SLOTS)
        body = _encode({name: event.__dict__[name] for name in _FIELDS})  # takes less room than what it is made of
        work.issued[place] = (*place, event.originator_version, body)
        if len(work.issued) == HELD:
            _write(work)


def _write(work: Working) -> None:
    put(work.db, RECOMMENDATION, list(work.issued.values()))
    work.issued.clear()


def _finish(work: Working) -> None:
    _write(work)
    erased = [(one.journey.id.hex,) for one in work.standings.values() if one.journey.erased]
    if erased:
        work.db.exec_driver_sql("DELETE FROM recommendation WHERE journey_id = ?", erased)


MODEL = ReadModel(
    name="recommended",
    tables=(RECOMMENDATION,),
    topics=frozenset({RecommendationIssued.TOPIC}),
    fold=_fold,
    finish=_finish,
)
