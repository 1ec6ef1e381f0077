"""As of: the read models of an earlier moment are those of that moment, whatever was recorded since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import InvalidValue
from core.journey import decisions
from projections import board, journey, timeline
from projections.past import Cut, began_with, cohort_at, journey_at, position_after, told_later
from tests import builders as b
from tests.playbooks import minimal_content
from tests.readmodel.school import TODAY, School

if TYPE_CHECKING:
    from uuid import UUID

    from core.journal.root import Stamp
    from core.journey.journey import Journey
    from projections.past import Past
    from projections.sheet import JourneySheet

STORY: tuple[Any, ...] = (
    b.fact("step2", 230),
    b.fact("step2", 238, source="score report"),
    b.heard("c", b.pd("Dr. Heron")),
    b.recommended("PIVOT_NOW"),
    b.withdrawn("c"),
    b.talked(),
    b.planned(),
    lambda j, at: decisions.record_decision(j, b.pivot(), stamp=at),
    b.fact("visa", "not_needed"),
)


def past_of(school: School, about: UUID | str, **cut: Any) -> Past:
    school.runner.catch_up()
    with school.views.read() as db:
        if isinstance(about, str):
            return cohort_at(school.journal, db, about, Cut(**cut))
        return journey_at(school.journal, db, about, Cut(**cut))


def sheet_of(past: Past, journey_id: UUID) -> JourneySheet | None:
    with past.read() as db:
        found = journey.sheet(db, journey_id)
    past.close()
    return found


def board_of(past: Past, cohort: str = "2026") -> board.BoardPage:
    with past.read() as db:
        found = board.page(db, cohort, today=TODAY)
    past.close()
    return found


def test_the_journey_and_the_board_of_every_earlier_position_are_what_they_were_then(school: School) -> None:
    other = school.student(student_ref="S-200", name="Alex Moor")
    one = school.student(*b.path_ready())
    seen = []
    for number, step in enumerate(STORY):
        school.add(one, step)
        school.add(other, b.fact("step2", 200 + number))
        seen.append((school.journal.head(), school.sheet(one), school.board().rows))

    assert len({repr(sheet) for _, sheet, _ in seen}) == len(STORY)
    for position, sheet, rows in seen:
        assert sheet_of(past_of(school, one, position=position), one) == sheet
        assert board_of(past_of(school, "2026", position=position)).rows == rows


def test_a_second_replay_gives_the_same_bytes(school: School) -> None:
    one = school.student(*b.path_ready(), *STORY)
    first, second = (past_of(school, one, position=school.journal.head() - 2) for _ in range(2))
    assert repr(sheet_of(first, one)) == repr(sheet_of(second, one))


def test_a_day_ends_for_each_stream_at_its_first_later_event(school: School) -> None:
    one = school.student(b.fact("step2", 230))
    midnight = datetime(2026, 4, 2, tzinfo=UTC)
    school.now = midnight - timedelta(minutes=1, seconds=1)
    school.add(one, b.fact("step2", 238))  # a second before midnight
    school.add(one, b.fact("step2", 240))  # a minute later

    found = sheet_of(past_of(school, one, before=midnight), one)

    assert found is not None
    assert found.facts["step2"].value == 238


def test_a_journey_that_was_not_open_yet_is_not_there(school: School) -> None:
    before = school.journal.head()
    one = school.student()
    assert sheet_of(past_of(school, one, position=before), one) is None
    assert board_of(past_of(school, "2026", position=before)).students == 0


def test_before_the_institution_was_founded_there_is_nothing_to_show(school: School) -> None:
    one = school.student()
    with pytest.raises(InvalidValue, match="after the records of this institution were begun"):
        past_of(school, one, before=datetime(2020, 1, 1, tzinfo=UTC))


def test_the_playbook_of_then_is_the_one_that_was_in_force(school: School) -> None:
    one = school.student()
    before = school.journal.head()
    school.publish(minimal_content() | {"label": "next year"})
    old, new = past_of(school, one, position=before), past_of(school, one, position=school.journal.head())
    assert (old.institution.playbook or {})["label"] == minimal_content()["label"]
    assert (new.institution.playbook or {})["label"] == "next year"
    old.close()
    new.close()


def test_what_had_happened_and_was_recorded_later_is_told_with_both_dates(school: School) -> None:
    one = school.student(b.fact("step2", 230))
    school.now = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
    school.add(one, b.fact("visa", "j1"), on=date(2026, 4, 2))
    school.add(one, b.fact("research", "limited"), on=date(2026, 5, 19))

    school.runner.catch_up()
    with school.views.read() as db:
        (late,) = told_later(db, one, version=2, on=date(2026, 5, 1))

    assert (late.happened_on, late.recorded_at.date(), late.late) == (date(2026, 4, 2), date(2026, 5, 20), True)
    found = sheet_of(past_of(school, one, before=datetime(2026, 5, 2, tzinfo=UTC)), one)
    assert found is not None
    assert set(found.facts) == {"step2"}


def test_a_step_of_the_slider_takes_in_what_followed_from_the_event_by_itself(school: School) -> None:
    one = school.student()

    def recorded(j: Journey, at: Stamp) -> None:  # one command, as the use cases do it
        b.fact("step2", 230)(j, at)
        b.recommended("INDETERMINATE")(j, at)

    school.add(one, recorded)
    school.add(one, b.fact("visa", "not_needed"))
    entries = school.entries(one)
    with school.views.read() as db:
        assert position_after(db, one, 1) == entries[0].position
        assert position_after(db, one, 2) == entries[2].position
        assert position_after(db, one, 99) is None
        assert [began_with(db, one, version) for version in (1, 2, 3, 4)] == [1, 2, 2, 4]


def test_of_an_erased_journey_the_past_shows_nothing_either(school: School) -> None:
    one = school.student(*STORY[:3])
    position = school.journal.head()
    school.erase()
    found = sheet_of(past_of(school, one, position=position), one)
    assert found is not None
    assert found.erased
    assert board_of(past_of(school, "2026", position=position)).rows == ()


def test_the_time_line_of_then_ends_then(school: School) -> None:
    one = school.student(*STORY[:4])
    past = past_of(school, one, position=school.entries(one)[2].position)
    with past.read() as db:
        shown = timeline.page(db, one).entries[::-1]
    past.close()
    assert shown == school.entries(one)[:3]
