"""A journey of which an event could not be read says so, and shows everything else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from core.advising import contacts
from core.advising.contacts import AddNote
from projections import folding
from tests.integration.journey.conftest import Student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from flask.testing import FlaskClient

    from web.house import House

SAYS = "One entry of this journey could not be read and is missing here."


def test_the_page_says_that_an_entry_is_missing(
    priya: Student, school: House, client_of: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "RETRY_S", 0.0)
    priya.facts(step2=238)
    assert SAYS not in text_of(client_of("lead").get(priya.url).text)
    school.runner.stop()  # the row goes bad before anybody folds it
    note = AddNote(**priya.told(), visibility="team", body="Spoke about letters")
    at = contacts.add_note(school.desk, priya.lead(), note).position
    with closing(sqlite3.connect(school.desk.journal.path, isolation_level=None)) as db:
        db.execute("UPDATE stored_events SET state = x'00' WHERE rowid = ?", (at,))

    school.runner.catch_up()

    page = text_of(client_of("lead").get(priya.url).text)
    assert SAYS in page
    assert "Priya Heron" in page
    assert "238" in page
