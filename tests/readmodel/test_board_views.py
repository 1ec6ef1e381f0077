"""What the board shows of a cohort: filters, counts, orders, pages."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from core.errors import InvalidValue
from core.journey import contacts
from core.journey.hold import GATES
from projections import board
from projections.board import Filters, Sort
from tests import builders as b
from tests.readmodel.school import TODAY, School


def names(page: board.BoardPage) -> list[str]:
    return [row.name for row in page.rows]


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
