"""Use cases: a scenario is saved on a journey, a quarter of a practice is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.advising.desk import Desk, JourneyCommand, Receipt
from core.journey import quarters, scenarios
from core.people.access import Permission, Principal

if TYPE_CHECKING:
    from core.journal.root import Stamp
    from core.journey.journey import Journey

__all__ = ["RecordQuarter", "SaveScenario", "record_quarter", "save_scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveScenario(JourneyCommand):
    """A scenario with its answer; see `core.journey.scenarios.save_scenario`."""

    scenario_id: str
    kind: str
    name: str
    inputs: dict[str, Any]
    model: str
    result: dict[str, Any]
    seed: int | None = None
    playbook: str | None = None


def save_scenario(desk: Desk, who: Principal, command: SaveScenario) -> Receipt:
    """Save a scenario on a journey."""
    return desk.change_journey(
        who,
        Permission.WRITE_JOURNEY,
        command,
        lambda journey, stamp: scenarios.save_scenario(
            journey,
            command.scenario_id,
            kind=command.kind,
            name=command.name,
            inputs=command.inputs,
            model=command.model,
            seed=command.seed,
            playbook=command.playbook,
            result=command.result,
            stamp=stamp,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQuarter(JourneyCommand):
    """What a physician did in a quarter; see `core.journey.quarters.record_quarter`."""

    quarter: str
    work_rvu: int | None
    procedures: int | None
    satisfaction_pct: int | None
    source: str


def record_quarter(desk: Desk, who: Principal, command: RecordQuarter) -> Receipt:
    """Record a quarter of a practice."""

    def decide(journey: Journey, stamp: Stamp) -> None:
        quarters.record_quarter(
            journey,
            command.quarter,
            work_rvu=command.work_rvu,
            procedures=command.procedures,
            satisfaction_pct=command.satisfaction_pct,
            source=command.source,
            today=desk.today(),
            stamp=stamp,
        )

    return desk.change_journey(who, Permission.WRITE_JOURNEY, command, decide)
