"""A new pack: name its specialty, and go on in the editor with a complete example that says what each line is for."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from flask import redirect, url_for

from core.advising.playbooks import SavePack, save_pack
from core.decision.playbook import GENERAL_PACK
from core.people.access import Permission
from core.values import NAME_MAX
from plugins.kit.new import new_pack
from web.edge import finish, house, needs, page, who
from web.fields import Choice, Words
from web.packs.place import blueprint
from web.schemas import FormSchema, blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from web.schemas import Form

_OTHER = "other"
#: The lines of the example that tell of commands and files; here the findings stand beside the text.
_COMMANDS = re.compile(r"#\n#   rungwise pack check.*?\n\n", re.DOTALL)


@blueprint.get("/packs/new")
@needs(Permission.WRITE_PACKS)
def new() -> ResponseReturnValue:
    """Ask which specialty the pack is about."""
    return _page(blank(_schema()), 200)


@blueprint.post("/packs/new")
@needs(Permission.WRITE_PACKS)
def begin() -> ResponseReturnValue:
    """Keep the example under the name of the specialty; one that was begun already is opened, never overwritten."""
    form = load(_schema())
    name = _name(form) if form.ok else ""
    if not form.ok:
        return _page(form, 422)
    if name in house().desk.institution().drafts:
        return redirect(url_for("packs.edit", name=name), code=303)
    desk = house().desk
    text = _COMMANDS.sub("\n", new_pack(name, desk.playbook().content["packs"], desk.today().year), count=1)
    command = SavePack(command_id=form.command_id, name=name, text=text, origin="editor")
    if receipt := form.send(lambda: save_pack(desk, who(), command)):
        return finish(receipt, url_for("packs.edit", name=name), "Begun from an example. Put your own words in it.")
    return _page(form, 422)


def _page(form: Form, status: int) -> ResponseReturnValue:
    return page("packs/new.html", status, form=form)


def _schema() -> type[FormSchema]:
    """Return the form; it offers the specialties that only the general pack names."""
    packs = house().desk.playbook().content["packs"]
    named = {row["slug"]: row["name"] for pack in packs if pack["name"] == GENERAL_PACK for row in pack["specialties"]}
    known = dict(sorted(named.items(), key=lambda item: item[1]))
    fields: dict[str, Any] = {
        "specialty": Choice("Specialty", {**known, _OTHER: "Another one, named below"}, required=True),
        "name": Words("Name of another specialty", longest=NAME_MAX),
    }
    made: type[FormSchema] = FormSchema.from_dict(fields)  # type: ignore[assignment] # a subclass of ours
    return made


def _name(form: Form) -> str:
    """Return the name of the pack that is asked for; what no pack can be called, or another pack has, is an error."""
    if form.values["specialty"] != _OTHER:
        return str(form.values["specialty"])
    name = _plain(form.values["name"] or "")
    if not re.match("[a-z]", name):
        form.errors["name"] = "This is needed: the name of the specialty, such as Space medicine."
    for pack in house().desk.playbook().content["packs"]:
        if pack["name"] not in (GENERAL_PACK, name) and any(row["slug"] == name for row in pack["specialties"]):
            form.errors["name"] = f"The pack {pack['title']} has this specialty: open that pack and correct it."
    return name


def _plain(name: str) -> str:
    """Return a name as the folder of a pack would be called: "Space medicine" is space-medicine."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:60].strip("-")
