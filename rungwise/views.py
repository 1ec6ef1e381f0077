"""What a live hook receives: frozen plain values, made anew for each call; nothing in them leads back into the product.

No view holds a name, a reference, an address, a note or anything else that a person wrote freely.
"""

# no postponed annotations here: the host reads the types when it hands a view over
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """A fact as it stands.

    Attributes:
        value: a whole number, true or false, a word, or several words; a word may also stand for a number, such as
            "not_taken". It is told apart from a fact that is missing, which is not among the facts.
        confirmed: the student has confirmed it.
        disputed: the student has said that it is wrong.
    """

    value: int | bool | str | tuple[str, ...]
    confirmed: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneView:
    """A milestone of the plan.

    Attributes:
        code: playbook id, such as "PLAN.3.skills"; the id of a pack's milestone; "own" for one that the team made.
        due_on: the last day.
        status: "planned", "completed", "waived" or "missed".
    """

    code: str
    due_on: date
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyView:
    """A journey as it stands today.

    Attributes:
        specialty: slug of the missed specialty; `specialty_name` as the journey writes it.
        cycle: the match year.
        match_system: "nrmp", "aua" or "sf"; `match_status` such as "unmatched".
        facts: by name, those recorded and not written freely.
        outcome: what the rules say: "REAPPLY", "PIVOT_NOW", "CONTESTED" or "INDETERMINATE"; None before the first time.
        profile: "near-competitive", "borderline" or "undermatched"; None where it is not known.
        decision: the kind of what the student decided last, such as "reapply"; None = nothing yet.
        ladder: id of the ladder chosen; None = none yet.
        milestones: of the plan, in its order.
    """

    specialty: str
    specialty_name: str
    cycle: int
    match_system: str
    match_status: str
    facts: Mapping[str, FactView] = field(default_factory=dict)
    outcome: str | None = None
    profile: str | None = None
    decision: str | None = None
    ladder: str | None = None
    milestones: tuple[MilestoneView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step of a path with its calendar years, both included.

    Attributes:
        kind: "gap-year", "research-year", "prelim", "transitional-year", "residency", "fellowship" or "practice".
        specialty: slug of the field; None in a gap.
        model: of a practice: "employed", "academic", "private" or "locums".
    """

    kind: str
    specialty: str | None
    model: str | None
    from_year: int
    to_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView:
    """A way from today to the end of a career.

    Attributes:
        ladder: id of the ladder it climbs, or None.
        start_year: calendar year of the first year.
        years: how many years are asked for, from the first on.
        price_year: whose dollars all amounts are.
        steps: in order; the last is practice, to the end.
    """

    ladder: str | None
    start_year: int
    years: int
    price_year: int
    steps: tuple[StepView, ...]
