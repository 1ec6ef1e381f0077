"""What the stories of the demonstration promise, the worked example and the first five minutes among them."""

from __future__ import annotations

import shutil
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from core.advising import decisions, feedback
from core.advising.assessments import RecordFact, record_fact
from core.advising.roster_file import read_rows
from core.errors import InvalidValue
from core.journal.topics import TOPICS
from core.journey.decisions import NewDecision, Remedy
from core.journey.feedback import Reviewer, Said
from core.journey.hold import check_gate
from core.journey.journey import Journey
from core.ladders import ladders_for
from core.plan.windows import milestone
from tests.integration.demo.reading import SCRIPT, TODAY, board_of, journey_of, person, said_of
from web.demo.script import FOLDER
from web.house import DEMO_START

if TYPE_CHECKING:
    from pathlib import Path

    from core.advising.desk import Desk
    from web.demo.script import JourneyName

CHICAGO = ZoneInfo("America/Chicago")


def test_every_story_ends_with_the_recommendation_that_it_names(everybody: dict[JourneyName, Journey]) -> None:
    told = {story.name: story.result for story in SCRIPT.stories}
    assert {name: said_of(journey) for name, journey in everybody.items()} == told


def test_there_are_forty_students_over_every_pack_and_the_fields_without_one(
    desk: Desk, journeys: dict[tuple[str, str], Journey]
) -> None:
    of_field = {journey.specialty for journey in journeys.values()}
    known = desk.playbook().specialties
    assert len({ref for ref, _ in journeys}) == 40
    assert {known[slug].pack for slug in of_field} == {specialty.pack for specialty in known.values()}
    assert of_field >= {slug for slug, specialty in known.items() if specialty.pack != "general"}
    assert {"ophthalmology", "emergency-medicine", "anesthesiology", "general-surgery"} <= of_field


def test_every_outcome_is_there_and_every_hard_rule_decides_alone_somewhere(
    journeys: dict[tuple[str, str], Journey],
) -> None:
    said = Counter(said_of(journey) for journey in journeys.values())
    hard = ("PIVOT.interviews", "PIVOT.champion", "PIVOT.cutoff", "REAPPLY.fix", "DERM.move", "DERM.plan")
    assert {"REAPPLY", "INDETERMINATE", "CONTESTED by PIVOT.money", *(f"PIVOT_NOW by {rule}" for rule in hard)} <= {
        *said
    }
    assert said["REAPPLY"] >= 5
    assert said["CONTESTED by PIVOT.money"] >= 2


def test_each_missing_fact_alone_leaves_a_student_undecided(journeys: dict[tuple[str, str], Journey]) -> None:
    missing = {
        tuple(journey.recommendation["missing"])
        for journey in journeys.values()
        if journey.recommendation and journey.recommendation["outcome"] == "INDETERMINATE"
    }
    assert missing >= {
        ("statement",),
        ("weaknesses",),
        ("weakness_months",),
        ("interviews_offered",),
        ("step2",),
        ("financial_pressure",),
        ("willing_to_move_anywhere",),
        ("research_plan_months",),
    }


def test_every_warning_is_given_to_somebody(journeys: dict[tuple[str, str], Journey]) -> None:
    given = {warning for journey in journeys.values() for warning in (journey.recommendation or {})["warnings"]}
    assert given == {
        "thin-interviews",
        "below-cutoff",
        "cutoff-unknown",
        "above-published-range",
        "shotgun",
        "blank-year",
        "literal-any",
    }


def test_every_kind_of_profile_is_there(journeys: dict[tuple[str, str], Journey]) -> None:
    profiles = [journey.profile or {} for journey in journeys.values()]
    rows = {(profile["kind"], profile["row"]) for profile in profiles}
    clear = {("clear", row) for row in ("near-competitive", "borderline", "undermatched")}
    assert clear | {("mixed", "borderline"), ("indeterminate", None)} <= rows
    assert any("above-published-range" in profile["findings"] for profile in profiles)
    assert any(
        journey.facts["step2"].value == "comlex_only" for journey in journeys.values() if "step2" in journey.facts
    )


