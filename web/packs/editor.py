"""The editor of a data pack: the findings stand beside the text while it is written, and no text is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from flask import url_for

from core.advising.playbooks import SavePack, save_pack
from core.decision.playbook import GENERAL_PACK
from core.errors import Conflict, NotFound
from core.people.access import Permission
from core.values import NAME_MAX
from web.edge import finish, house, needs, page, who
from web.journey.words import clock_time
from web.packs.drafts import PackText, built_in_text, found, title_of
from web.packs.fixtures import fixtures_of
from web.packs.place import blueprint, names
from web.schemas import FormSchema, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from core.people.packs import Draft
    from web.packs.drafts import Found
    from web.packs.fixtures import Result
    from web.schemas import Form

__all__ = ["Meanwhile", "Unlike", "unlike"]

_SHOWN: Final = 40  # places in which two texts differ that are shown one by one


class EditorForm(FormSchema):
    """The text of a pack, and the digest of the one it was begun from."""

    text = PackText("Text of the pack")
    base = Words("The version you began from", longest=NAME_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """A place in which two texts differ: the line in each, and what stands there; nothing where lines are missing."""

    theirs_line: int
    theirs: str
    yours_line: int
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What somebody else saved while a text was written."""

    by: str
    at: str
    places: tuple[Unlike, ...]
    more: int


@blueprint.get("/pack/<name>/edit")
@needs(Permission.WRITE_PACKS)
def edit(name: str) -> ResponseReturnValue:
    """Open the text of a pack."""
    held = _held(name)
    return _editor(name, blank(EditorForm, text=_text(name), base=held.digest if held else ""), 200)


@blueprint.post("/pack/<name>/edit")
@needs(Permission.WRITE_PACKS)
def save(name: str) -> ResponseReturnValue:
    """Keep the text as a draft; with findings the person goes on writing."""
    _text(name)
    form = load(EditorForm)
    if not form.ok:
        return _editor(name, form, 422)
    text = form.values["text"]
    command = SavePack(command_id=form.command_id, name=name, text=text, seen=form.values["base"] or "")
    try:
        receipt = form.send(lambda: save_pack(house().desk, who(), command))
    except Conflict:
        return _asked(name, form)
    if receipt is None:
        return _editor(name, form, 422)
    number = found(name, text).number
    if number:
        rest = "1 finding is" if number == 1 else f"{number} findings are"
        return finish(receipt, url_for("packs.edit", name=name), f"Saved. {rest} left.")
    return finish(receipt, url_for("packs.pack", name=name), "Saved, without findings.")


@blueprint.post("/pack/<name>/lint")
@needs(Permission.WRITE_PACKS)
def lint(name: str) -> ResponseReturnValue:
    """Check a text while it is written; nothing is kept."""
    form = load(EditorForm)
    text = str(form.typed["text"]).replace("\r\n", "\n")
    told = found(name, text)
    return page("packs/findings.html", form=form, found=told, fixtures=_fixtures(name, text, told))


def _held(name: str) -> Draft | None:
    return house().desk.institution().drafts.get(name)


def _text(name: str) -> str:
    """Return the text that an editor begins with: the draft, else the pack as the program brings it.

    Raises:
        NotFound: there is neither, or it is the general pack, which nobody edits.
    """
    held = _held(name)
    text = held.text if held else built_in_text(name)
    if text is None or name == GENERAL_PACK:
        raise NotFound(f"there is no text of a pack {name}")
    return text


def _fixtures(name: str, text: str, told: Found) -> list[Result]:
    """Run the fixtures of a text that has no findings."""
    packs = house().desk.playbook().content["packs"]
    return [] if told.number else fixtures_of(name, text, packs)


def _editor(name: str, form: Form, status: int, meanwhile: Meanwhile | None = None) -> ResponseReturnValue:
    text = str(form.typed["text"]).replace("\r\n", "\n")
    told = found(name, text)
    return page(
        "packs/editor.html",
        status,
        name=name,
        title=title_of(name, text),
        form=form,
        found=told,
        fixtures=_fixtures(name, text, told),
        meanwhile=meanwhile,
        held=_held(name),
    )


def _asked(name: str, form: Form) -> ResponseReturnValue:
    """Show both texts to whoever saves over one they have not seen; what they typed stays in the editor."""
    held = house().desk.institution().drafts[name]
    places = tuple(unlike(held.text, form.values["text"]))
    meanwhile = Meanwhile(
        by="You" if held.author == who().member_id else names().get(held.author, "Somebody"),
        at=clock_time(held.at, house().desk.institution().zone),
        places=places[:_SHOWN],
        more=max(0, len(places) - _SHOWN),
    )
    form.typed["base"] = held.digest
    return _editor(name, form, 409, meanwhile)


def unlike(theirs: str, yours: str) -> Iterator[Unlike]:
    """Yield the places in which two texts differ.

    Args:
        theirs: what is stored.
        yours: what was typed.
    """
    left, right = theirs.split("\n"), yours.split("\n")
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right).get_opcodes():
        if tag != "equal":
            before, after = "\n".join(left[i1:i2]), "\n".join(right[j1:j2])
            yield Unlike(theirs_line=i1 + 1, theirs=before, yours_line=j1 + 1, yours=after)
