"""All packs on one page: how each stands, what waits for a second person, and the one next thing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from flask import url_for

from core.people.access import Permission
from core.people.packs import ORIGINS
from core.values import short_digest
from web.edge import house, may, needs, page, who
from web.journey.words import count
from web.packs.place import blueprint, bringer, names
from web.packs.standing import standings, waiting
from web.packs.wording import headline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from core.people.proposals import Proposal
    from web.packs.standing import Standing

__all__ = ["Next", "PackLine"]

SHOWN: Final = 30
"""Proposals in the list, those that wait among them; older ones stand on the pages of what they changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The one next thing."""

    lead: str
    why: str
    href: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """A pack in the list; `state` with its kind (`parts/words.html`)."""

    name: str
    title: str
    version: str
    digest: str
    author: str
    state: str
    kind: str
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """What the list shows; `proposals` are (number, what it changes, who, its state): the newest of all `so_far`."""

    next: Next
    packs: tuple[PackLine, ...]
    proposals: tuple[tuple[int, str, str, str], ...]
    so_far: int
    faults: tuple[str, ...]


@blueprint.get("/packs")
@needs(Permission.WRITE_PACKS)
def listing() -> ResponseReturnValue:
    """Show all packs."""
    institution, called = house().desk.institution(), names()
    found, faults = standings()
    view = ListingPage(
        next=_next(found, waiting(institution)),
        packs=tuple(_line(one, called) for one in found),
        proposals=tuple(
            (one.id, headline(one), called.get(one.author, one.author), one.state)
            for one in islice(reversed(institution.proposals.values()), SHOWN)
        ),
        so_far=len(institution.proposals),
        faults=faults,
    )
    return page("packs/listing.html", view=view)


def _next(found: Sequence[Standing], asked: Sequence[Proposal]) -> Next:
    """Return what to do: first what somebody waits for, then what was begun, then what the program brings."""
    theirs = [one for one in asked if one.author != who().member_id]
    if theirs and may(Permission.APPROVE_PLAYBOOK):
        return Next(
            lead=count(len(theirs), "change") + (" waits" if len(theirs) == 1 else " wait") + " for your yes or no",
            why=f"{headline(theirs[0])}. You see whom it would have touched before you answer.",
            href=url_for("packs.proposal", number=theirs[0].id),
            action="Look at it" if len(theirs) == 1 else "Look at the first",
        )
    for one in found:
        if one.unfinished:
            return Next(
                lead=f"{one.title} has {count(one.findings, 'finding')}",
                why="Each says the line, what is wrong and what is allowed.",
                href=url_for("packs.edit", name=one.name),
                action="Go on writing",
            )
    for one in found:
        if one.ready or one.newer:
            kind = "pack" if one.ready else "installed"
            return Next(
                lead=f"{one.title} is ready" if one.ready else f"{bringer(one.name).capitalize()} brings {_what(one)}",
                why="See what it would change for past students, then propose it.",
                href=url_for("packs.propose", name=one.name, kind=kind),
                action="See what it would change",
            )
    return Next(
        lead="Add a specialty that is missing, or correct one that is here",
        why="A new pack starts from a complete example; to correct one, open it below.",
        href=url_for("packs.new"),
        action="Write a new pack",
    )


def _line(one: Standing, called: Mapping[str, str]) -> PackLine:
    state, kind = one.state
    shown = one.in_force or one.shown or {}
    return PackLine(
        name=one.name,
        title=one.title,
        version=str(shown.get("version", "not yet readable")),
        digest=short_digest(str(shown.get("digest", ""))),
        author=_author(one, called),
        state=state,
        kind=kind,
        findings=one.findings,
    )


def _author(one: Standing, called: Mapping[str, str]) -> str:
    if one.draft is not None:
        return f"{called.get(one.draft.author, one.draft.author)}, in {ORIGINS[one.draft.origin]}"
    if one.came is not None and one.came.kind == "pack":
        return called.get(one.came.author, one.came.author)
    by = bringer(one.name)
    return "comes with the program" if by == "the program" else by.removeprefix("the ")


def _what(one: Standing) -> str:
    return f"another version of {one.title}" if one.in_force else one.title
