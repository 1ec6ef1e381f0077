"""Use cases of the steward: members and roles, settings, the playbook in force; and the founding of a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.advising.desk import Command, Desk, Receipt
from core.decision.playbook import Playbook
from core.errors import Conflict, NotFound
from core.people import institution, member
from core.people.access import Permission, Principal, require
from core.people.institution import Institution
from core.people.member import Member
from core.plan.calendars import Calendar

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.journal.root import Stamp

__all__ = [
    "AddMember",
    "ChangeSetting",
    "ChangeTeam",
    "DeactivateMember",
    "Found",
    "GrantRole",
    "PublishPlaybook",
    "ReactivateMember",
    "RevokeRole",
    "add_member",
    "change_setting",
    "change_team",
    "deactivate_member",
    "found",
    "grant_role",
    "publish_playbook",
    "reactivate_member",
    "revoke_role",
]

FOUNDER = "setup"  # the actor of a store's first events


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Command):
    """Set up a store: the institution, its first playbook and its first steward."""

    name: str
    time_zone: str
    steward_name: str
    steward_email: str
    playbook: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember(Command):
    """Somebody joins the team."""

    name: str
    email: str
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole(Command):
    """Somebody may act in a role; `cohort` is None for a steward."""

    member_id: str
    role: str
    cohort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRole(GrantRole):
    """Somebody may no longer act in a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTeam(Command):
    """Somebody moves to another advising team."""

    member_id: str
    team: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateMember(Command):
    """Somebody leaves."""

    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateMember(Command):
    """Somebody comes back."""

    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSetting(Command):
    """Change a setting of the institution."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlaybook(Command):
    """Put a playbook in force."""

    content: dict[str, Any]
    note: str = ""


def found(desk: Desk, command: Found) -> Receipt:
    """Set up a store; doing it again with the same steward is quiet.

    Raises:
        Conflict: the store is founded already with another steward.
    """
    keys = desk.journal.keys
    stamp = desk.stamp(FOUNDER, command)
    steward = member.create_member(command.steward_name, command.steward_email, team=None, keys=keys, stamp=stamp)
    member.grant_role(steward, "steward", None, stamp=stamp)
    begun = institution.create_institution(command.name, command.time_zone, keys=keys, stamp=stamp)
    _publish(begun, command.playbook, "set-up", stamp)
    if not desk.journal.has(keys.institution):
        try:
            position = desk.journal.save(begun, steward)
        except Conflict:
            pass  # somebody was first, or it was stored all the same: look
        else:
            return Receipt(position=position, stream=steward.id, version=steward.version, repeated=False)
    if desk.journal.has(steward.id):
        return Receipt(position=desk.journal.head(), stream=steward.id, version=1, repeated=True)
    raise Conflict("this store is set up already; its steward adds members on the page Members")


def add_member(desk: Desk, who: Principal, command: AddMember) -> Receipt:
    """Add a member.

    Raises:
        Conflict: this address is a member already.
    """
    require(who, Permission.MANAGE_MEMBERS)
    keys = desk.journal.keys
    stamp = desk.stamp(who.member_id, command)

    def make() -> Member:
        return member.create_member(command.name, command.email, team=command.team, keys=keys, stamp=stamp)

    return desk.begin(Member, make().id, command, make)


def grant_role(desk: Desk, who: Principal, command: GrantRole) -> Receipt:
    """Grant a role."""
    return _change(
        desk, who, command, lambda one, stamp: member.grant_role(one, command.role, command.cohort, stamp=stamp)
    )


def revoke_role(desk: Desk, who: Principal, command: RevokeRole) -> Receipt:
    """Take a role away; nobody takes the steward's role from themselves, so that one always remains."""
    require(who, Permission.MANAGE_MEMBERS)
    if command.role == "steward" and _stream(command.member_id) == _stream(who.member_id):
        raise Conflict("you cannot take the steward's role from yourself; another steward can")
    return _change(
        desk, who, command, lambda one, stamp: member.revoke_role(one, command.role, command.cohort, stamp=stamp)
    )


def change_team(desk: Desk, who: Principal, command: ChangeTeam) -> Receipt:
    """Move a member to another advising team."""
    return _change(desk, who, command, lambda one, stamp: member.change_team(one, command.team, stamp=stamp))


def deactivate_member(desk: Desk, who: Principal, command: DeactivateMember) -> Receipt:
    """Let a member go."""
    require(who, Permission.MANAGE_MEMBERS)
    if _stream(command.member_id) == _stream(who.member_id):
        raise Conflict("you cannot deactivate yourself; another steward can")
    return _change(desk, who, command, lambda one, stamp: member.deactivate(one, stamp=stamp))


def reactivate_member(desk: Desk, who: Principal, command: ReactivateMember) -> Receipt:
    """Take somebody back; roles and password are given anew."""
    return _change(desk, who, command, lambda one, stamp: member.reactivate(one, stamp=stamp))


def change_setting(desk: Desk, who: Principal, command: ChangeSetting) -> Receipt:
    """Change a setting of the institution."""
    require(who, Permission.MANAGE_SETTINGS)
    stamp = desk.stamp(who.member_id, command)
    return desk.change(
        Institution,
        desk.journal.keys.institution,
        command,
        lambda one: institution.change_setting(one, command.name, command.value, stamp=stamp),
    )


def publish_playbook(desk: Desk, who: Principal, command: PublishPlaybook) -> Receipt:
    """Put a whole playbook in force; recommendations given before keep theirs.

    No page leads here: people change one thing at a time, by a proposal that a second person approves
    (`core.advising.playbooks`). A program that brings the history of a school, such as the demonstration, does.

    Raises:
        InvalidValue: the content is not a playbook.
    """
    require(who, Permission.PUBLISH_PLAYBOOK)
    stamp = desk.stamp(who.member_id, command)
    return desk.change(
        Institution,
        desk.journal.keys.institution,
        command,
        lambda one: _publish(one, command.content, command.note, stamp),
    )


def _publish(one: Institution, content: dict[str, Any], note: str, stamp: Stamp) -> None:
    playbook = Playbook.from_content(content)
    Calendar.from_content(playbook.content)  # refused now, not at somebody's decision
    institution.publish_playbook(one, playbook.content, digest=playbook.digest, note=note, stamp=stamp)


def _change(desk: Desk, who: Principal, command: Any, decide: Callable[[Member, Stamp], None]) -> Receipt:
    require(who, Permission.MANAGE_MEMBERS)
    stamp = desk.stamp(who.member_id, command)
    return desk.change(Member, _stream(command.member_id), command, lambda one: decide(one, stamp))


def _stream(member_id: str) -> UUID:
    try:
        return UUID(member_id)
    except ValueError:
        raise NotFound(f"there is no member {member_id}") from None
