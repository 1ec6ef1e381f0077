"""Facts that a pack asks: recorded like any other, and read by no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising.assessments import (
    ConfirmFact,
    CorrectFact,
    DisputeFact,
    RecordFact,
    confirm_fact,
    correct_fact,
    dispute_fact,
    record_fact,
)
from core.advising.members import PublishPlaybook, publish_playbook
from core.errors import InvalidValue, NotFound
from core.journey.evidence import evidence_of
from core.journey.inventory import FACTS, check, kinds_for, show
from tests.builders import ORTHO, TODAY
from tests.playbooks import minimal_content, pack

if TYPE_CHECKING:
    from uuid import UUID

    from tests.scenario import Team


def asked(**changes: Any) -> dict[str, Any]:
    """An inventory field of a pack as a playbook holds it."""
    given: dict[str, Any] = {
        "id": "BONE.away-rotations",
        "specialties": [ORTHO],
        "label": "Away rotations",
        "why": "Programs remember who was there.",
        "kind": "number",
        "low": None,
        "high": 12,
        "choices": [],
    }
    return given | changes


CHOICE = asked(id="BONE.lab", label="Laboratory", kind="choice", high=None, choices=["Dry lab", "Wet lab"])
SEVERAL = asked(id="BONE.courses", label="Courses", kind="several", high=None, choices=["Spine", "Hand"])
BONE = pack("bone", inventory_fields=[asked(), CHOICE, SEVERAL, asked(id="SKIN.laser", specialties=["dermatology"])])
NAME = "BONE.away-rotations"


def content(*packs: dict[str, Any]) -> dict[str, Any]:
    small = minimal_content()
    return small | {"packs": [*small["packs"], *packs]}


def publish(team: Team, *packs: dict[str, Any]) -> None:
    made = team.desk.playbook().content
    made["packs"] += packs
    team.do(publish_playbook, PublishPlaybook, team.steward, content=made)


def record(team: Team, stream: UUID, value: object, name: str = NAME) -> None:
    team.do(record_fact, RecordFact, journey_id=stream, name=name, value=value, source="the student")


def test_a_pack_asks_those_who_missed_its_specialty_and_nobody_else() -> None:
    assert set(kinds_for(content(BONE), ORTHO)) - set(FACTS) == {NAME, "BONE.lab", "BONE.courses"}
    assert set(kinds_for(content(BONE), "urology")) == set(FACTS)


def test_a_playbook_from_before_packs_asked_anything_asks_the_facts_of_the_playbook() -> None:
    assert kinds_for(minimal_content(), ORTHO) == FACTS


def test_a_field_of_a_pack_says_what_is_allowed_and_why_it_is_asked() -> None:
    kinds = kinds_for(content(BONE), ORTHO)
    assert (kinds[NAME].allowed, kinds[NAME].hint) == (
        "a whole number from 0 to 12",
        "Programs remember who was there.",
    )
    assert kinds["BONE.lab"].allowed == "one of Dry lab, Wet lab"
    assert not any(one.decides for name, one in kinds.items() if name not in FACTS)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [(NAME, 2, "2"), ("BONE.lab", "Dry lab", "Dry lab"), ("BONE.courses", ("Spine", "Hand"), "Spine, Hand")],
)
def test_an_allowed_answer_passes_and_reads_as_it_was_chosen(name: str, value: Any, shown: str) -> None:
    kinds = kinds_for(content(BONE), ORTHO)
    assert show(name, check(name, value, kinds)) == shown


@pytest.mark.parametrize(("name", "value"), [(NAME, 13), (NAME, "2"), ("BONE.lab", "Moon"), ("BONE.courses", ["Moon"])])
def test_another_answer_is_refused_with_what_is_allowed(name: str, value: Any) -> None:
    kinds = kinds_for(content(BONE), ORTHO)
    with pytest.raises(InvalidValue) as refusal:
        check(name, value, kinds)
    assert refusal.value.allowed == kinds[name].allowed


def test_a_fact_of_a_pack_is_recorded_confirmed_disputed_and_corrected_like_any_other(team: Team) -> None:
    publish(team, BONE)
    stream = team.open()
    record(team, stream, 2)
    team.do(confirm_fact, ConfirmFact, journey_id=stream, name=NAME)
    assert team.journey(stream).facts[NAME].confirmed
    team.do(dispute_fact, DisputeFact, journey_id=stream, name=NAME, reason="it was three")
    assert team.journey(stream).facts[NAME].disputed == "it was three"
    team.do(correct_fact, CorrectFact, journey_id=stream, name=NAME, value=3, source="the student", reason="miscounted")
    held = team.journey(stream).facts[NAME]
    assert (held.value, held.disputed) == (3, None)


def test_a_fact_of_a_pack_is_no_evidence_and_brings_no_new_recommendation(team: Team) -> None:
    publish(team, BONE)
    stream = team.open()
    before = team.journey(stream)
    record(team, stream, 2)
    journey = team.journey(stream)
    assert team.topics(stream, before.version) == ["assessment.fact-recorded"]
    assert evidence_of(journey, as_of=TODAY).facts == evidence_of(before, as_of=TODAY).facts


def test_what_no_pack_asks_of_the_dream_field_is_refused(team: Team) -> None:
    publish(team, BONE)
    stream = team.open()
    with pytest.raises(InvalidValue, match=r"fact: 'SKIN.laser' is not allowed \(one of step1, .*BONE.courses\)"):
        record(team, stream, 2, "SKIN.laser")


def test_confirming_a_fact_of_a_pack_that_was_never_recorded_is_refused_by_its_label(team: Team) -> None:
    publish(team, BONE)
    stream = team.open()
    with pytest.raises(NotFound, match="Away rotations: nothing is recorded yet"):
        team.do(confirm_fact, ConfirmFact, journey_id=stream, name=NAME)


def test_what_a_withdrawn_pack_asked_stays_in_the_record_and_can_still_be_confirmed_and_disputed(team: Team) -> None:
    before = team.desk.playbook().content
    publish(team, BONE)
    stream = team.open()
    record(team, stream, 2)
    team.do(publish_playbook, PublishPlaybook, team.steward, content=before)
    team.do(confirm_fact, ConfirmFact, journey_id=stream, name=NAME)
    team.do(dispute_fact, DisputeFact, journey_id=stream, name=NAME, reason="it was three")
    held = team.journey(stream).facts[NAME]
    assert (held.value, held.disputed) == (2, "it was three")
    with pytest.raises(InvalidValue, match=r"fact: 'BONE\.away-rotations' is not allowed"):
        record(team, stream, 3)


def test_a_playbook_that_asks_for_a_protected_attribute_is_refused_whoever_put_it_together(team: Team) -> None:
    with pytest.raises(InvalidValue, match="bone/inventory_fields/label: 'Your age' is not allowed"):
        publish(team, pack("bone", inventory_fields=[asked(label="Your age")]))
