"""A journey is one student, one miss: its id, what it opens with, and what is corrected later."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.errors import InvalidValue
from core.journey.journey import correct_details, journey_id, open_journey, student_subject
from tests.builders import KEYS, new_journey, stamp
from tests.scenario import event, given

NOTHING: dict[str, Any] = dict.fromkeys(("name", "email", "match_status", "match_day", "learned_on", "specialty"))


def opened(**changes: Any) -> Any:
    return open_journey(new_journey(**changes), keys=KEYS, stamp=stamp())


def test_a_journey_opens_with_who_and_which_miss() -> None:
    [begun] = opened(student_ref=" S-1 ", name=" Robin Vale ", email="", earlier_journey=UUID(int=1)).collect_events()
    assert begun.TOPIC == "journey.created"
    assert (begun.student_ref, begun.name, begun.email, begun.cohort) == ("S-1", "Robin Vale", None, "2026")
    assert (begun.match_system, begun.match_day, begun.learned_on) == ("nrmp", date(2026, 3, 20), date(2026, 3, 16))
    assert (begun.earlier_journey, begun.imported) == (UUID(int=1), False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"student_ref": " "}, "student_ref"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"cycle": 1999}, "cycle: 1999 is not allowed (a match year from 2000 to 2100)"),
        ({"match_system": "sms"}, "match_system: 'sms' is not allowed (one of nrmp, aua, sf)"),
        ({"match_status": "lost"}, "match_status: 'lost'"),
        ({"match_day": date(2025, 3, 20)}, "match_day: '2025-03-20' is not allowed (a date in the cycle 2026)"),
        ({"learned_on": date(9999, 12, 31)}, "learned_on: '9999-12-31' is not allowed (a date from 2025 to 2027)"),
        ({"email": "nobody"}, "email: 'nobody'"),
    ],
)
def test_a_journey_that_cannot_be_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        opened(**change)
    assert sentence in str(refusal.value)


def test_the_same_student_cycle_and_match_system_is_the_same_journey_however_it_is_written() -> None:
    assert journey_id(KEYS, "S-1", 2026, "nrmp") == journey_id(KEYS, " s-1 ", 2026, "nrmp")


def test_another_student_cycle_or_match_system_is_another_journey() -> None:
    ids = {
        journey_id(KEYS, *of)
        for of in (("S-1", 2026, "nrmp"), ("S-2", 2026, "nrmp"), ("S-1", 2027, "nrmp"), ("S-1", 2026, "aua"))
    }
    assert len(ids) == 4


def test_all_journeys_of_a_student_are_sealed_under_one_subject() -> None:
    [first], [second] = opened().collect_events(), opened(match_system="aua").collect_events()
    assert first.originator_id != second.originator_id
    assert first.subject == second.subject == student_subject(KEYS, "S-100")


def test_a_corrected_detail_replaces_the_old_one_and_says_why() -> None:
    journey = (
        given()
        .when(correct_details, {"name": "Robin Vail", "email": "r@school.example"}, reason="typing error")
        .then(
            event(
                "journey.details-corrected",
                **(NOTHING | {"name": "Robin Vail", "email": "r@school.example"}),
                reason="typing error",
                imported=False,
            )
        )
    )
    assert (journey.name, journey.email, journey.specialty) == ("Robin Vail", "r@school.example", "orthopaedic-surgery")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cycle": 2027}, "detail: 'cycle'"),
        ({"name": " "}, "name"),
        ({"match_status": "lost"}, "match_status"),
        ({"match_day": date(2027, 3, 20)}, "match_day"),
        ({"learned_on": date(2020, 1, 1)}, "learned_on"),
        ({"email": "a b@c"}, "email"),
    ],
)
def test_a_detail_that_cannot_be_is_refused(changes: dict[str, Any], sentence: str) -> None:
    given().when(correct_details, changes, reason="x").then_refused(InvalidValue, sentence)


def test_a_correction_says_why() -> None:
    given().when(correct_details, {"name": "Robin Vail"}, reason=" ").then_refused(InvalidValue, "reason")


def test_details_that_are_right_already_are_quiet() -> None:
    given().when(correct_details, {"name": "Robin Vale", "match_day": date(2026, 3, 20)}, reason="x").then_nothing()


def test_what_an_import_said_last_is_remembered_beside_what_a_person_corrected() -> None:
    scenario = given(imported=True)
    scenario.when(correct_details, {"name": "Robin Vail"}, reason="x")
    journey = scenario.when(correct_details, {"learned_on": date(2026, 3, 17)}, reason="roster", imported=True).then(
        event("journey.details-corrected", imported=True)
    )
    assert (journey.imported["name"], journey.name) == ("Robin Vale", "Robin Vail")
    assert (journey.imported["learned_on"], journey.imported["email"]) == ("2026-03-17", "")


def test_a_journey_opened_by_a_person_was_said_by_no_import() -> None:
    assert given().root.imported == {}
