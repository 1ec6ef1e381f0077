"""What the pages of packs, parameters and proposals share: the blueprint, the people, days and digests in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from plugins.data_pack import FILE
from plugins.host import PACKS
from projections import people
from web.edge import house

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["blueprint", "bringer", "names", "page_number", "publishers"]

blueprint = Blueprint("packs", "web.packs")


def bringer(name: str) -> str:
    """Return in words what brings a pack that nobody here wrote: the program, or a plugin with code."""
    return "the program" if (PACKS / name / FILE).is_file() else "the installed plugin"


def page_number() -> int:
    """Return which page of a long list is asked for; what is no number is the first."""
    return max(1, request.args.get("page", 1, type=int))


def names() -> Mapping[str, str]:
    """Return what each member is called, by the id that events carry."""
    with house().views.read() as db:
        return people.names(db)


def publishers() -> Mapping[str, str]:
    """Return who put each playbook in force, by its digest: who proposed and who approved it, or who published it."""
    called = names()
    found = {one.digest: called.get(one.actor, one.actor) for one in house().desk.published()}
    for one in house().desk.institution().proposals.values():
        if one.playbook is not None:
            by, approver = (called.get(who or "", who or "") for who in (one.author, one.decided_by))
            found[one.playbook] = f"proposed by {by}, approved by {approver}"
    return found
