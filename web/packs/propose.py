"""Proposing a change of a pack: first what it would change, then the form that asks a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import request, url_for

from core.advising.playbooks import ProposeChange, propose_change
from core.decision.wording import sentence
from core.errors import Conflict, NotFound
from core.people.access import Permission
from plugins.kit.check import Known, check
from web.edge import finish, house, needs, page, who
from web.packs.asking import Asked, ProposeForm, asked
from web.packs.place import blueprint, bringer, page_number
from web.packs.standing import standing
from web.schemas import blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from web.packs.standing import Standing
    from web.schemas import Form

__all__ = ["ProposePage", "proposed"]

_LEADS = {
    "pack": "Your draft in place of what is in force",
    "installed": "The pack as {bringer} brings it",
    "withdrawal": "Taking the pack out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePage:
    """A change of a pack before it is proposed."""

    one: Standing
    kind: str
    lead: str
    asked: Asked
    form: Form


@blueprint.route("/pack/<name>/propose/<kind>", methods=["GET", "POST"])
@needs(Permission.WRITE_PACKS)
def propose(name: str, kind: str) -> ResponseReturnValue:
    """Show what a change of a pack would do, and propose it."""
    if kind not in _LEADS:
        raise NotFound(f"a pack cannot be proposed as {kind}")
    one = standing(name)
    change = _change(one, kind)
    sent = request.method == "POST"
    form = load(ProposeForm) if sent else blank(ProposeForm, effective_on=house().desk.today())
    if sent and form.ok:
        more: dict[str, Any] = {"faults": _faults(one, kind)}
        if kind == "pack" and one.draft:
            more["draft"] = one.draft.digest
        if answer := proposed(form, kind, name, change, **more):
            return answer
    shown = asked(kind, name, change, number=page_number())
    if kind == "installed" and (wrong := _faults(one, kind)):
        shown = replace(shown, refused=sentence(wrong[0]))
    view = ProposePage(one=one, kind=kind, lead=_LEADS[kind].format(bringer=bringer(name)), asked=shown, form=form)
    return page("packs/propose.html", 422 if sent else 200, view=view)


def proposed(form: Form, kind: str, subject: str, change: dict[str, Any], **more: Any) -> ResponseReturnValue | None:
    """Propose a change and lead to it; None where the form has to come back, with its reason.

    Args:
        form: of `ProposeForm`, without errors.
        kind: a key of `core.people.proposals.KINDS`.
        subject: what is changed.
        change: what it becomes.
        more: further arguments of the command.
    """
    values = {name: form.values[name] for name in ("effective_on", "note")}
    values["effective_on"] = values["effective_on"] or house().desk.today()
    command = ProposeChange(command_id=form.command_id, kind=kind, subject=subject, change=change, **values, **more)
    try:
        receipt = form.send(lambda: propose_change(house().desk, who(), command))
    except Conflict as error:
        form.errors["_form"] = sentence(error)
        return None
    if receipt is None:
        return None
    of_subject = [one.id for one in house().desk.institution().proposals.values() if one.subject == subject]
    return finish(receipt, url_for("packs.proposal", number=of_subject[-1]), "Proposed. A second person answers it.")


def _change(one: Standing, kind: str) -> dict[str, Any]:
    """Return what a pack would become.

    Raises:
        NotFound: there is no such version of it.
    """
    if kind == "withdrawal":
        if one.in_force is None:
            raise NotFound(f"the pack {one.name} is not in the playbook in force")
        return {}
    found = one.drafted if kind == "pack" else one.installed
    if found is None:
        raise NotFound(f"the pack {one.name} has no version that could be proposed: its draft has findings, or is none")
    return {"pack": dict(found)}


def _faults(one: Standing, kind: str) -> tuple[str, ...]:
    if kind == "installed":  # what a plugin with code answers can be wrong too
        return tuple(str(fault) for fault in house().plugins.load().faults if fault.plugin == one.name)
    if one.draft is None or kind != "pack":
        return ()
    known = Known.of(house().desk.playbook().content["packs"], one.name)
    return tuple(str(fault) for fault in check(one.name, one.draft.text, known))
