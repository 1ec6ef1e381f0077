"""What the what-if lab can change on a journey: one question each, with its field and with what is recorded."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.decision.evidence import FACTS as RULE_FACTS
from core.decision.playbook import DEFAULTS
from core.decision.rules import DIRECTORS
from core.decision.wording import count
from core.journey.inventory import FACTS, show
from web.fields import Choice, Day, Labelled, Whole
from web.journey.weaknesses import KINDS
from web.journey.words import weekday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook
    from web.journey.record import Record

__all__ = ["Question", "questions", "said_of"]

#: The facts that a rule or a warning reads (playbook §4); those of a pack's conditions only where it has them.
_READ: Final = (
    "interviews_offered",
    "step2",
    "research",
    "financial_pressure",
    "applications",
    "planned_year",
    "blank_reason",
)
_PARAMETERS: Final = {
    "handful_min": "Offers that are a handful",
    "champion_min": "Champion grade needed",
    "max_fix_months": "Longest remedy, in months",
    "significant_gap": "Points far below a cutoff",
    "plan_months_min": "Shortest research plan, in months",
    "plan_months_max": "Longest research plan, in months",
}
_MISSING: Final = "missing"
_UNKNOWN_WORDS: Final = "not recorded"
_MOST: Final = 999


class Supposed(Labelled):
    """A number, or "not recorded"; left empty it is as recorded."""

    def __init__(self, label: str, low: int, high: int) -> None:
        super().__init__(label, f"a whole number from {low} to {high}, or “{_UNKNOWN_WORDS}”")
        self.low = low
        self.high = high

    def read(self, value: Any) -> int | str:
        """Return the number, or the word for none."""
        typed = str(value).strip()
        if typed.casefold() in (_UNKNOWN_WORDS, _MISSING):
            return _MISSING
        if not (typed.isascii() and typed.isdigit() and self.low <= int(typed[:6]) <= self.high):
            raise self.wrong(typed)
        return int(typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that can be supposed.

    Args:
        path: of `core.decision.suppose`.
        group: the heading it stands under.
        label: what it is.
        recorded: its value as it stands, in words.
        field: asks for another value.
    """

    path: str
    group: str
    label: str
    recorded: str
    field: Labelled

    @property
    def name(self) -> str:
        """Name of its field in a form, after the letter of the variant."""
        return self.path.replace("/", "-")

    def of(self, letter: str) -> Labelled:
        """Return the field for one variant."""
        own = copy(self.field)
        own.label = f"Variant {letter.upper()}"
        return own

    def value(self, given: Any) -> Any:
        """Return what was given as `suppose` takes it."""
        if given == _MISSING:
            return None
        if isinstance(self.field, Day):
            return given.isoformat()
        if not isinstance(self.field, Choice):
            return given
        if self.path == "weaknesses":
            return []
        if self.path == "statement" or self.path.endswith("/grade"):
            return int(given)
        return given == "yes" if given in ("yes", "no") else given


_GRADES: Final = {str(grade): f"{grade} of 5" for grade in range(6)}


def questions(record: Record, evidence: Evidence, playbook: Playbook) -> tuple[Question, ...]:
    """Return all that can be supposed of a journey."""
    found = [*_facts(record, evidence), *_statements(record, evidence), *_weaknesses(evidence)]
    return (*found, *_parameters(record, evidence, playbook), _day(record))


def _facts(record: Record, evidence: Evidence) -> Iterator[Question]:
    conditions = tuple(one.fact for one in record.specialty.conditions) if record.specialty else ()
    for name in dict.fromkeys((*_READ, *conditions)):
        kind, rule = FACTS[name], RULE_FACTS[name]
        if rule.kind == "number":
            asked: Labelled = Supposed(kind.label, rule.low, rule.high or _MOST)
        else:
            known = {"yes": "Yes", "no": "No"} if rule.kind == "yes_no" else dict(kind.choices)
            asked = Choice(kind.label, {**known, _MISSING: "Not recorded"})
        said = show(name, evidence.facts.get(name)).partition(":")[0]
        yield Question(path=f"facts/{name}", group="Facts", label=kind.label, recorded=said, field=asked)


