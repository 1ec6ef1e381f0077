"""Members of the advising team: who they are and which roles they hold. Passwords are not events; see `web/access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from core.errors import Conflict, InvalidValue
from core.journal import root
from core.journal.root import Root, Stamp
from core.values import CYCLES, EMAIL, NAME_MAX, one_of, remark, text

if TYPE_CHECKING:
    from core.journal.keys import Keys

__all__ = [
    "ROLES",
    "Member",
    "MemberDeactivated",
    "MemberReactivated",
    "RoleGranted",
    "RoleRevoked",
    "TeamChanged",
    "change_team",
    "create_member",
    "deactivate",
    "grant_role",
    "member_id",
    "reactivate",
    "revoke_role",
]

# A steward's role is for the whole institution; the others are granted for a cohort (DESIGN §9).
ROLES = {"steward": "Steward", "lead": "Lead", "advisor": "Advisor", "auditor": "Auditor"}
_COHORTS = tuple(str(cycle) for cycle in CYCLES)


class Member(Root):
    """Someone who signs in."""

    TOPIC: ClassVar[str] = "member"

    class Created(root.Created):
        """Somebody joined."""

        TOPIC: ClassVar[str] = "member.created"
        name: str
        email: str
        team: str | None

        def apply(self, member: Member) -> None:
            """Set who."""
            member.name = self.name
            member.email = self.email
            member.team = self.team

    def __init__(self) -> None:
        super().__init__()
        self.name = self.email = ""
        self.team: str | None = None
        self.grants: set[tuple[str, str | None]] = set()
        self.active = True


class RoleGranted(Root.Event):
    """A member may act in a role; `cohort` is None for the whole institution."""

    TOPIC: ClassVar[str] = "member.role-granted"
    role: str
    cohort: str | None

    def apply(self, member: Member) -> None:
        """Add the grant."""
        member.grants.add((self.role, self.cohort))


class RoleRevoked(Root.Event):
    """A member may no longer act in a role."""

    TOPIC: ClassVar[str] = "member.role-revoked"
    role: str
    cohort: str | None

    def apply(self, member: Member) -> None:
        """Remove the grant."""
        member.grants.discard((self.role, self.cohort))


class TeamChanged(Root.Event):
    """A member moved to another advising team, or to none."""

    TOPIC: ClassVar[str] = "member.team-changed"
    team: str | None

    def apply(self, member: Member) -> None:
        """Set the team."""
        member.team = self.team


class MemberDeactivated(Root.Event):
    """A member left; what they did stays under their name."""

    TOPIC: ClassVar[str] = "member.deactivated"

    def apply(self, member: Member) -> None:
        """Take all roles away."""
        member.active = False
        member.grants.clear()


class MemberReactivated(Root.Event):
    """A member who had left came back; their roles did not."""

    TOPIC: ClassVar[str] = "member.reactivated"

    def apply(self, member: Member) -> None:
        """Let them be given roles again."""
        member.active = True


def member_id(keys: Keys, email: str) -> UUID:
    """Return the id of a member: the same for the same address, so that nobody is created twice."""
    return UUID(bytes=keys.pseudonym("member", email)[:16])


def member_subject(stream: UUID) -> str:
    """Return the subject under whose key a member is sealed."""
    return f"member:{stream}"


def create_member(name: str, email: str, *, team: str | None, keys: Keys, stamp: Stamp) -> Member:
    """Begin a member.

    Raises:
        InvalidValue: no name, an address that cannot be one, or a team name that is too long.
    """
    email = email.strip()
    if not EMAIL.fullmatch(email):
        raise InvalidValue("email", email, "an address such as name@school.example")
    stream = member_id(keys, email)
    return Member.begin(
        Member.Created,
        stream_id=stream,
        stamp=stamp,
        subject=member_subject(stream),
        name=text("name", name, NAME_MAX),
        email=email,
        team=remark("team", team or "", NAME_MAX) or None,
    )


def grant_role(member: Member, role: str, cohort: str | None, *, stamp: Stamp) -> None:
    """Grant a role; granting it again is quiet.

    Raises:
        InvalidValue: unknown role, no such cycle, or a cohort where none belongs (or none where one does).
        Conflict: the member was deactivated.
    """
    one_of("role", role, ROLES)
    if cohort not in ((None,) if role == "steward" else _COHORTS):
        raise InvalidValue("cohort", cohort or "none", "none for a steward, a cycle such as 2026 for every other role")
    if not member.active:
        raise Conflict(f"{member.name} was deactivated and holds no roles")
    if (role, cohort) not in member.grants:
        member.record(RoleGranted, stamp, role=role, cohort=cohort)


def revoke_role(member: Member, role: str, cohort: str | None, *, stamp: Stamp) -> None:
    """Take a role away; a role that is not held is quiet."""
    if (role, cohort) in member.grants:
        member.record(RoleRevoked, stamp, role=role, cohort=cohort)


def change_team(member: Member, team: str | None, *, stamp: Stamp) -> None:
    """Move a member to another advising team; the same team is quiet.

    Raises:
        InvalidValue: the name of the team is too long.
    """
    team = remark("team", team or "", NAME_MAX) or None
    if member.team != team:
        member.record(TeamChanged, stamp, team=team)


def deactivate(member: Member, *, stamp: Stamp) -> None:
    """Let a member go; a second time is quiet."""
    if member.active:
        member.record(MemberDeactivated, stamp)


def reactivate(member: Member, *, stamp: Stamp) -> None:
    """Take a member back, without any role; a second time is quiet."""
    if not member.active:
        member.record(MemberReactivated, stamp)
