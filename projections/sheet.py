"""What the journey page shows, as frozen rows; filled by `projections.journey`.

A page makes dozens of them, and a struct is made in a fifth of the time of a frozen dataclass.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from core.journey.feedback import GRADES
from core.journey.journey import Target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.journey.decisions import Remedy
    from core.journey.hold import Gate
    from core.journey.inventory import Value
    from core.journey.journey import StoredWeakness
    from core.journey.milestones import Milestone

__all__ = [
    "JourneySheet",
    "Moment",
    "SheetContact",
    "SheetDecision",
    "SheetFact",
    "SheetFinding",
    "SheetLadder",
    "SheetNote",
    "SheetOpinion",
    "SheetOverride",
    "SheetPlacement",
    "SheetQuarter",
    "SheetRecommendation",
    "SheetScenario",
    "SheetTimeRequest",
    "SheetWeaknesses",
]


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote something down and when; `late` when it had happened more than a week before."""

    version: int
    recorded_at: datetime
    happened_on: date | None
    late: bool
    actor: str
    actor_name: str


class SheetFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact; `said` is when this value was recorded, `changed_version` counts confirmations and disputes too."""

    name: str
    value: Value
    source: str
    confirmed: bool
    disputed: str | None
    on_behalf: bool
    changed_version: int
    said: Moment


class SheetWeaknesses(msgspec.Struct, frozen=True, kw_only=True):
    """The main weaknesses as they were assessed last."""

    weaknesses: tuple[StoredWeakness, ...]
    source: str
    said: Moment


class SheetOpinion(msgspec.Struct, frozen=True, kw_only=True):
    """An outside opinion; what was said is empty while it is only asked for. `why` of a refusal or a withdrawal."""

    opinion_id: str
    status: str
    by: str
    role: str
    specialty: str
    specialty_name: str
    related: bool
    due_on: date | None
    dated: date | None
    grade: int | None
    saw_full_file: bool
    trusted: bool | None
    next_cycle: str
    advice: str
    killed: str
    reasons: tuple[str, ...]
    why: str
    version: int
    said: Moment

    @property
    def shown(self) -> int | None:
        """The champion grade as people see it, 0 to 5: the highest with the full file seen is 5 (playbook §4)."""
        return shown_grade(self.grade, saw_full_file=self.saw_full_file)


class SheetRecommendation(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules said, whole: `result` has the shape of the evaluate contract, its rules with `refs`."""

    result: dict[str, Any]
    playbook: str
    engine: str
    evidence_version: int
    said: Moment

    @property
    def outcome(self) -> str:
        """REAPPLY, PIVOT_NOW, CONTESTED or INDETERMINATE."""
        return str(self.result["outcome"])


class SheetDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What the student decided, what the advisor thinks of it, and whether it was taken back."""

    decision_id: str
    kind: str
    mode: str | None
    specialty: str | None
    specialty_name: str | None
    relation: str
    recommendation_version: int
    reason_code: str | None
    reason: str
    remedies: tuple[Remedy, ...]
    stance: str | None
    stance_text: str
    stance_said: Moment | None
    reversed_reason: str | None
    reversed_said: Moment | None
    version: int
    said: Moment


class SheetOverride(msgspec.Struct, frozen=True, kw_only=True):
    """A gate that a lead opened by hand, with what was missing and what was disputed."""

    decision: str
    code: str
    text: str
    missing: tuple[str, ...]
    disputed: tuple[str, ...]
    said: Moment


class SheetTimeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The student asked for time until a day."""

    until: date
    reason: str
    said: Moment


class SheetFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What an auditor found, about a decision or, without one, the whole journey."""

    decision_id: str | None
    about: str
    level: str
    text: str
    said: Moment


class SheetScenario(msgspec.Struct, frozen=True, kw_only=True):
    """A saved scenario; inputs and answer stay in the journal, at `said.version`."""

    scenario_id: str
    kind: str
    name: str
    model: str
    said: Moment


class SheetQuarter(msgspec.Struct, frozen=True, kw_only=True):
    """What a physician did in a quarter; None = not known."""

    quarter: str
    work_rvu: int | None
    procedures: int | None
    satisfaction_pct: int | None
    source: str
    said: Moment


class SheetPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """Where the student went; income in USD a year, gross, for a practice."""

    kind: str
    specialty: str
    specialty_name: str
    place: str
    income_usd: int | None
    said: Moment


class SheetNote(msgspec.Struct, frozen=True, kw_only=True):
    """A note for the team, or shared with the student."""

    visibility: str
    body: str
    said: Moment


class SheetContact(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with the student."""

    channel: str
    summary: str
    said: Moment


class SheetLadder(msgspec.Struct, frozen=True, kw_only=True):
    """The ladder the student chose; the title as it was then."""

    ladder: str
    title: str
    playbook: str
    said: Moment


class JourneySheet(msgspec.Struct, frozen=True, kw_only=True):
    """A journey as it stands at `version` (the `seen` of a form) and at `position` of the journal.

    Of an erased journey only these two and its id are left. `ended` is the placement with which it came to its end, see
    `core.journey.placements.ended`. `incomplete` names the events by version that a read model could not take: what
    they said may be missing.
    """

    journey_id: UUID
    version: int
    position: int
    erased: bool = False
    student_ref: str = ""
    name: str = ""
    email: str | None = None
    cycle: int = 0
    cohort: str = ""
    match_system: str = ""
    match_status: str = ""
    match_day: date = date.min
    learned_on: date = date.min
    specialty: str = ""
    specialty_name: str = ""
    earlier_journey: UUID | None = None
    advisor_id: str | None = None
    advisor_name: str | None = None
    team: str | None = None
    last_contact_on: date | None = None
    conversations: int = 0
    facts: Mapping[str, SheetFact] = msgspec.field(default_factory=dict)
    weaknesses: SheetWeaknesses | None = None
    profile: dict[str, Any] | None = None
    opinions: tuple[SheetOpinion, ...] = ()
    opinions_counted: int = 0
    shared_reasons: tuple[tuple[str, int], ...] = ()
    recommendation: SheetRecommendation | None = None
    previous: SheetRecommendation | None = None
    decisions: tuple[SheetDecision, ...] = ()
    gates: Mapping[str, Gate] = msgspec.field(default_factory=dict)
    overrides: tuple[SheetOverride, ...] = ()
    time_requests: tuple[SheetTimeRequest, ...] = ()
    findings: tuple[SheetFinding, ...] = ()
    scenarios: tuple[SheetScenario, ...] = ()
    quarters: tuple[SheetQuarter, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    placements: tuple[SheetPlacement, ...] = ()
    ended: SheetPlacement | None = None
    notes: tuple[SheetNote, ...] = ()
    contacts: tuple[SheetContact, ...] = ()
    ladder: SheetLadder | None = None
    names: Mapping[str, str] = msgspec.field(default_factory=dict)
    incomplete: tuple[int, ...] = ()

    @property
    def target(self) -> Target:
        """Return what access rules look at."""
        return Target(cohort=self.cohort, advisor=self.advisor_id, team=self.team)


def shown_grade(grade: int | None, *, saw_full_file: bool) -> int | None:
    """Return a champion grade as people see it, 0 to 5: the highest with the full file seen is 5 (playbook §4)."""
    return grade if grade is None else grade + (grade == max(GRADES) and saw_full_file)
