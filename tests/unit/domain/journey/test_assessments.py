"""Facts recorded, confirmed, disputed and corrected; weaknesses assessed; the profile made from them."""

from __future__ import annotations

from datetime import date

from core.errors import InvalidValue, NotFound
from core.journey.assessments import (
    assess_weaknesses,
    classify_profile,
    confirm_fact,
    correct_fact,
    dispute_fact,
    record_fact,
)
from core.journey.journey import ChangedMeanwhile
from tests.builders import ADVISOR, LEAD, confirmed, disputed, fact, profile, stamp, weakness, weaknesses
from tests.scenario import event, given

RECORDED = "assessment.fact-recorded"


def test_a_recorded_fact_carries_value_source_day_and_who() -> None:
    journey = (
        given()
        .when(record_fact, "step2", 238, source=" ERAS export ", stamp=stamp("c-1", on=date(2026, 3, 1)))
        .then(event(RECORDED, name="step2", value=238, source="ERAS export", imported=False, actor=ADVISOR))
    )
    held = journey.facts["step2"]
    assert (held.value, held.source, held.happened_on, held.actor) == (238, "ERAS export", date(2026, 3, 1), ADVISOR)
    assert "c-1" in journey.commands


def test_the_newest_recorded_value_wins_whatever_day_it_speaks_of() -> None:
    steps = (
        fact("step2", 250, stamp=stamp("a", on=date(2026, 3, 30))),
        fact("step2", 238, stamp=stamp("b", on=date(2020, 1, 1))),
    )
    assert given(*steps).root.facts["step2"].value == 238


def test_none_is_a_value_told_apart_from_a_fact_that_is_missing() -> None:
    journey = given().when(record_fact, "red_flags", [], source="file").then(event(RECORDED, value=()))
    assert journey.facts["red_flags"].value == ()
    assert "visa" not in journey.facts


def test_not_applicable_is_a_value_told_apart_from_a_fact_that_is_missing() -> None:
    given().when(record_fact, "visa", "not_needed", source="student").then(event(RECORDED, value="not_needed"))


def test_a_fact_outside_what_is_allowed_is_refused_with_what_is_allowed() -> None:
    refusal = "step2: 301 is not allowed (a whole number from 1 to 300, or comlex_only, or not_taken)"
    given().when(record_fact, "step2", 301, source="x").then_refused(InvalidValue, refusal)


def test_a_fact_nobody_knows_is_refused() -> None:
    given().when(record_fact, "religion", "x", source="x").then_refused(InvalidValue, "fact: 'religion'")


def test_a_fact_without_a_source_is_refused() -> None:
    given().when(record_fact, "step2", 240, source="  ").then_refused(InvalidValue, "source")


def test_the_same_value_from_the_same_source_again_is_quiet() -> None:
    given(fact("step2", 238)).when(record_fact, "step2", 238, source="ERAS").then_nothing()


def test_the_same_value_from_another_source_is_recorded() -> None:
    given(fact("step2", 238)).when(record_fact, "step2", 238, source="transcript").then(event(RECORDED))


def test_the_same_value_of_another_day_is_recorded() -> None:
    again = stamp("again", on=date(2026, 1, 1))
    given(fact("step2", 238)).when(record_fact, "step2", 238, source="ERAS", stamp=again).then(event(RECORDED))


def test_a_change_to_a_fact_that_somebody_changed_meanwhile_shows_both_versions() -> None:
    scenario = given(fact("step2", 238, stamp=stamp("theirs", actor=LEAD)))
    clash = scenario.when(record_fact, "step2", 248, source="x", seen=1).then_refused(ChangedMeanwhile)
    assert (clash.item, clash.theirs, clash.yours, clash.who) == ("Step 2 CK", "238", "248", LEAD)
    scenario.when(record_fact, "step2", 248, source="x", seen=clash.version).then(event(RECORDED, value=248))


def test_two_people_who_record_the_same_value_do_not_clash() -> None:
    given(fact("step2", 238)).when(record_fact, "step2", 238, source="x", seen=1).then(event(RECORDED))


def test_two_people_who_record_different_facts_do_not_clash() -> None:
    given(fact("step2", 238)).when(record_fact, "research", "limited", source="x", seen=1).then(event(RECORDED))


def test_an_imported_value_is_remembered_beside_what_a_person_recorded_later() -> None:
    journey = given(fact("step2", 238, imported=True), fact("step2", 248)).root
    assert (journey.imported["step2"], journey.facts["step2"].value) == (238, 248)


def test_a_confirmed_fact_is_marked() -> None:
    journey = (
        given(fact("step2", 238))
        .when(confirm_fact, "step2", on_behalf=True)
        .then(event("assessment.fact-confirmed", name="step2", on_behalf=True))
    )
    assert journey.facts["step2"].confirmed


def test_what_was_never_recorded_cannot_be_confirmed_disputed_or_corrected() -> None:
    words = "Step 2 CK: nothing is recorded yet"
    given().when(confirm_fact, "step2").then_refused(NotFound, words)
    given().when(dispute_fact, "step2", reason="x").then_refused(NotFound, words)
    given().when(correct_fact, "step2", 240, source="x", reason="x").then_refused(NotFound, words)


def test_confirming_twice_is_quiet() -> None:
    given(fact("step2", 238), confirmed("step2")).when(confirm_fact, "step2", seen=1).then_nothing()


