"""A journal in a folder with one student's journey in it, and the plain sight of its files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from core.journal.store import Journal, open_journal
from core.journey import assessments, contacts
from core.journey.journey import Journey, open_journey
from tests.builders import new_journey, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTE = "Lost a parent in January; do not mention it in the letter."


class Store:
    """A store, its folder, and SQL on its files behind its back."""

    def __init__(self, folder: Path, env: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.env = env or {}
        self.journal = open_journal(folder, self.env, create=True)

    def begin(self, **changes: Any) -> Journey:
        """Save a journey of three events: created, a fact, a note."""
        journey = open_journey(new_journey(**changes), keys=self.journal.keys, stamp=stamp("open"))
        assessments.record_fact(journey, "step2", 238, source="ERAS", stamp=stamp("fact"))
        contacts.add_note(journey, visibility="team", body=NOTE, stamp=stamp("note"))
        self.journal.save(journey)
        return journey

    def reopen(self) -> Journal:
        self.journal.close()
        self.journal = open_journal(self.folder, self.env)
        return self.journal

    def sql(self, statement: str, *values: Any, file: str = "journal.db") -> list[Any]:
        with closing(sqlite3.connect(self.folder / file)) as db, db:
            return db.execute(statement, values).fetchall()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "store")
    yield made
    made.journal.close()
