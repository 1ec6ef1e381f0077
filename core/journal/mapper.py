"""How an event is stored, for ever: a header in clear, then the event sealed under its subject's key.

Layout of the `state` column, format 1 (big-endian):

| bytes | what |
|---|---|
| 1 | format number, 1 |
| 16 | key id |
| 8 | recorded_at, microseconds since 1970-01-01 UTC, signed |
| 32 | commitment: SHA-256(salt ‖ body) |
| 12 | nonce |
| rest | AES-256-GCM of (salt [16], body) and its tag |

Bound in as associated data: the first 57 bytes, the institution, the stream, the version and the topic. A row that is
moved, copied to another student, renamed or edited therefore does not open. The body is a flat JSON object of the
event's fields and, from the second version of its class on, `class_version`. The commitment lets one event be proved
without handing out a key, and outlives an erasure. What could not be read back is not written.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import struct
import typing
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from core.errors import InvalidValue, RecordErased, StoreError
from core.journal.root import Created, Erased, Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from core.journal.keys import Keys
    from core.journal.root import Root

__all__ = ["HEADER", "SealedMapper", "Topic"]

HEADER = struct.Struct(">B16sq32s")
STORED_FORMAT = 1
SALT_BYTES = 16
NONCE_BYTES = 12
_SEALED_AT = HEADER.size + NONCE_BYTES
_SHORTEST = _SEALED_AT + SALT_BYTES + 16  # the tag of AES-GCM
_EDITED = "does not open at its place: the row was edited, moved or copied"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# what the row says by itself, or what the class says: not repeated inside the body
_OUTSIDE = frozenset({"originator_id", "originator_version", "timestamp", "originator_topic"})


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """An entry of the allow-list: the name that is stored, its event class and the aggregate it belongs to."""

    name: str
    event: type[Event]
    root: type[Root]


class _Codec:
    """Encodes and decodes the fields of one event class from its annotations."""

    def __init__(self, topic: Topic) -> None:
        event = topic.event
        hints = typing.get_type_hints(event)
        fields: dict[str, Any] = {f.name: hints[f.name] for f in dataclasses.fields(event) if f.name not in _OUTSIDE}
        self.names = tuple(fields)
        self.version: int = getattr(event, "class_version", 1)
        stored: dict[str, Any] = {**fields, "class_version": typing.NotRequired[int]}
        body: Any = TypedDict(f"{event.__name__}Body", stored)  # type: ignore[misc]
        self.decode: Callable[[bytes], Any] = msgspec.json.Decoder(body).decode
        self.originator_topic = topic.root.TOPIC if issubclass(event, Created) else None

    def body_to_fields(self, body: bytes, event: type[Event]) -> dict[str, Any]:
        if self.version > 1:  # an older event is brought up, version by version, before it is typed
            raw = msgspec.json.decode(body)
            for older in range(raw.get("class_version", 1), self.version):
                getattr(event, f"upcast_v{older}_v{older + 1}")(raw)
                raw["class_version"] = older + 1
            body = msgspec.json.encode(raw)
        fields: dict[str, Any] = self.decode(body)
        if fields.pop("class_version", 1) > self.version:
            raise msgspec.ValidationError("it was written by a newer program")
        return fields


_codec = cache(_Codec)  # slow to make, and the same for every store


class SealedMapper(Mapper[UUID]):
    """Turns events into sealed rows and back; refuses topics that are not on the list.

    Args:
        keys: the key store of the institution.
        topics: the allow-list by stored name. A stored topic is otherwise an import path, and a tampered row code.
        first_row: gives the stored state of a stream's first event; used when a stream was not read before.
    """

    def __init__(self, keys: Keys, topics: Mapping[str, Topic], first_row: Callable[[UUID], bytes | None]) -> None:
        super().__init__(transcoder=_NoTranscoder())
        self._keys = keys
        self._institution = keys.institution.bytes
        self._topics = topics
        self._codecs = {name: _codec(topic) for name, topic in topics.items()}
        self._first_row = first_row
        self._key_of_stream: dict[UUID, bytes] = {}
        self._encode = msgspec.json.Encoder().encode

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Seal an event for its place in its stream.

        Raises:
            InvalidValue: a field holds what could not be read back; nothing unreadable is ever stored.
            RecordErased: the key was destroyed.
        """
        event: Event = domain_event
        topic = type(event).TOPIC
        codec = self._codecs[topic]
        values = event.__dict__
        fields: dict[str, Any] = {name: values[name] for name in codec.names}
        if codec.version > 1:
            fields["class_version"] = codec.version
        try:
            body = self._encode(fields)
            codec.decode(body)
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            raise InvalidValue(topic, str(error), "fields of the kinds this event holds") from None
        key_id, cipher = self._key_for(event)
        salt = os.urandom(SALT_BYTES)
        commitment = hashlib.sha256(salt + body).digest()
        micros = (event.timestamp - _EPOCH) // _MICROSECOND
        head = HEADER.pack(STORED_FORMAT, key_id, micros, commitment)
        nonce = os.urandom(NONCE_BYTES)
        place = self._place(event.originator_id, event.originator_version, topic)
        state = head + nonce + cipher.encrypt(nonce, salt + body, head + place)
        return StoredEvent(event.originator_id, event.originator_version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Open a row as `open_row` does."""
        row: Any = stored_event
        return self.open_row(row.originator_id, row.originator_version, row.topic, row.state)

    def open_row(self, stream: UUID, version: int, topic_name: str, state: bytes) -> Event | Erased:
        """Open a row: the event, or an `Erased` tombstone where the key was destroyed.

        Raises:
            StoreError: unknown topic or format, or the row does not open at this place (edited, moved, or copied).
        """
        topic = self._topics.get(topic_name)
        if topic is None:
            told = f"has the unknown topic {str(topic_name)[:60]!r}: made by a newer program, or tampered"
            raise _damage(stream, version, told)
        if not isinstance(state, bytes) or len(state) < _SHORTEST or state[0] != STORED_FORMAT:
            raise _damage(stream, version, f"has no readable header (it must begin with format {STORED_FORMAT})")
        head = state[: HEADER.size]
        _, key_id, micros, commitment = HEADER.unpack(head)
        try:
            recorded_at = _EPOCH + timedelta(microseconds=micros)
        except OverflowError:
            raise _damage(stream, version, _EDITED) from None
        cipher = self._keys.by_id(key_id)
        if cipher is None:
            return Erased(stream, version, topic_name, recorded_at, topic.root)
        place = self._place(stream, version, topic_name)
        try:
            plain = cipher.decrypt(state[HEADER.size : _SEALED_AT], state[_SEALED_AT:], head + place)
        except InvalidTag:
            raise _damage(stream, version, _EDITED) from None
        if hashlib.sha256(plain).digest() != commitment:
            raise _damage(stream, version, "does not match its commitment")
        codec = self._codecs[topic_name]
        try:
            fields = codec.body_to_fields(plain[SALT_BYTES:], topic.event)
        except msgspec.MsgspecError as error:
            raise _damage(stream, version, f"does not hold the fields of {topic_name} ({error})") from None
        fields["originator_id"] = stream
        fields["originator_version"] = version
        fields["timestamp"] = recorded_at
        if codec.originator_topic:
            fields["originator_topic"] = codec.originator_topic
        self._key_of_stream[stream] = key_id
        event = object.__new__(topic.event)
        event.__dict__.update(fields)
        return event

    def _key_for(self, event: Event) -> tuple[bytes, AESGCM]:
        if isinstance(event, Created):
            found = self._keys.of_subject(event.subject)
            self._key_of_stream[event.originator_id] = found[0]
            return found
        key_id = self._key_of_stream.get(event.originator_id)
        if key_id is None:
            first = self._first_row(event.originator_id)
            if first is None:
                raise StoreError(f"stream {event.originator_id} has no first event; nothing can be added to it")
            key_id = HEADER.unpack(first[: HEADER.size])[1]
        cipher = self._keys.by_id(key_id)
        if cipher is None:
            raise RecordErased("this record was erased; nothing can be added to it")
        return key_id, cipher

    def _place(self, stream: UUID, version: int, topic: str) -> bytes:
        return self._institution + stream.bytes + version.to_bytes(8, "big") + topic.encode()


def _damage(stream: UUID, version: int, what: str) -> StoreError:
    return StoreError(f"event {version} of stream {stream} {what}")


class _NoTranscoder(Transcoder):
    """The library asks for a transcoder; ours is the codec of each event class."""

    def encode(self, obj: Any) -> bytes:
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        raise NotImplementedError
