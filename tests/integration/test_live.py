"""Open pages ask what is new: answered without a query, only to whoever may read it, and never too late."""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from core.advising.members import DeactivateMember, deactivate_member
from core.journey.journey import student_subject
from projections import news
from projections.news import Mark
from tests.integration.conftest import COHORT, NOW, TickingClock, id_of, send
from tests.integration.journey.conftest import follow, open_student
from web import live
from web.app import CONTENT_SECURITY_POLICY
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.integration.journey.conftest import Student
    from web.house import House

BOARD = f"/live/cohorts/{COHORT}"
BY_ITSELF = {"HX-Request": "true"}


@pytest.fixture
def priya(school: House) -> Student:
    return open_student(school)


@pytest.fixture
def otto(school: House) -> Student:
    return open_student(school, student_ref="LF-2", name="Otto Siskin", specialty="dermatology", advisor=None)


@contextmanager
def sqlite_calls() -> Iterator[list[str]]:
    """What this thread asks of SQLite, whoever asks; the thread that looks for news is another."""
    calls: list[str] = []

    def listen(_: Any, kind: str, called: Any) -> None:
        owner = getattr(called, "__self__", None)
        if kind == "c_call" and (isinstance(owner, sqlite3.Connection | sqlite3.Cursor) or called is sqlite3.connect):
            calls.append(called.__name__)

    sys.setprofile(listen)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def mark_of(page: TestResponse) -> str:
    """The mark that a page carries."""
    (found,) = re.findall(r'data-after="([^"]+)"', page.text)
    return str(found)


def ask(browser: FlaskClient, url: str, after: str) -> TestResponse:
    return browser.get(url, query_string={"after": after})


def folded(school: House) -> None:
    """Everything that was written is in the read models, and known as news."""
    follow(school)
    school.news.catch_up()


