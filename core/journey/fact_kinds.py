"""What a fact may be: its kind, what is allowed, how it is read from a form and how a person reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from core.errors import InvalidValue
from core.values import TEXT_MAX
from core.values import text as words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FactKind", "Value", "as_read", "checked", "in_words"]

Value = int | bool | str | tuple[str, ...]
Group = Literal["scores", "standing", "research", "flags", "applications", "plans", "soap", "pack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """One fact that can be recorded.

    Args:
        name: stable id; for a fact of the playbook also the column name of the roster and the key of the contract.
        label: what a person reads.
        kind: whole number, yes/no, one of `choices`, several of `choices`, or free text.
        group: where it stands on the inventory page.
        low, high: bounds of a whole number, inclusive.
        choices: stored value → what a person reads.
        instead: values that may stand in place of a number or text, for example "not taken".
        hint: one line of help beside the field.
        students_own: the student's own word; until students sign in, recorded on their behalf.
        decides: a rule of playbook §4 uses it, so recording it re-issues the recommendation.
    """

    name: str
    label: str
    kind: Literal["number", "yes_no", "choice", "several", "text"]
    group: Group
    low: int = 0
    high: int = 9999
    choices: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    students_own: bool = False
    decides: bool = False

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        other = "".join(f", or {value}" for value in self.instead)
        match self.kind:
            case "number":
                return f"a whole number from {self.low} to {self.high}{other}"
            case "yes_no":
                return "yes or no"
            case "choice":
                return "one of " + ", ".join(self.choices)
            case "several":
                return "none, or any of " + ", ".join(self.choices)
            case "text":
                return f"text of 1 to {TEXT_MAX} characters{other}"


def checked(kind: FactKind, value: object) -> Value:
    """Return the value when it is allowed for this kind of fact.

    Raises:
        InvalidValue: it is not.
    """
    match kind.kind:
        case "number" if type(value) is int and kind.low <= value <= kind.high:
            return value
        case "yes_no" if isinstance(value, bool):
            return value
        case "choice" if isinstance(value, str) and value in kind.choices:
            return value
        case "several" if isinstance(value, (list, tuple)) and all(map(_chosen_from(kind.choices), value)):
            return tuple(item for item in kind.choices if item in value)
        case "text" if isinstance(value, str) and 1 <= len(value.strip()) <= TEXT_MAX:
            return words(kind.name, value)
    if isinstance(value, str) and value in kind.instead:
        return value
    raise InvalidValue(kind.name, value, kind.allowed)


def _chosen_from(choices: Mapping[str, str]) -> Callable[[object], bool]:
    return lambda item: isinstance(item, str) and item in choices


def as_read(kind: FactKind, text: str) -> Value:
    """Return the value written in a form field or a roster cell.

    Yes/no take yes, no, true, false (any case); several choices are separated by semicolons, "none" is none of them.

    Raises:
        InvalidValue: the text is not allowed.
    """
    lowered = text.strip().casefold()
    if lowered in kind.instead:
        return lowered
    value: object = text.strip()
    match kind.kind:
        case "number" if re.fullmatch(r"[0-9]{1,6}", lowered):
            value = int(lowered)
        case "yes_no":
            value = _YES_NO.get(lowered, value)
        case "choice":
            value = lowered
        case "several":
            items = [item.strip() for item in lowered.split(";") if item.strip()]
            value = [] if items == ["none"] else items or value
    try:
        return checked(kind, value)
    except InvalidValue as error:
        raise InvalidValue(kind.name, text.strip(), error.allowed) from None


_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def in_words(kind: FactKind | None, value: Value | None) -> str:
    """Return the value as a person reads it; a missing fact reads "not recorded".

    Args:
        kind: what the fact may be; None where no playbook knows it any more, and the value reads as it was recorded.
        value: as it was recorded.
    """
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    choices = kind.choices if kind else {}
    if isinstance(value, tuple):
        return ", ".join(choices.get(item, item) for item in value) if value else "none"
    if isinstance(value, str):
        return (kind.instead.get(value) if kind else None) or choices.get(value, value)
    return str(value)
