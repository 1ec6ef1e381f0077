"""A new pack's text: complete, with a comment at every key, and right as it is written.

What an author may leave out stands behind a `#` without a space; taking the mark away puts it in force.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

from core.decision.playbook import GENERAL_PACK
from core.errors import Conflict, InvalidValue
from core.people.packs import PACK_NAME
from plugins.data_pack import FILE
from plugins.host import PACKS
from plugins.kit.check import NAME_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_TEMPLATE: Final = Path(__file__).with_name("template.txt")
#: Ids that begin so are the playbook's.
_TAKEN: Final = ("REAPPLY", "PIVOT", "FAQ", "TREE", "WEEK1", "PLAN", "YEAR", "TRACK", "PAY", "LEVER")
#: Longest id of a cycle date [30 characters], less the longest name behind it.
_PREFIX_MAX: Final = 5
#: The example's climb. Source: playbook §5, TRACK.im-cards and TRACK.anes-pain.
_CLIMB: Final = {
    "base": "internal-medicine",
    "base_name": "Internal medicine",
    "base_years": 3,
    "top": "cardiology",
    "top_name": "Cardiology",
    "top_short": "cardiology",
    "top_years": 3,
    "top_usd": 800000,
}
_OTHER_CLIMB: Final = {
    "base": "anesthesiology",
    "base_name": "Anesthesiology",
    "base_years": 4,
    "top": "pain-anes",
    "top_name": "Pain medicine",
    "top_short": "pain medicine",
    "top_years": 1,
    "top_usd": 700000,
}


def new_pack(name: str, packs: Iterable[Mapping[str, Any]], year: int) -> str:
    """Return the text of a new pack.

    Args:
        name: the pack's name; that of a built-in pack gives its text, to be corrected.
        packs: the packs that there are.
        year: the calendar year, for the dates of the examples.

    Raises:
        InvalidValue: the name is none of a pack.
        Conflict: the specialty of this name belongs to a pack of another name.
    """
    if not PACK_NAME.fullmatch(name) or name == GENERAL_PACK:
        raise InvalidValue("name of the pack", name, NAME_WORDS)
    built_in = PACKS / name / FILE
    if built_in.is_file():
        return built_in.read_text("utf-8")
    slug = re.sub(r"[_-]+", "-", name).strip("-")
    title = _known_as(slug, packs) or slug.replace("-", " ").capitalize()
    prefix = re.sub(r"[^A-Z0-9]", "", name.upper())[:_PREFIX_MAX]
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        _OTHER_CLIMB if slug in (_CLIMB["base"], _CLIMB["top"]) else _CLIMB,
        name=name,
        slug=slug,
        title=title,
        short=title[:1].lower() + title[1:],
        prefix=f"{prefix}X" if prefix in _TAKEN else prefix,
        year=year,
        last=year - 1,
        next=year + 1,
    )


def _known_as(slug: str, packs: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the name that the general pack has for a specialty, or None."""
    for pack in packs:
        for row in pack["specialties"]:
            if row["slug"] != slug:
                continue
            if pack["name"] != GENERAL_PACK:
                raise Conflict(
                    f"specialty {slug}: pack {pack['name']} has it (`pack new {pack['name']}` copies that pack)"
                )
            return str(row["name"])
    return None
