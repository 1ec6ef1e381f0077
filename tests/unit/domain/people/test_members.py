"""Members: who they are and which roles they hold."""

from __future__ import annotations

import pytest

from core.errors import Conflict, InvalidValue
from core.people.access import Principal
from core.people.member import change_team, create_member, deactivate, grant_role, member_id, reactivate, revoke_role
from tests.builders import KEYS, stamp
from tests.scenario import Scenario, event, given_root


def joined(name: str = "Dr. Ada", email: str = "ada@school.example", team: str | None = "north") -> Scenario:
    return given_root(create_member(name, email, team=team, keys=KEYS, stamp=stamp()))


def test_a_member_joins_with_name_address_and_team() -> None:
    [begun] = joined(" Dr. Ada ", " ada@school.example ", " north ").history
    assert (begun.TOPIC, begun.name, begun.email, begun.team) == (
        "member.created",
        "Dr. Ada",
        "ada@school.example",
        "north",
    )
    assert begun.subject == f"member:{begun.originator_id}"


def test_a_member_may_be_of_no_team() -> None:
    assert [joined(team=team).root.team for team in (None, "", "  ")] == [None, None, None]


@pytest.mark.parametrize("email", ["", "ada", "@x", "a@", "a b@c", "a@b,c", "a@b;c", "<a@b>", "a@b@c", "x" * 65 + "@y"])
def test_what_cannot_be_an_address_is_refused(email: str) -> None:
    with pytest.raises(InvalidValue, match="email"):
        joined(email=email)


def test_a_member_needs_a_name_and_a_team_name_has_bounds() -> None:
    with pytest.raises(InvalidValue, match="name"):
        joined(name=" ")
    with pytest.raises(InvalidValue, match="team"):
        joined(team="x" * 201)


def test_one_address_is_one_member_however_it_is_written() -> None:
    assert member_id(KEYS, "Ada@School.example ") == member_id(KEYS, "ada@school.example")


def test_a_granted_role_is_held_for_its_cohort() -> None:
    member = joined().when(grant_role, "lead", "2026").then(event("member.role-granted", role="lead", cohort="2026"))
    assert Principal.of(member).grants == {("lead", "2026")}


def test_a_stewards_role_is_for_the_whole_institution() -> None:
    joined().when(grant_role, "steward", None).then(event("member.role-granted", role="steward", cohort=None))


@pytest.mark.parametrize(
    ("role", "cohort"),
    [
        ("steward", "2026"),
        ("lead", None),
        ("advisor", None),
        ("lead", "next"),
        ("advisor", "1999"),
        ("lead", ""),
        ("lead", " 2026"),
    ],
)
def test_a_role_goes_with_its_kind_of_cohort(role: str, cohort: str | None) -> None:
    joined().when(grant_role, role, cohort).then_refused(InvalidValue, "cohort")


def test_an_unknown_role_is_refused() -> None:
    joined().when(grant_role, "king", None).then_refused(
        InvalidValue, "role: 'king' is not allowed (one of steward, lead, advisor, auditor)"
    )


def test_granting_what_is_held_and_revoking_what_is_not_are_quiet() -> None:
    scenario = joined().when(grant_role, "lead", "2026")
    scenario.when(grant_role, "lead", "2026").then_nothing()
    scenario.when(revoke_role, "lead", "2025").then_nothing()


def test_a_revoked_role_is_gone() -> None:
    member = (
        joined().when(grant_role, "lead", "2026").when(revoke_role, "lead", "2026").then(event("member.role-revoked"))
    )
    assert Principal.of(member).grants == frozenset()


def test_a_member_changes_team() -> None:
    scenario = joined()
    assert scenario.when(change_team, " south ").then(event("member.team-changed", team="south")).team == "south"
    scenario.when(change_team, "south").then_nothing()
    scenario.when(change_team, " ").then(event("member.team-changed", team=None))
    scenario.when(change_team, "x" * 201).then_refused(InvalidValue, "team")


def test_a_deactivated_member_holds_no_roles_and_gets_none() -> None:
    scenario = joined().when(grant_role, "lead", "2026")
    member = scenario.when(deactivate).then(event("member.deactivated"))
    assert (member.active, member.grants) == (False, set())
    scenario.when(deactivate).then_nothing()
    scenario.when(grant_role, "lead", "2026").then_refused(Conflict, "Dr. Ada was deactivated")


def test_who_comes_back_is_active_again_without_a_role() -> None:
    scenario = joined().when(grant_role, "lead", "2026")
    scenario.when(reactivate).then_nothing()
    scenario.when(deactivate)
    member = scenario.when(reactivate).then(event("member.reactivated"))
    assert (member.active, member.grants) == (True, set())
    scenario.when(grant_role, "lead", "2026").then(event("member.role-granted"))
