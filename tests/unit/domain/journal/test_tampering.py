"""A row that was edited, moved, copied or renamed does not open, and says so in one sentence."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from core.errors import StoreError
from core.journal.store import open_journal
from core.journey.journey import Journey

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.domain.journal.conftest import Store

EDITED = "does not open at its place: the row was edited, moved or copied"
ROW = "WHERE originator_id = ? AND originator_version = ?"


def state_of(store: Store, stream: UUID, version: int) -> bytes:
    [(state,)] = store.sql(f"SELECT state FROM stored_events {ROW}", stream.hex, version)
    return bytes(state)


def put(store: Store, stream: UUID, version: int, **columns: Any) -> None:
    for column, value in columns.items():
        store.sql(f"UPDATE stored_events SET {column} = ? {ROW}", value, stream.hex, version)


def refused(store: Store, stream: UUID, sentence: str) -> None:
    """Both ways to read refuse: the stream, and the log."""
    journal = store.reopen()
    with pytest.raises(StoreError) as refusal:
        journal.get(Journey, stream)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    with pytest.raises(StoreError):
        journal.read_log(0, 100)


@pytest.mark.parametrize(
    ("region", "byte", "sentence"),
    [
        ("format", 0, "has no readable header (it must begin with format 1)"),
        ("key id", 1, "keys.db lacks a key that the journal needs"),
        ("recorded at, first byte", 17, EDITED),
        ("recorded at, last byte", 24, EDITED),
        ("commitment", 25, EDITED),
        ("commitment, end", 56, EDITED),
        ("nonce", 57, EDITED),
        ("salt", 69, EDITED),
        ("body", 90, EDITED),
        ("tag", -1, EDITED),
    ],
)
def test_an_edited_byte_is_found_in_every_region(store: Store, region: str, byte: int, sentence: str) -> None:
    journey = store.begin()
    state = bytearray(state_of(store, journey.id, 2))
    state[byte] ^= 1
    put(store, journey.id, 2, state=bytes(state))
    refused(store, journey.id, sentence)


@pytest.mark.parametrize("length", [0, 1, 56, 57, 69, 100])
def test_a_truncated_row_is_found(store: Store, length: int) -> None:
    journey = store.begin()
    put(store, journey.id, 2, state=state_of(store, journey.id, 2)[:length])
    refused(store, journey.id, f"event 2 of stream {journey.id}")


@pytest.mark.parametrize("state", [None, "text in place of bytes", 7])
def test_a_state_that_is_no_bytes_is_found(store: Store, state: Any) -> None:
    journey = store.begin()
    put(store, journey.id, 2, state=state)
    refused(store, journey.id, "has no readable header")


def test_a_row_copied_to_another_student_does_not_open(store: Store) -> None:
    one, other = store.begin(), store.begin(student_ref="S-200")
    put(store, other.id, 2, state=state_of(store, one.id, 2))
    refused(store, other.id, f"event 2 of stream {other.id} {EDITED}")


def test_a_row_copied_to_another_journey_of_the_same_student_does_not_open(store: Store) -> None:
    one, other = store.begin(), store.begin(match_system="aua")
    put(store, other.id, 2, state=state_of(store, one.id, 2))
    refused(store, other.id, EDITED)


def test_a_row_moved_to_another_version_does_not_open(store: Store) -> None:
    journey = store.begin()
    put(store, journey.id, 3, originator_version=9)
    put(store, journey.id, 2, originator_version=3)
    put(store, journey.id, 9, originator_version=2)
    refused(store, journey.id, EDITED)


def test_a_row_under_another_known_topic_does_not_open(store: Store) -> None:
    journey = store.begin()
    put(store, journey.id, 2, topic="assessment.fact-corrected")
    refused(store, journey.id, EDITED)


def test_a_row_under_an_unknown_topic_is_refused_and_imports_nothing(store: Store, tmp_path: Path) -> None:
    journey = store.begin()
    module = tmp_path / "planted_module.py"
    module.write_text("raise SystemExit('planted code ran')\n")
    sys.path.insert(0, str(tmp_path))
    try:
        for topic in ("planted_module:Planted", "os:system", "journey.created#planted_module", "x" * 500, ""):
            put(store, journey.id, 2, topic=topic)
            refused(store, journey.id, "has the unknown topic")
    finally:
        sys.path.remove(str(tmp_path))
    assert "planted_module" not in sys.modules


def test_a_row_of_another_institution_does_not_open(store: Store) -> None:
    """Even under the same master key and with the student's key carried over."""
    store.begin()
    store.journal.close()
    store.sql("UPDATE institution SET id = ?", str(UUID(int=99)), file="keys.db")
    with pytest.raises(StoreError) as refusal:
        open_journal(store.folder, {})
    assert EDITED in str(refusal.value)


def test_a_row_deleted_from_the_middle_or_the_start_of_a_stream_is_found(store: Store) -> None:
    one, other = store.begin(), store.begin(student_ref="S-200")
    store.sql(f"DELETE FROM stored_events {ROW}", one.id.hex, 2)
    store.sql(f"DELETE FROM stored_events {ROW}", other.id.hex, 1)
    for journey, gone in ((one, 2), (other, 1)):
        with pytest.raises(StoreError, match=f"stream {journey.id} lacks its event {gone}"):
            store.journal.get(Journey, journey.id)


def test_a_row_under_an_id_that_is_none_is_found_in_the_log(store: Store) -> None:
    store.begin()
    store.sql("INSERT INTO stored_events VALUES ('not an id', 1, 'journey.created', x'00')")
    with pytest.raises(StoreError, match="a row that no program of ours wrote"):
        store.journal.read_log(0, 100)


def test_what_stands_before_the_tampered_row_can_still_be_read(store: Store) -> None:
    journey = store.begin()
    put(store, journey.id, 3, state=b"\x01" * 200)
    assert store.journal.get(Journey, journey.id, version=2).facts["step2"].value == 238
    assert [r.event.TOPIC for r in store.journal.read_log(0, 2)] == ["journey.created", "assessment.fact-recorded"]  # type: ignore[union-attr]


def test_the_sentence_holds_nothing_of_the_person(store: Store) -> None:
    journey = store.begin()
    put(store, journey.id, 2, state=bytes(reversed(state_of(store, journey.id, 2))))
    with pytest.raises(StoreError) as refusal:
        store.journal.get(Journey, journey.id)
    assert "Robin" not in json.dumps(str(refusal.value))
