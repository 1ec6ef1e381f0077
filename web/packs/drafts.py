"""A pack's text in the hands of its author: which text, what is wrong with it, where it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InvalidValue
from core.packfile import public_key
from plugins.data_pack import DataPack
from plugins.host import PACKS
from plugins.kit.check import Known, check
from web.edge import house
from web.fields import Labelled

if TYPE_CHECKING:
    from core.people.packs import Draft
    from plugins.kit.findings import Finding

__all__ = ["SHOWN", "Found", "PackText", "built_in_text", "found", "publisher_of", "title_of"]

SHOWN: Final = 40
"""Findings that a page names at once; who has more corrects these first."""
_QUOTED: Final = 90  # characters of a line
_TITLE: Final = re.compile(r'^title *= *"?([^"\\\n]+)', re.MULTILINE)  # also where the quotes are not right yet


class PackText(Labelled):
    """The text of a pack, as it was typed."""

    def __init__(self, label: str) -> None:
        super().__init__(label, "the text of a pack", required=True)

    def read(self, value: object) -> str:
        """Return what was typed, with the line ends of a file."""
        return str(value).replace("\r\n", "\n").rstrip() + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding as a page shows it: where, what is wrong, what is allowed, and the line it is about."""

    line: int
    key: str
    wrong: str
    allowed: str
    quoted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the check of a text found: how many findings, and those that are shown."""

    number: int
    shown: tuple[Told, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.shown)


def found(name: str, text: str) -> Found:
    """Check a pack's text against the playbook in force.

    Args:
        name: of the pack.
        text: what its pack.toml says.
    """
    known = Known.of(house().desk.playbook().content["packs"], name)
    findings = check(name, text, known)
    lines = text.split("\n")
    return Found(number=len(findings), shown=tuple(_told(one, lines) for one in findings[:SHOWN]))


def built_in_text(name: str) -> str | None:
    """Return what the pack.toml of a built-in pack says; None where the program brings no such pack."""
    try:
        return DataPack.at(PACKS / name).text
    except InvalidValue:
        return None


def publisher_of(draft: Draft) -> str:
    """Return whose trusted signature a draft came with; empty where it is none."""
    desk = house().desk
    institution = desk.institution()
    own = {public_key(desk.journal.keys): institution.settings["name"]}
    return {**institution.publishers, **own}.get(draft.signed_by or "", "")


def title_of(name: str, text: str) -> str:
    """Return what a pack calls itself, also where the rest cannot be read yet; its name where it says nothing."""
    said = _TITLE.search(text.partition("\n[")[0])  # further down it is a ladder's
    return said[1].strip(" '") if said else name


def _told(one: Finding, lines: list[str]) -> Told:
    quoted = lines[one.line - 1].strip() if 1 <= one.line <= len(lines) else ""
    short = quoted if len(quoted) <= _QUOTED else quoted[: _QUOTED - 1] + "…"
    return Told(line=one.line, key=one.key, wrong=one.wrong, allowed=one.allowed, quoted=short)
