"""The cohort board: one row for each journey, filters that combine, counts that lead to their people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.journey import contacts, decisions, feedback, milestones, placements
from core.journey.hold import PATH_KINDS, SOAP_KINDS, check_gate
from core.journey.journey import Journey
from projections.board import Filters, overdue_journeys
from tests import builders as b
from tests.readmodel.school import TODAY, School


def test_a_new_journey_is_a_row_with_nothing_guessed(school: School) -> None:
    school.student(email="robin@school.example")

    row = school.row()

    assert (row.name, row.student_ref, row.cohort) == ("Robin Vale", "S-100", "2026")
    assert (row.specialty, row.specialty_name) == ("orthopaedic-surgery", "Orthopedic surgery")
    assert (row.match_day, row.learned_on, row.match_system) == (date(2026, 3, 20), date(2026, 3, 16), "nrmp")
    unknown = (row.profile_kind, row.recommendation, row.decision, row.champion, row.advisor_id, row.last_contact_on)
    assert unknown == (None,) * 6
    assert row.days_since_contact is None
    assert row.opinions == 0
    assert row.changed_words == "Journey opened"
    assert row.changed_by == "Rosa Ruiz"


def test_profile_and_recommendation_stand_with_their_evidence(school: School) -> None:
    shape = {"kind": "indeterminate", "row": None, "dissent": [], "reachable": ["undermatched", "borderline"]}
    from core.journey.assessments import classify_profile

    school.student(
        lambda j, at: classify_profile(j, shape, playbook="sha256:0", stamp=at),
        b.recommended("INDETERMINATE"),
    )

    row = school.row()

    assert (row.profile_kind, row.profile_row) == ("indeterminate", None)
    assert row.profile_reachable == ("undermatched", "borderline")
    assert row.recommendation == "INDETERMINATE"
    assert row.recommendation_version == 3
    assert row.recommendation_position == row.changed_position


@pytest.mark.parametrize(
    ("opinions", "champion"),
    [
        ([("a", b.pd(), b.said(1))], 1),
        ([("a", b.pd(), b.said(4))], 4),
        ([("a", b.pd(), b.said(4, saw_full_file=True))], 5),
        ([("a", b.pd(), b.said(3, saw_full_file=True))], 3),
        ([("a", b.pd(role="faculty"), b.said(4))], None),
        ([("a", b.related_pd(), b.said(4))], None),
        ([("a", b.pd("Dr. Ibis"), b.said(2)), ("b", b.pd("Dr. Egret", role="apd"), b.said(3))], 3),
        (
            [
                ("a", b.pd("Dr. Ibis"), b.said(4, dated=date(2026, 3, 1))),
                ("b", b.pd("dr. ibis"), b.said(1, dated=date(2026, 3, 2))),
            ],
            1,
        ),
        ([("a", b.pd(), b.said(None, killed="Research"))], None),
    ],
    ids=[
        "a grade",
        "the highest without the full file is 4",
        "the highest with the full file is 5",
        "only the highest becomes 5",
        "faculty does not count",
        "a related field does not count",
        "the best of several people",
        "of one person the newest, whatever the spelling",
        "no grade was asked for",
    ],
)
def test_champion_is_the_best_standing_grade_of_the_dream_fields_directors(
    school: School, opinions: list[Any], champion: int | None
) -> None:
    school.student([b.heard(*opinion) for opinion in opinions])

    assert school.row().champion == champion


def test_a_withdrawn_statement_is_as_if_never_made_and_a_refusal_is_grade_0(school: School) -> None:
    one = school.student(b.heard("a", b.pd("Dr. Ibis"), b.said(4)))
    assert school.row().champion == 4

    school.add(one, b.withdrawn("a"))
    assert school.row().champion is None

    school.add(one, b.asked("c", b.pd("Dr. Heron")))
    assert (school.row().champion_asked, school.row().opinions_pending) == (True, 1)

    school.add(one, lambda j, at: feedback.decline_opinion(j, "c", dated=TODAY, why="no time", stamp=at))
    row = school.row()
    assert (row.champion, row.champion_asked, row.opinions_pending) == (0, False, 0)


def test_opinions_count_as_the_gate_counts_them(school: School) -> None:
    one = school.student(b.heard("a", b.pd("Dr. Ibis")))
    assert school.row().opinions == 1

    school.add(one, b.heard("b", b.pd("Dr. Egret")))
    assert school.row().opinions == 1  # a second one of the dream field is not the related field's

    school.add(one, b.heard("c", b.related_pd()))
    assert school.row().opinions == 2


def test_gates_name_what_is_missing_and_an_open_gate_misses_nothing(school: School) -> None:
    one = school.student(b.path_ready(without="research"))
    row = school.row()
    assert (row.path_open, row.path_missing) == (False, ("research",))
    assert row.soap_missing == ("visa", "soap_eligible", "advisor_conversation", "no_go_list")

    school.add(one, b.fact("research", "limited"))
    assert school.row().path_open

    school.add(one, b.disputed("step2"))
    row = school.row()
    assert (row.path_missing, row.disputed) == (("step2",), 1)

    school.add(one, b.overridden("pivot"))
    assert school.row().overridden == ("pivot",)


def test_all_gates_of_a_group_ask_for_the_same_so_that_the_board_may_judge_one(school: School) -> None:
    ready = [[], b.path_ready(), b.path_ready(without="step2"), b.soap_ready(), [*b.path_ready(), b.disputed("step2")]]
    for number, steps in enumerate(ready):
        journey = school.journal.get(Journey, school.student(steps, student_ref=f"S-{number}"))
        for group in (PATH_KINDS, SOAP_KINDS):
            judged = [check_gate(journey, kind) for kind in group]
            assert len({(gate.known, gate.missing, gate.disputed) for gate in judged}) == 1


def test_the_standing_path_decision_is_shown_and_a_reversed_one_is_not(school: School) -> None:
    against = b.pivot(reason_code="money", reason="Loans")
    one = school.student(b.path_ready(), b.recommended("REAPPLY"), b.decided(against))
    row = school.row()
    assert (row.decision, row.decision_specialty, row.decision_relation) == ("pivot", "anesthesiology", "differs")
    assert row.against
    assert row.decide_in_days is None
    assert row.changed_words == "Decision: pivot to another specialty"  # not the gate that it passed

    school.add(one, lambda j, at: decisions.dissent(j, "d-1", why="You have a champion", stamp=at))
    assert school.row().decision_stance == "dissents"

    school.add(one, lambda j, at: decisions.reverse_decision(j, "d-1", reason="New letter", stamp=at))
    row = school.row()
    assert (row.decision, row.against) == (None, False)


def test_a_soap_decision_stands_beside_the_path_decision(school: School) -> None:
    soap = decisions.NewDecision(decision_id="s-1", kind="soap_take_part")
    later = decisions.NewDecision(decision_id="s-2", kind="soap_accept", specialty="general-surgery")
    school.student(b.soap_ready(), b.decided(soap), b.decided(later))

    row = school.row()

    assert (row.decision, row.soap_decision, row.soap_specialty) == (None, "soap_accept", "general-surgery")


def test_next_milestone_is_the_earliest_planned_and_what_is_past_counts_as_overdue(school: School) -> None:
    one = school.student(
        b.planned("late", title="Late", due_on=date(2026, 6, 1)),
        b.planned("soon", title="Soon", due_on=date(2026, 6, 30)),
    )
    assert school.row(today=date(2026, 6, 1)).overdue == 0  # the last day is inclusive
    row = school.row(today=date(2026, 6, 2))
    assert (row.next_title, row.next_due_on, row.overdue) == ("Late", date(2026, 6, 1), 1)

    missed = school.stamp()
    school.add(one, lambda j, _: milestones.miss_milestone(j, "late", today=date(2026, 6, 2), stamp=missed))
    row = school.row()
    assert (row.next_title, row.overdue) == ("Soon", 1)

    school.add(one, lambda j, at: milestones.complete_milestone(j, "soon", evidence="done", stamp=at))
    assert school.row().next_title == "Late"

    school.add(one, lambda j, at: milestones.waive_milestone(j, "late", reason="no use", stamp=at))
    row = school.row()
    assert (row.next_title, row.next_due_on, row.overdue) == (None, None, 0)


def test_of_a_journey_that_ended_nothing_is_next_or_overdue_and_nobody_is_waited_for(school: School) -> None:
    one = school.student(b.recommended("CONTESTED"), b.planned("late", title="Late", due_on=date(2026, 6, 1)))
    today = date(2026, 6, 20)
    assert school.row(today=today).overdue == 1
    counts = school.board(today=today).counts
    assert counts == {"decide_soon": 1, "not_decidable": 0, "contested": 1, "no_contact": 1, "overdue": 1}
    with school.views.read() as db:
        assert overdue_journeys(db, today) == (one,)
    school.add(
        one, lambda j, at: placements.record_placement(j, "practice", specialty=b.ORTHO, place="A group", stamp=at)
    )
    row = school.row(today=today)
    assert (row.next_title, row.next_due_on, row.overdue, row.decide_in_days) == (None, None, 0, None)
    assert not any(school.board(today=today).counts.values())
    with school.views.read() as db:
        assert overdue_journeys(db, today) == ()


def test_the_path_is_decided_by_its_milestone_or_three_calendar_months_after_match_day(school: School) -> None:
    one = school.student()
    row = school.row(today=date(2026, 6, 16))
    assert (row.decide_by, row.decide_in_days) == (date(2026, 6, 20), 4)

    school.add(one, b.planned("PLAN.3.decide", code="PLAN.3.decide", due_on=date(2026, 6, 10)))
    assert school.row().decide_by == date(2026, 6, 10)


def test_last_contact_is_the_day_it_happened_in_the_institutions_zone(school: School) -> None:
    one = school.student()
    school.now = school.now.replace(month=5, day=2, hour=2)  # May 1, 9 in the evening in Chicago
    school.add(one, b.talked())
    assert school.row().last_contact_on == date(2026, 5, 1)

    school.add(one, b.talked(), on=date(2026, 4, 20))  # written down later: not the newest conversation
    row = school.row(today=date(2026, 5, 15))
    assert (row.last_contact_on, row.days_since_contact) == (date(2026, 5, 1), 14)


def test_advisor_team_and_placement_are_the_newest(school: School) -> None:
    ruiz = str(school.ruiz.id)
    school.student(
        lambda j, at: contacts.assign_advisor(j, "nobody known", team=None, stamp=at),
        lambda j, at: contacts.assign_advisor(j, ruiz, team="east", stamp=at),
        lambda j, at: placements.record_placement(
            j, "soap_place", specialty="general-surgery", place="Larkfield", stamp=at
        ),
        lambda j, at: placements.record_placement(j, "categorical", specialty="pmr", place="Larkfield", stamp=at),
    )

    row = school.row()

    assert (row.advisor_id, row.advisor_name, row.team) == (ruiz, "Rosa Ruiz", "east")
    assert (row.placement, row.placement_specialty) == ("categorical", "pmr")


def test_the_last_change_is_what_somebody_did_not_what_followed_from_it(school: School) -> None:
    one = school.student()
    same = school.stamp(actor="a reviewer outside")

    school.add(
        one,
        lambda j, _: b.heard("a")(j, same),
        lambda j, _: b.recommended("PIVOT_NOW")(j, same),
    )

    row = school.row()
    assert (row.changed_words, row.changed_by) == ("Opinion recorded", "a reviewer outside")
    assert (row.changed_at, row.version) == (same.recorded_at, 3)


def test_every_read_model_takes_a_corrected_detail(school: School) -> None:
    from core.journey.journey import correct_details

    school.student(
        lambda j, at: correct_details(j, {"name": "Robin Wood", "specialty": "urology"}, reason="typo", stamp=at)
    )

    row = school.row(filters=Filters(q="wood"))
    assert (row.name, row.specialty_name) == ("Robin Wood", "Urology")
