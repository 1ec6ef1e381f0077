"""The kinds of value that a plugin may return; each refuses a wrong one by saying what is allowed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, ValidationError, fields

from core.errors import InvalidValue
from core.values import text as core_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Checked(fields.Field[Any]):
    """A value that passes one test as it stands; nothing is converted."""

    def __init__(self, test: Callable[[Any], bool], allowed: str, **options: Any) -> None:
        super().__init__(error_messages=dict.fromkeys(("required", "null"), allowed), **options)
        self._test = test
        self._allowed = allowed

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        del attr, data, kwargs
        if not self._test(value):
            raise ValidationError(self._allowed)
        return value


class Day(Checked):
    """A date as ISO text; TOML's own dates are taken too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_is_date, "a date such as 2026-01-31", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return str(super()._deserialize(value, attr, data, **kwargs))


def _is_date(value: object) -> bool:
    try:
        return type(value) is date or (isinstance(value, str) and date.fromisoformat(value).isoformat() == value)
    except ValueError:
        return False


def text(**options: Any) -> Checked:
    """Text with something in it."""
    return Checked(_is_text, "text, not empty", **options)


def brief(longest: int, **options: Any) -> Checked:
    """Text with something in it, short enough for its place on a page."""
    return Checked(
        lambda value: _is_text(value) and len(value) <= longest, f"text of 1 to {longest} characters", **options
    )


def _is_text(value: object) -> bool:
    """Half a surrogate pair is a Python string that cannot be stored, so it is no text."""
    return isinstance(value, str) and value.strip() != "" and not re.search(r"[\ud800-\udfff]", value)


def line(longest: int, **options: Any) -> Checked:
    """Text on one line that becomes part of a student's record, so that the record must take it."""
    return Checked(lambda value: _is_line(value, longest), f"text of 1 to {longest} characters on one line", **options)


def _is_line(value: object, longest: int) -> bool:
    try:
        return _is_text(value) and "\n" not in str(value) and core_text("line", str(value), longest) == value
    except InvalidValue:
        return False


def flag(**options: Any) -> Checked:
    """True or false, and nothing that merely looks like it."""
    return Checked(lambda value: isinstance(value, bool), "true or false", **options)


def whole(low: int, high: int, **options: Any) -> Checked:
    """A whole number between two bounds, both included; a bool, an int to Python, is none."""
    return Checked(
        lambda value: type(value) is int and low <= value <= high, f"a whole number from {low} to {high}", **options
    )


def usd(**options: Any) -> Checked:
    """Pay [US dollars a year]."""
    return whole(1, 100_000_000, **options)


def year(**options: Any) -> Checked:
    """A calendar year."""
    return whole(1900, 2100, **options)


def one_of(choices: tuple[str, ...], **options: Any) -> Checked:
    """One of the words given."""
    return Checked(lambda value: isinstance(value, str) and value in choices, f"one of {', '.join(choices)}", **options)


def plain(**options: Any) -> Checked:
    """A single value of any plain kind, where the decision engine knows which."""
    return Checked(lambda value: isinstance(value, (bool, int, str)), "true, false, a whole number or text", **options)


def slug(**options: Any) -> Checked:
    """A specialty's slug."""
    return _matching(r"[a-z0-9]+(-[a-z0-9]+)*", "a slug such as general-surgery", **options)


def rule_id(**options: Any) -> Checked:
    """A stable id in the manner of the playbook."""
    return _matching(r"[A-Z][A-Z0-9]*\.[a-z0-9]+(-[a-z0-9]+)*", "an id such as ORTHO.anes-pain", **options)


def _matching(pattern: str, allowed: str, **options: Any) -> Checked:
    return Checked(
        lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None, allowed, **options
    )


def listed(inner: fields.Field[Any], **options: Any) -> fields.List[Any]:
    """A list of one kind of value."""
    return fields.List(inner, error_messages=dict.fromkeys(("required", "null", "invalid"), "a list"), **options)


def table(schema: type[Schema], **options: Any) -> fields.Nested:
    """A table of its own keys."""
    return fields.Nested(schema, error_messages=dict.fromkeys(("required", "null"), "a table"), **options)


def tables(schema: type[Schema]) -> fields.List[Any]:
    """A list of tables, empty when left out."""
    return listed(table(schema), load_default=list)
