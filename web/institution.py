"""The institution: its settings and the playbook in force; for stewards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for

from core.advising.members import ChangeSetting, change_setting
from core.people.access import Permission
from core.people.institution import SETTINGS
from core.values import NAME_MAX, short_digest
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


def _set(command_id: str, name: str, value: str) -> Receipt:
    return change_setting(house().desk, who(), ChangeSetting(command_id=command_id, name=name, value=value))


def _overview(status: int, form: Any) -> ResponseReturnValue:
    with house().views.read() as db:
        row = people.institution(db)
        earlier = people.playbooks(db)
    content = house().desk.playbook().content
    in_force = row.playbook if row else None
    packs = [(pack["title"], pack["version"], short_digest(pack["digest"])) for pack in content["packs"]]
    return page("institution/overview.html", status, form=form, playbook=in_force, earlier=earlier, packs=packs)
