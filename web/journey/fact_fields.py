"""A fact of the inventory as a field of a form: what may stand in it is what the domain allows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError
from marshmallow.utils import get_value

from core.errors import InvalidValue
from core.journey.fact_kinds import as_read
from core.values import NAME_MAX, SOURCE_MAX
from web.fields import Choice, Choices, Day, Labelled, Words, not_allowed
from web.journey.task import asking

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.journey.fact_kinds import FactKind, Value
    from web.schemas import Form, FormSchema

__all__ = ["GROUPS", "SOURCE_HINT", "chosen", "fact_field", "facts_form", "started"]

#: Groups of facts, as an inventory page heads them.
GROUPS: Final[Mapping[str, str]] = {
    "scores": "Scores",
    "standing": "Class standing",
    "research": "Research",
    "flags": "Red flags and visa",
    "applications": "Applications and interviews",
    "plans": "Plans and money",
    "soap": "SOAP",
    "pack": "Asked in this field",
}
SOURCE_HINT: Final = "Where it comes from, for example the transcript, an ERAS export, or a conversation."
_NONE: Final = "none"


class Written(Labelled):
    """A number or a text, or one of the words that may stand in its place."""

    def __init__(self, kind: FactKind, **more: Any) -> None:
        super().__init__(kind.label, _allowed(kind), **more)
        self.fact = kind
        self.longest = NAME_MAX

    def read(self, value: Any) -> Value:
        """Return the value of the fact, checked by the domain."""
        typed = str(value).strip()
        words = {label.casefold(): key for key, label in self.fact.instead.items()}
        try:
            return as_read(self.fact, words.get(typed.casefold(), typed))
        except InvalidValue:
            raise ValidationError(not_allowed(typed, self.allowed)) from None


def fact_field(kind: FactKind, *, required: bool = False) -> Labelled:
    """Return the field for a fact; left empty, it says nothing about the fact."""
    shown = {"hint": _hint(kind), "quiet": True, "radio": kind.kind == "yes_no"}
    match kind.kind:
        case "yes_no":
            return Choice(kind.label, {"yes": "Yes", "no": "No"}, required=required, metadata=shown)
        case "choice":
            return Choice(kind.label, dict(kind.choices), required=required, metadata=shown)
        case "several":
            options = {**kind.choices, _NONE: "None of these"}
            return Choices(kind.label, options, required=required, metadata=shown)
    return Written(kind, required=required, metadata=shown)


def _hint(kind: FactKind) -> str:
    """Return the help beside a fact: what it is, whose word it is, and what may be written."""
    hint = kind.hint
    for stored, label in kind.instead.items():
        hint = hint.replace(stored, f"“{label}”")
    own = "The student's own word, recorded on their behalf." if kind.students_own else ""
    written = f"{_allowed(kind)}.".capitalize() if kind.kind == "number" or kind.instead else ""
    return " ".join(part for part in (hint, own, written) if part)


def facts_form(kinds: Iterable[FactKind]) -> type[FormSchema]:
    """Return the form that records some facts from one source."""
    asked: dict[str, Any] = {one.name: fact_field(one) for one in kinds}
    asked["source"] = Words("Source", longest=SOURCE_MAX, required=True, metadata={"hint": SOURCE_HINT})
    asked["happened_on"] = Day("True since", metadata={"hint": "Only where that is not today, such as the test day."})
    return asking(asked)


def chosen(kind: FactKind, form: Form) -> Value | None:
    """Return the value that was chosen for a fact in a form; None where the field was left empty.

    Raises:
        InvalidValue: "none" was ticked together with something else.
    """
    given: Any = get_value(form.values, kind.name)  # a form keeps the parts of "SPACE.flight-hours" apart
    if given is None or given == []:
        return None
    if kind.kind == "yes_no":
        return bool(given == "yes")
    if isinstance(given, list):
        if _NONE in given and len(given) > 1:
            raise InvalidValue(kind.name, "none with others", "either none of these, or some of them")
        return tuple(one for one in given if one != _NONE)
    value: Value = given  # the other fields read a value of the fact
    return value


def started(kind: FactKind, value: Value | None) -> Any:
    """Return how a recorded value stands in its field."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return list(value) or [_NONE]
    if isinstance(value, str):
        return kind.instead.get(value, value)
    return value


def _allowed(kind: FactKind) -> str:
    """Return what is allowed, with the words that people read in place of the stored ones."""
    other = "".join(f", or “{label}”" for label in kind.instead.values())
    first = (
        f"a whole number from {kind.low} to {kind.high}" if kind.kind == "number" else "text of 1 to 2000 characters"
    )
    return first + other
