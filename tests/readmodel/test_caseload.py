"""What an advisor sees of their own students, and what is new to them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import InvalidValue
from core.journey import contacts, decisions
from projections import activity, overview, register
from projections.board import Filters
from projections.board_filters import Seen
from projections.register import Wanted
from tests import builders as b
from tests.asked import asking
from tests.readmodel.school import TODAY, School

if TYPE_CHECKING:
    from uuid import UUID

PIVOT = b.pivot(reason_code="money", reason="My loans.")
EVERYBODY = Filters()


def seen_by(school: School, query: Any, filters: Filters = EVERYBODY, **more: Any) -> Any:
    school.runner.catch_up()
    with school.views.read() as db:
        return query(db, "2026", filters, TODAY, **more)


def dissent(why: str = "Try once more.") -> b.Step:
    return lambda j, at: decisions.dissent(j, "d-1", why=why, stamp=at)


def given_to(member: Any) -> b.Step:
    return lambda j, at: contacts.assign_advisor(j, str(member.id), team=None, stamp=at)


def caseloads(school: School, seen: Seen, quiet: int = 14) -> dict[str, overview.Caseload]:
    school.runner.catch_up()
    with school.views.read() as db:
        found = overview.caseloads(db, "2026", quiet_days=quiet, seen=seen, today=TODAY)
    return {one.advisor_name: one for one in found}


def test_every_number_of_a_caseload_is_what_the_board_shows_for_it(school: School) -> None:
    mine = given_to(school.ruiz)
    school.student(mine, b.path_ready(), student_ref="A")
    school.student(mine, b.planned(due_on=date(2026, 5, 1)), student_ref="B")
    school.student(mine, b.path_ready(), b.recommended("PIVOT_NOW"), b.decided(PIVOT), student_ref="C")
    school.add(school.student(mine, student_ref="D"), b.talked(), on=date(2026, 6, 10))
    school.student(student_ref="E")
    stranger = Seen(member="somebody")

    found = caseloads(school, stranger)

    assert list(found) == ["Rosa Ruiz", ""]
    ruiz = found["Rosa Ruiz"]
    numbers = {one.name for one in fields(ruiz)} - {"advisor_id", "advisor_name"}
    clicks: dict[str, dict[str, Any]] = {
        "students": {},
        "undecided": {"decision": "none"},
        "gate_open": {"decision": "none", "gate": "path_open"},
        "gate_closed": {"decision": "none", "gate": "path_closed"},
        "decide_soon": {"needs": "decide_soon"},
        "quiet": {"quiet": "14"},
        "overdue": {"needs": "overdue"},
        "news": {"news": stranger},
    }
    assert clicks.keys() == numbers
    for advisor, row in (("none", found[""]), (str(school.ruiz.id), ruiz)):
        for name, click in clicks.items():
            assert getattr(row, name) == school.board(filters=Filters(advisor=advisor, **click)).total, name
    assert (ruiz.students, ruiz.undecided, ruiz.gate_open, ruiz.quiet, ruiz.overdue) == (4, 3, 1, 3, 1)
    assert caseloads(school, stranger, quiet=6)["Rosa Ruiz"].quiet == 4


def news_for(school: School, seen: Seen) -> list[str]:
    return sorted(row.student_ref for row in school.board(filters=Filters(news=seen)).rows)


def test_news_is_what_others_changed_since_somebody_looked(school: School) -> None:
    a, c = school.student(student_ref="A"), school.student(student_ref="C")
    reader = Seen(member=str(school.steward.id))
    assert news_for(school, reader) == ["A", "C"]

    opened = replace(reader, journeys={a.hex: position(school, a)})
    assert news_for(school, opened) == ["C"]
    assert news_for(school, replace(reader, since=school.views.position())) == []

    school.add(a, b.talked())
    school.add(c, b.talked(), actor=reader.member)
    assert news_for(school, opened) == ["A"]
    assert [one.changed_words for one in seen_by(school, overview.news, Filters(news=opened), most=5)] == [
        "Call with the student"
    ]


def position(school: School, journey: UUID) -> int:
    return school.sheet(journey).position


@pytest.mark.parametrize("quiet", ["0", "-3", "1000", "two", "٣", "1.5"])
def test_days_of_silence_are_a_whole_number(school: School, quiet: str) -> None:
    with pytest.raises(InvalidValue, match="a whole number of days from 1 to 999"):
        school.board(filters=Filters(quiet=quiet))


def test_no_page_asks_more_for_a_larger_cohort(school: School) -> None:
    counts: list[list[int]] = []
    seen = Seen(member="somebody")
    for size in (10, 60):
        for number in range(size):
            school.student(b.overridden("pivot"), b.decided(PIVOT), dissent(), student_ref=f"{size}-{number}")
        school.runner.catch_up()
        counts.append([])
        with asking(school.views) as asked, school.views.read() as db:
            for ask in (
                lambda db=db: register.page(db, "2026", Wanted()),
                lambda db=db: activity.page(db, "2026", activity.Wanted(day=TODAY)),
                lambda db=db: overview.flow(db, "2026", EVERYBODY, TODAY),
                lambda db=db: overview.ends(db, "2026", EVERYBODY, TODAY),
                lambda db=db: overview.ladders(db, "2026", EVERYBODY, TODAY),
                lambda db=db: overview.caseloads(db, "2026", quiet_days=14, seen=seen, today=TODAY),
                lambda db=db: overview.news(db, "2026", Filters(news=seen), TODAY, most=5),
            ):
                asked.clear()
                ask()
                counts[-1].append(len(asked))
    assert counts[0] == counts[1] == [2, 2, 2, 1, 1, 1, 1]
