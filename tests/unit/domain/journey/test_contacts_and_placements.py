"""The team around a journey, and where the year and the career went."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import InvalidValue
from core.journey.contacts import add_note, assign_advisor, choose_ladder, log_contact
from core.journey.decisions import reverse_decision
from core.journey.placements import PLACEMENTS, ended, record_placement
from tests.builders import ADVISOR, LEAD, ORTHO, Step, decided, path_ready, pivot, recommended, stamp
from tests.scenario import event, given


def assigned(advisor: str = ADVISOR, team: str | None = "north") -> Step:
    return lambda journey, at: assign_advisor(journey, advisor, team=team, stamp=at)


def test_an_assigned_advisor_brings_their_team() -> None:
    journey = (
        given()
        .when(assign_advisor, ADVISOR, team="north")
        .then(event("contact.advisor-assigned", advisor=ADVISOR, team="north"))
    )
    assert (journey.target.advisor, journey.target.team, journey.target.cohort) == (ADVISOR, "north", "2026")


def test_assigning_the_same_advisor_of_the_same_team_is_quiet() -> None:
    given(assigned()).when(assign_advisor, ADVISOR, team="north").then_nothing()
    given(assigned()).when(assign_advisor, ADVISOR, team="south").then(event("contact.advisor-assigned"))
    given(assigned()).when(assign_advisor, LEAD, team="north").then(event("contact.advisor-assigned"))


def test_a_contact_is_counted_with_the_day_it_happened() -> None:
    spoken = stamp("c", on=date(2026, 3, 30))
    journey = (
        given()
        .when(log_contact, channel="call", summary=" We spoke ", stamp=spoken)
        .then(event("contact.logged", channel="call", summary="We spoke", happened_on=date(2026, 3, 30)))
    )
    assert journey.conversations == 1


def test_a_contact_needs_a_known_channel_and_a_summary() -> None:
    given().when(log_contact, channel="pigeon", summary="x").then_refused(InvalidValue, "channel: 'pigeon'")
    given().when(log_contact, channel="call", summary="").then_refused(InvalidValue, "summary")


def test_a_note_is_for_the_team_or_shared() -> None:
    given().when(add_note, visibility="team", body=" Letters late ").then(
        event("contact.note-added", visibility="team", body="Letters late")
    )
    given().when(add_note, visibility="world", body="x").then_refused(InvalidValue, "visibility: 'world'")
    given().when(add_note, visibility="shared", body=" ").then_refused(InvalidValue, "note")


def test_a_chosen_ladder_keeps_the_title_it_had_that_day() -> None:
    words = {"title": "Anesthesiology, then pain", "playbook": "sha256:0"}
    scenario = given()
    assert (
        scenario.when(choose_ladder, "ORTHO.anes-pain", **words)
        .then(event("contact.ladder-chosen", ladder="ORTHO.anes-pain", **words))
        .ladder
        == "ORTHO.anes-pain"
    )
    scenario.when(choose_ladder, "ORTHO.anes-pain", **words).then_nothing()


@pytest.mark.parametrize("kind", PLACEMENTS)
def test_every_kind_of_placement_is_recorded_with_the_day_it_began(kind: str) -> None:
    given().when(record_placement, kind, specialty="pmr", place=" Lakeside ", starts_on=date(2026, 7, 1)).then(
        event("placement.recorded", kind=kind, place="Lakeside", income_usd=None, happened_on=date(2026, 7, 1))
    )


def test_a_placement_that_began_on_the_day_of_recording_names_no_other_day() -> None:
    given().when(record_placement, "matched", specialty="pmr", place="x").then(
        event("placement.recorded", happened_on=None)
    )


def test_a_placement_needs_a_known_kind_and_a_place() -> None:
    given().when(record_placement, "moon", specialty="pmr", place="x").then_refused(InvalidValue, "placement: 'moon'")
    given().when(record_placement, "matched", specialty="pmr", place=" ").then_refused(InvalidValue, "place")


@pytest.mark.parametrize(("kind", "income"), [("matched", 60_000), ("practice", -1), ("practice", 10_000_001)])
def test_an_income_belongs_to_a_practice_and_has_bounds(kind: str, income: int) -> None:
    given().when(record_placement, kind, specialty="pmr", place="x", income_usd=income).then_refused(
        InvalidValue, f"income_usd: {income} is not allowed (0 to 10000000 USD per year, for a practice only)"
    )


@pytest.mark.parametrize("income", [0, 650_000, 10_000_000])
def test_a_practice_may_name_its_income(income: int) -> None:
    given().when(record_placement, "practice", specialty="pmr", place="x", income_usd=income).then(
        event("placement.recorded", income_usd=income)
    )


def placed(kind: str, specialty: str) -> Step:
    return lambda journey, at: record_placement(journey, kind, specialty=specialty, place="Heron", stamp=at)


PIVOTED = [*path_ready(), recommended("PIVOT_NOW"), decided(pivot(specialty="anesthesiology"))]


@pytest.mark.parametrize(
    ("steps", "at_its_end"),
    [
        ([], None),
        ([placed("preliminary_surgery", "preliminary-surgery")], None),
        ([placed("matched", ORTHO)], "matched"),
        ([placed("categorical", "anesthesiology")], None),  # nobody decided for it: the binding commitment comes first
        ([*PIVOTED, placed("matched", "anesthesiology")], "matched"),
        ([*PIVOTED, placed("matched", "anesthesiology"), placed("training_begun", "pain-anes")], "matched"),
        ([*PIVOTED, placed("matched", "anesthesiology"), placed("practice", "pain-anes")], "practice"),
        ([placed("matched", ORTHO), placed("transitional_year", "transitional-year")], None),
        ([placed("matched", ORTHO), *PIVOTED], None),  # decided anew, for another field
    ],
)
def test_a_journey_ends_in_practice_or_with_a_place_in_the_field_that_was_wanted(
    steps: list[Step], at_its_end: str | None
) -> None:
    last = ended(given(*steps).root)
    assert (last and last.kind) == at_its_end


def test_who_takes_the_decision_for_a_field_back_goes_on_although_placed_there() -> None:
    back: Step = lambda journey, at: reverse_decision(journey, "d-1", reason="x", stamp=at)  # noqa: E731
    assert ended(given(*PIVOTED, placed("matched", "anesthesiology"), back).root) is None
