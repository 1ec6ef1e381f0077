"""The roster: a table of students becomes journeys and facts; first a preview, then, when confirmed, one transaction.

An import compares each cell with what the import itself said last. A value that a person changed since, or that the
student confirmed, is never overwritten: the row is listed as corrected or confirmed by hand. Importing the same file
twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from core.advising.desk import ATTEMPTS, Command, Desk, Receipt, advise
from core.advising.journeys import begin_journey, may_advise
from core.advising.roster_file import Row, read_rows
from core.errors import Conflict, InvalidValue
from core.journey import assessments, contacts, journey
from core.journey.inventory import FACTS, show
from core.journey.journey import DETAILS, Journey, NewJourney, Target, journey_id, plain, student_subject
from core.people.access import Permission, Principal, require
from core.people.institution import Cohort, cohort_id, create_cohort, record_import
from core.people.member import Member, member_id
from core.plan.windows import realign

if TYPE_CHECKING:
    from datetime import date

    from core.journal.root import Stamp
    from core.journey.inventory import Value

__all__ = ["ImportRoster", "RosterPlan", "RowPlan", "apply", "preview"]

Outcome = Literal["new", "changed", "unchanged", "by_hand", "faulty"]
SOURCE = "roster"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """What one row would do.

    Args:
        line: of the file, 1 is the header.
        reference: the student's reference, as far as it can be read.
        name: likewise.
        outcome: what would happen.
        changes: (column, old, new) in words, for a changed row.
        kept: (column, value in the file, value kept) for cells corrected or confirmed by hand.
        faults: (column, value, what is allowed), for a faulty row.
    """

    line: int
    reference: str
    name: str
    outcome: Outcome
    changes: tuple[tuple[str, str, str], ...] = ()
    kept: tuple[tuple[str, str, str], ...] = ()
    faults: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlan:
    """What a file would do; `digest` names file and outcome, so that what is confirmed is what was shown."""

    cycle: int
    file_name: str
    file_digest: str
    rows: tuple[RowPlan, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome: new, changed, unchanged, by_hand, faulty."""
        names: tuple[Outcome, ...] = ("new", "changed", "unchanged", "by_hand", "faulty")
        return {name: sum(row.outcome == name for row in self.rows) for name in names}

    @property
    def writes(self) -> int:
        """How many rows would write something."""
        return sum(row.outcome == "new" or bool(row.changes) for row in self.rows)

    @property
    def digest(self) -> str:
        """The name of this plan."""
        return sha256(repr((self.cycle, self.file_digest, self.rows)).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRoster(Command):
    """Import a roster.

    Args:
        cycle: the match year, which is the cohort.
        file_name: as the person knows it.
        content: the bytes of the file.
        confirmed: digest of the plan that the person saw; None imports whatever the file says now.
    """

    cycle: int
    file_name: str
    content: bytes
    confirmed: str | None = None


@dataclass(slots=True)
class _Work:
    """A row, and the aggregate that would be saved for it."""

    plan: RowPlan
    root: Journey | None = field(default=None)


def preview(desk: Desk, who: Principal, command: ImportRoster) -> RosterPlan:
    """Return what a file would do; nothing is written.

    Raises:
        NotAllowed: the person is not a lead of this cohort.
        InvalidValue: the file as a whole cannot be read.
    """
    require(who, Permission.IMPORT_ROSTER, Target(cohort=str(command.cycle), advisor=None, team=None))
    return _plan(command, _work(desk, command, desk.stamp(who.member_id, command)))


def apply(desk: Desk, who: Principal, command: ImportRoster) -> Receipt:
    """Write what the preview showed, all rows in one transaction; faulty rows are left out.

    Raises:
        NotAllowed: the person is not a lead of this cohort.
        InvalidValue: the file as a whole cannot be read.
        Conflict: the records changed since the preview, so another thing would happen than was shown.
    """
    require(who, Permission.IMPORT_ROSTER, Target(cohort=str(command.cycle), advisor=None, team=None))
    stamp = desk.stamp(who.member_id, command)
    stream = cohort_id(desk.journal.keys, command.cycle)
    for _ in range(ATTEMPTS):
        cohort = desk.journal.get(Cohort, stream) if desk.journal.has(stream) else None
        head, version = desk.journal.head(), cohort.version if cohort else 0
        if cohort is not None and command.command_id in cohort.commands:
            return Receipt(position=head, stream=stream, version=version, repeated=True)
        work = _work(desk, command, stamp)
        plan = _plan(command, work)
        if command.confirmed is not None and command.confirmed != plan.digest:
            raise Conflict("the records changed since this preview was made; nothing was written, look at it again")
        if not plan.writes:
            return Receipt(position=head, stream=stream, version=version, repeated=True)
        cohort = cohort or create_cohort(command.cycle, keys=desk.journal.keys, stamp=stamp)
        record_import(cohort, file_name=plan.file_name, file_digest=plan.file_digest, counts=plan.counts, stamp=stamp)
        roots = [item.root for item in work if item.root is not None]
        for root in roots:
            advise(desk, root, stamp)
        try:
            position = desk.journal.save(cohort, *roots)
        except Conflict:
            continue  # somebody changed one of these records, or it was stored all the same: look again
        return Receipt(position=position, stream=stream, version=cohort.version, repeated=False)
    raise Conflict("many people are changing these records at this moment; nothing was saved, try again")


def _plan(command: ImportRoster, work: list[_Work]) -> RosterPlan:
    return RosterPlan(
        cycle=command.cycle,
        file_name=command.file_name,
        file_digest="sha256:" + sha256(command.content).hexdigest(),
        rows=tuple(item.plan for item in work),
    )


def _work(desk: Desk, command: ImportRoster, stamp: Stamp) -> list[_Work]:
    rows = read_rows(command.content, cycle=command.cycle, specialties=_specialty_names(desk))
    return [_work_row(desk, command.cycle, row, stamp) for row in rows]


def _specialty_names(desk: Desk) -> dict[str, str]:
    """Return every way to write a specialty in a roster: slug, name and short name, in any case."""
    names: dict[str, str] = {}
    for slug, specialty in desk.playbook().specialties.items():
        for name in (slug, specialty.name, specialty.short):
            if name:
                names.setdefault(name.casefold(), slug)
    return names


def _work_row(desk: Desk, cycle: int, row: Row, stamp: Stamp) -> _Work:
    faults = list(row.faults)
    if (learned := row.details.get("learned_on")) is not None and learned > (today := desk.today()):  # type: ignore[operator]
        faults.append(("learned_on", str(learned), f"{today} or earlier"))
    advisor = _advisor(desk, cycle, row, faults)
    if faults:
        return _Work(_row_plan(row, "faulty", faults=tuple(faults)))
    keys = desk.journal.keys
    if keys.is_erased(student_subject(keys, row.reference)):
        fault = ("student_ref", row.reference, "a student whose record was not erased")
        return _Work(_row_plan(row, "faulty", faults=(fault,)))
    stream = journey_id(keys, row.reference, cycle, row.match_system)
    if not desk.journal.has(stream):
        root = begin_journey(desk, _new(row, cycle), stamp)
        _record(root, row.facts, stamp)
        if advisor is not None:
            contacts.assign_advisor(root, advisor[0], team=advisor[1], stamp=stamp)
        return _Work(_row_plan(row, "new"), root)
    return _merge(desk, row, desk.journal.get(Journey, stream), advisor, stamp)


def _merge(desk: Desk, row: Row, root: Journey, advisor: tuple[str, str | None] | None, stamp: Stamp) -> _Work:
    changes: list[tuple[str, str, str]] = []
    kept: list[tuple[str, str, str]] = []
    clocks = root.match_day, root.learned_on
    _merge_details(row, root, stamp, changes, kept)
    realign(root, *clocks, stamp=stamp, windows=desk.calendar(root.specialty).windows)
    facts: dict[str, Value] = {}
    for name, value in row.facts.items():
        held = root.facts.get(name)
        if held is not None and held.value == value:
            continue
        if held is not None and (held.confirmed or root.imported.get(name) != held.value):
            kept.append((name, show(name, value), show(name, held.value)))
        else:
            facts[name] = value
            changes.append((name, show(name, held.value if held else None), show(name, value)))
    _record(root, facts, stamp)
    if advisor is not None and root.advisor is None:
        changes.append(("advisor_email", "nobody", row.advisor_email or ""))
        contacts.assign_advisor(root, advisor[0], team=advisor[1], stamp=stamp)
    elif advisor is not None and root.advisor is not None and root.advisor != advisor[0]:
        holder = desk.journal.get(Member, UUID(root.advisor))
        kept.append(("advisor_email", row.advisor_email or "", holder.email))
    if not changes:
        return _Work(_row_plan(row, "by_hand" if kept else "unchanged", kept=tuple(kept)))
    return _Work(_row_plan(row, "changed", changes=tuple(changes), kept=tuple(kept)), root)


def _merge_details(
    row: Row, root: Journey, stamp: Stamp, changes: list[tuple[str, str, str]], kept: list[tuple[str, str, str]]
) -> None:
    news: dict[str, str | date] = {}
    for detail in DETAILS:
        value, held = row.details.get(detail), getattr(root, detail)
        if value is None or value == held:
            continue
        if held is not None and root.imported.get(detail) != plain(held):
            kept.append((detail, plain(value), plain(held)))
        else:
            news[detail] = value
            changes.append((detail, plain(held) or "nothing", plain(value)))
    journey.correct_details(root, news, reason="roster import", stamp=stamp, imported=True)


def _record(root: Journey, facts: dict[str, Value], stamp: Stamp) -> None:
    for name, value in facts.items():
        assessments.record_fact(
            root, name, value, source=SOURCE, imported=True, stamp=stamp, on_behalf=FACTS[name].students_own
        )


def _advisor(desk: Desk, cycle: int, row: Row, faults: list[tuple[str, str, str]]) -> tuple[str, str | None] | None:
    """Return (member id, team) of the advisor named in the row; a fault is added where nobody fits."""
    if row.advisor_email is None:
        return None
    try:
        member = may_advise(desk, str(member_id(desk.journal.keys, row.advisor_email)), str(cycle))
    except InvalidValue as error:
        faults.append(("advisor_email", row.advisor_email, error.allowed))
        return None
    return str(member.id), member.team


def _new(row: Row, cycle: int) -> NewJourney:
    details: dict[str, Any] = dict(row.details)
    details.setdefault("match_status", "unmatched")
    return NewJourney(student_ref=row.reference, cycle=cycle, match_system=row.match_system, imported=True, **details)


def _row_plan(row: Row, outcome: Outcome, **more: Any) -> RowPlan:
    return RowPlan(
        line=row.line, reference=row.reference, name=str(row.details.get("name", "")), outcome=outcome, **more
    )
