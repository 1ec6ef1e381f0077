"""A destroyed key erases: what was sealed under it leaves a tombstone, and nobody else is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import RecordErased
from core.journal.root import Erased
from core.journey import contacts
from core.journey.journey import Journey, student_subject
from tests.builders import NOW, stamp

if TYPE_CHECKING:
    from tests.unit.domain.journal.conftest import Store


def erase(store: Store, reference: str = "S-100") -> str:
    subject = student_subject(store.journal.keys, reference)
    store.journal.keys.destroy(subject, NOW)
    return subject


@pytest.mark.parametrize("restart", [False, True])
def test_an_erased_stream_is_a_row_of_tombstones(store: Store, restart: bool) -> None:  # noqa: FBT001 - a parameter
    journey = store.begin()
    erase(store)
    journal = store.reopen() if restart else store.journal
    left = journal.stream(journey.id)
    assert all(isinstance(one, Erased) for one in left)
    assert [(one.originator_version, one.topic, one.recorded_at) for one in left if isinstance(one, Erased)] == [
        (1, "journey.created", NOW),
        (2, "assessment.fact-recorded", NOW),
        (3, "contact.note-added", NOW),
    ]


def test_the_log_keeps_its_positions_and_shows_tombstones(store: Store) -> None:
    store.begin()
    other = store.begin(student_ref="S-200")
    before = [one.position for one in store.journal.read_log(0, 100)]
    erase(store)
    log = store.journal.read_log(0, 100)
    assert [one.position for one in log] == before
    assert [isinstance(one.event, Erased) for one in log] == [True] * 3 + [False] * 3
    assert log[3].event.originator_id == other.id


def test_an_erased_record_is_neither_read_nor_added_to(store: Store) -> None:
    journey = store.begin()
    erase(store)
    with pytest.raises(RecordErased, match="this record was erased"):
        store.journal.get(Journey, journey.id)
    assert store.journal.has(journey.id)
    contacts.add_note(journey, visibility="team", body="held in memory", stamp=stamp("late"))
    head = store.journal.head()
    with pytest.raises(RecordErased, match="nothing can be added to it"):
        store.journal.save(journey)
    assert store.journal.head() == head


def test_a_new_journey_of_an_erased_student_is_refused(store: Store) -> None:
    store.begin()
    subject = erase(store)
    with pytest.raises(RecordErased):
        store.begin(cycle=2027, match_day=NOW.date().replace(year=2027), learned_on=NOW.date().replace(year=2027))
    assert store.journal.keys.is_erased(subject)


def test_every_journey_of_the_student_is_erased_and_no_other_student(store: Store) -> None:
    one, same, other = store.begin(), store.begin(match_system="aua"), store.begin(student_ref="S-200")
    erase(store)
    for journey in (one, same):
        with pytest.raises(RecordErased):
            store.journal.get(Journey, journey.id)
    assert store.journal.get(Journey, other.id).name == "Robin Vale"
    contacts.add_note(other, visibility="team", body="still here", stamp=stamp())
    store.journal.save(other)


def test_an_erasure_is_listed_with_its_day_so_that_a_restored_backup_can_repeat_it(store: Store) -> None:
    store.begin()
    subject = erase(store)
    assert store.reopen().keys.destroyed() == [(subject, NOW.isoformat())]


def test_erasing_twice_keeps_the_first_day(store: Store) -> None:
    store.begin()
    subject = erase(store)
    store.journal.keys.destroy(subject, NOW.replace(year=2030))
    assert store.journal.keys.destroyed() == [(subject, NOW.isoformat())]


def test_nothing_of_the_destroyed_key_is_left_in_the_files(store: Store) -> None:
    store.begin()
    [(wrapped,)] = store.sql("SELECT wrapped FROM subject_key WHERE subject LIKE 'student:%'", file="keys.db")
    erase(store)
    for path in store.folder.glob("keys.db*"):
        assert bytes(wrapped) not in path.read_bytes(), path.name


def test_the_commitment_outlives_the_erasure(store: Store) -> None:
    journey = store.begin()
    query = "SELECT substr(state, 26, 32) FROM stored_events WHERE originator_id = ? ORDER BY originator_version"
    before = store.sql(query, journey.id.hex)
    erase(store)
    assert store.sql(query, journey.id.hex) == before
