"""The cohort board: one row for each journey, filters that combine, counts that lead to their people."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import InvalidValue
from core.journey import contacts, decisions, feedback, milestones, placements
from core.journey.hold import GATES, PATH_KINDS, SOAP_KINDS, check_gate
from core.journey.journey import Journey
from projections import board
from projections.board import Filters, Sort
from tests import builders as b
from tests.readmodel.school import TODAY, School


def names(page: board.BoardPage) -> list[str]:
    return [row.name for row in page.rows]


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


@pytest.fixture
def cohort(school: School) -> School:
    """Four students who differ in everything that a filter asks for."""
    ruiz = str(school.ruiz.id)
    mine = lambda j, at: contacts.assign_advisor(j, ruiz, team="east", stamp=at)  # noqa: E731
    against = b.pivot(reason_code="money", reason="Loans")
    school.student(b.path_ready(), b.recommended("REAPPLY"), b.decided(against), mine, name="Ann", student_ref="LF-1")
    school.student(b.recommended("CONTESTED"), mine, b.talked(), name="Ben", student_ref="LF-2", specialty="urology")
    school.student(b.recommended("INDETERMINATE"), b.overridden("pivot"), name="Cid", student_ref="X-3")
    school.student(
        [b.fact("step2", 238), b.disputed("step2")], name="Dee 100%", student_ref="X-4", match_day=date(2026, 1, 15)
    )
    school.student(name="Eve", student_ref="LF-5", cycle=2027, match_day=date(2027, 3, 19))
    return school


FILTERED = {
    ("q", "ANN"): ["Ann"],
    ("q", "lf-"): ["Ann", "Ben"],
    ("q", "100%"): ["Dee 100%"],
    ("q", "_"): [],
    ("advisor", "none"): ["Cid", "Dee 100%"],
    ("specialty", "urology"): ["Ben"],
    ("profile", "borderline"): ["Ann"],
    ("profile", "unknown"): ["Ben", "Cid", "Dee 100%"],
    ("recommendation", "REAPPLY"): ["Ann"],
    ("recommendation", "none"): ["Dee 100%"],
    ("decision", "none"): ["Ben", "Cid", "Dee 100%"],
    ("decision", "any"): ["Ann"],
    ("decision", "against"): ["Ann"],
    ("decision", "dissent"): [],
    ("decision", "pivot"): ["Ann"],
    ("decision", "soap_accept"): [],
    ("gate", "path_open"): ["Ann"],
    ("gate", "path_closed"): ["Ben", "Cid", "Dee 100%"],
    ("gate", "soap_open"): [],
    ("gate", "soap_closed"): ["Ann", "Ben", "Cid", "Dee 100%"],
    ("gate", "overridden"): ["Cid"],
    ("gate", "disputed"): ["Dee 100%"],
    ("needs", "decide_soon"): ["Dee 100%"],
    ("needs", "not_decidable"): ["Cid", "Dee 100%"],
    ("needs", "contested"): ["Ben"],
    ("needs", "no_contact"): ["Ann", "Cid", "Dee 100%"],
    ("needs", "overdue"): [],
}
APRIL_10 = date(2026, 4, 10)  # the students spoken with were so on April 1


def filtered(cohort: School, **wanted: str) -> board.BoardPage:
    return cohort.board(filters=Filters(**wanted), today=APRIL_10)


@pytest.mark.parametrize(("wanted", "found"), FILTERED.items(), ids="-".join)
def test_a_filter_shows_whom_it_names_and_nobody_else(
    cohort: School, wanted: tuple[str, str], found: list[str]
) -> None:
    assert names(filtered(cohort, **dict([wanted]))) == found


def test_filters_combine_and_the_counts_are_what_a_click_on_them_gives(cohort: School) -> None:
    everybody = ["Ann", "Ben", "Cid", "Dee 100%"]
    cohort.runner.catch_up()
    with cohort.views.read() as db:
        for pair in itertools.combinations(FILTERED, 2):
            wanted = dict(pair)
            if len(wanted) == 2:
                page = board.page(db, "2026", filters=Filters(**wanted), today=APRIL_10)
                left = [name for name in everybody if all(name in FILTERED[one] for one in pair if one[0] != "needs")]
                assert names(page) == [name for name in everybody if all(name in FILTERED[one] for one in pair)]
                assert page.total == len(page.rows)
                assert (page.students, page.students_filtered) == (4, len(left))
                clicked = {need: sum(name in FILTERED["needs", need] for name in left) for need in board.NEEDS}
                assert page.counts == clicked


def test_the_advisors_own_students_are_a_filter_and_the_lists_hold_what_the_cohort_has(cohort: School) -> None:
    page = filtered(cohort, advisor=str(cohort.ruiz.id))

    assert names(page) == ["Ann", "Ben"]
    assert [choice.label for choice in page.advisors] == ["Rosa Ruiz"]
    assert [choice.label for choice in page.specialties] == ["Orthopedic surgery", "Urology"]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("profile", "strong", "near-competitive"),
        ("recommendation", "PIVOT", "PIVOT_NOW"),
        ("decision", "maybe", "against"),
        ("gate", "open", "path_open"),
        ("needs", "all", "overdue"),
    ],
)
def test_an_unknown_filter_is_refused_with_what_is_allowed(school: School, name: str, value: str, allowed: str) -> None:
    with pytest.raises(InvalidValue, match=f"{name}: '{value}' is not allowed .*{allowed}"):
        school.board(filters=Filters(**{name: value}))


def test_an_unknown_order_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(InvalidValue, match=r"sort: 'rank' is not allowed .one of student, "):
        Sort.parse("rank")


@pytest.mark.parametrize("key", board.SORTS)
def test_every_column_sorts_both_ways_and_what_is_unknown_comes_last(cohort: School, key: str) -> None:
    up, down = cohort.board(sort=Sort.parse(key)), cohort.board(sort=Sort.parse(f"-{key}"))

    assert sorted(names(up)) == sorted(names(down)) == ["Ann", "Ben", "Cid", "Dee 100%"]
    first = {"champion": "Ann", "advisor": "Ann", "decision": "Ann", "contact": "Ben", "recommendation": "Ann"}
    if key in first:
        assert names(up)[0] == first[key]
        assert names(down)[-1] == "Dee 100%"
    if key in ("student", "reference", "changed"):
        assert names(up) == names(down)[::-1]


def test_a_cohort_is_shown_alone_and_the_list_of_cohorts_counts_journeys(cohort: School) -> None:
    assert names(cohort.board("2027")) == ["Eve"]
    assert cohort.board("1999").total == 0
    with cohort.views.read() as db:
        assert [(one.cohort, one.journeys) for one in board.cohorts(db)] == [("2027", 1), ("2026", 4)]


def test_pages_hold_50_rows_and_past_the_end_is_the_last_page(school: School) -> None:
    for number in range(51):
        school.student(name=f"Student {number:02}", student_ref=f"S-{number}")

    assert names(school.board())[0] == "Student 00"
    assert len(school.board().rows) == 50
    second = school.board(number=2)
    assert (names(second), second.total, second.pages) == (["Student 50"], 51, 2)
    assert school.board(number=9).number == 2


def test_the_csv_gives_all_rows_of_a_view_in_its_order(cohort: School) -> None:
    cohort.runner.catch_up()
    with cohort.views.read() as db:
        rows = board.every_row(
            db, "2026", filters=Filters(gate="path_closed"), sort=Sort.parse("-student"), today=TODAY
        )
        assert [row.name for row in rows] == ["Dee 100%", "Cid", "Ben"]


def test_counts_follow_the_day(school: School) -> None:
    school.student(b.planned(due_on=date(2026, 6, 1)))
    last = date(2026, 6, 13) - timedelta(days=1)

    assert school.board(today=last).counts["decide_soon"] == 0  # eight days before June 20
    assert school.board(today=date(2026, 6, 13)).counts["decide_soon"] == 1
    assert school.board(today=date(2026, 3, 29)).counts["no_contact"] == 0  # 13 days after the status was learned
    assert school.board(today=date(2026, 3, 30)).counts["no_contact"] == 1
    assert school.board(today=date(2026, 6, 1)).counts["overdue"] == 0
    assert school.board(today=date(2026, 6, 2)).counts["overdue"] == 1


def test_every_gate_can_be_filtered_for() -> None:
    assert set(GATES) < set(board.DECISIONS)
