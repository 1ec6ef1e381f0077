"""Plugins with code: which are installed, approved, running or in quarantine, and what each did wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flask import flash, redirect, url_for

from core.advising.code_plugins import ApprovePlugin, RevokePlugin, approve_plugin, revoke_plugin
from core.decision.wording import sentence
from core.errors import Conflict, NotFound
from core.people.access import Permission
from core.values import NAME_MAX, short_digest
from web.code_plugins import RUNNING
from web.edge import finish, house, may, needs, page, who
from web.packs.contents import NOTHING, holds
from web.packs.listing import Next
from web.packs.place import blueprint, names
from web.packs.standing import standings as packs_standing
from web.schemas import FormSchema, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from web.code_plugins import Standing
    from web.packs.standing import Standing as PackStanding
    from web.schemas import Form

__all__ = ["PluginLine", "PluginsPage"]

_KINDS = {"running": "done", "waiting": "now", "changed": "fault", "quarantined": "fault", "unfit": "fault"}

_PACK: Final = "What a plugin brings counts once its pack was proposed and a second person approved it."


class ApproveForm(FormSchema):
    """A yes to the files that were shown."""

    digest = Words("Digest", longest=NAME_MAX, required=True)


class NoFields(FormSchema):
    """A button and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginLine:
    """A plugin in the list.

    Args:
        state: in words, with its kind (`parts/words.html`).
        brings: what it brings and is not in the playbook; None where nothing is to be done about that.
        digest: of its files as they are; "" where nothing is installed. `shown` is the part that people compare.
        approved: who approved which version, in words.
        may_approve: its files can be approved; likewise `may_revoke` and `may_lift`.
        form: of its buttons.
    """

    name: str
    title: str
    distribution: str
    state: str
    kind: str
    brings: Next | None
    digest: str
    shown: str
    approved: str
    may_approve: bool
    may_revoke: bool
    may_lift: bool
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginsPage:
    """What the page shows; `faults` are when, which plugin and what, the newest first."""

    next: Next
    plugins: tuple[PluginLine, ...]
    faults: tuple[tuple[datetime, str, str], ...]
    steward: bool


@blueprint.get("/packs/plugins")
@needs(Permission.WRITE_PACKS)
def plugins() -> ResponseReturnValue:
    """Show the plugins with code."""
    standings = house().plugins.standings()
    steward = may(Permission.APPROVE_PLUGIN)
    faults = [(datetime.fromtimestamp(one.at, UTC), one.plugin, one.what) for one in house().access.quarantine.faults()]
    called, brings = names(), _brings(standings)
    view = PluginsPage(
        next=_next(standings, brings, steward=steward),
        plugins=tuple(_line(one, called, brings.get(one.name)) for one in standings),
        faults=tuple(faults),
        steward=steward,
    )
    return page("packs/plugins.html", view=view)


@blueprint.post("/packs/plugins/<name>/approve", endpoint="approve_plugin")
@needs(Permission.APPROVE_PLUGIN)
def approve(name: str) -> ResponseReturnValue:
    """Approve the files of a plugin, if they still are those that were shown."""
    form, one = load(ApproveForm), _standing(name)
    if one.installed is None or one.state == "unfit":
        raise Conflict(f"the plugin {name} cannot be approved as it is installed")
    if not form.ok or form.values["digest"] != one.digest:
        raise Conflict(f"the files of the plugin {name} changed while you looked at them; look again")
    command = ApprovePlugin(
        command_id=f"{form.command_id}-approve",
        name=name,
        distribution=one.installed.distribution,
        version=one.installed.version,
        digest=one.digest,
    )
    receipt = approve_plugin(house().desk, who(), command)
    house().plugins.running()  # it starts while the page is on its way
    return finish(receipt, url_for("packs.plugins"), "Approved: the plugin runs now.")


@blueprint.post("/packs/plugins/<name>/revoke", endpoint="revoke_plugin")
@needs(Permission.APPROVE_PLUGIN)
def revoke(name: str) -> ResponseReturnValue:
    """Take an approval back."""
    form = load(NoFields)
    receipt = revoke_plugin(house().desk, who(), RevokePlugin(command_id=f"{form.command_id}-revoke", name=name))
    house().plugins.running()
    return finish(receipt, url_for("packs.plugins"), "Taken back: the plugin runs no more.")