def _statements(record: Record, evidence: Evidence) -> Iterator[Question]:
    group = "Program directors of the dream field"
    trusted_only = record.specialty is not None and record.specialty.trusted_statements_only
    for number, one in enumerate(evidence.statements):
        if one.withdrawn or one.role not in DIRECTORS or one.specialty != evidence.specialty:
            continue
        path = f"statements/{number}"
        label = f"What {one.by} says"
        grade = Choice(label, {**_GRADES, _MISSING: "Withdrawn"})
        yield Question(path=f"{path}/grade", group=group, label=label, recorded=f"{one.shown_grade} of 5", field=grade)
        if trusted_only:
            said = {True: "yes", False: "no", None: "not marked"}[one.trusted]
            label = f"Trusts {one.by}"
            marked = Choice(label, {"yes": "Yes", "no": "No"})
            yield Question(path=f"{path}/trusted", group=group, label=label, recorded=said, field=marked)
        label = f"When {one.by} said it"
        yield Question(
            path=f"{path}/date", group=group, label=label, recorded=weekday(one.date, record.today), field=Day(label)
        )
    label = "One more, whom the student trusts" if trusted_only else "One more says"
    yield Question(path="statement", group=group, label=label, recorded="nobody", field=Choice(label, _GRADES))


def _weaknesses(evidence: Evidence) -> Iterator[Question]:
    group = "Weaknesses and remedies"
    held = evidence.weaknesses
    for number, one in enumerate(held or ()):
        label = f"Months that the remedy takes: {KINDS.get(one.kind, one.kind).lower()}"
        said = _UNKNOWN_WORDS if one.months is None else count(one.months, "month")
        asked = Supposed(label, 0, _MOST)
        yield Question(path=f"weaknesses/{number}/months", group=group, label=label, recorded=said, field=asked)
    if held is None:
        label = "Assessed"
        asked_none = Choice(label, {"none": "None found"})
        yield Question(path="weaknesses", group=group, label=label, recorded="not assessed", field=asked_none)
    label = "One more weakness, its remedy in months"
    yield Question(path="weakness", group=group, label=label, recorded="none", field=Supposed(label, 0, _MOST))


def _parameters(record: Record, evidence: Evidence, playbook: Playbook) -> Iterator[Question]:
    slug = evidence.specialty
    conditions = record.specialty.conditions if record.specialty else ()
    named = {bound for one in conditions for bound in (one.low, one.high) if isinstance(bound, str)}
    for name, label in _PARAMETERS.items():
        if name.startswith("plan_") and name not in named:
            continue
        said = str(playbook.parameter(name, slug))
        source = DEFAULTS[name].source
        asked = Whole(label, low=0, high=_MOST)
        yield Question(
            path=f"parameters/{name}", group="Playbook", label=f"{label} ({source})", recorded=said, field=asked
        )
    cutoff = playbook.cutoff(slug)
    label = "Step 2 cutoff (PIVOT.cutoff)"
    loaded = "none loaded" if cutoff is None else str(cutoff)
    yield Question(path="cutoff", group="Playbook", label=label, recorded=loaded, field=Supposed(label, 1, 300))


def _day(record: Record) -> Question:
    label = "Seen from the day"
    return Question(
        path="as_of", group="Dates", label=label, recorded=weekday(record.today, record.today), field=Day(label)
    )


def said_of(question: Question | None, path: str, value: Any) -> str:
    """Return a supposed value in words."""
    if question is not None and isinstance(question.field, Choice):
        options = dict(question.field.options)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        key = _MISSING if value is None else "none" if value == [] else str(value)
        return options.get(key, key)
    if value is None:
        return "none loaded" if path == "cutoff" else _UNKNOWN_WORDS
    return str(value)
