"""Who may do what: the whole matrix role by permission by own, team's, another team's, another cohort's journey."""

from __future__ import annotations

from itertools import product

import pytest

from core.errors import NotAllowed
from core.journey.journey import Target
from core.people.access import Permission, Principal, allowed, require
from core.people.member import ROLES
from tests.builders import ADVISOR, LEAD

P = Permission
ME = ADVISOR

#: What the permission concerns, seen from a member with a role in cohort 2026 on the team north.
TARGETS = {
    "own": Target(cohort="2026", advisor=ME, team="south"),
    "team": Target(cohort="2026", advisor=LEAD, team="north"),
    "other team": Target(cohort="2026", advisor=LEAD, team="south"),
    "nobody's": Target(cohort="2026", advisor=None, team=None),
    "other cohort": Target(cohort="2025", advisor=LEAD, team="south"),
    "own in other cohort": Target(cohort="2025", advisor=ME, team="north"),
    "institution": None,
}
IN_COHORT = ("own", "team", "other team", "nobody's")

#: Everything that is allowed; whatever is not here is denied (issue: pages, sign-in; DESIGN §9).
GRANTED = {
    *product(["advisor"], [P.READ_COHORT, P.READ_JOURNEY], IN_COHORT),
    *product(["advisor"], [P.WRITE_JOURNEY, P.EXPORT_RECORD], ["own", "team"]),
    *product(
        ["auditor"], [P.READ_COHORT, P.READ_JOURNEY, P.EXPORT_RECORD, P.READ_FINDINGS, P.RECORD_FINDING], IN_COHORT
    ),
    *product(
        ["lead"],
        [
            P.READ_COHORT,
            P.READ_JOURNEY,
            P.WRITE_JOURNEY,
            P.ASSIGN_ADVISOR,
            P.OVERRIDE_GATE,
            P.IMPORT_ROSTER,
            P.EXPORT_COHORT,
            P.EXPORT_RECORD,
            P.READ_FINDINGS,
        ],
        IN_COHORT,
    ),
    *product(
        ["steward"],
        [P.MANAGE_MEMBERS, P.MANAGE_SETTINGS, P.PUBLISH_PLAYBOOK, P.TRUST_PUBLISHER, P.APPROVE_PLUGIN],
        ["institution"],
    ),
    *product(["steward", "lead"], [P.WRITE_PACKS, P.APPROVE_PLAYBOOK], ["institution"]),
}


def member(*grants: tuple[str, str | None], team: str | None = "north") -> Principal:
    return Principal(member_id=ME, name="Dr. Advisor", team=team, grants=frozenset(grants))


def holder(role: str) -> Principal:
    return member((role, None if role == "steward" else "2026"))


@pytest.mark.parametrize("role", [*ROLES, "nobody", "student"])
@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("target", TARGETS)
def test_what_the_table_does_not_grant_is_denied(role: str, permission: Permission, target: str) -> None:
    may = (role, permission, target) in GRANTED
    assert allowed(holder(role), permission, TARGETS[target]) is may
    if may:
        require(holder(role), permission, TARGETS[target])
    else:
        with pytest.raises(NotAllowed, match=f"Dr. Advisor may not {permission.value}"):
            require(holder(role), permission, TARGETS[target])


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("target", TARGETS)
def test_a_member_without_a_role_may_do_nothing(permission: Permission, target: str) -> None:
    assert not allowed(member(), permission, TARGETS[target])


def test_a_steward_reads_no_journey_unless_also_a_lead() -> None:
    assert not allowed(member(("steward", None)), P.READ_JOURNEY, TARGETS["own"])
    assert allowed(member(("steward", None), ("lead", "2026")), P.READ_JOURNEY, TARGETS["own"])


def test_two_members_without_a_team_are_not_of_one_team() -> None:
    assert not allowed(member(("advisor", "2026"), team=None), P.WRITE_JOURNEY, TARGETS["nobody's"])


def test_a_role_of_one_cohort_says_nothing_of_another_even_for_the_assigned_advisor() -> None:
    who = member(("advisor", "2026"), ("lead", "2024"))
    assert not allowed(who, P.READ_JOURNEY, TARGETS["own in other cohort"])


@pytest.mark.parametrize("role", ["lead", "advisor"])
def test_a_grant_without_a_cohort_opens_no_journey(role: str) -> None:
    assert not any(allowed(member((role, None)), p, t) for p, t in product(Permission, TARGETS.values()))


def test_a_steward_of_a_cohort_is_no_steward() -> None:
    assert not any(allowed(member(("steward", "2026")), p, t) for p, t in product(Permission, TARGETS.values()))


def test_cohorts_are_those_one_may_read_newest_first() -> None:
    who = member(("steward", None), ("advisor", "2025"), ("lead", "2026"), ("lead", "2025"), ("student", "2024"))
    assert who.cohorts == ("2026", "2025")