@blueprint.post("/packs/plugins/<name>/lift")
@needs(Permission.APPROVE_PLUGIN)
def lift(name: str) -> ResponseReturnValue:
    """Let a plugin out of quarantine; its faults are counted anew."""
    _standing(name)
    house().access.quarantine.lift(name)
    house().plugins.running()
    flash("Lifted: the plugin is asked again, and its faults are counted anew.", "ok")
    return redirect(url_for("packs.plugins"), code=303)


def _standing(name: str) -> Standing:
    for one in house().plugins.standings():
        if one.name == name:
            return one
    raise NotFound(f"there is no plugin {name}")


def _line(one: Standing, called: Mapping[str, str], brings: Next | None) -> PluginLine:
    installed, approved = one.installed, one.approved
    told = f"{approved.version}, by {called.get(approved.author, '')}" if approved else "not yet"
    return PluginLine(
        name=one.name,
        title=installed.title if installed else one.name,
        distribution=f"{installed.distribution} {installed.version}" if installed else "not installed",
        state=one.words,
        kind=_KINDS.get(one.state, ""),
        brings=brings,
        digest=one.digest,
        shown=short_digest(one.digest),
        approved=told,
        may_approve=one.state in ("waiting", "changed"),
        may_revoke=approved is not None,
        may_lift=one.state == "quarantined",
        form=blank(NoFields),
    )


def _brings(plugins_: Sequence[Standing]) -> dict[str, Next]:
    """Return what is left to do with what the running plugins bring to a playbook, by their names."""
    running = {one.name: one.installed.title for one in plugins_ if one.state == RUNNING and one.installed}
    if not running:
        return {}
    found, faults = packs_standing()
    packs = {one.name: one for one in found}
    made = {name: _left(title, packs.get(name), _told(name, faults)) for name, title in running.items()}
    return {name: one for name, one in made.items() if one}


def _left(title: str, pack: PackStanding | None, told: str) -> Next | None:
    """Return what is left to do with the pack of a plugin; `told` is what kept the plugin from answering."""
    if pack is not None and pack.asked is not None:
        number = pack.asked.id
        lead = f"The pack of {title} " + pack.state[0]
        return Next(lead=lead, why=_PACK, href=url_for("packs.proposal", number=number), action="Look at the proposal")
    if told:
        known = pack is not None and pack.installed is not None
        lead = f"{title} brings rows that cannot be used" if known else f"What {title} brings cannot be told now"
        again = {"href": "", "action": ""} if known else {"href": url_for("packs.plugins"), "action": "Load it again"}
        return Next(lead=lead, why=told, **again)
    if pack is not None and pack.installed is not None and pack.newer and (what := holds(pack.installed)) != NOTHING:
        are = "is" if what.startswith("1 ") and " and " not in what else "are"
        lead = f"{title}: its {what} {are} not in the playbook yet"
        if pack.in_force is not None:
            lead = f"{title} brings another version of its pack than the playbook holds"
        return Next(lead=lead, why=_PACK, href=url_for("packs.pack", name=pack.name), action="Propose its pack")
    return None


def _told(name: str, faults: Sequence[str]) -> str:
    mine = (one for one in faults if one.startswith((f"plugin {name}:", f"plugin {name},")))
    return next((sentence(one) for one in mine), "")


def _next(standings: Sequence[Standing], brings: Mapping[str, Next], *, steward: bool) -> Next:
    """Return what to do: first what stopped running, then what waits, then what is not in the playbook yet."""
    asked = "Look at it below" if steward else ""
    for state, lead, why in (
        ("quarantined", "is in quarantine", "Nobody asks it until a steward lifts that. What it did stands below."),
        ("changed", "is not asked: its files changed", "A steward looks at what changed and approves it anew."),
        ("waiting", "waits for approval", "It runs once a steward approved its files; until then nobody asks it."),
    ):
        for one in standings:
            if one.state == state:
                called = one.installed.title if one.installed else one.name
                return Next(lead=f"{called} {lead}", why=why, href="#plugins" if steward else "", action=asked)
    for left in brings.values():
        return left
    if standings:
        return Next(lead="Nothing to do", why="Every plugin that may run, runs.", href="", action="")
    why = "A pack needs no code. One that does is installed on the server as a wheel, and then waits here for approval."
    return Next(lead="No plugin with code is installed", why=why, href="", action="")
