"""Folding events: evolve only sets state, and an event of an earlier version is brought up before it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from core.errors import StoreError
from core.journal.mapper import SealedMapper, Topic
from core.journal.root import Root
from core.journal.topics import TOPICS
from core.journey import inventory
from core.journey.journey import Journey
from tests.builders import NOW

if TYPE_CHECKING:
    from uuid import UUID

    from tests.unit.domain.journal.conftest import Store


class Version1(Root.Event):
    """A drink was poured; the first form of this event."""

    TOPIC: ClassVar[str] = "test.poured"
    drink: str

    def apply(self, journey: Any) -> None:
        """Change nothing."""


class Version3(Root.Event):
    """A drink was poured, since version 2 with its volume, since version 3 in whole milliliters under another name."""

    TOPIC: ClassVar[str] = "test.poured"
    class_version: ClassVar[int] = 3
    drink: str
    volume_ml: int

    def apply(self, journey: Any) -> None:
        """Change nothing."""

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["volume_l"] = 0.25

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["volume_ml"] = round(state.pop("volume_l") * 1000)


def mapper(store: Store, event: type[Any]) -> SealedMapper:
    """A mapper of a program to which this class is the whole topic."""

    def first_row(stream: UUID) -> bytes | None:
        rows = store.journal._store.recorder.select_events(stream, limit=1)
        return rows[0].state if rows else None

    topics = {**TOPICS, "test.poured": Topic(name="test.poured", event=event, root=Journey)}
    return SealedMapper(store.journal.keys, topics, first_row)


def poured(store: Store, event: type[Any], **fields: Any) -> Any:
    journey = store.begin()
    common = {"actor": "a", "command_id": "c", "happened_on": None}
    return event(originator_id=journey.id, originator_version=4, timestamp=NOW, **common, **fields)


def test_an_event_of_an_earlier_version_is_brought_up_step_by_step(store: Store) -> None:
    old = mapper(store, Version1).to_stored_event(poured(store, Version1, drink="tea"))
    new = mapper(store, Version3).to_domain_event(old)
    assert type(new) is Version3
    assert (new.drink, new.volume_ml) == ("tea", 250)
    assert "class_version" not in vars(new)


def test_an_event_of_this_version_comes_back_as_it_was(store: Store) -> None:
    happened = poured(store, Version3, drink="tea", volume_ml=300)
    again = mapper(store, Version3).to_domain_event(mapper(store, Version3).to_stored_event(happened))
    assert vars(again) == vars(happened)


def test_an_event_of_a_newer_program_is_refused(store: Store) -> None:
    newer = mapper(store, Version3).to_stored_event(poured(store, Version3, drink="tea", volume_ml=300))
    with pytest.raises(
        StoreError, match=r"does not hold the fields of test\.poured \(it was written by a newer program\)"
    ):
        mapper(store, Version1).to_domain_event(newer)


def test_a_field_that_is_not_there_is_a_clear_refusal(store: Store) -> None:
    other = mapper(store, Version1).to_stored_event(poured(store, Version1, drink="tea"))

    class Wider(Version1):
        """The same event where somebody added a field and forgot the version."""

        cup: str

    with pytest.raises(StoreError, match="missing required field `cup`"):
        mapper(store, Wider).to_domain_event(other)


def test_a_state_is_the_fold_of_its_events_and_nothing_else(store: Store) -> None:
    journey = store.begin()
    loaded = store.reopen().get(Journey, journey.id)
    kept = {name: value for name, value in vars(journey).items() if name != "_pending_events"}
    assert {name: value for name, value in vars(loaded).items() if name != "_pending_events"} == kept


def test_a_rule_that_was_tightened_later_does_not_make_old_streams_unloadable(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = store.begin()
    strict = dict(inventory.FACTS)
    strict["step2"] = replace(strict["step2"], low=250)
    monkeypatch.setattr(inventory, "FACTS", strict)
    assert store.reopen().get(Journey, journey.id).facts["step2"].value == 238


def test_a_stored_body_never_names_a_module(store: Store) -> None:
    mapped = SealedMapper(store.journal.keys, TOPICS, lambda _: None)
    for topic, codec in mapped._codecs.items():
        assert "originator_topic" not in codec.names
        assert not topic.startswith(("core", "eventsourcing"))
        assert ":" not in topic
