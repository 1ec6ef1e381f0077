"""A page that is read asks once whether something was written; whoever writes, and the next page, asks anew."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from core.advising.members import ChangeSetting, DeactivateMember, change_setting, deactivate_member
from core.errors import NotAllowed
from tests.scenario import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.advising.desk import Desk
    from tests.scenario import Team


def name_of(desk: Desk) -> str:
    return str(desk.institution().settings["name"])


def rename(team: Team, desk: Desk, name: str) -> None:
    change_setting(desk, team.steward, ChangeSetting(command_id=name, name="name", value=name))


@contextmanager
def asked(desk: Desk) -> Iterator[list[str]]:
    """Note every question whether the events have changed."""
    found: list[str] = []
    watched = desk.journal._watched[0]
    watched.set_trace_callback(found.append)
    try:
        yield found
    finally:
        watched.set_trace_callback(None)


def read(team: Team, desk: Desk) -> str:
    """Look up what a page does."""
    desk.principal(team.lead.member_id)
    desk.today()
    desk.content()
    desk.playbook()
    return name_of(desk)


def test_a_page_asks_once_whether_something_was_written(team: Team) -> None:
    desk = team.desk
    with asked(desk) as anew:
        read(team, desk)
    desk.journal.hold(on=True)
    with asked(desk) as held:
        read(team, desk)
    assert (len(anew), len(held)) == (5, 1)


def test_the_next_page_sees_what_another_process_wrote_and_the_page_at_hand_may_stay(team: Team) -> None:
    desk, other = team.desk, team.second_desk()
    desk.journal.hold(on=True)
    before = read(team, desk)
    with closing(other.journal):
        rename(team, other, "Renamed elsewhere")
    assert name_of(desk) == before, "one answer for the length of the page"
    desk.journal.hold(on=True)
    assert read(team, desk) == "Renamed elsewhere"


def test_a_member_deactivated_elsewhere_is_nobody_on_the_next_page(team: Team) -> None:
    desk, other = team.desk, team.second_desk()
    desk.journal.hold(on=True)
    read(team, desk)
    with closing(other.journal):
        deactivate_member(other, team.steward, DeactivateMember(command_id="d", member_id=team.lead.member_id))
    desk.journal.hold(on=True)
    with refused(NotAllowed, "deactivated"):
        read(team, desk)


def test_whoever_writes_sees_what_they_wrote(team: Team) -> None:
    desk = team.desk
    desk.journal.hold(on=True)
    read(team, desk)
    rename(team, desk, "Renamed here")
    assert name_of(desk) == "Renamed here"


@pytest.mark.parametrize("on", [True, False])
def test_after_a_page_the_thread_asks_each_time(team: Team, on: bool) -> None:  # noqa: FBT001 - a case
    desk, other = team.desk, team.second_desk()
    desk.journal.hold(on=on)
    read(team, desk)
    desk.journal.hold(on=False)
    with closing(other.journal):
        rename(team, other, "Renamed elsewhere")
    assert name_of(desk) == "Renamed elsewhere"


def test_pages_of_other_threads_do_not_make_a_page_read_anything_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = team.desk
    desk.journal.hold(on=True)
    read(team, desk)
    writer = threading.Thread(target=rename, args=(team, desk, "Renamed meanwhile"))
    writer.start()
    writer.join()
    later = threading.Thread(target=name_of, args=(desk,))
    later.start()
    later.join()
    again: list[object] = []
    monkeypatch.setattr(desk.journal, "refresh", again.append)
    name_of(desk)
    assert not again, "what is held is older than what the institution was brought up to"
