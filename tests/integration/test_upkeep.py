"""The steward's page of how far the pages are, what they lack, and what to do about it."""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from projections import folding
from projections.registry import MODELS
from tests.integration.conftest import send
from tests.readmodel.test_runner import until
from web import upkeep
from web.upkeep import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House


@pytest.fixture
def ada(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("steward")


def facts(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(?:<b>)?(.*?)(?:</b>)?</dd>", page))


def states(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-l="Part">(.*?)</th><td[^>]* data-l="State">(.*?)</td>', page))


def test_every_part_of_the_pages_has_a_name_for_people() -> None:
    assert set(PARTS) == {model.name for model in MODELS}


def test_all_is_current_while_everything_recorded_is_shown(ada: FlaskClient, school: House) -> None:
    school.runner.catch_up()
    page = ada.get("/institution/upkeep").text

    head = f"{school.desk.journal.head():,}"
    shown = facts(page)
    assert (shown["Shown up to event"], shown["Newest event recorded"], shown["Still to go"]) == (head, head, "0")
    assert shown["Speed of the last pass"].endswith("events a second")
    assert shown["Last error"] == "none"
    assert states(page) == dict.fromkeys(PARTS.values(), "current")
    assert "Everything that was recorded is shown." in page
    assert '<a href="/institution/upkeep">Upkeep</a>' in ada.get("/members").text


def test_a_parked_event_is_told_with_its_reason_and_tried_again_when_a_steward_asks(
    ada: FlaskClient, school: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "RETRY_S", 0.0)
    with closing(sqlite3.connect(school.desk.journal.path, isolation_level=None)) as db:
        row = "INSERT INTO stored_events VALUES ('nobody', 'first', 'board.unknown', x'ff')"
        at = db.execute(row).lastrowid
    school.runner.catch_up()

    page = ada.get("/institution/upkeep").text

    assert "One event could not be read and is set aside." in page
    assert f'data-l="Event">{at}<' in page
    assert "no program of ours wrote this row" in page
    assert ", June 16, 2026" in page, "it says when"
    assert states(page) == dict.fromkeys(PARTS.values(), "lacks one event")
    assert "Try again: make the pages anew" in page

    with closing(sqlite3.connect(school.desk.journal.path, isolation_level=None)) as db:
        db.execute("DELETE FROM stored_events WHERE rowid = ?", (at,))
    assert send(ada, "/institution/upkeep").status_code == 303
    assert until(lambda: school.runner.status().state == "current" and school.runner.status().remaking is None)
    assert states(ada.get("/institution/upkeep").text) == dict.fromkeys(PARTS.values(), "current")


def test_pages_that_stand_still_say_why(ada: FlaskClient, school: House) -> None:
    school.runner.catch_up()
    school.runner.stop()  # or it finds that nothing is wrong any more
    with school.views.write() as db:
        db.exec_driver_sql("UPDATE view_state SET error = 'the rows cannot be written: disk full'")

    page = ada.get("/institution/upkeep").text

    assert "The pages stand still." in page
    assert facts(page)["Last error"] == "the rows cannot be written: disk full"
    assert set(states(page).values()) == {"stands still"}


def test_health_is_claimed_only_once_it_was_verified_and_damage_is_told_on_every_page_of_a_steward(
    ada: FlaskClient, school: House, client_of: Callable[[str], FlaskClient]
) -> None:
    school.runner.catch_up()
    assert facts(ada.get("/institution/upkeep").text)["Last verified"] == "not yet: nobody has checked"

    assert send(ada, "/institution/upkeep/verify", page="/institution/upkeep").status_code == 303
    shown = facts(ada.get("/institution/upkeep").text)
    assert ", June 16, 2026" in shown["Last verified"]
    assert (shown["Events opened"], shown["Found"]) == (f"{school.desk.journal.head():,}", "nothing is wrong")

    with closing(sqlite3.connect(school.desk.journal.path)) as db, db:
        db.execute("UPDATE stored_events SET state = zeroblob(200) WHERE rowid = 3")
    send(ada, "/institution/upkeep/verify", page="/institution/upkeep")
    page = ada.get("/institution/upkeep").text
    assert facts(page)["Found"].endswith(("one fault", "faults"))
    assert "Everything that was recorded is shown." not in page
    assert "What was recorded is damaged. Upkeep says" in ada.get("/members").text
    assert "What was recorded is damaged" not in client_of("lead").get("/cohorts/2026").text


def test_a_second_press_waits_for_the_first_walk(
    ada: FlaskClient, school: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[House] = []
    go_on = threading.Event()

    def walk(house: House) -> None:
        begun.append(house)
        go_on.wait(10)

    monkeypatch.setattr(upkeep, "verify", walk)
    monkeypatch.setattr(upkeep, "VERIFY_WAIT_S", 0.01)
    for _ in range(2):
        send(ada, "/institution/upkeep/verify", page="/institution/upkeep")
    go_on.set()
    assert begun == [school]
    assert until(lambda: not any(one.name.startswith("verify") for one in threading.enumerate()))
    send(ada, "/institution/upkeep/verify", page="/institution/upkeep")
    assert begun == [school, school], "the next press begins another"
