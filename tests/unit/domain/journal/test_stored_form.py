"""The stored form of an event, byte by byte, held against a second implementation that shares no code with it."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from core.errors import InvalidValue
from core.journey import assessments
from core.journey.journey import Journey, StoredWeakness
from tests.builders import ADVISOR, NOW, stamp
from tests.unit.domain.journal.conftest import NOTE

if TYPE_CHECKING:
    from tests.unit.domain.journal.conftest import Store


class ByHand:
    """Reads and writes rows with the files alone, as the layout in `core/journal/mapper.py` describes them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.master = bytes.fromhex((store.folder / "master.key").read_text())
        [(institution, self.secret)] = store.sql("SELECT id, secret FROM institution", file="keys.db")
        self.institution = UUID(institution)
        rows = store.sql("SELECT key_id, subject, wrapped FROM subject_key", file="keys.db")
        self.keys = {key_id: aes_key_unwrap(self.master, wrapped) for key_id, _, wrapped in rows}
        self.key_of = {subject: key_id for key_id, subject, _ in rows}

    def place(self, head: bytes, stream: UUID, version: int, topic: str) -> bytes:
        return head + self.institution.bytes + stream.bytes + struct.pack(">Q", version) + topic.encode()

    def read(self, stream: UUID, version: int) -> tuple[bytes, bytes, bytes]:
        """Return (header, salt, body) of a row."""
        where = "originator_id = ? AND originator_version = ?"
        [(topic, state)] = self.store.sql(f"SELECT topic, state FROM stored_events WHERE {where}", stream.hex, version)
        head, nonce, sealed = state[:57], state[57:69], state[69:]
        plain = AESGCM(self.keys[head[1:17]]).decrypt(nonce, sealed, self.place(head, stream, version, topic))
        return head, plain[:16], plain[16:]

    def write(self, place: tuple[UUID, int, str], subject: str, body: dict[str, Any], *, micros: int) -> None:
        salt, nonce = b"salt" * 4, b"nonce-of-12b"
        plain = salt + json.dumps(body).encode()
        head = struct.pack(">B16sq32s", 1, self.key_of[subject], micros, sha256(plain).digest())
        key = self.keys[self.key_of[subject]]
        stream, version, topic = place
        state = head + nonce + AESGCM(key).encrypt(nonce, plain, self.place(head, *place))
        self.store.sql("INSERT INTO stored_events VALUES (?, ?, ?, ?)", stream.hex, version, topic, state)


def test_the_header_holds_format_key_time_and_commitment(store: Store) -> None:
    journey = store.begin()
    by_hand = ByHand(store)
    head, salt, body = by_hand.read(journey.id, 2)
    assert len(head) == 57
    assert head[0] == 1
    [student] = [s for s in by_hand.key_of if s.startswith("student:")]
    assert head[1:17] == by_hand.key_of[student]
    micros = int((NOW - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    assert head[17:25] == micros.to_bytes(8, "big", signed=True)
    assert head[25:] == sha256(salt + body).digest()


def test_the_body_is_a_flat_json_object_of_the_events_fields(store: Store) -> None:
    journey = store.begin()
    bodies = [json.loads(ByHand(store).read(journey.id, version)[2]) for version in (1, 2, 3)]
    assert bodies[0] == {
        "actor": ADVISOR,
        "command_id": "open",
        "happened_on": None,
        "subject": journey_subject(store),
        "student_ref": "S-100",
        "name": "Robin Vale",
        "email": None,
        "cycle": 2026,
        "cohort": "2026",
        "match_system": "nrmp",
        "match_status": "unmatched",
        "match_day": "2026-03-20",
        "learned_on": "2026-03-16",
        "specialty": "orthopaedic-surgery",
        "earlier_journey": None,
        "imported": False,
    }
    assert bodies[1] == {
        "actor": ADVISOR,
        "command_id": "fact",
        "happened_on": None,
        "name": "step2",
        "value": 238,
        "source": "ERAS",
        "on_behalf": False,
        "imported": False,
    }
    assert bodies[2]["body"] == NOTE


def journey_subject(store: Store) -> str:
    [(subject,)] = store.sql("SELECT subject FROM subject_key WHERE subject LIKE 'student:%'", file="keys.db")
    return str(subject)


def test_the_body_that_is_committed_to_can_be_proved_without_the_key(store: Store) -> None:
    journey = store.begin()
    head, salt, body = ByHand(store).read(journey.id, 3)
    assert sha256(salt + body).digest() == head[25:57]
    assert sha256(salt + body.replace(b"January", b"October")).digest() != head[25:57]


def test_two_events_with_the_same_content_look_different(store: Store) -> None:
    journey = store.begin()
    for _ in range(2):
        assessments.record_fact(journey, "step2", 240, source="a", stamp=stamp("same"))
        assessments.record_fact(journey, "step2", 241, source="a", stamp=stamp("same"))
    store.journal.save(journey)
    by_hand = ByHand(store)
    first, second = by_hand.read(journey.id, 4), by_hand.read(journey.id, 6)
    assert first[2] == second[2]
    assert (first[0][25:], first[1]) != (second[0][25:], second[1])


def test_a_row_made_by_hand_is_loaded(store: Store) -> None:
    journey = store.begin()
    body = {
        "actor": "by hand",
        "command_id": "h-1",
        "happened_on": "2026-03-01",
        "name": "red_flags",
        "value": ["visa"],
        "source": "letter",
        "on_behalf": True,
        "imported": False,
    }
    place = journey.id, 4, "assessment.fact-recorded"
    ByHand(store).write(place, journey_subject(store), body, micros=-1)
    loaded = store.reopen().get(Journey, journey.id)
    fact = loaded.facts["red_flags"]
    assert (fact.value, fact.actor, fact.on_behalf, fact.version) == (("visa",), "by hand", True, 4)
    assert fact.recorded_at == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert str(fact.happened_on) == "2026-03-01"
    assert "h-1" in loaded.commands


def test_what_could_not_be_read_back_is_never_stored(store: Store) -> None:
    journey = store.begin()
    head = store.journal.head()
    impossible: Any = StoredWeakness(kind="luck", remedy=None, months=1)  # type: ignore[arg-type]
    journey.record(assessments.WeaknessesAssessed, stamp(), weaknesses=(impossible,), source="x")
    with pytest.raises(InvalidValue, match=r"assessment\.weaknesses-assessed"):
        store.journal.save(journey)
    assert store.journal.head() == head


def test_text_that_is_no_unicode_is_refused_and_not_stored(store: Store) -> None:
    journey = store.begin()
    assessments.record_fact(journey, "honors", "half \ud83d a pair", source="x", stamp=stamp())
    with pytest.raises(InvalidValue, match=r"assessment\.fact-recorded"):
        store.journal.save(journey)


def test_nothing_of_a_person_stands_in_any_file_of_the_store_in_clear(store: Store) -> None:
    store.begin(email="robin.vale@school.example")
    store.journal.close()
    written = b"".join(path.read_bytes() for path in store.folder.iterdir())
    for secret in (NOTE, "Robin Vale", "S-100", "robin.vale@", ADVISOR, '"step2"'):
        assert secret.encode() not in written
    assert b"contact.note-added" in written  # the topic is in clear


def test_a_student_reference_cannot_be_guessed_back_from_the_ids(store: Store) -> None:
    journey = store.begin()
    for guess in (b"S-100", b"s-100", b"journey\x1fs-100\x1f2026\x1fnrmp"):
        assert sha256(guess).digest()[:16] != journey.id.bytes
    assert store.journal.keys.pseudonym("a", "bc") != store.journal.keys.pseudonym("ab", "c")
