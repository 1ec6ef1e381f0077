"""What is wrong with a pack, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InvalidValue

if TYPE_CHECKING:
    from plugins.kit.lines import Path

MISSING: Final = "is missing"
_STEP: Final = re.compile(r"\[(\d+)\]|\.?([^.\[]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with a pack; its text is fit to be shown to a person.

    Attributes:
        file: the file it stands in.
        line: counted from 1.
        key: the place, such as "ladders[0].rungs[1].door"; "" is the whole file.
        wrong: what is wrong there: "is missing", or "'ajar' is not allowed".
        allowed: what is allowed there, in words.
    """

    file: str
    line: int
    key: str
    wrong: str
    allowed: str

    def __str__(self) -> str:
        key = self.key if self.wrong == MISSING or not self.key else f"{self.key}:"
        return f"{self.file}:{self.line}: {f'{key} {self.wrong}'.strip()} ({self.allowed})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A finding before its line is known."""

    path: Path
    wrong: str
    allowed: str


def missing(path: Path, allowed: str) -> Fault:
    """Say that a key is missing."""
    return Fault(path=path, wrong=MISSING, allowed=allowed)


def not_allowed(path: Path, value: object, allowed: str) -> Fault:
    """Say that a value is not allowed, as every part of the product says it."""
    sentence = str(InvalidValue("", value, ""))
    return Fault(path=path, wrong=sentence.removeprefix(": ").removesuffix(" ()"), allowed=allowed)


def key_of(path: Path) -> str:
    """Return a place as a person writes it, such as "ladders[0].rungs[1].door"."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def path_of(key: str) -> Path:
    """Return the place that `key_of` or the boundary wrote."""
    return tuple(int(number) if number else name for number, name in _STEP.findall(key))
