"""What packs add, as people see it: milestones and cycle dates in the plan, fields in the inventory, base rates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.advising import members
from core.advising.members import PublishPlaybook
from core.journey.inventory import FACTS
from tests.integration.conftest import id_of, send
from tests.integration.journey.conftest import ORTHO, Student, follow, open_student, text_of
from tests.playbooks import minimal_content, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

OURS = {"specialties": [ORTHO]}
PLAIN: dict[str, Any] = {"low": None, "high": None, "choices": []}
LETTER: dict[str, Any] = {"id": "BONE.letter", "title": "Win a letter away", "branch": "reapply", "months": 7}
NICHE: dict[str, Any] = {"id": "BONE.niche", "title": "See a spine clinic", "branch": "pivot", "months": 6}
DAY: dict[str, Any] = {"id": "BONE.letters", "date": "2026-09-23", "source": "the board", "cycle": 2027}
AWAY = {"id": "BONE.away", "label": "Away rotations", "why": "Programs remember.", "kind": "number"}
LAB = {"id": "BONE.lab", "label": "Laboratory", "why": "It shows.", "kind": "choice", "choices": ["Dry lab", "Wet lab"]}
COURSES = {"id": "BONE.courses", "label": "Courses", "why": "Taken.", "kind": "several", "choices": ["Spine", "Hand"]}


def publish(house: House, *packs: dict[str, Any]) -> None:
    content = minimal_content()
    steward = house.desk.principal(id_of(house, "steward"))
    command = PublishPlaybook(
        command_id=f"publish-{len(packs)}", content=content | {"packs": [*content["packs"], *packs]}, note="a pack"
    )
    members.publish_playbook(house.desk, steward, command)
    follow(house)


@pytest.fixture
def bone(school: House) -> House:
    """The school with a pack of its own for orthopedics."""
    fields = [PLAIN | OURS | one for one in (AWAY, LAB, COURSES)]
    milestones = [OURS | {"source": "our team"} | one for one in (LETTER, NICHE)]
    dates = [{"match_system": None, "specialties": [], "codes": ["BONE.letter", "PLAN.12.strategic"]} | DAY]
    publish(school, pack("bone", inventory_fields=fields, milestones=milestones, calendars=dates))
    return school


@pytest.fixture
def student(bone: House) -> Student:
    return open_student(bone)


def test_the_fields_of_a_pack_are_recorded_in_their_own_group_and_shown_with_their_source(
    student: Student, client_of: Clients
) -> None:
    client, url = client_of("advisor"), f"{student.url}/inventory/pack"
    assert "Programs remember. A whole number from 0 to 9999." in text_of(client.get(url).text)
    fields: dict[str, Any] = {"BONE.away": "2", "BONE.lab": "Wet lab", "BONE.courses": ["Hand"], "source": "her CV"}
    answer = send(client, url, **fields)
    assert (answer.status_code, answer.location) == (303, f"{student.url}/inventory")

    assert {name: fact.value for name, fact in student.sheet().facts.items()} == {
        "BONE.away": 2,
        "BONE.lab": "Wet lab",
        "BONE.courses": ("Hand",),
    }
    inventory, sheet = (text_of(client.get(student.url + where).text) for where in ("/inventory", ""))
    assert "Asked in this field Record : Asked in this field Away rotations 2 her CV" in inventory
    assert f"3 of {len(FACTS) + 3} facts known" in inventory
    assert "Laboratory Wet lab" in sheet
    assert "Fact recorded: Away rotations" in sheet


def test_a_wrong_answer_to_a_field_of_a_pack_gets_its_sentence_and_what_was_typed_is_kept(
    student: Student, client_of: Clients
) -> None:
    answer = send(client_of("advisor"), f"{student.url}/inventory/pack", **{"BONE.away": "many", "source": "her CV"})
    assert answer.status_code == 422
    assert "a whole number from 0 to 9999" in answer.text
    assert 'value="many"' in answer.text
    assert student.sheet().facts == {}


def test_a_field_of_a_pack_is_corrected_disputed_and_confirmed_like_any_other(
    student: Student, client_of: Clients
) -> None:
    client, url = client_of("advisor"), f"{student.url}/facts/BONE.away"
    student.facts(**{"BONE.away": 2})
    assert "Away rotations" in text_of(client.get(url).text)
    send(client, f"{url}/dispute", reason="it was three")
    assert student.sheet().facts["BONE.away"].disputed == "it was three"
    send(client, url, **{"BONE.away": "3", "source": "her CV", "reason": "miscounted"})
    assert student.sheet().facts["BONE.away"].value == 3
    assert "Away rotations: 3" in text_of(client.get(f"{student.url}/inventory/confirm").text)
    send(client, f"{student.url}/inventory/confirm", names="BONE.away")
    assert student.sheet().facts["BONE.away"].confirmed


def test_another_field_has_no_such_group(bone: House, client_of: Clients) -> None:
    other, client = open_student(bone, "dermatology"), client_of("advisor")
    assert client.get(f"{other.url}/inventory/pack").status_code == 404
    assert "Asked in this field" not in client.get(f"{other.url}/inventory").text


def test_what_a_withdrawn_pack_asked_stays_on_every_page(student: Student, bone: House, client_of: Clients) -> None:
    student.facts(**{"BONE.away": 2, "BONE.lab": "Wet lab"})
    publish(bone)
    client = client_of("advisor")
    for where in ("", "/inventory", "/inventory/pack", "/facts/BONE.lab", "/decision", "/inventory/confirm"):
        assert client.get(student.url + where).status_code == 200, where
    assert "BONE.lab Wet lab" in text_of(client.get(f"{student.url}/inventory").text)
    then = client.get(f"{student.url}/inventory?event={student.sheet().version}", follow_redirects=True)
    assert "Laboratory Wet lab" in text_of(then.text)


def test_the_milestones_of_a_pack_are_offered_with_the_day_that_counts_and_its_source(
    student: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    assert "Win a letter away (by Wednesday, September 23)" in client.get(f"{student.url}/milestones/new").text
    student.everything()
    page = text_of(client.get(f"{student.url}/decision").text)
    assert "Win a letter away, by Wednesday, September 23 (BONE.letters of the cycle 2027 (the board))" in page
    assert "See a spine clinic, by Sunday, September 20 (6 months from Match Day (our team))" in page


def test_a_milestone_of_a_pack_is_put_on_the_plan_and_stands_on_the_journey_page(
    student: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    send(client, f"{student.url}/milestones/new", code="BONE.letter")
    held = next(one for one in student.sheet().milestones if one.code == "BONE.letter")
    assert held.due_on == date(2026, 9, 23)
    assert "Win a letter away" in client.get(student.url).text


RATE: dict[str, Any] = {
    "what": "matched on a later try",
    "population": "our graduates",
    "first_year": 2011,
    "last_year": 2020,
    "count": 9,
    "n": 12,
    "low_pct": 47,
    "high_pct": 91,
    "interval": "95%, Wilson, from the counts",
    "source": "our survey, 2021",
    "license": "our own figures",
    "note": None,
}
SAYS = "9 of 12 (75%) matched on a later try Our graduates, 2011-2020; 47-91% (95%, Wilson, from the counts). Source:"


@pytest.mark.parametrize("where", ["/decision", "/ladders"])
def test_a_base_rate_stands_beside_the_decision_and_the_ladders_with_its_n_and_its_source(
    school: House, client_of: Clients, where: str
) -> None:
    publish(school, pack("bone", evidence=[OURS | {"id": "BONE.rate", "ladders": []} | RATE]))
    ours, other = open_student(school), open_student(school, "dermatology")
    client = client_of("advisor")
    assert f"{SAYS} our survey, 2021; our own figures." in text_of(client.get(ours.url + where).text)
    assert "What happened to others" not in client.get(other.url + where).text


def test_the_decision_record_holds_what_a_pack_asked_by_its_label_and_the_rules_never_saw_it(
    student: Student, client_of: Clients
) -> None:
    student.facts(**{"BONE.away": 2})
    student.everything()
    record = client_of("advisor").get(f"{student.url}/decision-record.json").json
    assert record is not None
    (told,) = [one for one in record["known"]["facts"] if one["name"] == "BONE.away"]
    assert (told["label"], told["shown"], told["source"]) == ("Away rotations", "2", "ERAS export")
    assert "BONE.away" not in str(record["evidence"])
