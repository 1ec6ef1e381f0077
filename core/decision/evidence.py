"""Evidence: what a decision may see of one student on one day.

A fact that is absent or `None` is missing. "None found" and "not applicable" are values of their own (playbook §4,
hold vs SOAP), for example an empty tuple of weaknesses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

FactValue = int | bool | str | tuple[str, ...] | None

#: Highest champion grade of a statement; with the full file seen it is full backing. Source: playbook §4.
TOP_GRADE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """What a fact may be, and whether it can still change.

    Attributes:
        kind: the shape of the value.
        low: smallest number allowed.
        high: largest number allowed; None = no limit.
        choices: the words allowed, for "choice" and "list".
        can_change: True when the student can still change it before the next cycle.
    """

    kind: Literal["number", "yes_no", "choice", "list"]
    low: int = 0
    high: int | None = None
    choices: tuple[str, ...] = ()
    can_change: bool = False


#: Every fact of the evaluate contract. Source of `can_change`: DESIGN §5 (past interviews cannot; moving, plans and
#: money can); a Step 2 that was passed cannot be taken again; a drive only steers ladders (playbook §4).
FACTS: Final[Mapping[str, FactKind]] = MappingProxyType(
    {
        "step2": FactKind(kind="number", low=1, high=300),
        "research": FactKind(kind="choice", choices=("multiple", "limited", "minimal"), can_change=True),
        "interviews_offered": FactKind(kind="number"),
        "interviews_accepted": FactKind(kind="number"),
        "interviews_attended": FactKind(kind="number"),
        "interviews_ranked": FactKind(kind="number"),
        "financial_pressure": FactKind(kind="yes_no", can_change=True),
        "applications": FactKind(kind="number", can_change=True),
        "willing_to_move_anywhere": FactKind(kind="yes_no", can_change=True),
        "research_plan_months": FactKind(kind="number", can_change=True),
        "drive": FactKind(kind="choice", choices=("procedures", "pay", "lifestyle", "imaging")),
        "planned_year": FactKind(
            kind="choice",
            choices=(
                "research_year",
                "preliminary_surgery",
                "preliminary_medicine",
                "transitional_year",
                "extended_enrollment",
                "clinical_work",
                "blank",
            ),
            can_change=True,
        ),
        "blank_reason": FactKind(
            kind="choice", choices=("illness", "family_crisis", "military", "immigration", "other")
        ),
        "blank_proof": FactKind(
            kind="list", choices=("cme", "part_time_clinical", "continuing_study"), can_change=True
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one person said about another try (playbook §4, champion grade).

    Attributes:
        by: who said it; of a person's counting statements the newest counts.
        specialty: slug of the speaker's specialty.
        role: pd, apd, faculty or school_advisor.
        champion_grade: 0 none or declined, 1 encouragement, 2 would consider, 3 conditional, 4 "I will support you".
        saw_full_file: True when the speaker has seen the full file; with grade 4 this is full backing.
        trusted: the student's own mark; None = not marked.
        date: the day it was said.
        withdrawn: True = as if never made.
        ref: version of the event in the student's stream that holds it; 0 = none.
    """

    by: str
    specialty: str
    role: str
    champion_grade: int
    saw_full_file: bool
    date: dt.date
    trusted: bool | None = None
    withdrawn: bool = False
    ref: int = 0

    @property
    def full_backing(self) -> bool:
        """Grade 4 by someone who has seen the full file (playbook §4)."""
        return self.champion_grade == TOP_GRADE and self.saw_full_file

    @property
    def shown_grade(self) -> int:
        """The grade as people see it, 0 to 5: full backing is shown as 5."""
        return TOP_GRADE + 1 if self.full_backing else self.champion_grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """A main weakness of the application and its remedy (REAPPLY.fix).

    Attributes:
        kind: research, step2, letters or other; never changes a verdict.
        remedy: what would repair it, in words; never changes a verdict.
        months: months the remedy needs; None = unknown.
    """

    kind: str
    months: int | None
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything the rules look at.

    Attributes:
        specialty: slug of the dream specialty.
        as_of: statements dated later are not seen.
        facts: fact name to value; see `FACTS`.
        weaknesses: None = not assessed; empty = assessed, none found.
        statements: in the order in which they were recorded.
        refs: fact name to the version of the event that holds it ("weaknesses" for the assessment).
        comlex_only: True when the student took COMLEX and no Step 2.
    """

    specialty: str
    as_of: dt.date
    facts: Mapping[str, FactValue]
    weaknesses: tuple[Weakness, ...] | None
    statements: tuple[Statement, ...]
    refs: Mapping[str, int] = field(default_factory=dict)
    comlex_only: bool = False

    def number(self, name: str) -> int | None:
        """Return a numeric fact, or None when it is missing."""
        value = self.facts.get(name)
        return value if isinstance(value, int) else None


def newest_statements(
    statements: Iterable[Statement],
    *,
    specialty: str,
    roles: frozenset[str],
    as_of: dt.date,
    trusted_only: bool,
) -> tuple[Statement, ...]:
    """Return the statements that count: filter first, then the newest of each person (playbook §4).

    Args:
        statements: in the order recorded; on equal dates the later one counts.
        specialty: only speakers of this specialty.
        roles: only speakers in one of these roles.
        as_of: only statements of this day or earlier.
        trusted_only: only statements that the student marked as trusted.

    Returns:
        One statement a person, persons in the order of their first counting statement.
    """
    newest: dict[str, Statement] = {}
    for said in statements:
        if said.withdrawn or said.date > as_of or said.specialty != specialty or said.role not in roles:
            continue
        if trusted_only and said.trusted is not True:
            continue
        held = newest.get(said.by)
        if held is None or said.date >= held.date:
            newest[said.by] = said
    return tuple(newest.values())
