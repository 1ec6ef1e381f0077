"""The institution: its settings and the playbook in force; for stewards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for

from core.advising.members import ChangeSetting, PublishPlaybook, change_setting, publish_playbook
from core.people.access import Permission
from core.people.institution import SETTINGS
from core.values import NAME_MAX, TEXT_MAX
from projections import people
from web.edge import finish, house, needs, page, who
from web.schemas import FormSchema, Words, blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt

__all__ = ["blueprint"]

blueprint = Blueprint("institution", __name__, url_prefix="/institution")


class SettingsForm(FormSchema):
    """What a steward sets."""

    # the one that may be refused comes first: nothing is half saved
    time_zone = Words(SETTINGS["time_zone"], longest=NAME_MAX, required=True)
    name = Words(SETTINGS["name"], longest=NAME_MAX, required=True)
    support_contact = Words(SETTINGS["support_contact"], longest=NAME_MAX, required=True)


class PublishForm(FormSchema):
    """A name and a reason for a playbook."""

    label = Words("Label", longest=NAME_MAX, required=True)
    note = Words("What changed and why", longest=TEXT_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """A pack in force beside the installed one."""

    title: str
    in_force: str
    installed: str
    state: str


@blueprint.get("")
@needs(Permission.MANAGE_SETTINGS)
def overview() -> ResponseReturnValue:
    """Show settings and playbook."""
    held: dict[str, Any] = house().desk.institution().settings
    return _overview(200, blank(SettingsForm, **held))


@blueprint.post("")
@needs(Permission.MANAGE_SETTINGS)
def change() -> ResponseReturnValue:
    """Change the settings that differ."""
    form = load(SettingsForm)
    held = house().desk.institution().settings
    news = {name: value for name, value in form.values.items() if form.ok and value != held.get(name)}
    receipts = form.send(lambda: [_set(f"{form.command_id}-{name}", name, value) for name, value in news.items()])
    if not form.ok:
        return _overview(422, form)
    here = url_for("institution.overview")
    return finish(receipts[-1], here, "Saved.") if receipts else redirect(here, code=303)


@blueprint.get("/playbook")
@needs(Permission.PUBLISH_PLAYBOOK)
def playbook() -> ResponseReturnValue:
    """Show what publishing the installed packs would change."""
    return _playbook(200, blank(PublishForm, label=house().desk.today().isoformat()))


@blueprint.post("/playbook")
@needs(Permission.PUBLISH_PLAYBOOK)
def publish() -> ResponseReturnValue:
    """Put the installed packs in force; the institution's own parameters and cutoffs stay."""
    form = load(PublishForm)
    if form.ok:
        packs = list(house().plugins.load().packs)
        content = house().desk.playbook().content | {"label": form.values["label"], "packs": packs}
        command = PublishPlaybook(command_id=form.command_id, content=content, note=form.values["note"] or "")
        if receipt := form.send(lambda: publish_playbook(house().desk, who(), command)):
            return finish(receipt, url_for("institution.overview"), "The playbook is in force.")
    return _playbook(422, form)


def _set(command_id: str, name: str, value: str) -> Receipt:
    return change_setting(house().desk, who(), ChangeSetting(command_id=command_id, name=name, value=value))


def _overview(status: int, form: Any) -> ResponseReturnValue:
    with house().views.read() as db:
        row = people.institution(db)
        earlier = people.playbooks(db)
    content = house().desk.playbook().content
    in_force = row.playbook if row else None
    packs = [(pack["title"], pack["version"], _short(pack["digest"])) for pack in content["packs"]]
    return page("institution/overview.html", status, form=form, playbook=in_force, earlier=earlier, packs=packs)


def _playbook(status: int, form: Any) -> ResponseReturnValue:
    loaded = house().plugins.load()
    held = {pack["name"]: pack for pack in house().desk.playbook().content["packs"]}
    found = {pack["name"]: pack for pack in loaded.packs}
    lines = [_line(held.get(name), found.get(name)) for name in sorted(held | found)]
    faults = loaded.faults
    differs = any(line.state != "the same" for line in lines)
    return page("institution/playbook.html", status, form=form, lines=lines, faults=faults, differs=differs)


def _line(held: dict[str, Any] | None, found: dict[str, Any] | None) -> PackLine:
    one = found or held or {}
    same = held is not None and found is not None and held["digest"] == found["digest"]
    return PackLine(
        title=one["title"],
        in_force=f"{held['version']} ({_short(held['digest'])})" if held else "not in force",
        installed=f"{found['version']} ({_short(found['digest'])})" if found else "not installed",
        state="the same" if same else "new" if held is None else "would go" if found is None else "changed",
    )


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]
