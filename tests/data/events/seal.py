"""Seal the samples beside this file as rows of a store, under a fixed master key, and print them as JSON.

`sealed.json` was made by it once for format 1 and is never made anew: rows that were once written must load for ever.
Run it only for a new stored format, into another file: `python -m tests.data.events.seal > tests/data/events/...`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from core.journal.mapper import SealedMapper
from core.journal.store import open_journal
from core.journal.topics import TOPICS
from tests.builders import NOW

HERE = Path(__file__).parent
MASTER = "5a" * 32
STREAMS = {name: uuid5(UUID(int=0), name) for name in ("journey", "member", "institution", "cohort")}


def samples(name: str) -> list[dict[str, Any]]:
    """Return the samples of one aggregate, in the order of a stream."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


def as_event(sample: dict[str, Any], stream: UUID, version: int, mapper: SealedMapper) -> Any:
    """Return the event of a sample at a place in a stream."""
    topic = TOPICS[sample["topic"]]
    fields = mapper._codecs[topic.name].body_to_fields(json.dumps(sample["fields"]).encode(), topic.event)
    event = object.__new__(topic.event)
    event.__dict__.update(fields, originator_id=stream, originator_version=version, timestamp=NOW)
    return event


def main() -> None:
    """Print the rows, and the keys they are sealed under, wrapped by the master key."""
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(Path(folder), {"RUNGWISE_MASTER_KEY": MASTER}, create=True)
        sealed: dict[UUID, bytes] = {}
        mapper = SealedMapper(journal.keys, TOPICS, sealed.get)
        rows = []
        for name, stream in STREAMS.items():
            for version, sample in enumerate(samples(name), start=1):
                row = mapper.to_stored_event(as_event(sample, stream, version, mapper))
                sealed.setdefault(stream, row.state)
                rows.append([stream.hex, version, row.topic, row.state.hex()])
        journal.close()
        with closing(sqlite3.connect(Path(folder) / "keys.db")) as db:
            [(institution, secret)] = db.execute("SELECT id, secret FROM institution")
            keys = [
                [key.hex(), subject, wrapped.hex()] for key, subject, wrapped in db.execute("SELECT * FROM subject_key")
            ]
    made = {"format": 1, "master": MASTER, "institution": [institution, secret.hex()], "keys": keys, "rows": rows}
    json.dump(made, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
