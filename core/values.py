"""Checks shared by all commands: text of a bounded length, a member of a list, a date that has happened."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final

from core.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

__all__ = [
    "CYCLES",
    "EMAIL",
    "NAME_MAX",
    "PROTECTED",
    "SOURCE_MAX",
    "STEERS",
    "TEXT_MAX",
    "digest_of",
    "one_of",
    "past",
    "protected",
    "remark",
    "short_digest",
    "text",
]

NAME_MAX = 200  # characters
SOURCE_MAX = 200
TEXT_MAX = 2000
_SHORT_DIGEST: Final = 12  # digits that people compare
CYCLES = range(2000, 2101)  # match years
EMAIL = re.compile(r"[^\s\x00-\x1f\x7f-\x9f@,;<>\"]{1,64}@[^\s\x00-\x1f\x7f-\x9f@,;<>\"]{1,190}")
#: What a terminal obeys in place of showing it: C0 but tab and line end, DEL, C1.
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: Protected attributes, each with the words that ask for it: none may be asked as a fact, and no rule may read one.
#: Source: 42 USC 2000e-2 and 12112, 29 USC 623. A question that goes round these words is not caught.
PROTECTED: dict[str, str] = {
    "national origin": "national origin|nationality|citizenship|country of (birth|origin)|ancestry",
    "race": "race|races|racial",
    "ethnicity": "ethnic|ethnicity",
    "sex": "sex|sexual|gender|pregnant|pregnancy",
    "age": "age|aged|birth|birthday|born",
    "religion": "religion|religious|faith|creed",
    "disability": "disabled|disability|disabilities|handicap",
}
_PROTECTED = {name: re.compile(rf"\b({words})\b") for name, words in PROTECTED.items()}


def text(what: str, value: str, longest: int = TEXT_MAX) -> str:
    """Return the text without space around it.

    Raises:
        InvalidValue: empty, longer than `longest` characters, or holding control characters.
    """
    value = value.replace("\r\n", "\n").strip()
    if STEERS.search(value):
        raise InvalidValue(what, STEERS.sub("?", value), "text without control characters; type it again")
    if not 1 <= len(value) <= longest:
        raise InvalidValue(what, value, f"text of 1 to {longest} characters")
    return value


def remark(what: str, value: str, longest: int = TEXT_MAX) -> str:
    """Return a text that may be left out, without space around it.

    Raises:
        InvalidValue: longer than `longest` characters, or holding control characters.
    """
    value = value.strip()
    return text(what, value, longest) if value else ""


def one_of(what: str, value: str, allowed: Collection[str]) -> str:
    """Return the value when it is one of the allowed ones.

    Raises:
        InvalidValue: it is not.
    """
    if value not in allowed:
        raise InvalidValue(what, value, "one of " + ", ".join(allowed))
    return value


def past(what: str, value: date, today: date) -> date:
    """Return the date when it is not in the future.

    Raises:
        InvalidValue: it is after today.
    """
    if value > today:
        raise InvalidValue(what, value.isoformat(), f"{today.isoformat()} or earlier")
    return value


def protected(words: str) -> str | None:
    """Return the protected attribute that a label, an id or a question names, or None."""
    plain = re.sub(r"[\W_]+", " ", words.casefold())
    return next((name for name, pattern in _PROTECTED.items() if pattern.search(plain)), None)


def digest_of(content: Mapping[str, Any] | str) -> str:
    """Return "sha256:" and the hex SHA-256 of a text, or of data as canonical JSON: sorted keys, no spaces, UTF-8."""
    if not isinstance(content, str):
        content = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"


def short_digest(digest: str) -> str:
    """Return the part of a digest that people compare."""
    return digest.removeprefix("sha256:")[:_SHORT_DIGEST]
