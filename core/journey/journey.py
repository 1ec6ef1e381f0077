"""The journey: who, which miss, and the state that its events build up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from uuid import UUID

from core.errors import Conflict, InvalidValue
from core.journal import root
from core.journal.root import Root, Stamp
from core.journey.inventory import Value  # noqa: TC001 - the read models read the annotations at run time
from core.values import CYCLES, EMAIL, NAME_MAX, one_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journal.keys import Keys
    from core.journey.decisions import Decision
    from core.journey.feedback import Opinion
    from core.journey.hold import Override
    from core.journey.milestones import Milestone
    from core.journey.placements import Placement

__all__ = [
    "DETAILS",
    "MATCH_STATUSES",
    "MATCH_SYSTEMS",
    "ChangedMeanwhile",
    "DetailsCorrected",
    "Fact",
    "Journey",
    "NewJourney",
    "StoredWeakness",
    "Target",
    "correct_details",
    "journey_id",
    "open_journey",
    "plain",
    "refuse_if_changed",
    "student_subject",
]

# Playbook, *Reading (clocks)*: each match system has its own Match Day; it stands on the journey.
MATCH_SYSTEMS: dict[str, str] = {"nrmp": "NRMP", "aua": "AUA (urology)", "sf": "SF Match"}
# Playbook, *Reading (modes)*.
MATCH_STATUSES: dict[str, str] = {
    "unmatched": "Did not match",
    "pgy1_only": "Matched to a PGY-1 year only",
    "advanced_only": "Matched to an advanced place only",
    "other_categorical": "Matched categorical in another field",
}


class ChangedMeanwhile(Conflict):
    """Two people changed the same item: both versions are kept, and the second person chooses.

    Args:
        item: what was changed, in words.
        theirs: the value that is stored now.
        yours: the value that was not saved.
        who: id of the member who stored theirs.
        version: version of the stored change; a command that has seen it goes through.
    """

    def __init__(self, item: str, *, theirs: object, yours: object, who: str, version: int) -> None:
        super().__init__(f"{item}: {who} changed this meanwhile to {theirs}; yours ({yours}) is not saved and not lost")
        self.item = item
        self.theirs = theirs
        self.yours = yours
        self.who = who
        self.version = version


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The newest value of a fact, with where it came from.

    `version` is the version of the event that last touched it; `imported` the last value an import gave.
    """

    name: str
    value: Value
    source: str
    happened_on: date | None
    recorded_at: datetime
    actor: str
    version: int
    on_behalf: bool = False
    confirmed: bool = False
    disputed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWeakness:
    """A main weakness as it was assessed: kind, its remedy and the months the remedy needs (None = unknown)."""

    kind: Literal["research", "step2", "letters", "other"]
    remedy: str | None
    months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What access rules see of a journey."""

    cohort: str
    advisor: str | None
    team: str | None


class Journey(Root):
    """One student, one miss."""

    TOPIC: ClassVar[str] = "journey"

    class Created(root.Created):
        """A student did not match into the field they worked towards: the journey begins."""

        TOPIC: ClassVar[str] = "journey.created"
        student_ref: str
        name: str
        email: str | None
        cycle: int
        cohort: str
        match_system: str
        match_status: str
        match_day: date
        learned_on: date
        specialty: str
        earlier_journey: UUID | None
        imported: bool

        def apply(self, journey: Journey) -> None:
            """Set who and which miss."""
            journey.student_ref = self.student_ref
            journey.name = self.name
            journey.email = self.email
            journey.cycle = self.cycle
            journey.cohort = self.cohort
            journey.match_system = self.match_system
            journey.match_status = self.match_status
            journey.match_day = self.match_day
            journey.learned_on = self.learned_on
            journey.specialty = self.specialty
            journey.earlier_journey = self.earlier_journey
            if self.imported:
                journey.imported |= {detail: plain(getattr(self, detail)) for detail in DETAILS}

    def __init__(self) -> None:
        super().__init__()
        self.student_ref = self.name = self.cohort = self.match_system = self.match_status = self.specialty = ""
        self.email: str | None = None
        self.cycle = 0
        self.match_day = self.learned_on = date.min
        self.earlier_journey: UUID | None = None
        self.facts: dict[str, Fact] = {}
        self.imported: dict[str, Value] = {}
        self.weaknesses: tuple[StoredWeakness, ...] | None = None
        self.weaknesses_version = 0
        self.opinions: dict[str, Opinion] = {}
        self.profile: dict[str, Any] | None = None
        self.recommendation: dict[str, Any] | None = None
        self.recommendation_version = 0
        self.decisions: dict[str, Decision] = {}
        self.overrides: dict[str, Override] = {}
        self.milestones: dict[str, Milestone] = {}
        self.placements: list[Placement] = []
        self.conversations = 0
        self.advisor: str | None = None
        self.team: str | None = None
        self.ladder: str | None = None

    @property
    def target(self) -> Target:
        """Return what access rules look at."""
        return Target(cohort=self.cohort, advisor=self.advisor, team=self.team)


class DetailsCorrected(Root.Event):
    """What the journey was opened with turned out to be wrong; None = this detail stays as it is."""

    TOPIC: ClassVar[str] = "journey.details-corrected"
    name: str | None
    email: str | None
    match_status: str | None
    match_day: date | None
    learned_on: date | None
    specialty: str | None
    reason: str
    imported: bool

    def apply(self, journey: Journey) -> None:
        """Set the corrected details, and remember what the import said."""
        for detail in DETAILS:
            if (value := getattr(self, detail)) is not None:
                setattr(journey, detail, value)
                if self.imported:
                    journey.imported[detail] = plain(value)


DETAILS = ("name", "email", "match_status", "match_day", "learned_on", "specialty")


def plain(detail: str | date | None) -> str:
    """Return a detail as text, as `Journey.imported` holds it."""
    return detail.isoformat() if isinstance(detail, date) else detail or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJourney:
    """What opening a journey needs; `student_ref` is the school's own reference, `imported` true for a roster's row."""

    student_ref: str
    name: str
    cycle: int
    match_system: str
    match_status: str
    match_day: date
    learned_on: date
    specialty: str
    email: str | None = None
    earlier_journey: UUID | None = field(default=None)
    imported: bool = False


def journey_id(keys: Keys, student_ref: str, cycle: int, match_system: str) -> UUID:
    """Return the id of a journey: the same for the same student, cycle and match system, and not to be guessed back.

    Opening twice is therefore a conflict, an import can be repeated, and a urology miss in February and an NRMP miss
    in March are two journeys.
    """
    return UUID(bytes=keys.pseudonym("journey", student_ref, str(cycle), match_system)[:16])


def student_subject(keys: Keys, student_ref: str) -> str:
    """Return the subject under whose key all journeys of a student are sealed."""
    return "student:" + keys.pseudonym("student", student_ref).hex()


def open_journey(new: NewJourney, *, keys: Keys, stamp: Stamp) -> Journey:
    """Begin a journey.

    Raises:
        InvalidValue: a field is empty, too long or not one of what is allowed.
    """
    checked = replace(new, student_ref=new.student_ref.strip(), name=new.name.strip())
    text("student_ref", checked.student_ref, NAME_MAX)
    if checked.cycle not in CYCLES:
        raise InvalidValue("cycle", checked.cycle, f"a match year from {CYCLES.start} to {CYCLES.stop - 1}")
    one_of("match_system", checked.match_system, MATCH_SYSTEMS)
    _check_details({detail: getattr(checked, detail) for detail in DETAILS}, checked.cycle)
    return Journey.begin(
        Journey.Created,
        stream_id=journey_id(keys, checked.student_ref, checked.cycle, checked.match_system),
        stamp=stamp,
        subject=student_subject(keys, checked.student_ref),
        student_ref=checked.student_ref,
        name=checked.name,
        email=checked.email or None,
        cycle=checked.cycle,
        cohort=str(checked.cycle),
        match_system=checked.match_system,
        match_status=checked.match_status,
        match_day=checked.match_day,
        learned_on=checked.learned_on,
        specialty=checked.specialty,
        earlier_journey=checked.earlier_journey,
        imported=checked.imported,
    )


def correct_details(
    journey: Journey, changes: Mapping[str, str | date], *, reason: str, stamp: Stamp, imported: bool = False
) -> None:
    """Correct what the journey was opened with; details that are right already are quiet.

    Args:
        journey: changed in place.
        changes: detail (one of `DETAILS`) → new value.
        reason: why, for example "roster import".
        stamp: who, by which command, when.
        imported: the values come from a roster.

    Raises:
        InvalidValue: a detail or its value is not allowed.
    """
    for detail in changes:
        one_of("detail", detail, DETAILS)
    news = {detail: value for detail, value in changes.items() if getattr(journey, detail) != value}
    _check_details(news, journey.cycle)
    if news:
        fields: dict[str, Any] = {detail: news.get(detail) for detail in DETAILS}
        journey.record(DetailsCorrected, stamp, reason=text("reason", reason), imported=imported, **fields)


def _check_details(details: Mapping[str, Any], cycle: int) -> None:
    if "name" in details:
        text("name", details["name"], NAME_MAX)
    if (email := details.get("email")) and not EMAIL.fullmatch(email):
        raise InvalidValue("email", email, "an address such as name@school.example")
    if "match_status" in details:
        one_of("match_status", details["match_status"], MATCH_STATUSES)
    if "match_day" in details and details["match_day"].year != cycle:
        raise InvalidValue("match_day", details["match_day"].isoformat(), f"a date in the cycle {cycle}")
    if "learned_on" in details and abs(details["learned_on"].year - cycle) > 1:
        raise InvalidValue("learned_on", details["learned_on"].isoformat(), f"a date from {cycle - 1} to {cycle + 1}")


def refuse_if_changed(
    item: str, *, changed_version: int, seen: int | None, theirs: object, yours: object, who: str
) -> None:
    """Refuse a change to an item that somebody else changed after the version the second person saw.

    Raises:
        ChangedMeanwhile: with both values.
    """
    if seen is not None and changed_version > seen and theirs != yours:
        raise ChangedMeanwhile(item, theirs=theirs, yours=yours, who=who, version=changed_version)
