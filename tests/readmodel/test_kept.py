"""What is kept of earlier pages: never shown when it is not so any more, and no more of it than was said."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from core.decision.playbook import Playbook
from core.journey import contacts
from projections import board, overview
from projections.board import Filters
from projections.drift import count_drifted, drifted
from projections.kept import Kept, Once, Present
from tests import builders as b
from tests.playbooks import minimal_content
from tests.readmodel.school import TODAY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection

    import pytest

    from tests.readmodel.school import School

EVERYBODY = Filters()
PLAYBOOK = Playbook.from_content(minimal_content())
VIEWS = (EVERYBODY, Filters(needs="no_contact"), Filters(specialty="dermatology"), Filters(q="stud"))


def shown(school: School, kept: Kept | None, filters: Filters, **more: Any) -> tuple[Any, ...]:
    school.runner.catch_up()
    with school.views.read() as db:
        present = Present(db, "2026", kept)
        page = board.page(db, "2026", filters=filters, today=TODAY, present=present, **more)
        flow = overview.flow(db, "2026", filters, TODAY, present)
        drift = count_drifted(db, present, PLAYBOOK, TODAY)
        assert drift == len(drifted(db, "2026", PLAYBOOK, TODAY, {}))
        return drift, page, [(one.name, one.last_contact_on) for one in page.rows], sorted(flow, key=str)


def test_a_board_with_what_is_kept_is_the_board_without_after_every_change(school: School) -> None:
    kept = Kept()
    students = [school.student(student_ref=f"S-{n}", name=f"Student {n}") for n in range(4)]
    steps = [b.recommended("PIVOT_NOW"), *b.path_ready(), b.planned("soon", title="Soon", due_on=TODAY)]
    for number, step in enumerate(steps):
        school.add(students[number % len(students)], step)
        for filters in VIEWS:
            for _ in range(2):  # counted, and kept
                assert shown(school, kept, filters) == shown(school, None, filters)


def test_an_advisors_own_students_are_counted_right_when_they_change_hands(school: School) -> None:
    kept = Kept()
    mine, none = Filters(advisor=str(school.ruiz.id)), Filters(advisor="none")
    one, other = (school.student(student_ref=f"S-{n}", name=f"Student {n}") for n in (1, 2))
    totals = []
    for student, advisor in ((one, mine.advisor), (other, mine.advisor), (one, "somebody"), (one, mine.advisor)):
        school.add(student, lambda j, at, who=advisor: contacts.assign_advisor(j, who, team="east", stamp=at))
        for filters in (mine, none):
            assert shown(school, kept, filters) == shown(school, None, filters)
        totals.append([shown(school, kept, filters)[1].total for filters in (mine, none)])
    assert totals == [[1, 1], [2, 0], [1, 0], [2, 0]]


def test_drift_is_counted_again_for_a_journey_that_changed_and_kept_for_the_others(school: School) -> None:
    kept = Kept()
    one, other = (school.student(b.path_ready(), student_ref=f"S-{n}") for n in (1, 2))
    counts = [shown(school, kept, EVERYBODY)[0]]
    against = b.pivot(reason_code="money", reason="Loans")
    for journey, step in (
        (one, [b.recommended("REAPPLY"), b.decided(against)]),
        (other, [b.recommended("REAPPLY"), b.decided(against)]),
        (one, [b.fact("step2", 251)]),
    ):
        school.add(journey, step)
        counts += [shown(school, kept, EVERYBODY)[0] for _ in range(2)]
    assert counts == [counts[0], *(count for each in counts[1::2] for count in (each, each))]
    assert len(set(counts)) > 1, "the control: something drifted"


def test_many_changes_at_once_are_counted_as_few_are(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, students = Kept(), [school.student(student_ref=f"S-{n}", name=f"Student {n}") for n in range(6)]
    assert shown(school, kept, EVERYBODY) == shown(school, None, EVERYBODY)
    monkeypatch.setattr("projections.kept._FEW", 3)
    for changed in (2, 5):
        for student in students[:changed]:
            school.add(student, b.recommended("PIVOT_NOW" if changed == 5 else "REAPPLY"))
        assert shown(school, kept, EVERYBODY) == shown(school, None, EVERYBODY)


def test_only_the_journeys_that_changed_are_looked_at_again(school: School) -> None:
    kept = Kept()
    asked: list[Collection[str] | None] = []
    one, other = (school.student(student_ref=f"S-{n}") for n in (1, 2))

    def tally() -> Counter[str]:
        school.runner.catch_up()
        with school.views.read() as db:
            return Present(db, "2026", kept).tally(("letters",), find)

    def find(journeys: Collection[str] | None) -> dict[str, str]:
        asked.append(journeys)
        return dict.fromkeys([one.hex, other.hex] if journeys is None else journeys, "a" if journeys is None else "b")

    assert [tally(), tally()] == [{"a": 2}] * 2
    school.add(one, b.recommended("PIVOT_NOW"))
    assert [tally(), tally()] == [{"a": 1, "b": 1}] * 2
    assert asked == [None, {one.hex}]


def test_counts_are_kept_while_nothing_of_the_cohort_changed_and_no_longer(school: School) -> None:
    one = school.student(student_ref="S-1")
    kept, counted = Kept(), list[int]()

    def count() -> int:
        school.runner.catch_up()
        with school.views.read() as db:
            return Present(db, "2026", kept).counted("things", EVERYBODY, TODAY, again)

    def again() -> int:
        counted.append(1)
        return len(counted)

    assert [count(), count()] == [1, 1]
    school.student(student_ref="S-2", cycle=2025, match_day=date(2025, 3, 21), learned_on=date(2025, 3, 17))
    assert count() == 1, "another cohort"
    school.add(one, b.recommended("PIVOT_NOW"))
    assert [count(), count()] == [2, 2]


def test_a_reader_of_an_older_moment_neither_takes_nor_leaves_counts(school: School) -> None:
    one = school.student(student_ref="S-1")
    kept = Kept()
    school.runner.catch_up()
    with school.views.read() as before:
        older = Present(before, "2026", kept)
        school.add(one, b.recommended("PIVOT_NOW"))
        school.runner.catch_up()
        with school.views.read() as after:
            assert Present(after, "2026", kept).counted("things", EVERYBODY, TODAY, lambda: "new") == "new"
        assert older.counted("things", EVERYBODY, TODAY, lambda: "old") == "old"
    with school.views.read() as after:
        assert Present(after, "2026", kept).counted("things", EVERYBODY, TODAY, lambda: "counted again") == "new"


def test_another_day_counts_anew(school: School) -> None:
    one = school.student(student_ref="S-1")
    school.add(one, lambda j, at: contacts.log_contact(j, channel="call", summary="Spoke.", stamp=at.on(TODAY)))
    school.runner.catch_up()
    kept = Kept()
    for days in (0, 13, 14):
        today = TODAY + timedelta(days=days)
        with school.views.read() as db:
            page = board.page(db, "2026", today=today, present=Present(db, "2026", kept))
        assert (page.counts["no_contact"], page.rows[0].days_since_contact) == (int(days >= 14), days)


def test_what_a_person_typed_is_not_kept(school: School) -> None:
    school.student(student_ref="S-1", name="Wren Osprey")
    kept = Kept()
    for filters in (Filters(q="osprey"), Filters(profile="unknown")):
        assert shown(school, kept, filters) == shown(school, kept, filters)
    parts = [part for key in kept._lately if isinstance(key, tuple) for part in key if isinstance(part, Filters)]
    assert Filters(profile="unknown") in parts, "the control"
    assert not any(part.q for part in parts)


def test_no_more_is_kept_than_was_said_and_what_is_asked_for_stays() -> None:
    kept = Kept(most=10)
    for n in range(1000):
        kept(("often",), lambda: "kept")
        assert kept((n,), partial(str, n)) == str(n)
    assert kept(("often",), lambda: "made again") == "kept"
    assert len(kept._lately) + len(kept._before) <= 20


def test_after_an_erasure_nothing_from_before_it_is_kept() -> None:
    once = Once()
    once.of("0-views-1")(("row",), lambda: "a name")
    assert once.of("0-views-1")(("row",), lambda: "") == "a name"
    assert once.of("1-views-1")(("row",), lambda: "") == ""
    assert once.of("1-views-1") is once.of("1-views-1")
