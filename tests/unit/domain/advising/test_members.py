"""The steward's use cases: members, settings, the playbook in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising.members import (
    AddMember,
    ChangeSetting,
    ChangeTeam,
    DeactivateMember,
    Found,
    GrantRole,
    PublishPlaybook,
    RevokeRole,
    add_member,
    change_setting,
    change_team,
    deactivate_member,
    found,
    grant_role,
    publish_playbook,
    revoke_role,
)
from core.errors import Conflict, InvalidValue, NotAllowed, NotFound
from tests.playbooks import minimal_content
from tests.scenario import refused

if TYPE_CHECKING:
    from tests.scenario import Team


def test_a_member_joins_and_gets_a_role(team: Team) -> None:
    made = team.do(add_member, AddMember, team.steward, name="Dr. New", email="new@school.example", team="north")
    grant = {"member_id": str(made.stream), "role": "advisor", "cohort": "2026"}
    team.do(grant_role, GrantRole, team.steward, **grant)
    who = team.desk.principal(str(made.stream))
    assert (who.name, who.team, set(who.grants)) == ("Dr. New", "north", {("advisor", "2026")})
    team.do(revoke_role, RevokeRole, team.steward, **grant)
    assert team.desk.principal(str(made.stream)).grants == frozenset()


def test_an_address_is_a_member_once(team: Team) -> None:
    with refused(Conflict, "this member exists already"):
        team.do(add_member, AddMember, team.steward, name="Again", email=" LEAD@school.example")


def test_a_member_who_left_can_do_nothing_more(team: Team) -> None:
    team.do(deactivate_member, DeactivateMember, team.steward, member_id=team.advisor.member_id)
    with refused(NotAllowed, "Dr. Advisor was deactivated"):
        team.desk.principal(team.advisor.member_id)


@pytest.mark.parametrize("written", [str, str.upper, lambda text: text.replace("-", ""), lambda text: "{" + text + "}"])
def test_a_steward_neither_leaves_nor_loses_the_role_by_their_own_hand_however_the_id_is_written(
    team: Team, written: object
) -> None:
    myself = written(team.steward.member_id)  # type: ignore[operator]
    with refused(Conflict, "you cannot deactivate yourself"):
        team.do(deactivate_member, DeactivateMember, team.steward, member_id=myself)
    with refused(Conflict, "you cannot take the steward's role from yourself"):
        team.do(revoke_role, RevokeRole, team.steward, member_id=myself, role="steward")


def test_one_steward_may_let_another_go(team: Team) -> None:
    team.do(grant_role, GrantRole, team.steward, member_id=team.lead.member_id, role="steward")
    second = team.desk.principal(team.lead.member_id)
    team.do(deactivate_member, DeactivateMember, second, member_id=team.steward.member_id)
    with refused(NotAllowed):
        team.desk.principal(team.steward.member_id)


def test_a_member_changes_team_and_the_journeys_keep_theirs(team: Team) -> None:
    stream = team.open()
    team.do(change_team, ChangeTeam, team.steward, member_id=team.advisor.member_id, team="south")
    assert team.desk.principal(team.advisor.member_id).team == "south"
    assert team.journey(stream).team == "north"


def test_somebody_unknown_is_not_found(team: Team) -> None:
    for nobody in ("no id", "99999999-9999-5999-8999-999999999999"):
        with refused(NotFound):
            team.do(change_team, ChangeTeam, team.steward, member_id=nobody, team="south")


def test_a_changed_time_zone_changes_today(team: Team) -> None:
    team.do(change_setting, ChangeSetting, team.steward, name="time_zone", value="Pacific/Kiritimati")
    assert str(team.desk.today()) == "2026-04-02"


def test_a_published_playbook_is_in_force_at_once_and_recommendations_keep_theirs(team: Team) -> None:
    stream = team.open()
    before = team.desk.playbook().digest
    team.do(publish_playbook, PublishPlaybook, team.steward, content=minimal_content(label="2027"), note="new cycle")
    after = team.desk.playbook()
    assert (after.content["label"], after.digest != before) == ("2027", True)
    recommendation = team.journey(stream).recommendation
    assert recommendation is not None
    assert recommendation["playbook"] == before


def test_what_is_no_playbook_is_refused_and_the_old_one_stays(team: Team) -> None:
    before = team.desk.playbook().digest
    for content in ({}, {"format": 99}, minimal_content(packs="none")):
        with refused(InvalidValue):
            team.do(publish_playbook, PublishPlaybook, team.steward, content=content)
    assert team.desk.playbook().digest == before


def test_a_store_is_founded_once(team: Team) -> None:
    head = team.desk.journal.head()
    founding: dict[str, Any] = {"command_id": "again", "name": "S", "time_zone": "UTC", "playbook": minimal_content()}
    mine = Found(steward_name="Sam", steward_email="steward@school.example", **founding)
    assert found(team.desk, mine).repeated
    with refused(Conflict, "this store is set up already"):
        found(team.desk, Found(steward_name="Eve", steward_email="eve@school.example", **founding))
    assert team.desk.journal.head() == head


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"name": " "}, "name"), ({"time_zone": "Mars"}, "time_zone"), ({"steward_email": "x"}, "email")],
)
def test_a_founding_that_cannot_be_is_refused_even_on_a_founded_store(
    team: Team, change: dict[str, str], sentence: str
) -> None:
    founding = {"name": "S", "time_zone": "UTC", "steward_name": "Eve", "steward_email": "eve@school.example"}
    with refused(InvalidValue, sentence):
        found(team.desk, Found(command_id="f", playbook=minimal_content(), **(founding | change)))