def test_decisions_stand_in_every_relation_to_the_recommendation_and_to_the_advisor(
    journeys: dict[tuple[str, str], Journey],
) -> None:
    made = [decision for journey in journeys.values() for decision in journey.decisions.values()]
    path = {(decision.relation, decision.stance) for decision in made if decision.relation != "own_gate"}
    assert path >= {
        ("agrees", "concurs"),
        ("agrees", "dissents"),
        ("agrees", None),
        ("differs", "concurs"),
        ("differs", "dissents"),
        ("contested", "concurs"),
        ("not_decidable", "concurs"),
    }
    kinds = {"reapply", "pivot", "leave_medicine", "delay_graduation", "soap_take_part", "soap_accept", "soap_decline"}
    assert kinds <= {decision.kind for decision in made}
    assert sum(decision.reversed_reason is not None for decision in made) == 1
    undecided = [j for j in journeys.values() if not any(d.relation != "own_gate" for d in j.decisions.values())]
    assert len(undecided) >= 10


def test_every_kind_of_event_on_a_journey_happened_to_somebody(desk: Desk) -> None:
    happened = {item.event.TOPIC for item in desk.journal.read_log(0, 100_000)}  # type: ignore[union-attr]
    expected = {name for name, topic in TOPICS.items() if topic.root is Journey}
    assert expected - happened == set()


def test_the_board_has_recent_and_old_contacts_and_every_state_of_a_milestone(
    journeys: dict[tuple[str, str], Journey], tmp_path: Path, store: Path
) -> None:
    rows = board_of(shutil.copytree(store, tmp_path / "data"))
    days = [row["days_since_contact"] for row in rows.values() if row["days_since_contact"] is not None]
    assert min(days) <= 1
    assert sum(day >= 14 for day in days) >= 4
    states = {m.status for journey in journeys.values() for m in journey.milestones.values()}
    assert states == {"planned", "completed", "waived", "missed"}
    assert sum(row["overdue"] > 0 for row in rows.values()) >= 4
    assert any(row["decide_in_days"] == 4 for row in rows.values())


def test_a_urology_miss_and_a_march_miss_of_one_student_are_two_linked_journeys(
    journeys: dict[tuple[str, str], Journey],
) -> None:
    first, second = journeys["LF-0446", "aua"], journeys["LF-0446", "nrmp"]
    assert second.earlier_journey == first.id
    assert first.earlier_journey is None


def test_names_are_fictional_and_of_every_shape(everybody: dict[JourneyName, Journey]) -> None:
    names = {journey.name for journey in everybody.values()}
    assert max(map(len, names)) >= 45
    assert any("'" in name and not name.isascii() for name in names)
    scripts = {unicodedata.name(letter).split()[0] for name in names for letter in name if letter.isalpha()}
    assert scripts >= {"LATIN", "CYRILLIC", "GREEK", "CJK", "HIRAGANA", "ARABIC"}
    assert all(journey.email and journey.email.endswith("@larkfield.example") for journey in everybody.values())


def test_people_write_on_working_days_and_nothing_is_written_after_the_demonstrations_today() -> None:
    odd = [
        (deed.journey, local)
        for deed in SCRIPT.deeds
        if deed.do != "tick"  # which nobody does
        for local in [deed.at.astimezone(CHICAGO)]
        if local.weekday() > 4 or not time(7) <= local.time() <= time(20) or deed.at > DEMO_START
    ]
    assert odd == []


def test_match_days_and_the_days_of_the_news_are_those_of_the_three_match_systems() -> None:
    days = {}
    for path in FOLDER.glob("roster-*.csv"):
        known = {name: name for name in ("urology", "general-surgery")}
        for row in read_rows(path.read_bytes(), cycle=2026, specialties=known):
            days[row.match_system] = (row.details["match_day"], row.details["learned_on"])
    assert days == {
        "aua": (date(2026, 2, 2), date(2026, 2, 2)),
        "nrmp": (date(2026, 3, 20), date(2026, 3, 16)),
    }
    assert [day.strftime("%a") for day in days["nrmp"] if isinstance(day, date)] == ["Fri", "Mon"]
    assert days["aua"][0].strftime("%a") == "Mon"  # type: ignore[union-attr]


# The worked example of the playbook, CASE.ortho238


