"""Members, cohorts, imports, settings and playbooks as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from core.people import institution as i
from core.people import member as m
from projections import people
from tests.playbooks import minimal_content

if TYPE_CHECKING:
    from tests.readmodel.school import School


def read(school: School) -> tuple[people.MemberRow, ...]:
    school.runner.catch_up()
    with school.views.read() as db:
        return people.members(db)


def test_members_stand_by_name_with_their_team_and_roles(school: School) -> None:
    m.grant_role(school.steward, "steward", None, stamp=school.stamp())
    m.grant_role(school.ruiz, "lead", "2026", stamp=school.stamp())
    m.grant_role(school.ruiz, "advisor", "2025", stamp=school.stamp())
    school.journal.save(school.steward, school.ruiz)
    school.member("adam Chen", "chen@larkfield.example")

    chen, ruiz, steward = read(school)

    assert (chen.name, chen.team, chen.grants) == ("adam Chen", None, ())
    assert (ruiz.member_id, ruiz.email, ruiz.team) == (school.ruiz.id, "ruiz@larkfield.example", "east")
    assert ruiz.grants == (("advisor", "2025"), ("lead", "2026"))
    assert steward.grants == (("steward", None),)


def test_a_role_taken_away_a_new_team_and_a_member_who_left_are_seen(school: School) -> None:
    ruiz = school.ruiz
    m.grant_role(ruiz, "lead", "2026", stamp=school.stamp())
    m.grant_role(ruiz, "advisor", "2026", stamp=school.stamp())
    m.revoke_role(ruiz, "lead", "2026", stamp=school.stamp())
    m.change_team(ruiz, "west", stamp=school.stamp())
    school.journal.save(ruiz)
    row = read(school)[0]
    assert (row.team, row.active, row.grants) == ("west", True, (("advisor", "2026"),))

    m.deactivate(ruiz, stamp=school.stamp())
    school.journal.save(ruiz)
    row = read(school)[0]
    assert (row.name, row.active, row.grants) == ("Rosa Ruiz", False, ())


def test_only_active_advisors_and_leads_of_a_cohort_can_be_assigned(school: School) -> None:
    for email, role, cohort in (
        ("a", "advisor", "2026"),
        ("b", "lead", "2026"),
        ("c", "lead", "2025"),
        ("d", "lead", "2026"),
    ):
        one = school.member(email.upper(), f"{email}@larkfield.example")
        m.grant_role(one, role, cohort, stamp=school.stamp())
        if email == "d":
            m.deactivate(one, stamp=school.stamp())
        school.journal.save(one)
    school.runner.catch_up()

    with school.views.read() as db:
        assert [one.name for one in people.advisors(db, "2026")] == ["A", "B"]
        assert people.member(db, UUID(int=1)) is None
        assert people.names(db)[str(school.ruiz.id)] == "Rosa Ruiz"


def test_an_erased_member_is_a_tombstone_and_what_they_did_stays(school: School) -> None:
    one = school.student()
    m.grant_role(school.ruiz, "lead", "2026", stamp=school.stamp())
    school.journal.save(school.ruiz)
    school.runner.catch_up()
    school.keys.destroy(f"member:{school.ruiz.id}", school.now)

    erased = next(row for row in read(school) if row.erased)

    assert (erased.member_id, erased.name, erased.email, erased.active) == (school.ruiz.id, "", "", False)
    assert erased.grants == ()
    assert school.entries(one)[0].actor_name == str(school.ruiz.id)
    with school.views.read() as db:
        assert str(school.ruiz.id) not in people.names(db)


def test_the_institution_stands_with_its_settings_and_the_playbook_in_force(school: School) -> None:
    with school.views.read() as db:
        assert people.institution(db) is None
    i.change_setting(school.institution, "support_contact", "555-0100", stamp=school.stamp())
    school.publish(minimal_content(label="second"))
    school.runner.catch_up()

    with school.views.read() as db:
        row = people.institution(db)
        first = people.playbooks(db)[1]
        assert people.specialties(db)["orthopaedic-surgery"] == "Orthopedic surgery"
    assert row is not None
    assert (row.name, row.time_zone, row.support_contact) == ("Larkfield", "America/Chicago", "555-0100")
    assert row.playbook is not None
    assert (row.playbook.label, row.playbook.digest) == ("second", school.institution.playbook_digest)
    assert (row.playbook.since, row.playbook.actor_name) == (school.now, "Rosa Ruiz")
    assert (first.label, first.note, first.actor_name) == ("test", "as tested", "setup")


def test_the_general_pack_yields_the_name_of_a_specialty_to_any_other(school: School) -> None:
    content = minimal_content()
    general = next(pack for pack in content["packs"] if pack["name"] == "general")
    own = next(pack for pack in content["packs"] if pack["name"] != "general")
    own["specialties"].append({**general["specialties"][0], "name": "Anesthesia, as the pack says"})
    content["packs"] = [own, general]
    school.publish(content)
    school.runner.catch_up()

    with school.views.read() as db:
        assert people.specialties(db)["anesthesiology"] == "Anesthesia, as the pack says"


def test_cohorts_and_imports_stand_the_newest_first(school: School) -> None:
    for cycle in (2025, 2026):
        cohort = school.cohort(cycle)
        counts = {"new": cycle - 2000, "changed": 2, "unchanged": 1, "by_hand": 0}
        i.record_import(cohort, file_name="roster.csv", file_digest="sha256:0", counts=counts, stamp=school.stamp())
        school.journal.save(cohort)
    school.runner.catch_up()

    with school.views.read() as db:
        assert [one.cohort for one in people.cohorts(db)] == ["2026", "2025"]
        newest, older = people.imports(db)
        assert people.imports(db, "2025") == (older,)
    assert (newest.cohort, newest.file_name, newest.rows_new, newest.rows_by_hand) == ("2026", "roster.csv", 26, 0)
    assert newest.actor_name == "Rosa Ruiz"
