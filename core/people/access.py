"""Who may do what: a pure table. Deny by default; every use case and every route names its permission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from core.errors import NotAllowed

if TYPE_CHECKING:
    from core.journey.journey import Target
    from core.people.member import Member

__all__ = ["Permission", "Principal", "allowed", "require"]


class Permission(Enum):
    """What can be asked for; the value reads on in "you may not …"."""

    READ_COHORT = "read this cohort"
    READ_JOURNEY = "read this journey"
    WRITE_JOURNEY = "write on this journey"
    ASSIGN_ADVISOR = "assign an advisor on this journey"
    OVERRIDE_GATE = "override a gate on this journey"
    IMPORT_ROSTER = "import a roster into this cohort"
    EXPORT_COHORT = "export this cohort"
    EXPORT_RECORD = "take a decision record out of this journey"
    READ_FINDINGS = "look into the audit of this cohort"
    RECORD_FINDING = "record a finding on this journey"
    MANAGE_MEMBERS = "manage members"
    MANAGE_SETTINGS = "change the settings"
    PUBLISH_PLAYBOOK = "publish a playbook"
    WRITE_PACKS = "write packs and propose changes of the playbook"
    APPROVE_PLAYBOOK = "approve changes of the playbook"
    TRUST_PUBLISHER = "say whose packs are trusted"
    APPROVE_PLUGIN = "approve plugins with code"


P = Permission
_COHORT_WIDE = {
    "advisor": frozenset({P.READ_COHORT, P.READ_JOURNEY}),
    # reads every journey of the cohorts it is given, and writes nothing but findings (DESIGN §9)
    "auditor": frozenset({P.READ_COHORT, P.READ_JOURNEY, P.EXPORT_RECORD, P.READ_FINDINGS, P.RECORD_FINDING}),
    "lead": frozenset(
        {
            P.READ_COHORT,
            P.READ_JOURNEY,
            P.WRITE_JOURNEY,
            P.ASSIGN_ADVISOR,
            P.OVERRIDE_GATE,
            P.IMPORT_ROSTER,
            P.EXPORT_COHORT,
            P.EXPORT_RECORD,
            P.READ_FINDINGS,
        }
    ),
}
# A lead is one of a cohort; the playbook is all cohorts', and their leads are who knows it.
_INSTITUTION_WIDE = {
    "steward": frozenset(
        {
            P.MANAGE_MEMBERS,
            P.MANAGE_SETTINGS,
            P.PUBLISH_PLAYBOOK,
            P.WRITE_PACKS,
            P.APPROVE_PLAYBOOK,
            P.TRUST_PUBLISHER,
            P.APPROVE_PLUGIN,
        }
    ),
    "lead": frozenset({P.WRITE_PACKS, P.APPROVE_PLAYBOOK}),
}
# What an advisor may do beyond reading, on journeys that are theirs or their team's.
_OWN_JOURNEY = {"advisor": frozenset({P.WRITE_JOURNEY, P.EXPORT_RECORD})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Someone who acts, with the roles they hold now.

    Args:
        member_id: of the member, as text.
        name: what others read.
        team: the advising team, or None.
        grants: pairs of role and cohort; a cohort of None is the whole institution.
    """

    member_id: str
    name: str
    team: str | None
    grants: frozenset[tuple[str, str | None]]

    @classmethod
    def of(cls, member: Member) -> Principal:
        """Return the principal of a member as they stand."""
        return cls(member_id=str(member.id), name=member.name, team=member.team, grants=frozenset(member.grants))

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The cohorts this person may read, newest first."""
        return tuple(sorted({c for role, c in self.grants if c and role in _COHORT_WIDE}, reverse=True))


def allowed(who: Principal, permission: Permission, target: Target | None = None) -> bool:
    """Say whether somebody may do something.

    Args:
        who: the person who acts.
        permission: what they want to do.
        target: the journey or cohort it concerns; None for the institution.
    """
    for role, cohort in who.grants:
        if target is None:
            if permission in _INSTITUTION_WIDE.get(role, ()) and (cohort is None) == (role == "steward"):
                return True
            continue
        if cohort != target.cohort:
            continue
        if permission in _COHORT_WIDE.get(role, ()):
            return True
        own = target.advisor == who.member_id or (target.team is not None and target.team == who.team)
        if own and permission in _OWN_JOURNEY.get(role, ()):
            return True
    return False


_WHO = {
    permission: "a steward" if permission in _INSTITUTION_WIDE["steward"] else "a lead of the cohort"
    for permission in Permission
} | {
    P.RECORD_FINDING: "an auditor of the cohort",
    P.WRITE_PACKS: "a lead or a steward",
    P.APPROVE_PLAYBOOK: "a lead or a steward",
}


def require(who: Principal, permission: Permission, target: Target | None = None) -> None:
    """Raise NotAllowed unless somebody may do something."""
    if not allowed(who, permission, target):
        raise NotAllowed(f"{who.name} may not {permission.value}; ask {_WHO[permission]}")