def test_while_nothing_is_new_the_answer_is_304_and_no_database_is_touched(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    advisor = client_of("advisor")
    for page, url in ((f"/cohorts/{COHORT}", BOARD), (priya.url, f"/live{priya.url}")):
        with sqlite_calls() as calls:
            after = mark_of(advisor.get(page))
        assert "execute" in calls, "the control: a page reads"
        assert ask(advisor, url, after).status_code == 304
        with sqlite_calls() as calls:
            answers = [ask(advisor, url, after) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [304, 304, 304]
        assert [answer.data for answer in answers] == [b"", b"", b""]
        assert answers[0].headers["ETag"] == f'"{after}"'
        assert answers[0].headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answers[0].headers["Cache-Control"] == "no-store"
        assert calls == []


def test_a_change_is_news_until_the_page_has_read_it(
    client_of: Callable[[str], FlaskClient], school: House, priya: Student, otto: Student
) -> None:
    advisor = client_of("advisor")
    before = {url: mark_of(advisor.get(url)) for url in (f"/cohorts/{COHORT}", priya.url, otto.url)}
    assert [ask(advisor, f"/live{url}", after).status_code for url, after in before.items()] == [304, 304, 304]
    priya.facts(step2=241)
    folded(school)
    for url, status in ((f"/cohorts/{COHORT}", 200), (priya.url, 200), (otto.url, 304)):
        answer = ask(advisor, f"/live{url}", before[url])
        assert (url, answer.status_code) == (url, status)
        assert ask(advisor, f"/live{url}", mark_of(advisor.get(url))).status_code == 304
    newest = ask(advisor, BOARD, before[priya.url]).text
    assert Mark.parse(newest).position == school.desk.journal.head()


def test_a_change_in_one_cohort_is_no_news_in_another(school: House, priya: Student) -> None:
    mine, elsewhere = school.news.of(COHORT), school.news.of("2025")
    priya.facts(step2=241)
    folded(school)
    assert school.news.of(COHORT).beyond(mine)
    assert not school.news.of("2025").beyond(elsewhere)


@pytest.mark.parametrize(
    ("role", "url", "status"),
    [
        ("lead", BOARD, 304),
        ("colleague", BOARD, 304),
        ("colleague", "journey", 304),
        ("advisor", "/live/cohorts/2025", 404),
        ("advisor", f"/live/journeys/{UUID(int=7)}", 404),
        ("steward", BOARD, 403),
        ("steward", "journey", 403),
        ("nobody", BOARD, 403),
        (None, BOARD, 401),
        (None, "journey", 401),
    ],
)
def test_only_who_may_read_it_is_told(
    client_of: Callable[[str | None], FlaskClient], priya: Student, role: str | None, url: str, status: int
) -> None:
    after = mark_of(client_of("lead").get(priya.url))
    asked = f"/live{priya.url}" if url == "journey" else url
    browser = client_of(role)
    assert [ask(browser, asked, after).status_code for _ in range(2)] == [status, status]


def test_what_one_session_may_ask_does_not_open_it_to_another(
    client_of: Callable[[str | None], FlaskClient], priya: Student
) -> None:
    lead = client_of("lead")
    after = mark_of(lead.get(priya.url))
    assert ask(lead, f"/live{priya.url}", after).status_code == 304
    assert ask(client_of(None), f"/live{priya.url}", after).status_code == 401
    assert ask(client_of("steward"), f"/live{priya.url}", after).status_code == 403


def test_while_nobody_writes_anything_a_session_is_looked_up_once_a_minute_else_every_five_seconds(
    client_of: Callable[[str], FlaskClient], school: House, priya: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    for module in ("web.live", "projections.news"):
        monkeypatch.setattr(f"{module}.time", SimpleNamespace(monotonic=lambda: moment[0]))
    advisor = client_of("advisor")
    after = mark_of(advisor.get(priya.url))
    school.news.catch_up()

    def looked_up(later_s: float) -> bool:
        moment[0] += later_s
        school.news.catch_up()
        with sqlite_calls() as calls:
            assert ask(advisor, f"/live{priya.url}", after).status_code == 304
        return bool(calls)

    assert [looked_up(1), looked_up(1), looked_up(live.QUIET_S - 2), looked_up(2)] == [True, False, False, True]
    moment[0] += 1
    school.access.sessions.open(id_of(school, "lead"))  # somebody signs in: what is remembered may be outdated
    assert [looked_up(1), looked_up(live.REMEMBERED_S), looked_up(1)] == [False, True, False]


@pytest.mark.parametrize("ended", ["signed out", "deactivated"])
def test_a_session_that_ended_is_told_of_no_change_and_soon_of_nothing(
    client_of: Callable[[str], FlaskClient],
    school: House,
    priya: Student,
    monkeypatch: pytest.MonkeyPatch,
    ended: str,
) -> None:
    moment = [1000.0]
    monkeypatch.setattr("web.live.time", SimpleNamespace(monotonic=lambda: moment[0]))
    advisor = client_of("advisor")
    after = mark_of(advisor.get(f"/cohorts/{COHORT}"))
    assert ask(advisor, BOARD, after).status_code == 304

    if ended == "signed out":
        school.access.sessions.close_all(id_of(school, "advisor"))
    else:
        steward = school.desk.principal(id_of(school, "steward"))
        away = DeactivateMember(command_id="away", member_id=id_of(school, "advisor"))
        deactivate_member(school.desk, steward, away)
    moment[0] += live.REMEMBERED_S - 0.1
    assert ask(advisor, BOARD, after).status_code == 304, "remembered for a moment"
    priya.facts(step2=241)
    folded(school)
    assert ask(advisor, BOARD, after).status_code == 401, "but not told what is new"
    assert ask(advisor, BOARD, str(school.news.of(COHORT))).status_code == 304
    moment[0] += 0.2
    assert ask(advisor, BOARD, str(school.news.of(COHORT))).status_code == 401


@pytest.mark.usefixtures("otto")
def test_an_erased_journey_is_gone_and_its_cohort_is_told(
    client_of: Callable[[str], FlaskClient], school: House, priya: Student
) -> None:
    advisor = client_of("advisor")
    board, sheet = mark_of(advisor.get(f"/cohorts/{COHORT}")), mark_of(advisor.get(priya.url))
    assert ask(advisor, f"/live{priya.url}", sheet).status_code == 304
    keys = school.desk.journal.keys
    keys.destroy(student_subject(keys, "LF-orthopaedic-surgery"), NOW)
    school.runner.catch_up()
    school.news.catch_up()

    assert ask(advisor, f"/live{priya.url}", sheet).status_code == 410
    assert ask(advisor, BOARD, board).status_code == 200
    page = advisor.get(f"/cohorts/{COHORT}", query_string={"after": board}, headers=BY_ITSELF)
    assert '<template id="gone" data-erased>' in page.text, "the page drops what nobody may see any more"
    assert "Priya Heron" not in page.text
    assert ask(advisor, BOARD, mark_of(page)).status_code == 304


def test_a_worker_that_does_not_fold_the_events_has_the_news_too(
    client_of: Callable[[str], FlaskClient], folder: Path, school: House, priya: Student
) -> None:
    after = mark_of(client_of("advisor").get(priya.url))
    with closing(open_house(Settings(data_dir=folder), {}, clock=TickingClock(NOW))) as other:
        assert not other.news.of(priya.journey_id).beyond(Mark.parse(after))
        priya.facts(step2=241)
        follow(school)
        other.news.catch_up()
        assert other.news.of(priya.journey_id).beyond(Mark.parse(after))
        assert other.news.of(COHORT).beyond(Mark.parse(after))
        assert other.news.target(priya.journey_id).advisor == id_of(school, "advisor")


def test_a_page_that_was_open_before_the_server_started_again_reads_once_more(
    client_of: Callable[[str], FlaskClient], folder: Path, school: House, priya: Student
) -> None:
    before = mark_of(client_of("advisor").get(priya.url))
    priya.facts(step2=241)
    follow(school)
    with closing(open_house(Settings(data_dir=folder), {}, clock=TickingClock(NOW))) as again:
        assert again.news.of(priya.journey_id).beyond(Mark.parse(before))
        with again.views.read() as db:
            assert not again.news.of(priya.journey_id).beyond(news.mark(db, again.desk.today()))


def test_at_midnight_every_page_is_told_for_what_is_due_or_late_has_changed(
    client_of: Callable[[str], FlaskClient],
    school: House,
    clock: TickingClock,
    priya: Student,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(news, "DAY_S", 0.0)
    advisor = client_of("advisor")
    after = mark_of(advisor.get(priya.url))
    assert ask(advisor, f"/live{priya.url}", after).status_code == 304
    clock.move(days=1)
    school.news.catch_up()
    assert ask(advisor, f"/live{priya.url}", after).status_code == 200


@pytest.mark.parametrize("after", ["", "x", "1.2", "1.2.3.4", "1.2.9999999", "1.2.0", "-1.0.1", "9" * 5000])
def test_a_mark_that_no_page_carries_is_refused_in_one_sentence(
    client_of: Callable[[str], FlaskClient], after: str
) -> None:
    answer = ask(client_of("advisor"), BOARD, after)
    assert answer.status_code == 422
    assert "the mark that a page carries" in answer.text


def test_when_nobody_can_look_the_page_is_not_told_that_it_is_current(
    client_of: Callable[[str], FlaskClient], priya: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor = client_of("advisor")
    after = mark_of(advisor.get(priya.url))
    assert ask(advisor, f"/live{priya.url}", after).status_code == 304
    monkeypatch.setattr(news, "STALE_S", -1.0)
    answer = ask(advisor, f"/live{priya.url}", after)
    assert answer.status_code == 503
    assert "what is new is not known" in answer.text


def test_an_open_page_keeps_no_session_alive(
    client_of: Callable[[str], FlaskClient], school: House, priya: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.access.sessions.TOUCH_S", -1)
    monkeypatch.setattr(live, "REMEMBERED_S", 0.0)
    advisor = client_of("advisor")
    after = mark_of(advisor.get(priya.url))

    def seen_at() -> float:
        with closing(sqlite3.connect(school.settings.data_dir / "access.db")) as db:
            return float(db.execute("SELECT max(seen_at) FROM session").fetchone()[0])

    before = seen_at()
    assert ask(advisor, f"/live{priya.url}", after).status_code == 304
    assert advisor.get(priya.url, query_string={"after": after}, headers=BY_ITSELF).status_code == 200
    assert seen_at() == before
    advisor.get(priya.url)
    assert seen_at() > before, "the control: a person keeps it alive"


def test_what_an_open_page_fetches_takes_no_notice_away_from_the_person(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    advisor = client_of("advisor")
    note = f"{priya.url}/notes/new"
    assert send(advisor, note, visibility="team", body="We spoke.").status_code == 303
    assert (
        'role="status"><b>'
        not in advisor.get(f"/cohorts/{COHORT}", query_string={"after": "0.0.1"}, headers=BY_ITSELF).text
    )
    assert 'role="status"><b>' in advisor.get(priya.url).text


def test_what_an_open_page_asks_after_a_sign_out_is_refused_and_not_led_to_the_sign_in_page(app: Flask) -> None:
    answer = app.test_client().get(f"/cohorts/{COHORT}", headers=BY_ITSELF)
    assert answer.status_code == 401
    assert app.test_client().get(f"/cohorts/{COHORT}").status_code == 302


def test_pages_are_forgotten_that_ask_no_more(
    client_of: Callable[[str], FlaskClient], app: Flask, priya: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "QUIET_S", 0.0)
    monkeypatch.setattr(live, "_REMEMBERED_MAX", 3)
    after = mark_of(client_of("advisor").get(priya.url))
    for _ in range(5):
        assert ask(client_of("advisor"), BOARD, after).status_code == 304
    assert len(app.extensions["rungwise_live"]._known) <= 3
