"""Loading the demonstration: the same in every store, once, and never into somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import astuple, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.advising.due import ACTOR
from core.advising.members import Found, found
from core.errors import Conflict
from core.journey.journey import journey_id
from core.people.member import Member, member_id
from tests.integration.demo.reading import SCRIPT, desk_in, now, person
from tests.playbooks import minimal_content
from web import demo
from web.demo.deeds import perform
from web.demo.script import read_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.advising.desk import Desk
    from web.demo.script import Story


def told_by(desk: Desk, stories: Sequence[Story]) -> list[tuple[Any, ...]]:
    """Everything that the log says, with people and the journeys of these stories by name."""
    names = {str(member_id(desk.journal.keys, one["email"])): key for key, one in SCRIPT.school["people"].items()}
    students = {str(journey_id(desk.journal.keys, *astuple(story.name))): str(story.name) for story in stories}
    words = {**names, **students}
    told = []
    for item in desk.journal.read_log(0, 100_000):
        event: Any = item.event
        plain = {
            key: words.get(str(value), value)
            for key, value in event.__dict__.items()
            if key not in ("originator_id", "subject")
        }
        told.append((item.position, type(event).TOPIC, words.get(str(event.originator_id)), plain))
    return told


def test_every_load_gives_the_same_content_also_one_that_was_interrupted(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the first cycle of the tables up to its summer, then the end: what comes after is made in the same way
    begun = [deed for deed in SCRIPT.deeds if deed.at.year < 2024 or deed.at < datetime(2024, 6, 1, tzinfo=UTC)]
    stories = tuple(story for story in SCRIPT.stories if story.name.cycle <= 2024)
    short = replace(SCRIPT, stories=stories, deeds=(*begun, SCRIPT.deeds[-1]))
    breaks_at = [deed for deed in begun if deed.journey is not None and deed.at.year == 2024][400].command_id

    def breaking(stage: Any, deed: Any) -> None:
        if deed.command_id == breaks_at:
            raise KeyboardInterrupt
        perform(stage, deed)

    passwords: dict[str, str] = {}
    monkeypatch.setattr("web.demo.read_script", lambda: short)
    with desk_in(tmp_path / "again", create=True) as other:
        monkeypatch.setattr("web.demo.perform", breaking)
        with pytest.raises(KeyboardInterrupt):
            demo.load(other, passwords.__setitem__)
        assert passwords == {}
        monkeypatch.setattr("web.demo.perform", perform)
        assert demo.load(other, passwords.__setitem__)
        again, whole = told_by(other, stories), told_by(desk, stories)
        assert len(again) > 3000
        assert again[:-1] == whole[: len(again) - 1]
        assert again[-1][1] == "institution.setting-changed"
        assert {str(member_id(other.journal.keys, one.email)) for one in demo.sign_ins()} == set(passwords)


def test_the_script_is_the_same_in_every_process() -> None:
    program = "import hashlib, web.demo.script as s; print(hashlib.sha256(repr(s.read_script()).encode()).hexdigest())"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "1"},  # sets in another order than here
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.strip() == sha256(repr(read_script()).encode()).hexdigest()


def test_a_second_load_writes_nothing_and_leaves_passwords_and_clock_alone(own_copy: Desk) -> None:
    head = own_copy.journal.head()
    set_passwords: list[str] = []
    assert not demo.load(own_copy, lambda member, _: set_passwords.append(member))
    assert (own_copy.journal.head(), set_passwords) == (head, [])
    assert own_copy.clock is now


def test_every_deed_writes_something(desk: Desk) -> None:
    written = {getattr(item.event, "command_id", "") for item in desk.journal.read_log(0, 100_000)}
    ticks = {one for one in written if one.startswith(f"{ACTOR} ")}
    assert {deed.command_id for deed in SCRIPT.deeds if deed.do != "tick"} == written - ticks
    assert len(ticks) > 50


def test_a_store_of_another_school_is_left_as_it_is(tmp_path: Path) -> None:
    with desk_in(tmp_path / "data", create=True) as other:
        found(
            other,
            Found(
                command_id="found",
                name="Another school",
                time_zone="America/New_York",
                steward_name="Ada Steward",
                steward_email="ada@school.example",
                playbook=minimal_content(),
            ),
        )
        head = other.journal.head()
        set_passwords: list[str] = []
        with pytest.raises(Conflict, match="set up already"):
            demo.load(other, lambda member, _: set_passwords.append(member))
        assert (other.journal.head(), set_passwords) == (head, [])
        assert other.clock is now


def test_those_who_can_sign_in_hold_a_role_and_the_one_who_left_cannot(desk: Desk) -> None:
    shown = {one.email.partition("@")[0]: one.role for one in demo.sign_ins()}
    assert shown == {
        "sundqvist": "steward",
        "okafor": "lead",
        "rushmere": "auditor",
        "ruiz": "advisor, team Elm",
        "chen": "advisor, team Elm",
        "novak": "advisor, team Linden",
        "abara": "advisor, team Linden",
    }
    for key, role in shown.items():
        assert role.partition(",")[0] in {held for held, _ in person(desk, key).grants}
    left = desk.journal.get(Member, member_id(desk.journal.keys, "moorhouse@larkfield.example"))
    assert (left.active, left.grants) == (False, set())
    assert set(person(desk, "okafor").grants) == {("lead", year) for year in ("2014", "2024", "2025", "2026")}
