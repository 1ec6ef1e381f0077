"""Every missed specialty with its ladders, and those that have none yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from core.ladders import Door, ladders_for
from web.edge import house, needs_sign_in, page
from web.explorer.asked import blueprint, content, packs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from core.ladders import Ladder

__all__ = ["FieldRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A specialty with ladders: its page, how many climbs, their doors in words, and the pack."""

    name: str
    href: str
    climbs: int
    doors: str
    pack: str


@blueprint.get("")
@needs_sign_in
def index() -> ResponseReturnValue:
    """Show every specialty of the playbook in force with its ladders."""
    book, known = content(), house().desk.playbook().specialties
    rows, bare = [], []
    for slug, one in sorted(known.items(), key=lambda pair: pair[1].name.casefold()):
        href = url_for("explorer.field", specialty=slug)
        if found := ladders_for(book, slug):
            packs = "; ".join(packs_of(book, slug))
            rows.append(FieldRow(name=one.name, href=href, climbs=len(found), doors=_doors(found), pack=packs))
        else:
            bare.append((one.name, href))
    return page("explorer/index.html", rows=rows, bare=bare)


def _doors(found: Sequence[Ladder]) -> str:
    counted = ((sum(one.door is door for one in found), door.words) for door in Door)
    return ", ".join(f"{number} {words}" for number, words in counted if number)
