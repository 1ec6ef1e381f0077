"""Events that cannot be folded: tried again, parked for those that cannot take them, and everything else goes on."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import StoreError
from core.journey import contacts
from projections import board_table, folding, parking, recommended, timeline, wording
from projections.registry import MODELS
from projections.runner import Runner, status
from projections.store import open_views
from tests import builders as b
from tests.readmodel.test_runner import until

if TYPE_CHECKING:
    from uuid import UUID

    from projections.model import ReadModel
    from tests.readmodel.school import School


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "RETRY_S", 0.0)


def poisoned(topic: str, model: ReadModel = timeline.MODEL, *, times: int = 10**9) -> tuple[ReadModel, ...]:
    """The read models, of which one cannot take one kind of event, for so many times."""
    left = [times]

    def fold(work: Any, one: Any) -> None:
        if topic == type(one.event).TOPIC and left[0] > 0:
            left[0] -= 1
            raise KeyError("Robin Vale")  # what a fold might blurt out
        if model.fold is not None:
            model.fold(work, one)

    return tuple(dataclasses.replace(m, fold=fold) if m is model else m for m in MODELS)


def damage(school: School, journey_id: UUID, version: int) -> None:
    """Make a row of the journal unreadable, as a bad disk would."""
    with sqlite3.connect(school.folder / "journal.db", isolation_level=None) as db:
        place = (journey_id.hex, version)
        db.execute(
            "UPDATE stored_events SET state = zeroblob(200) WHERE originator_id = ? AND originator_version = ?",
            place,
        )
    db.close()


def mend(school: School, journey_id: UUID, version: int, state: bytes) -> None:
    with sqlite3.connect(school.folder / "journal.db", isolation_level=None) as db:
        db.execute(
            "UPDATE stored_events SET state = ? WHERE originator_id = ? AND originator_version = ?",
            (state, journey_id.hex, version),
        )
    db.close()


def state_of(school: School, journey_id: UUID, version: int) -> bytes:
    with sqlite3.connect(school.folder / "journal.db") as db:
        (state,) = db.execute(
            "SELECT state FROM stored_events WHERE originator_id = ? AND originator_version = ?",
            (journey_id.hex, version),
        ).fetchone()
    db.close()
    return bytes(state)


def test_only_the_read_model_that_could_not_take_an_event_lacks_it(school: School) -> None:
    one = school.student(b.path_ready(), b.talked())
    other = school.student(student_ref="S-101")
    broken = Runner(school.journal, school.views, poisoned("contact.logged"), clock=lambda: school.now)

    assert broken.catch_up() == school.journal.head(), "it goes on"

    now = broken.status()
    assert (now.state, now.degraded, now.lag, now.error) == ("degraded", ("timeline",), 0, None)
    (parked,) = now.parked
    assert (parked.stream, parked.version, parked.topic) == (one, 14, "contact.logged")
    assert (parked.at, parked.models) == (school.now, ("timeline",))
    assert parked.reason.startswith("KeyError at test_parking.py:")
    assert "Robin Vale" not in parked.reason
    assert status(school.journal, school.views) == dataclasses.replace(now, running=False)
    assert {row.journey_id: row.last_contact_on for row in school.board().rows}[one] == b.TODAY
    with school.views.read() as db:
        assert [entry.version for entry in timeline.page(db, one).entries] == list(range(13, 0, -1))
        assert len(timeline.page(db, other).entries) == 1
    assert school.sheet(one).incomplete == (14,)
    assert school.sheet(other).incomplete == ()


def test_the_journey_goes_on_after_an_event_that_does_not_open_and_says_what_it_lacks(school: School) -> None:
    one = school.student(b.path_ready(), b.talked())
    whole = state_of(school, one, 5)
    damage(school, one, 5)

    school.runner.catch_up()

    sheet = school.sheet(one)
    assert (sheet.version, sheet.incomplete, sheet.last_contact_on) == (14, (5,), b.TODAY)
    now = school.runner.status()
    assert [(p.version, p.models) for p in now.parked] == [(5, ("board", "journey", "timeline"))]
    assert "has no readable header" in now.parked[0].reason
    live = school.digests()
    school.runner.rebuild()
    assert school.digests() == live, "the same program parks the same events"

    mend(school, one, 5, whole)
    assert school.runner.status().parked, "nothing is tried again without being asked for"
    school.runner.rebuild()

    assert (school.runner.status().state, school.runner.status().parked) == ("current", ())
    assert school.sheet(one).incomplete == ()


def test_a_program_that_can_take_the_event_has_nothing_parked_after_trying_again(school: School) -> None:
    one = school.student(b.path_ready(), b.talked(), b.recommended("REAPPLY"))
    Runner(school.journal, school.views, poisoned("contact.logged", board_table.MODEL)).catch_up()
    assert school.runner.status().degraded == ("board",)

    school.runner.start_rebuild()

    assert until(lambda: school.runner.status().state == "current")
    grown = school.digests()
    assert school.row().last_contact_on == b.TODAY
    assert school.sheet(one).incomplete == ()
    school.runner.rebuild()
    assert school.digests() == grown


def test_an_event_that_can_be_taken_the_second_time_is_not_parked(school: School) -> None:
    school.student(b.talked())
    passes_down_to_one = 4  # of 6 events: 2000 ... are all the same; then 3, 1, and the event by itself
    flaky = Runner(school.journal, school.views, poisoned("contact.logged", times=passes_down_to_one))

    flaky.catch_up()

    assert flaky.status().state == "current"


def test_an_event_that_no_program_of_ours_wrote_is_parked_for_all(school: School) -> None:
    with sqlite3.connect(school.folder / "journal.db", isolation_level=None) as db:
        db.execute("INSERT INTO stored_events VALUES ('nobody', 'first', 'os.system', CAST(x'ff' AS TEXT))")
    db.close()
    school.student()

    school.runner.catch_up()

    now = school.runner.status()
    assert now.degraded == tuple(model.name for model in MODELS)
    assert now.parked[0].reason == "no program of ours wrote this row"
    assert school.board().total == 1
    school.runner.rebuild()
    assert school.runner.status().position == school.journal.head()


def test_words_that_fail_leave_a_hole_in_the_timeline_alone(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    def speechless(*_: object) -> tuple[str, str]:
        raise LookupError

    one = school.student()
    school.add(one, b.talked())
    monkeypatch.setitem(wording.WRITERS, contacts.ContactLogged, speechless)

    school.runner.catch_up()

    assert school.runner.status().degraded == ("timeline",)
    assert school.row().last_contact_on == b.TODAY
    assert school.row().changed_words == "Recorded"


def test_a_page_shows_the_rest_where_a_line_behind_it_is_missing(school: School) -> None:
    """Facts and gates come from the state of the journey; who said what and when comes from the timeline."""
    one = school.student(
        b.path_ready(),
        b.overridden("soap_take_part"),
        b.recommended("REAPPLY"),
        b.decided(b.pivot(reason_code="money", reason="Loans")),
    )
    taken = {"assessment.weaknesses-assessed", "feedback.opinion-received", "decision.recorded"}
    taken |= {"decision.gate-overridden", "decision.recommendation-issued"}

    def fold(work: Any, event: Any) -> None:
        if type(event.event).TOPIC in taken:
            raise ValueError
        assert timeline.MODEL.fold is not None
        timeline.MODEL.fold(work, event)

    models = tuple(dataclasses.replace(m, fold=fold) if m is timeline.MODEL else m for m in MODELS)
    Runner(school.journal, school.views, models).catch_up()

    sheet = school.sheet(one)
    assert len(sheet.incomplete) == 5
    assert sheet.facts["step2"].value == 238
    assert (sheet.weaknesses, sheet.opinions, sheet.decisions, sheet.overrides) == (None, (), (), ())
    assert sheet.recommendation is None
    assert sheet.gates["pivot"].is_open


def test_too_many_parked_events_stop_the_rows_and_say_why(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "PARKED_MAX", 2)
    school.student([b.talked()] * 4)
    broken = Runner(school.journal, school.views, poisoned("contact.logged"))

    with pytest.raises(StoreError, match=r"and 2 are parked: the program or the store needs a repair$"):
        broken.catch_up()

    now = broken.status()
    assert (now.state, now.lag, len(now.parked)) == ("degraded", 2, 2)
    with pytest.raises(StoreError, match="needs a repair"):
        broken.rebuild()
    assert broken.status().remaking is None
    assert school.runner.catch_up() == school.journal.head(), "a program that can goes on"


def test_the_thread_goes_on_past_a_bad_event(school: School) -> None:
    school.student(b.talked())
    follower = Runner(school.journal, school.views, poisoned("contact.logged"), poll_s=0.01)
    follower.start()
    assert until(lambda: follower.status().state == "degraded")

    school.student(student_ref="S-101")

    assert follower.wait_for(school.journal.head(), 60.0)
    follower.stop()


def test_a_restart_after_a_bad_event_uses_the_rows_as_they_are(school: School) -> None:
    one = school.student()
    damage(school, one, 1)
    school.runner.catch_up()
    school.views.close()

    school.views = open_views(school.folder, school.journal)

    assert school.views.note is None
    assert status(school.journal, school.views).parked


def test_a_recommendation_that_could_not_be_taken_leaves_the_one_before_it(school: School) -> None:
    school.student(b.path_ready(), b.recommended("REAPPLY"))
    school.runner.catch_up()
    one = school.row().journey_id
    school.add(one, b.recommended("PIVOT_NOW"))
    Runner(school.journal, school.views, poisoned("decision.recommendation-issued", recommended.MODEL)).catch_up()

    sheet = school.sheet(one)

    assert sheet.incomplete == (15,)
    assert sheet.recommendation is None
    assert sheet.previous is not None
    assert sheet.previous.outcome == "REAPPLY"
    assert school.row().recommendation == "PIVOT_NOW"
