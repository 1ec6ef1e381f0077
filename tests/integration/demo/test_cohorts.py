"""The cohorts that are told from tables: three cycles, how they ended, and what the engine says of them today."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from core.decision.playbook import Playbook
from core.decision.recommendation import evaluate
from core.journey.evidence import evidence_of
from core.journey.placements import PlacementRecorded
from core.people.institution import PlaybookPublished
from tests.integration.demo.reading import SCRIPT, TODAY
from web.demo.cohorts import read_rows, roster

if TYPE_CHECKING:
    from core.advising.desk import Desk
    from core.journey.journey import Journey
    from web.demo.script import JourneyName

OUTCOMES = {"REAPPLY", "PIVOT_NOW", "CONTESTED", "INDETERMINATE"}


def of_cycle(everybody: dict[JourneyName, Journey], cycle: int) -> list[Journey]:
    return [journey for name, journey in everybody.items() if name.cycle == cycle]


def path_of(journey: Journey) -> str | None:
    standing = [one for one in journey.decisions.values() if one.reversed_reason is None and one.relation != "own_gate"]
    return standing[0].kind if standing else None


def test_there_are_about_160_students_in_three_cycles_and_the_worked_example(
    everybody: dict[JourneyName, Journey],
) -> None:
    assert len({name.ref for name in everybody}) == 160
    assert Counter(name.cycle for name in everybody) == {2014: 1, 2024: 54, 2025: 66, 2026: 50}


@pytest.mark.parametrize("cycle", [2024, 2025, 2026])
def test_every_cycle_has_every_outcome_and_students_of_every_pack(
    everybody: dict[JourneyName, Journey], desk: Desk, cycle: int
) -> None:
    known = desk.playbook().specialties
    found = of_cycle(everybody, cycle)
    assert {(one.recommendation or {})["outcome"] for one in found} == OUTCOMES
    assert {known[one.specialty].pack for one in found} == {one.pack for one in known.values()}


def test_the_engine_would_say_the_same_today_of_everybody(desk: Desk, everybody: dict[JourneyName, Journey]) -> None:
    published = [one.event for one in desk.journal.read_log(0, 100_000, topics=(PlaybookPublished.TOPIC,))]
    playbooks: dict[str, Any] = {one.digest: Playbook.from_content(one.content) for one in published}  # type: ignore[union-attr]
    differs = {}
    for name, journey in everybody.items():
        said: dict[str, Any] = journey.recommendation or {}
        again = evaluate(evidence_of(journey, as_of=TODAY), playbooks[said["playbook"]])
        if again.outcome != said["outcome"] or list(again.decided_by) != said["decided_by"]:
            differs[name] = (said["outcome"], again.outcome)
    assert differs == {}


def test_each_cohort_was_advised_by_the_playbook_of_its_year(desk: Desk) -> None:
    published = [one.event for one in desk.journal.read_log(0, 100_000, topics=(PlaybookPublished.TOPIC,))]
    first_news = {row.cycle: row for row in reversed(read_rows())}
    assert {2024, 2025, 2026} == set(first_news)
    labels = {one.recorded_at.year: one.label for one in published}  # type: ignore[union-attr]
    assert labels == {2014: "2014.1", 2024: "2024.1", 2025: "2025.1", 2026: "2026.1"}
    assert all(one.recorded_at.month == 1 for one in published)


def test_of_those_who_reapplied_as_recommended_more_matched_than_of_those_who_went_against_it() -> None:
    ended = [row for row in read_rows() if row.path == "reapply" and row.cycle < 2026]
    odds = {}
    for said in ("REAPPLY", "PIVOT_NOW"):
        ends = Counter(row.end == "dream" for row in ended if row.result.startswith(said))
        odds[said] = ends[True] / ends.total()
    assert odds["PIVOT_NOW"] < 0.5 < odds["REAPPLY"] < 0.9


def test_nearly_everybody_who_pivoted_has_a_place(everybody: dict[JourneyName, Journey]) -> None:
    pivoted = [one for one in of_cycle(everybody, 2024) if path_of(one) == "pivot"]
    kinds = [{held[0] for held in one.placements} for one in pivoted]
    placed = sum(bool(kind & {"matched", "categorical", "training_begun"}) for kind in kinds)
    assert 0.9 < placed / len(pivoted) < 1
    climbs = {one.ladder for one in pivoted if one.ladder}
    assert len(climbs) > 12


def test_who_matched_after_a_second_try_is_in_the_field_that_was_missed(
    desk: Desk, everybody: dict[JourneyName, Journey]
) -> None:
    for row in read_rows():
        if row.end != "dream" or row.cycle == 2026:
            continue
        [journey] = [one for name, one in everybody.items() if (name.ref, name.cycle) == (row.ref, row.cycle)]
        matched = [
            one
            for one in desk.journal.stream(journey.id)
            if isinstance(one, PlacementRecorded) and one.kind == "matched"
        ]
        assert [(one.specialty, one.recorded_at.year) for one in matched] == [(row.specialty, row.cycle + 1)]


def test_who_did_not_match_again_has_a_journey_of_the_next_cycle_linked_to_the_first(
    everybody: dict[JourneyName, Journey],
) -> None:
    again = {(row.ref, row.cycle) for row in read_rows() if row.end == "again"}
    assert len(again) >= 8
    for ref, cycle in again:
        [first] = [one for name, one in everybody.items() if (name.ref, name.cycle) == (ref, cycle)]
        [second] = [one for name, one in everybody.items() if (name.ref, name.cycle) == (ref, cycle + 1)]
        assert second.earlier_journey == first.id
        assert second.name == first.name


def test_one_student_missed_urology_in_february_and_the_main_match_in_march(
    everybody: dict[JourneyName, Journey],
) -> None:
    [(ref, _)] = [one for one in Counter(name.ref for name in everybody if name.cycle == 2025).items() if one[1] == 2]
    both = {name.system: one for name, one in everybody.items() if (name.ref, name.cycle) == (ref, 2025)}
    assert both["nrmp"].earlier_journey == both["aua"].id


@pytest.mark.parametrize("cycle", [2024, 2025])
def test_an_earlier_cycle_holds_what_makes_advising_hard(everybody: dict[JourneyName, Journey], cycle: int) -> None:
    found = of_cycle(everybody, cycle)
    made = [decision for one in found for decision in one.decisions.values()]
    assert {"dissents", "concurs", None} <= {decision.stance for decision in made}
    assert {"differs", "contested", "not_decidable", "agrees"} <= {decision.relation for decision in made}
    assert {"withdraw", "soap_decline", "leave_medicine", "delay_graduation"} <= {decision.kind for decision in made}
    assert sum(decision.reversed_reason is not None for decision in made) == 1
    assert {milestone.status for one in found for milestone in one.milestones.values()} >= {
        "completed",
        "waived",
        "missed",
    }
    assert 1 <= sum(path_of(one) is None for one in found) <= 10
    late = [
        step for step in SCRIPT.deeds if step.journey and step.journey.cycle == cycle and "happened_on" in step.fields
    ]
    assert len(late) >= 10


def test_the_advisor_who_left_has_nobody_any_more(desk: Desk, everybody: dict[JourneyName, Journey]) -> None:
    rows = {(row.ref, row.cycle): row for row in read_rows() if row.advisor == "dovecote"}
    novak = next(one for one in desk.members() if one.email.startswith("novak@"))
    assert len(rows) > 15
    for name, journey in everybody.items():
        if (name.ref, name.cycle) in rows:
            assert (journey.advisor, journey.team) == (str(novak.id), "Linden")


def test_a_roster_of_a_table_names_nobody_of_another_match() -> None:
    emails = dict.fromkeys((row.advisor for row in read_rows()), "chen@larkfield.example")
    file = roster(2025, "aua", emails).decode()
    refs = {line.partition(",")[0] for line in file.splitlines()[1:]}
    assert refs == {row.ref for row in read_rows() if (row.cycle, row.system) == (2025, "aua")}
