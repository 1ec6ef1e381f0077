"""Pages made of what is kept in memory: never stale after a write of this or another worker, never somebody else's."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from core.advising.members import DeactivateMember, GrantRole, RevokeRole, deactivate_member, grant_role, revoke_role
from core.errors import NotAllowed, NotFound, RecordErased
from core.journey.journey import student_subject
from core.people.access import Permission
from core.people.member import member_subject
from tests.integration.conftest import COHORT, id_of, send
from tests.integration.journey.conftest import open_student
from web.app import create_app
from web.board import routes
from web.board.screen import board_screen
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.integration.conftest import TickingClock
    from web.board.screen import BoardScreen
    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

BOARD = f"/cohorts/{COHORT}"
VIEWS = ("", "?advisor=me", "?sort=-changed", "?needs=not_decidable", "?specialty=dermatology")


@pytest.fixture
def other(school: House, folder: Path, clock: TickingClock) -> Iterator[House]:
    """Another worker on the same store; the first one folds."""
    assert school.founded
    with closing(open_house(Settings(data_dir=folder), {}, clock=clock)) as house:
        yield house


def plain(page: Any) -> str:
    """A page without what is another one each time it is asked for."""
    assert page.status_code == 200, page.status
    return re.sub(r'name="(csrf_token|command_id)" value="[^"]*"', "", page.text)


def made_anew(school: House, browser: FlaskClient, url: str) -> str:
    """The same page with nothing kept."""
    school.once.of("nothing")
    return plain(browser.get(url))


def test_after_every_write_a_board_is_what_it_is_when_made_anew(school: House, client_of: Clients) -> None:
    wren, otto = (
        open_student(school, student_ref=f"LF-{n}", name=name, specialty=field)
        for n, (name, field) in enumerate((("Wren Osprey", "orthopaedic-surgery"), ("Otto Siskin", "dermatology")))
    )
    lead = client_of("lead")
    writes: tuple[Callable[[], object], ...] = (
        lambda: wren.facts(step2=241),
        lambda: otto.facts(step2=250, research="multiple", interviews_offered=6),
        lambda: wren.opinion(grade=1),
        lambda: send(lead, f"{wren.url}/contacts/new", channel="call", happened_on="2026-06-15", summary="Spoke."),
        lambda: send(lead, f"{otto.url}/notes/new", body="A note.", visibility="team"),
    )
    before = {view: plain(lead.get(BOARD + view)) for view in VIEWS}
    for write in writes:
        write()
        assert school.runner.wait_for(school.desk.journal.head())
        lead.get(wren.url)  # takes the notice
        for view in VIEWS:
            now = plain(lead.get(BOARD + view))
            assert plain(lead.get(BOARD + view)) == now
            assert made_anew(school, lead, BOARD + view) == now
    assert {view for view in VIEWS if plain(lead.get(BOARD + view)) != before[view]} >= {"", "?sort=-changed"}


def test_what_another_worker_wrote_is_on_the_next_page(school: House, other: House, client_of: Clients) -> None:
    wren = open_student(school, student_ref="LF-1", name="Wren Osprey")
    there = create_app(other).test_client()
    there.set_cookie("rungwise", other.access.sessions.open(id_of(other, "lead")))
    here = client_of("lead")
    for n in range(4):
        writer, reader = (there, here) if n % 2 else (here, there)
        for browser in (here, there):
            browser.get(BOARD)  # both keep it
        day = f"2026-06-{8 + n:02}"
        answer = send(writer, f"{wren.url}/contacts/new", channel="call", happened_on=day, summary=f"Call {n}.")
        assert answer.status_code == 303
        own = writer.get(wren.url).text
        assert f"Call {n}." in own
        assert "Saving" not in own
        assert f"Call {n}." in reader.get(wren.url).text
        days = f">{8 - n} days<"
        assert days in writer.get(BOARD).text
        assert days in reader.get(BOARD).text


def test_a_board_that_nobody_wrote_to_is_made_once_and_still_tells_the_time(
    school: House, client_of: Clients, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def counted(*given: Any, **named: Any) -> BoardScreen:
        made.append(given)
        return board_screen(*given, **named)

    monkeypatch.setattr(routes, "board_screen", counted)
    wren = open_student(school, student_ref="LF-1", name="Wren Osprey", advisor="advisor")
    open_student(school, student_ref="LF-2", name="Otto Siskin", advisor="advisor")
    lead, advisor = client_of("lead"), client_of("advisor")
    first, of_advisor, again = (plain(one.get(BOARD)) for one in (lead, advisor, lead))
    assert len(made) == 1, "one board for all who look"
    assert first == again
    assert first.count("just now, ") == 2
    assert "Export CSV" in first
    assert "Export CSV" not in of_advisor
    clock.move(minutes=1)
    assert plain(lead.get(BOARD)) != first, "it says as of when"
    assert len(made) == 1
    clock.move(minutes=15)
    assert "just now, " not in plain(lead.get(BOARD))
    assert len(made) == 2, "what was new is not any more"
    clock.move(days=1)
    lead.get(BOARD)
    wren.facts(step2=241)
    school.runner.catch_up()
    assert "just now, " in plain(lead.get(BOARD))
    assert len(made) == 4, "another day, and another fact"
    assert "Wren Osprey" not in plain(lead.get(f"{BOARD}?q=otto"))
    assert "Wren Osprey" in plain(lead.get(f"{BOARD}?q=wren"))
    assert len(made) == 6, "what a person typed is not kept"


def test_a_board_kept_for_a_lead_shows_an_advisor_only_what_is_an_advisors(school: House, client_of: Clients) -> None:
    open_student(school, student_ref="LF-1", name="Wren Osprey", advisor="advisor")
    open_student(school, student_ref="LF-2", name="Otto Siskin", advisor="colleague")
    lead, advisor, colleague = (client_of(role) for role in ("lead", "advisor", "colleague"))
    for _ in range(2):
        pages = {name: one.get(BOARD).text for name, one in (("lead", lead), ("advisor", advisor))}
        assert "Export CSV" in pages["lead"]
        assert "Export CSV" not in pages["advisor"]
        assert "Open a journey" in pages["lead"]
        assert "Open a journey" not in pages["advisor"]
        own = [
            re.findall(r'id="of-[^>]*>.*?>([^<]+)</a>', one.get(f"{BOARD}?advisor=me").text)
            for one in (advisor, colleague)
        ]
        assert own == [["Wren Osprey"], ["Otto Siskin"]]
    assert client_of("nobody").get(BOARD).status_code in (403, 404)
    assert client_of(None).get(BOARD).status_code == 302


def test_a_role_given_taken_or_ended_in_another_worker_counts_at_once(school: House, other: House) -> None:
    steward = other.desk.principal(id_of(other, "steward"))
    who = id_of(school, "colleague")
    place: dict[str, Any] = {"member_id": who, "role": "lead", "cohort": COHORT}
    assert ("lead", COHORT) not in school.desk.principal(who).grants
    grant_role(other.desk, steward, GrantRole(command_id="g", **place))
    assert ("lead", COHORT) in school.desk.principal(who).grants
    revoke_role(other.desk, steward, RevokeRole(command_id="r", **place))
    assert ("lead", COHORT) not in school.desk.principal(who).grants
    deactivate_member(other.desk, steward, DeactivateMember(command_id="d", member_id=who))
    with pytest.raises(NotAllowed, match="deactivated"):
        school.desk.principal(who)


def test_the_navigation_is_that_of_the_roles_of_this_moment_and_is_not_somebody_elses(
    school: House, client_of: Clients
) -> None:
    def links(role: str) -> list[str]:
        nav = client_of(role).get("/password").text.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
        return re.findall(r">([^<]+)</a>", nav)

    steward = school.desk.principal(id_of(school, "steward"))
    place: dict[str, Any] = {"member_id": id_of(school, "colleague"), "role": "lead", "cohort": COHORT}
    before = {role: links(role) for role in ("lead", "advisor", "colleague", "steward")}
    assert before["advisor"] == before["colleague"]
    assert "Import" in before["lead"]
    assert "Import" not in before["advisor"]
    assert "Members" in before["steward"]
    grant_role(school.desk, steward, GrantRole(command_id="g", **place))
    assert links("colleague") == before["lead"]
    assert links("advisor") == before["advisor"]
    revoke_role(school.desk, steward, RevokeRole(command_id="r", **place))
    assert {role: links(role) for role in before} == before


def test_an_erased_member_is_nobody_at_once_in_every_worker(school: House, other: House, clock: TickingClock) -> None:
    who = id_of(school, "colleague")
    assert school.desk.principal(who).name == "Cora Colleague"
    keys = other.desk.journal.keys
    keys.destroy(member_subject(UUID(who)), clock())
    with pytest.raises((RecordErased, NotFound)):
        school.desk.principal(who)


def test_after_an_erasure_no_page_and_no_memory_holds_the_name(
    school: House, client_of: Clients, clock: TickingClock
) -> None:
    open_student(school, student_ref="LF-1", name="Wren Osprey")
    open_student(school, student_ref="LF-2", name="Otto Siskin")
    lead = client_of("lead")
    assert "Wren Osprey" in lead.get(BOARD).text
    kept = school.once._current[1]
    assert "Wren Osprey" in str(kept._lately), "the control"
    keys = school.desk.journal.keys
    keys.destroy(student_subject(keys, "LF-1"), clock())
    school.runner.catch_up()
    page = lead.get(BOARD).text
    assert "Wren Osprey" not in page
    assert "Otto Siskin" in page
    assert "Wren Osprey" not in str(school.once._current[1]._lately)


def test_what_macros_are_kept_for_does_not_depend_on_who_looks() -> None:
    """A kept macro may read its arguments only: no permission, no token, no person."""
    text = (create_app.__globals__["__file__"]).replace("app.py", "templates/board/table.html")
    with open(text, encoding="utf-8") as file:  # noqa: PTH123 - one file
        macros = file.read()
    assert "macro student(" in macros
    assert not re.findall(r"\b(may|sealed|csrf_token|who|person|session|request|Permission|g)\b\s*[(.]", macros)
    assert Permission.READ_COHORT.name not in macros


def test_a_page_asks_once_whether_something_was_written_and_a_form_each_time(
    school: House, other: House, client_of: Clients
) -> None:
    open_student(school, student_ref="LF-1")
    lead, asked, journal = client_of("lead"), list[str](), school.desk.journal
    lead.get(BOARD)
    journal._watched[0].set_trace_callback(asked.append)
    assert [lead.get(url).status_code for url in (BOARD, "/nowhere")] == [200, 404]
    assert len(asked) == 2, "one for each page, that of an error too"
    lead.post("/sign-out")  # refused: it carries no token
    school.desk.today()
    school.desk.today()
    assert len(asked) > 4, "outside of pages, and for what is sent, nothing is held"
    journal._watched[0].set_trace_callback(None)
    place = {"member_id": id_of(school, "lead"), "role": "lead", "cohort": COHORT}
    revoke_role(other.desk, other.desk.principal(id_of(school, "steward")), RevokeRole(command_id="r", **place))
    assert lead.get(BOARD).status_code == 403, "what another worker wrote counts for the next page"
