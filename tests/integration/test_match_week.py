"""Match week: three advisors, fourteen students, two hundred changes in five minutes, on a running server.

By default the five minutes are played as fast as the three can go; `RUNGWISE_LONG=1` plays them in real time.
"""

from __future__ import annotations

import os
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.advising import assessments, journeys
from core.advising.assessments import RecordFact
from core.advising.journeys import AssignAdvisor, OpenJourney
from core.journey.assessments import FactCorrected
from core.journey.contacts import ContactLogged, NoteAdded
from core.journey.journey import NewJourney
from tests.integration.conftest import COHORT, id_of
from tests.integration.forms import hidden_of
from tests.journeys.server import serving
from web.house import open_house, system_clock
from web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from core.journal.store import Journal
    from web.house import House

ADVISORS = ("advisor", "colleague", "lead")
STUDENTS, CHANGES, PACE_S = 14, 200, 300.0
BOARD = f"/cohorts/{COHORT}"


class Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it, as it is the answer to a write."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Browser:
    """One advisor at work: what they wrote, and every page that did not show it at once."""

    url: str
    cookies: dict[str, str]
    journal: Journal
    since: int
    wrote: list[tuple[str, str]] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(self.url + path, data, {"Cookie": cookies})  # noqa: S310 - http of this machine
        try:
            answer = urllib.request.build_opener(Stay).open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            for cookie in answer.headers.get_all("Set-Cookie", ()):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode()

    def change(self, student: str, number: int, kind: str) -> None:
        """Write something about a student, then look at the journey and at the board."""
        mark = f"change {number} of match week"
        day = date(2026, 6, 1) + timedelta(days=number % 10)
        path, fields = {
            "notes": (f"{student}/notes/new", {"body": mark, "visibility": "team"}),
            "contacts": (
                f"{student}/contacts/new",
                {"channel": "call", "happened_on": day.isoformat(), "summary": mark},
            ),
            "facts": (
                f"{student}/facts/step2",
                {"step2": str(210 + number % 70), "source": mark, "reason": "misread"},
            ),
        }[kind]
        status, page = self.ask(path)
        assert status == 200, (path, status)
        status, answer = self.ask(path, hidden_of(page, path) | fields)
        assert status == 303, (path, status, re.sub(r"<[^>]+>", " ", answer)[-600:])
        self.wrote.append((kind, mark))
        at = self.position(mark)
        # what a fact says about its source stands in the inventory, all else on the journey's own page
        text = self.ask(f"{student}/inventory" if kind == "facts" else student)[1]
        board = self.ask(BOARD)[1]
        for name, shown in (("journey", text), ("board", board)):
            if _read_up_to(shown) < at or "Saving:" in shown:
                self.stale.append(f"{mark}: the {name}")
        if mark not in text:
            self.stale.append(f"{mark}: its words")

    def position(self, mark: str) -> int:
        """Where the journal has what was just written."""
        for one in self.journal.read_log(self.since, 100_000):
            if mark in (getattr(one.event, name, "") for name in ("body", "summary", "source")):
                return one.position
        raise AssertionError(f"{mark} was acknowledged and is not in the journal")


def _read_up_to(page: str) -> int:
    """The position up to which a page says that it shows everything."""
    (found,) = re.findall(r'data-after="(\d+)\.', page)
    return int(found)


def test_match_week_loses_nothing_and_shows_everybody_their_own_change_at_once(folder: Path) -> None:
    with closing(open_house(Settings(data_dir=folder), {}, clock=system_clock)) as house:
        students = _students(house)
        since, journal = house.desk.journal.head(), house.desk.journal
        sessions = [house.access.sessions.open(id_of(house, role)) for role in ADVISORS]
        with serving(folder) as server:
            browsers = [Browser(server.url, {"rungwise": one}, journal, since) for one in sessions]
            with ThreadPoolExecutor(len(ADVISORS)) as pool:
                for done in [pool.submit(_work, one, ADVISORS[n], students, n) for n, one in enumerate(browsers)]:
                    done.result()
        recorded = _recorded(journal, since)
    assert [one for browser in browsers for one in browser.stale] == []
    wrote = Counter(one for browser in browsers for one in browser.wrote)
    assert sum(wrote.values()) == CHANGES
    assert recorded == wrote


def _work(browser: Browser, role: str, students: list[tuple[str, str]], who: int) -> None:
    """Do an advisor's share; the lead writes on everybody's journeys, the others on their own."""
    chance = random.Random(who)  # noqa: S311 - the same week each time
    began, long = time.monotonic(), os.environ.get("RUNGWISE_LONG")
    own = [url for url, whose in students if role in (whose, "lead")]
    kinds = ("notes", "contacts") if role == "lead" else ("notes", "contacts", "facts")  # one changes a score at a time
    for turn, number in enumerate(range(who, CHANGES, len(ADVISORS))):
        if long:
            time.sleep(max(0.0, began + PACE_S * number / CHANGES - time.monotonic()))
        browser.change(chance.choice(own), number, kinds[turn % len(kinds)])


def _students(house: House) -> list[tuple[str, str]]:
    """Open the journeys; return the address of each, and whose it is."""
    lead, found = house.desk.principal(id_of(house, "lead")), []
    for number in range(STUDENTS):
        whose = ADVISORS[number % 2]
        new = NewJourney(
            student_ref=f"MW-{number:02}",
            name=f"Student Number{number:02}",
            cycle=int(COHORT),
            match_system="nrmp",
            match_status="unmatched",
            match_day=date(2026, 3, 20),
            learned_on=date(2026, 3, 16),
            specialty="dermatology",
        )
        stream = journeys.open_journey(house.desk, lead, OpenJourney(command_id=f"open-{number}", new=new)).stream
        assign = AssignAdvisor(command_id=f"own-{number}", journey_id=stream, advisor_id=id_of(house, whose))
        journeys.assign_advisor(house.desk, lead, assign)
        score = RecordFact(
            command_id=f"step2-{number}", journey_id=stream, name="step2", value=200, source="ERAS export"
        )
        assessments.record_fact(house.desk, lead, score)
        found.append((f"/journeys/{stream}", whose))
    return found


def _recorded(journal: Journal, since: int) -> Counter[tuple[str, str]]:
    """What the journal holds of match week, each as often as it is there."""
    found: Counter[tuple[str, str]] = Counter()
    for one in journal.read_log(since, 100_000):
        match one.event:
            case NoteAdded(body=mark):
                found["notes", mark] += 1
            case ContactLogged(summary=mark):
                found["contacts", mark] += 1
            case FactCorrected(source=mark):
                found["facts", mark] += 1
    return found
