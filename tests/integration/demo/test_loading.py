"""Loading the demonstration: the same in every store, once, and never into somebody else's."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from core.advising.members import Found, found
from core.errors import Conflict
from core.people.member import Member, member_id
from tests.integration.demo.reading import SCRIPT, board_of, desk_in, journey_of, now, person
from tests.playbooks import minimal_content
from web import demo
from web.demo.deeds import perform

if TYPE_CHECKING:
    from pathlib import Path

    from core.advising.desk import Desk


def told_by(desk: Desk) -> list[tuple[Any, ...]]:
    """Everything that the log says, with people and journeys by name."""
    names = {str(member_id(desk.journal.keys, one["email"])): key for key, one in SCRIPT.school["people"].items()}
    students = {journey_of(desk, s.name.ref, s.name.cycle, s.name.system).id: s.name for s in SCRIPT.stories}
    words = {**names, **{str(ident): str(name) for ident, name in students.items()}}
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
    desk: Desk, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "again"
    breaks_at = SCRIPT.deeds[150].command_id  # in February 2026, when one person has left already

    def breaking(stage: Any, deed: Any) -> Any:
        if deed.command_id == breaks_at:
            raise KeyboardInterrupt
        return perform(stage, deed)

    passwords: dict[str, str] = {}
    with desk_in(folder, create=True) as other:
        monkeypatch.setattr("web.demo.perform", breaking)
        with pytest.raises(KeyboardInterrupt):
            demo.load(other, passwords.__setitem__)
        assert passwords == {}
        monkeypatch.setattr("web.demo.perform", perform)
        assert demo.load(other, passwords.__setitem__)
        assert told_by(other) == told_by(desk)
        assert {other.principal(member).name for member in passwords} == {one.name for one in demo.sign_ins()}
    assert board_of(folder) == board_of(shutil.copytree(store, tmp_path / "first"))


def test_a_second_load_writes_nothing_and_leaves_passwords_and_clock_alone(own_copy: Desk) -> None:
    head = own_copy.journal.head()
    set_passwords: list[str] = []
    assert not demo.load(own_copy, lambda member, _: set_passwords.append(member))
    assert (own_copy.journal.head(), set_passwords) == (head, [])
    assert own_copy.clock is now


def test_every_deed_writes_something(desk: Desk) -> None:
    written = {getattr(item.event, "command_id", "") for item in desk.journal.read_log(0, 100_000)}
    assert {deed.command_id for deed in SCRIPT.deeds} == written


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
        "ruiz": "advisor, team Elm",
        "chen": "advisor, team Elm",
        "novak": "advisor, team Linden",
        "abara": "advisor, team Linden",
    }
    for key, role in shown.items():
        assert role.partition(",")[0] in {held for held, _ in person(desk, key).grants}
    left = desk.journal.get(Member, member_id(desk.journal.keys, "moorhouse@larkfield.example"))
    assert (left.active, left.grants) == (False, set())
    assert set(person(desk, "okafor").grants) == {("lead", "2014"), ("lead", "2026")}
