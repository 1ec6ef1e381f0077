"""One pack: how it stands, what it says, what happened to it, and the one next thing to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from markupsafe import Markup

from core.ladders import guidance_for, ladders_for
from core.people.access import Permission
from core.people.packs import ORIGINS
from core.people.proposals import OF_PACKS
from core.values import short_digest
from web.edge import house, needs, page
from web.journey.words import count
from web.ladders import climb_of
from web.packs.contents import holds, listed
from web.packs.drafts import publisher_of
from web.packs.listing import Next
from web.packs.place import blueprint, bringer, names
from web.packs.readings import READINGS
from web.packs.standing import standing
from web.packs.wording import headline
from web.pictures.climbs import ClimbsPicture, climbs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from core.ladders import Guidance
    from core.people.proposals import Proposal
    from web.packs.standing import Standing

__all__ = ["SpecialtyShown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtyShown:
    """A specialty of a pack, as it would be read on the pages of a student.

    Args:
        name: in full.
        rules: what the pack sets for it, in sentences.
        guidance: typical miss, questions and notes.
        ladders: how many there are.
        picture: of them.
    """

    name: str
    rules: tuple[str, ...]
    guidance: Guidance
    ladders: int
    picture: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPage:
    """What the page of a pack shows.

    Args:
        one: how it stands.
        next: None while there is nothing to do.
        facts: label, value and source.
        tells_of: which version is shown below, in words.
        bringer: what brings it where nobody here wrote it, in words.
        holds: what it holds, counted.
        specialties: in full.
        rest: what else it holds, by its names.
        history: proposals about it, the newest first, each with who proposed it.
    """

    one: Standing
    next: Next | None
    facts: tuple[dict[str, str], ...]
    tells_of: str
    bringer: str
    holds: str
    specialties: tuple[SpecialtyShown, ...]
    rest: tuple[tuple[str, tuple[str, ...]], ...]
    history: tuple[tuple[Proposal, str, str], ...]


@blueprint.get("/pack/<name>")
@needs(Permission.WRITE_PACKS)
def pack(name: str) -> ResponseReturnValue:
    """Show one pack."""
    one, called = standing(name), names()
    about = house().desk.institution().proposals.values()
    shown = one.shown
    told = tuple(_specialties(shown)) if shown else ()
    view = PackPage(
        one=one,
        next=_next(one),
        facts=tuple(_facts(one, called)),
        tells_of=_tells_of(one),
        bringer=bringer(name),
        holds=holds(shown) if shown else "nothing that can be read yet",
        specialties=told,
        rest=tuple(row for row in (listed(shown) if shown else ()) if set(row[1]) - {each.name for each in told}),
        history=tuple(
            (row, headline(row), called.get(row.author, row.author))
            for row in reversed(about)
            if row.subject == name and row.kind in OF_PACKS
        ),
    )
    return page("packs/pack.html", view=view)


def _tells_of(one: Standing) -> str:
    for pack_, words in ((one.in_force, "in force"), (one.drafted, "the draft")):
        if pack_ and one.shown and pack_["digest"] == one.shown["digest"]:
            return words
    return f"as {bringer(one.name)} brings it"


def _next(one: Standing) -> Next | None:
    if one.asked is not None:
        return Next(
            lead="A change of this pack waits",
            why="Look at whom it would have touched.",
            href=url_for("packs.proposal", number=one.asked.id),
            action="Look at it",
        )
    if one.unfinished:
        return Next(
            lead=f"The draft has {count(one.findings, 'finding')}",
            why="It can be proposed once there are none.",
            href=url_for("packs.edit", name=one.name),
            action="Go on writing",
        )
    if one.ready or one.newer:
        what = "another version" if one.in_force else "it, and it is not in force"
        brings = f"{bringer(one.name).capitalize()} brings {what}"
        return Next(
            lead="The draft is ready to be proposed" if one.ready else brings,
            why="First you see what it would change for past students.",
            href=url_for("packs.propose", name=one.name, kind="pack" if one.ready else "installed"),
            action="See what it would change",
        )
    return None


def _facts(one: Standing, called: Mapping[str, str]) -> Iterator[dict[str, str]]:
    if one.in_force is not None:
        came = one.came
        by = f"proposed by {called.get(came.author, came.author)}" if came else _since(one.in_force)
        approved = f", approved by {called.get(came.decided_by or '', '')}" if came and came.decided_by else ""
        yield {"label": "In force", "value": _version(one.in_force), "source": by + approved}
    else:
        yield {"label": "In force", "value": "", "missing": "not in force"}
    if one.draft is not None:
        by = f"saved by {called.get(one.draft.author, one.draft.author)} in {ORIGINS[one.draft.origin]}"
        state = f"{count(one.findings, 'finding')}" if one.findings else "no findings"
        yield {"label": "Draft", "value": f"{state} ({short_digest(one.draft.digest)})", "source": by}
        if one.draft.origin == "import":
            signer = publisher_of(one.draft)
            yield {"label": "Signature", "value": f"trusted: {signer}" if signer else "not trusted"}
    if one.installed is not None:
        same = one.in_force is not None and one.installed["digest"] == one.in_force["digest"]
        version = "the one in force" if same else _version(one.installed)
        yield {"label": f"As {bringer(one.name)} brings it", "value": version}


def _since(in_force: Mapping[str, Any]) -> str:
    """Return since which playbook a pack is in force as it is; nobody proposed it."""
    found = None
    for book in reversed(house().desk.published()):
        if in_force["digest"] not in {pack["digest"] for pack in book.content["packs"]}:
            break
        found = book
    return f"since playbook {found.label}" if found else ""


def _version(pack: Mapping[str, Any]) -> str:
    return f"{pack['version']} ({short_digest(pack['digest'])})"


def _specialties(shown: Mapping[str, Any]) -> Iterator[SpecialtyShown]:
    """Every specialty of a pack, and every other one that its ladders are for."""
    content = {"packs": [shown]}
    rows: dict[str, Mapping[str, Any]] = {row["slug"]: row for row in shown["specialties"]}
    known = house().desk.playbook().specialties
    for slug in dict.fromkeys((*rows, *(one for ladder in shown["ladders"] for one in ladder["from"]))):
        row = rows.get(slug, {})
        name = str(row.get("name") or (known[slug].name if slug in known else slug))
        found = ladders_for(content, slug)
        if not (found or row.get("conditions") or row.get("parameters") or row.get("cutoff") or len(rows) <= _FEW):
            continue
        picture = ClimbsPicture(
            prefix=f"climbs-{slug}",
            climbs=tuple(climb_of(ladder) for ladder in found),
            title=f"Ladders after {name}",
            level=4,
        )
        yield SpecialtyShown(
            name=name,
            rules=tuple(_rules(row)),
            guidance=guidance_for(content, slug),
            ladders=len(found),
            picture=climbs(picture) if found else Markup(),
        )


_FEW = 8  # specialties of a pack that are told one by one even where it says nothing but their names


def _rules(row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("hyper_competitive"):
        yield "Highly competitive: very many applications without a sponsor are warned of."
    if row.get("trusted_statements_only"):
        yield "Only the word of a program director whom the student trusts counts."
    for name, value in (row.get("parameters") or {}).items():
        yield f"{READINGS[name].title}: {READINGS[name].shown(value)}." if name in READINGS else f"{name}: {value}."
    for condition in row.get("conditions") or ():
        yield f"Reapply only if: {condition['sentence']} ({condition['id']})."
    if cutoff := row.get("cutoff"):
        yield f"Step 2 cutoff: {cutoff['step2']} ({cutoff['source']}, {cutoff['date']})."
