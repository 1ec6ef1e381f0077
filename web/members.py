"""Members: who works here, in which roles and team; for stewards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, session, url_for

from core.advising.members import (
    AddMember,
    ChangeTeam,
    DeactivateMember,
    GrantRole,
    ReactivateMember,
    RevokeRole,
    add_member,
    change_team,
    deactivate_member,
    grant_role,
    reactivate_member,
    revoke_role,
)
from core.errors import Conflict, NotFound
from core.people.access import Permission
from core.people.member import ROLES
from core.values import CYCLES, NAME_MAX
from projections import people
from web.access.credentials import INVITATION_HOURS
from web.edge import finish, house, needs, page, who
from web.schemas import Choice, Email, Form, FormSchema, Whole, Words, blank, load

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

__all__ = ["blueprint"]

blueprint = Blueprint("members", __name__, url_prefix="/members")
_LINK = "invitation"


class AddMemberForm(FormSchema):
    """Who joins."""

    name = Words("Name", longest=NAME_MAX, required=True)
    email = Email(required=True)
    team = Words("Advising team", longest=NAME_MAX)


class TeamForm(FormSchema):
    """The team somebody works in."""

    team = Words("Advising team", longest=NAME_MAX)


class RoleForm(FormSchema):
    """A role, and the cohort it is for."""

    role = Choice("Role", ROLES, required=True)
    cohort = Whole("Cohort (match year)", low=CYCLES.start, high=CYCLES.stop - 1)


class NoFields(FormSchema):
    """A button and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One line of the listing."""

    name: str
    href: str
    email: str
    team: str | None
    roles: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """A role somebody holds: what a person reads, and what the form sends back."""

    label: str
    role: str
    cohort: str | None


@blueprint.get("")
@needs(Permission.MANAGE_MEMBERS)
def listing() -> ResponseReturnValue:
    """List everybody."""
    with house().views.read() as db:
        rows = people.members(db)
    has_password = house().access.credentials.has
    lines = [
        MemberLine(
            name=row.name or "erased",
            href=url_for("members.sheet", member_id=row.member_id),
            email=row.email or "",
            team=row.team,
            roles=", ".join(held.label for held in _held(row.grants)) or ("no role yet" if row.active else "none"),
            state="" if has_password(str(row.member_id)) else "no password yet" if row.active else "deactivated",
        )
        for row in rows
    ]
    return page("members/listing.html", lines=lines)


@blueprint.get("/new")
@needs(Permission.MANAGE_MEMBERS)
def new() -> ResponseReturnValue:
    """Show the form for a new member."""
    return page("members/new.html", form=blank(AddMemberForm))


@blueprint.post("/new")
@needs(Permission.MANAGE_MEMBERS)
def add() -> ResponseReturnValue:
    """Add a member, and make the link with which they set their password."""
    form = load(AddMemberForm)
    if form.ok:
        try:
            command = AddMember(command_id=form.command_id, **form.values)
            if receipt := form.send(lambda: add_member(house().desk, who(), command)):
                if not receipt.repeated:
                    session[_LINK] = (str(receipt.stream), house().access.credentials.invite(str(receipt.stream)))
                return finish(receipt, url_for("members.sheet", member_id=receipt.stream), "Added.")
        except Conflict:
            form.errors["email"] = "Somebody with this address is a member already; look in the list."
    return page("members/new.html", 422, form=form)


@blueprint.get("/<uuid:member_id>")
@needs(Permission.MANAGE_MEMBERS)
def sheet(member_id: UUID) -> ResponseReturnValue:
    """Show one member; a link made just now is shown this once."""
    return _sheet(member_id, 200)


@blueprint.post("/<uuid:member_id>/team")
@needs(Permission.MANAGE_MEMBERS)
def move(member_id: UUID) -> ResponseReturnValue:
    """Move a member to another team."""
    form = load(TeamForm, form="team")
    command = ChangeTeam(command_id=form.command_id, member_id=str(member_id), **form.values) if form.ok else None
    if command and (receipt := form.send(lambda: change_team(house().desk, who(), command))):
        return finish(receipt, _href(member_id), "The team is changed.")
    return _sheet(member_id, 422, team=form)


@blueprint.post("/<uuid:member_id>/roles")
@needs(Permission.MANAGE_MEMBERS)
def grant(member_id: UUID) -> ResponseReturnValue:
    """Grant a role."""
    form = load(RoleForm, form="role")
    command = GrantRole(**_role(form, member_id)) if form.ok else None
    if command and (receipt := form.send(lambda: grant_role(house().desk, who(), command))):
        return finish(receipt, _href(member_id), "The role is granted.")
    return _sheet(member_id, 422, role=form)


@blueprint.post("/<uuid:member_id>/roles/revoke")
@needs(Permission.MANAGE_MEMBERS)
def revoke(member_id: UUID) -> ResponseReturnValue:
    """Take a role away."""
    form = load(RoleForm, form="role")
    command = RevokeRole(**_role(form, member_id)) if form.ok else None
    if command and (receipt := form.send(lambda: revoke_role(house().desk, who(), command))):
        return finish(receipt, _href(member_id), "The role is taken away.")
    return _sheet(member_id, 422, role=form)


@blueprint.post("/<uuid:member_id>/link")
@needs(Permission.MANAGE_MEMBERS)
def link(member_id: UUID) -> ResponseReturnValue:
    """Make a new link for setting a password; the old password works until it is used."""
    house().desk.principal(str(member_id))
    session[_LINK] = (str(member_id), house().access.credentials.invite(str(member_id)))
    return redirect(_href(member_id), code=303)


@blueprint.post("/<uuid:member_id>/deactivate")
@needs(Permission.MANAGE_MEMBERS)
def deactivate(member_id: UUID) -> ResponseReturnValue:
    """Let a member go: roles, sessions and password end at once; what they did stays under their name."""
    form = load(NoFields)
    command = DeactivateMember(command_id=form.command_id, member_id=str(member_id))
    receipt = deactivate_member(house().desk, who(), command)
    house().access.sessions.close_all(str(member_id))
    house().access.credentials.forget(str(member_id))
    house().access.looked.forget(str(member_id))
    house().access.saved_filters.forget(str(member_id))
    return finish(receipt, _href(member_id), "Deactivated: they can no longer sign in.")


@blueprint.post("/<uuid:member_id>/reactivate")
@needs(Permission.MANAGE_MEMBERS)
def reactivate(member_id: UUID) -> ResponseReturnValue:
    """Take a member back."""
    form = load(NoFields)
    receipt = reactivate_member(
        house().desk, who(), ReactivateMember(command_id=form.command_id, member_id=str(member_id))
    )
    return finish(receipt, _href(member_id), "Active again. Grant a role, and make a link for a new password.")


def _sheet(member_id: UUID, status: int, **forms: Form) -> ResponseReturnValue:
    with house().views.read() as db:
        row = people.member(db, member_id)
    if row is None or row.erased:
        raise NotFound("there is no such member")
    invited, token = session.pop(_LINK, ("", ""))
    shown = url_for("sign_in.welcome", token=token, _external=True) if invited == str(member_id) else ""
    return page(
        "members/sheet.html",
        status,
        row=row,
        held=_held(row.grants),
        link=shown,
        days=INVITATION_HOURS // 24,
        has_password=house().access.credentials.has(str(member_id)),
        own=who().member_id == str(member_id),
        team=forms.get("team") or blank(TeamForm, form="team", team=row.team),
        role=forms.get("role") or blank(RoleForm, form="role"),
        button=blank(NoFields),
    )


def _held(grants: tuple[tuple[str, str | None], ...]) -> list[RoleHeld]:
    return [
        RoleHeld(label=f"{ROLES.get(role, role)}{f' of {cohort}' if cohort else ''}", role=role, cohort=cohort)
        for role, cohort in sorted(grants, key=lambda one: (one[1] or "", one[0]))
    ]


def _role(form: Form, member_id: UUID) -> dict[str, Any]:
    cohort = form.values["cohort"]
    return {
        "command_id": form.command_id,
        "member_id": str(member_id),
        "role": form.values["role"],
        "cohort": None if cohort is None else str(cohort),
    }


def _href(member_id: UUID) -> str:
    return url_for("members.sheet", member_id=member_id)