def test_the_worked_example_is_borderline_pivots_at_the_directors_word_and_climbs_to_pain(desk: Desk) -> None:
    journey = journey_of(desk, "LF-0238", 2014)
    profile, result = journey.profile or {}, journey.recommendation or {}
    assert (profile["kind"], profile["row"]) == ("clear", "borderline")
    assert [journey.facts[name].value for name in ("step2", "research", "interviews_offered")] == [238, "limited", 4]
    assert (result["outcome"], result["decided_by"]) == ("PIVOT_NOW", ["PIVOT.champion"])
    assert result["path"][-1] == "TREE.pd"
    path = journey.decisions["path"]
    assert (path.kind, path.specialty, path.relation) == ("pivot", "anesthesiology", "agrees")
    ladders = {ladder.id: ladder for ladder in ladders_for(desk.playbook().content, journey.specialty)}
    assert journey.ladder == "ORTHO.anes-pain"
    assert [rung.slug for rung in ladders[journey.ladder].rungs][:2] == ["anesthesiology", "pain-anes"]


def test_the_worked_example_ends_in_a_practice_five_years_after_fellowship_at_650_000_dollars(desk: Desk) -> None:
    placed = [
        event
        for event in desk.journal.stream(journey_of(desk, "LF-0238", 2014).id)
        if getattr(event, "TOPIC", "") == "placement.recorded"
    ]
    steps: list[Any] = [(event.kind, event.specialty, event.happened_on) for event in placed]  # type: ignore[union-attr]
    assert steps == [
        ("preliminary_surgery", "preliminary-surgery", date(2014, 7, 1)),
        ("matched", "anesthesiology", date(2015, 7, 1)),
        ("training_begun", "anesthesiology", date(2015, 7, 1)),
        ("training_finished", "anesthesiology", date(2019, 6, 30)),
        ("training_begun", "pain-anes", date(2019, 7, 1)),
        ("training_finished", "pain-anes", date(2020, 6, 30)),
        ("practice", "pain-interventional", date(2020, 8, 3)),
        ("practice", "pain-interventional", date(2025, 7, 1)),
    ]
    assert placed[-1].income_usd == 650_000  # type: ignore[union-attr]
    assert [event.recorded_at.year for event in placed] == [2014, 2015, 2015, 2019, 2019, 2020, 2020, 2025]


# The first five minutes of the README


def test_one_fact_and_one_opinion_decide_for_the_student_of_the_first_five_minutes(own_copy: Desk) -> None:
    # given
    lead, nora = person(own_copy, "okafor"), journey_of(own_copy, "LF-0433")
    assert said_of(nora) == "INDETERMINATE"
    assert check_gate(nora, "reapply").is_open
    # when: the money question is answered, and the director who was asked answers
    told: dict[str, Any] = {"journey_id": nora.id}
    fact = RecordFact(command_id="1", name="financial_pressure", value=False, source="Student, by phone", **told)
    record_fact(own_copy, lead, fact)
    assert said_of(journey_of(own_copy, "LF-0433")) == "INDETERMINATE"
    director = nora.opinions["sandpiper"].reviewer
    assert director == Reviewer(by="Dr. A. Sandpiper", role="pd", specialty="orthopaedic-surgery")
    said = Said(dated=TODAY, champion_grade=1, saw_full_file=True)
    command = feedback.ReceiveOpinion(command_id="2", opinion_id="sandpiper", reviewer=director, said=said, **told)
    feedback.receive_opinion(own_copy, lead, command)
    # then
    assert said_of(journey_of(own_copy, "LF-0433")) == "PIVOT_NOW by PIVOT.champion"
    # and a decision against it is recorded with its reason, and only with it
    plan = milestone("PLAN.6r.role", match_day=nora.match_day, learned_on=nora.learned_on)
    decision = NewDecision(
        decision_id="path",
        kind="reapply",
        mode="research_year",
        reason_code="accepts_odds",
        reason="One honest try, knowing the odds.",
        remedies=(Remedy(weakness="research", remedy="Two projects with Dr. Ruff's group"),),
        milestones=(plan,),
    )
    bare = decisions.RecordDecision(command_id="3", decision=replace(decision, reason_code=None), **told)
    with pytest.raises(InvalidValue, match="reason_code"):
        decisions.record_decision(own_copy, lead, bare)
    decisions.record_decision(own_copy, lead, decisions.RecordDecision(command_id="4", decision=decision, **told))
    assert journey_of(own_copy, "LF-0433").decisions["path"].relation == "differs"
