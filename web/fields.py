"""Fields of forms; each has a label and says in one sentence what is allowed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from marshmallow import ValidationError, fields

from core.values import STEERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Email",
    "Labelled",
    "Password",
    "Ref",
    "Tick",
    "Upload",
    "Whole",
    "Words",
    "not_allowed",
]

_SHOWN_MAX = 60
_NAMED_MAX = 15


def not_allowed(value: object, allowed: str) -> str:
    """Return the sentence for a value that cannot be used."""
    text = str(value)
    if not text.strip():
        return f"This is empty: {allowed}."
    return f"“{_short(text)}” is not allowed: {allowed}."


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + "…"


class Labelled(fields.Field[Any]):
    """Base of the fields of a form.

    Args:
        label: what a person reads above it.
        allowed: what may stand in it, in words.
        required: whether it may not be left empty; an empty field is None otherwise.
        more: marshmallow's own arguments.
    """

    def __init__(self, label: str, allowed: str, *, required: bool = False, **more: Any) -> None:
        if not required:
            more.setdefault("load_default", None)
        super().__init__(required=required, error_messages={"required": f"This is needed: {allowed}."}, **more)
        self.label = label
        self.allowed = allowed

    def is_blank(self, text: str) -> bool:
        """Say whether what was sent counts as left empty."""
        return not text.strip()

    def read(self, value: Any) -> Any:
        """Return what a value means.

        Raises:
            ValidationError: it is not allowed.
        """
        return value

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        del attr, data, kwargs  # a field of ours is read by itself
        return self.read(value)

    def wrong(self, value: object) -> ValidationError:
        """Return the error for a value."""
        return ValidationError(not_allowed(value, self.allowed))


class Words(Labelled):
    """A text, without space around it."""

    def __init__(self, label: str, *, longest: int = 2000, **more: Any) -> None:
        super().__init__(label, f"text of 1 to {longest} characters", **more)
        self.longest = longest

    def read(self, value: Any) -> str:
        """Return what was typed, checked."""
        text = str(value).replace("\r\n", "\n").strip()
        if len(text) > self.longest:
            raise ValidationError(f"This has {len(text)} characters: at most {self.longest} are allowed.")
        if STEERS.search(text):
            raise ValidationError("This holds a control character, which is no text: type it again.")
        return text


class Email(Words):
    """An address; whether it can be one is decided by the domain."""

    def __init__(self, label: str = "E-mail", **more: Any) -> None:
        super().__init__(label, longest=254, **more)
        self.allowed = "an address such as name@school.example"
        self.error_messages["required"] = f"This is needed: {self.allowed}."


class Password(Labelled):
    """A password: taken as it is, never shown again."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, "a password", **more)

    def is_blank(self, text: str) -> bool:
        """Say whether nothing was typed; space is part of a password."""
        return not text


class Whole(Labelled):
    """A whole number between two limits."""

    def __init__(self, label: str, *, low: int = 0, high: int = 9999, **more: Any) -> None:
        super().__init__(label, f"a whole number from {low} to {high}", **more)
        self.low, self.high = low, high

    def read(self, value: Any) -> int:
        """Return what was typed, checked."""
        text = str(value).strip()
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:  # noqa: PLR2004 - beyond is no count
            raise self.wrong(text)
        number = int(text)
        if number < self.low:
            raise ValidationError(f"{number} is too low: {self.allowed}.")
        if number > self.high:
            raise ValidationError(f"{number} is too high: {self.allowed}.")
        return number


class Day(Labelled):
    """A calendar date."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, "a date such as 2026-06-16", **more)

    def read(self, value: Any) -> date:
        """Return what was typed, checked."""
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            raise self.wrong(value) from None


class Choice(Labelled):
    """One of a list; `options` are texts, or values with their labels."""

    def __init__(self, label: str, options: Sequence[str] | Mapping[str, str], **more: Any) -> None:
        self.options = _pairs(options)
        few = ", ".join(text for _, text in self.options)
        many = f"the {len(self.options)} in the list"  # a sentence of seventy names helps nobody
        super().__init__(label, "one of " + (few if len(self.options) <= _NAMED_MAX else many), **more)

    def read(self, value: Any) -> str:
        """Return what was typed, checked."""
        if value not in dict(self.options):
            raise self.wrong(value)
        return str(value)


class Choices(Labelled):
    """Any number of a list."""

    def __init__(self, label: str, options: Sequence[str] | Mapping[str, str], **more: Any) -> None:
        self.options = _pairs(options)
        if not more.get("required"):
            more.setdefault("load_default", list)
        super().__init__(label, "some of " + ", ".join(text for _, text in self.options), **more)

    def read(self, value: Any) -> list[str]:
        """Return what was typed, checked."""
        known = dict(self.options)
        for one in value:
            if one not in known:
                raise self.wrong(one)
        return [one for one, _ in self.options if one in value]


class Tick(Labelled):
    """A box to tick."""

    def __init__(self, label: str, **more: Any) -> None:
        more.setdefault("load_default", False)
        super().__init__(label, "ticked or not", **more)

    def read(self, value: Any) -> bool:
        """Return what was typed, checked."""
        if value != "yes":
            raise self.wrong(value)
        return True


class Ref(Labelled):
    """The id of a record."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, "the id of a record", **more)

    def read(self, value: Any) -> UUID:
        """Return what was typed, checked."""
        try:
            return UUID(str(value).strip())
        except ValueError:
            raise self.wrong(value) from None


class Upload(Labelled):
    """A file; its value is what the request holds (`.filename`, `.read()`)."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, "a file", **more)


def _pairs(options: Sequence[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    if isinstance(options, dict):
        return list(options.items())
    return [(str(one), str(one)) for one in options]
