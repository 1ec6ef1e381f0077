"""Golden samples: every version of every event that was ever released loads for ever.

`tests/data/events/<aggregate>.jsonl` holds one stream of each aggregate, an event a line: topic, version of the event
class, and the body as stored. A line is added for every new event and for every new version of one; no line is ever
changed or removed. `sealed.json` holds the same events as they lay in a store of format 1, with its wrapped keys.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest

from core.journal.mapper import _Codec
from core.journal.root import Created, Event, Root, replay
from core.journal.store import Journal, open_journal
from core.journal.topics import TOPICS
from core.journey.journey import Journey
from core.people.institution import Cohort, Institution
from core.people.member import Member
from tests.builders import NOW
from tests.data.events.seal import HERE, STREAMS, samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS: dict[str, type[Root]] = {"journey": Journey, "member": Member, "institution": Institution, "cohort": Cohort}
SAMPLES = [(name, number, sample) for name in STREAMS for number, sample in enumerate(samples(name), start=1)]
SEALED = json.loads((HERE / "sealed.json").read_text("utf-8"))


def event_of(name: str, version: int, sample: dict[str, Any]) -> Any:
    topic = TOPICS[sample["topic"]]
    event = object.__new__(topic.event)
    fields = _Codec(topic).body_to_fields(json.dumps(sample["fields"]).encode(), topic.event)
    place = {"originator_id": STREAMS[name], "originator_version": version, "timestamp": NOW}
    more = {"originator_topic": topic.root.TOPIC} if issubclass(topic.event, Created) else {}
    event.__dict__.update(fields, **place, **more)
    return event


def body_of(event: Event) -> dict[str, Any]:
    codec = _Codec(TOPICS[event.TOPIC])
    encoded = msgspec.json.encode({name: getattr(event, name) for name in codec.names})
    body: dict[str, Any] = json.loads(encoded)
    return body


@pytest.mark.parametrize("topic", TOPICS)
def test_every_event_names_its_topic_its_evolution_and_what_it_means(topic: str) -> None:
    event = TOPICS[topic].event
    named_by = next(base for base in event.__mro__ if "TOPIC" in vars(base))  # the library derives a `Created` anew
    assert named_by.__dict__["TOPIC"] == topic
    assert named_by.__qualname__ == event.__qualname__  # its own, not one that it inherited
    assert any("apply" in vars(base) for base in event.__mro__ if issubclass(base, Event) and base is not Event)
    assert named_by.__doc__
    words = named_by.__doc__.splitlines()[0]
    assert words.endswith(".")
    assert not words.startswith(event.__name__ + "(")  # not the one a dataclass makes


@pytest.mark.parametrize("topic", TOPICS)
def test_every_version_of_every_event_has_a_stored_sample(topic: str) -> None:
    released = {sample["version"] for _, _, sample in SAMPLES if sample["topic"] == topic}
    now = getattr(TOPICS[topic].event, "class_version", 1)
    assert released == set(range(1, now + 1)), f"add a line of {topic}, version {now}, to {HERE}"


def test_no_stored_topic_was_removed_from_the_list_or_given_to_another_aggregate() -> None:
    for name, _, sample in SAMPLES:
        assert TOPICS[sample["topic"]].root is KINDS[name], sample["topic"]


@pytest.mark.parametrize(
    ("name", "version", "sample"), SAMPLES, ids=lambda part: part["topic"] if isinstance(part, dict) else str(part)
)
def test_every_stored_sample_loads_into_equal_fields(name: str, version: int, sample: dict[str, Any]) -> None:
    event = event_of(name, version, sample)
    if sample["version"] == getattr(type(event), "class_version", 1):
        assert body_of(event) == {key: value for key, value in sample["fields"].items() if key != "class_version"}


def test_an_event_without_a_sample_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TOPICS, "journey.forgotten", TOPICS["contact.note-added"])
    with pytest.raises(AssertionError, match=r"add a line of journey\.forgotten, version 1"):
        test_every_version_of_every_event_has_a_stored_sample("journey.forgotten")


def test_a_field_that_was_dropped_or_added_without_a_new_version_would_be_found() -> None:
    [(name, version, sample)] = [one for one in SAMPLES if one[2]["topic"] == "contact.logged"]
    more = {**sample, "fields": {**sample["fields"], "mood": "good"}}
    with pytest.raises(AssertionError):
        test_every_stored_sample_loads_into_equal_fields(name, version, more)
    less = {**sample, "fields": {key: value for key, value in sample["fields"].items() if key != "summary"}}
    with pytest.raises(msgspec.ValidationError):
        event_of(name, version, less)


@pytest.mark.parametrize("name", STREAMS)
def test_the_samples_of_an_aggregate_are_a_stream_that_replays(name: str) -> None:
    events = [event_of(name, version, sample) for version, sample in enumerate(samples(name), start=1)]
    root = replay(None, events)
    assert type(root) is KINDS[name]
    assert root.version == len(events)


def test_the_sample_journey_stands_as_it_stood() -> None:
    root: Any = replay(None, [event_of("journey", n, s) for n, s in enumerate(samples("journey"), start=1)])
    assert (root.name, str(root.learned_on), root.imported["name"]) == ("Robin Vale-Hart", "2026-03-17", "Robin Vale")
    assert (root.facts["step2"].value, root.imported["step2"], root.facts["step2"].confirmed) == (250, 238, True)
    assert {key: one.status for key, one in root.opinions.items()} == {
        "related": "received",
        "dream": "received",
        "silent": "withdrawn",
    }
    assert root.recommendation["outcome"] == "REAPPLY"
    decision = root.decisions["d-1"]
    assert (decision.stance, decision.reversed_reason) == ("concurs", "A categorical place was offered")
    assert {key: one.status for key, one in root.milestones.items()} == {"first": "completed", "own-2": "waived"}
    assert root.overrides["soap_take_part"].code == "deadline"
    assert [one.kind for one in root.placements] == ["categorical", "practice"]


@pytest.fixture
def sealed_store(tmp_path: Path) -> Iterator[Journal]:
    """A store of this program with the rows and keys of format 1 in it."""
    env = {"RUNGWISE_MASTER_KEY": SEALED["master"]}
    open_journal(tmp_path, env, create=True).close()
    institution, secret = SEALED["institution"]
    with closing(sqlite3.connect(tmp_path / "keys.db")) as db, db:
        db.execute("UPDATE institution SET id = ?, secret = ?", (institution, bytes.fromhex(secret)))
        keys = [(bytes.fromhex(key), subject, bytes.fromhex(wrapped)) for key, subject, wrapped in SEALED["keys"]]
        db.executemany("INSERT INTO subject_key VALUES (?, ?, ?)", keys)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db, db:
        rows = [(stream, version, topic, bytes.fromhex(state)) for stream, version, topic, state in SEALED["rows"]]
        db.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", rows)
    journal = open_journal(tmp_path, env)
    yield journal
    journal.close()


def test_rows_that_were_sealed_in_format_1_open_for_ever(sealed_store: Journal) -> None:
    for name, stream in STREAMS.items():
        sealed = [row for row in SEALED["rows"] if UUID(row[0]) == stream]
        root = sealed_store.get(KINDS[name], stream)
        assert root.version == len(sealed)
        for version, event in enumerate(sealed_store.stream(stream), start=1):
            expected = event_of(name, version, samples(name)[version - 1])
            assert vars(event) == vars(expected)
    assert len(sealed_store.read_log(0, 1000)) == len(SEALED["rows"])


def test_the_sealed_rows_hold_every_topic_of_format_1() -> None:
    assert {row[2] for row in SEALED["rows"]} <= TOPICS.keys()
    assert len(SEALED["rows"]) == 57
