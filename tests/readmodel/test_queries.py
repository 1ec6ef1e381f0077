"""A page costs the same few queries whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.journey import contacts
from core.journey.journey import open_journey
from projections import board, board_counts, drift, journey, people, timeline
from projections.board import Filters, Sort
from projections.rows import Plain, driver
from tests import builders as b
from tests.asked import asking
from tests.readmodel.school import TODAY, School

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection


def fill(school: School, students: int) -> None:
    """Students with a first fact and an advisor, all saved at once."""
    roots = []
    for number in range(students):
        given = b.new_journey(student_ref=f"S-{number}", name=f"Student {number:04}")
        root = open_journey(given, keys=school.keys, stamp=school.stamp())
        b.fact("step2", 238)(root, school.stamp())
        contacts.assign_advisor(root, str(school.ruiz.id), team="east", stamp=school.stamp())
        roots.append(root)
    school.journal.save(*roots)
    school.runner.catch_up()


PAGES: dict[str, tuple[Callable[[Connection, Any], object], int]] = {
    "board": (lambda db, _: board.page(db, "2026", today=TODAY), 5),
    "board, filtered": (
        lambda db, _: board.page(
            db, "2026", filters=Filters(q="student", needs="no_contact"), sort=Sort(key="next"), number=2, today=TODAY
        ),
        5,
    ),
    "csv": (lambda db, _: list(board.every_row(db, "2026", today=TODAY)), 1),
    "cohorts": (lambda db, _: board.cohorts(db), 1),
    "journey": (journey.sheet, 2),
    "timeline": (timeline.page, 1),
    "search": (lambda db, _: journey.find(db, "student", ["2026"]), 1),
    "members": (lambda db, _: people.members(db), 2),
    "institution": (lambda db, _: people.institution(db), 2),
}


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[School]]:
    """One school of 10 students and one of 1,000."""
    made = []
    for students in (10, 1000):
        folder: Path = tmp_path_factory.mktemp(f"school-{students}")
        school = School(folder)
        fill(school, students)
        made.append(school)
    yield made
    for school in made:
        school.__exit__()


@pytest.mark.parametrize(("page", "queries"), PAGES.values(), ids=PAGES)
def test_a_page_costs_the_same_few_queries_for_10_students_and_for_1000(
    schools: list[School], page: Callable[[Connection, Any], object], queries: int
) -> None:
    costs = []
    for school in schools:
        with school.views.read() as db:
            (one,) = (found.journey_id for found in journey.by_reference(db, "S-3"))
        with asking(school.views) as asked, school.views.read() as db:
            page(db, one)
        costs.append(len(asked))
    assert costs == [queries, queries]


@pytest.mark.parametrize(
    "query",
    [drift._SOME, board_counts._EACH_LOT[1], board_counts._each_way(Filters(), TODAY)[1]],
    ids=["drift", "lots", "ways"],
)
def test_what_changed_is_found_by_its_key_however_large_the_cohort(schools: list[School], query: Plain) -> None:
    with schools[1].views.read() as db:
        plan = driver(db).execute(f"EXPLAIN QUERY PLAN {query._text}", [None for _ in query._given]).fetchall()
    told = "\n".join(step[3] for step in plan)
    assert "(journey_id=?)" in told
    assert "cohort" not in told


def test_a_journey_with_many_events_costs_the_same_two_queries(school: School) -> None:
    one = school.student([b.fact("publications", number) for number in range(300)])
    school.runner.catch_up()

    with asking(school.views) as asked, school.views.read() as db:
        journey.sheet(db, one)
    assert len(asked) == 2