def test_nobody_confirms_or_disputes_a_value_they_have_not_seen() -> None:
    scenario = given(fact("step2", 238), fact("step2", 248))
    clash = scenario.when(confirm_fact, "step2", seen=2).then_refused(ChangedMeanwhile, "meanwhile to 248")
    scenario.when(dispute_fact, "step2", reason="no", seen=2).then_refused(ChangedMeanwhile)
    scenario.when(confirm_fact, "step2", seen=clash.version).then(event("assessment.fact-confirmed"))


def test_a_disputed_fact_keeps_its_value_and_is_marked_with_the_reason() -> None:
    journey = (
        given(fact("step2", 238))
        .when(dispute_fact, "step2", reason=" it was 248 ")
        .then(event("assessment.fact-disputed", reason="it was 248"))
    )
    assert (journey.facts["step2"].value, journey.facts["step2"].disputed) == (238, "it was 248")


def test_a_dispute_needs_a_reason() -> None:
    given(fact("step2", 238)).when(dispute_fact, "step2", reason=" ").then_refused(InvalidValue, "reason")


def test_disputing_again_with_the_same_reason_is_quiet() -> None:
    given(fact("step2", 238), disputed("step2", "no")).when(dispute_fact, "step2", reason="no").then_nothing()


def test_a_confirmation_ends_a_dispute_and_a_dispute_ends_a_confirmation() -> None:
    doubted = given(fact("step2", 238), confirmed("step2"), disputed("step2")).root.facts["step2"]
    assert doubted.disputed
    assert not doubted.confirmed
    settled = given(fact("step2", 238), disputed("step2"), confirmed("step2")).root.facts["step2"]
    assert settled.disputed is None
    assert settled.confirmed


def test_recording_a_disputed_fact_once_more_does_not_end_the_dispute() -> None:
    scenario = given(fact("step2", 238), disputed("step2", "it was 248"))
    scenario.when(record_fact, "step2", 238, source="ERAS").then_nothing()
    journey = scenario.when(record_fact, "step2", 240, source="roster").then(event(RECORDED))
    assert journey.facts["step2"].disputed == "it was 248"


def test_a_correction_ends_a_dispute_and_keeps_its_reason() -> None:
    journey = (
        given(fact("step2", 238), disputed("step2"))
        .when(correct_fact, "step2", 248, source="transcript", reason="typing error")
        .then(event("assessment.fact-corrected", value=248, reason="typing error"))
    )
    assert (journey.facts["step2"].value, journey.facts["step2"].disputed) == (248, None)


def test_a_correction_may_uphold_a_disputed_value() -> None:
    scenario = given(fact("step2", 238), disputed("step2"))
    scenario.when(correct_fact, "step2", 238, source="transcript", reason="checked").then(
        event("assessment.fact-corrected")
    )


def test_a_correction_to_the_recorded_value_is_refused() -> None:
    given(fact("step2", 238)).when(correct_fact, "step2", 238, source="x", reason="x").then_refused(
        InvalidValue, "a value other than the recorded one"
    )


def test_a_correction_of_what_somebody_changed_meanwhile_shows_both_versions() -> None:
    scenario = given(fact("step2", 238), fact("step2", 248))
    scenario.when(correct_fact, "step2", 250, source="x", reason="x", seen=2).then_refused(ChangedMeanwhile, "248")


def test_assessed_weaknesses_are_kept_with_their_remedies() -> None:
    journey = (
        given()
        .when(assess_weaknesses, [weakness(), weakness("letters", None, " ")], source="opinions")
        .then(event("assessment.weaknesses-assessed", source="opinions"))
    )
    assert journey.weaknesses == (weakness(), weakness("letters", None, None))


def test_weaknesses_assessed_with_none_found_are_told_apart_from_not_assessed() -> None:
    assert given().root.weaknesses is None
    assert (
        given().when(assess_weaknesses, [], source="x").then(event("assessment.weaknesses-assessed")).weaknesses == ()
    )


def test_a_weakness_of_an_unknown_kind_or_beyond_ten_years_is_refused() -> None:
    given().when(assess_weaknesses, [weakness("luck")], source="x").then_refused(InvalidValue, "kind: 'luck'")
    given().when(assess_weaknesses, [weakness(months=121)], source="x").then_refused(InvalidValue, "months: 121")


def test_the_same_weaknesses_again_are_quiet() -> None:
    given(weaknesses(weakness())).when(assess_weaknesses, [weakness()], source="y", seen=1).then_nothing()


def test_weaknesses_that_differ_in_the_remedy_alone_are_another_version() -> None:
    scenario = given(weaknesses(weakness(remedy="Two projects")))
    clash = scenario.when(assess_weaknesses, [weakness(remedy="A sabbatical")], source="x", seen=1).then_refused(
        ChangedMeanwhile
    )
    assert ("Two projects" in clash.theirs, "A sabbatical" in clash.yours) == (True, True)
    scenario.when(assess_weaknesses, [weakness(remedy="A sabbatical")], source="x", seen=clash.version).then(
        event("assessment.weaknesses-assessed")
    )


def test_a_profile_is_recorded_when_it_is_another_than_the_last() -> None:
    mixed = {"kind": "mixed", "row": "borderline"}
    scenario = given(profile())
    scenario.when(classify_profile, mixed, playbook="sha256:0").then(
        event("assessment.profile-classified", profile=mixed)
    )
    scenario.when(classify_profile, mixed, playbook="sha256:1").then_nothing()
