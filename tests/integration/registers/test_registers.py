"""Decisions, activity and caseload: what stands in them, whom each number leads to, and who may see them."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.asked import asking
from tests.integration.board.conftest import NRMP
from tests.integration.conftest import id_of, send
from tests.integration.pages import links, rows_of, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team
    from tests.integration.conftest import TickingClock
    from web.house import House

HERE = "/cohorts/2026"
PAGES = ("decisions", "activity", "caseload", "tree", "ladders", "filters")


def counts(html: str) -> dict[str, tuple[int, str]]:
    found = re.findall(r'<li><a href="([^"]+)"[^>]*><b>(\d+)</b> <span>([^<]+)</span>', html)
    return {label: (int(number), unescape(href)) for href, number, label in found}


@pytest.mark.usefixtures("cohort")
def test_a_decision_stands_with_the_rules_the_relation_the_advisors_word_and_the_day(lena: FlaskClient) -> None:
    (row,) = rows_of(lena.get(f"{HERE}/decisions").text)
    assert row[0] == "Ben Lark S-2 Neurosurgery · Cora Colleague"
    assert row[1] == "Tue, Jun 16 by Lena Lead"
    assert row[2] == "Reapply"
    assert row[3].startswith("Pivot , Anesthesiology Against the recommendation This field or nothing · I want to.")
    assert row[4] == "passed"
    assert "dissents Try once more. · Lena Lead · Tue, Jun 16, 9:00 AM" in row[5]
    assert row[6] == "stands"


def test_each_number_of_the_register_leads_to_its_decisions(cohort: Team, lena: FlaskClient) -> None:
    cohort.decides("S-4", "pivot", "pmr")  # over an overridden gate
    html = lena.get(f"{HERE}/decisions").text
    found = counts(html)
    assert found["decisions"][0] == 2
    assert found["gates overridden"][0] == found["against the recommendation"][0] == 1
    for label, (number, href) in found.items():
        assert len(rows_of(lena.get(href).text)) == number, label
    assert "Overridden A deadline falls before the facts can be had · It is Friday. · Lena Lead" in words(html)


@pytest.mark.usefixtures("cohort")
def test_filters_of_the_register_stand_in_the_address_and_can_be_lifted(lena: FlaskClient) -> None:
    html = lena.get(f"{HERE}/decisions?relation=differs&stance=dissents&since=2026-06-16&advisor=me").text
    assert "No decision fits these filters" in words(html)
    assert links(html)["Show all decisions"] == f"{HERE}/decisions"
    table = {"kind=pivot": 1, "kind=reapply": 0, "until=2026-06-15": 0, "since=2026-06-16&until=2026-06-16": 1}
    assert {asked: len(rows_of(lena.get(f"{HERE}/decisions?{asked}").text)) for asked in table} == table
    for asked in ("relation=maybe", "since=yesterday", "until=9999-12-31", "page=0"):
        assert lena.get(f"{HERE}/decisions?{asked}").status_code == 422, asked


def test_the_file_of_the_register_holds_the_same_rows_harmless_and_for_a_lead_alone(
    cohort: Team, lena: FlaskClient, abel: FlaskClient
) -> None:
    cohort.overrides("S-6", "pivot")
    cohort.decides("S-6", "pivot", "pmr")
    answer = lena.get(f"{HERE}/decisions.csv?kind=pivot")
    assert answer.is_streamed
    assert answer.headers["Content-Disposition"] == 'attachment; filename="decisions-2026-2026-06-16.csv"'
    first, second = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert first["Name"] == "'=cmd|<b>Fay</b>"
    assert (first["Gate"], first["Overridden because"]) == (
        "overridden",
        "A deadline falls before the facts can be had",
    )
    assert second["Decision and recommendation"] == "against the recommendation"
    assert (second["Recommendation then"], second["Advisor's word"], second["Decided on"]) == (
        "reapply",
        "dissents",
        "2026-06-16",
    )
    assert abel.get(f"{HERE}/decisions.csv").status_code == 403
    assert "Export CSV" not in links(abel.get(f"{HERE}/decisions").text)
    assert lena.get(f"{HERE}/decisions.csv?kind=nap").status_code == 422


def test_fifty_decisions_stand_on_a_page(team: Team, lena: FlaskClient) -> None:
    team.imports(*(f"M-{n:03d},Student {n:03d},ortho,{NRMP},,,,,,,,,,," for n in range(52)))
    for number in range(52):
        team.overrides(f"M-{number:03d}", "pivot")
        team.decides(f"M-{number:03d}", "pivot", "pmr")
    first = lena.get(f"{HERE}/decisions?gate=overridden").text
    assert len(rows_of(first)) == 50
    assert rows_of(first)[0][0].startswith("Student 051")
    assert links(first)["Next"] == f"{HERE}/decisions?gate=overridden&page=2"
    assert len(rows_of(lena.get(links(first)["Next"]).text)) == 2


def test_the_activity_says_who_did_what_on_which_journey_by_day(
    cohort: Team, lena: FlaskClient, clock: TickingClock
) -> None:
    clock.move(days=1)
    cohort.talks("S-3", clock.now.date())
    html = lena.get(f"{HERE}/activity").text
    said = words(html)
    assert said.index("Today, Wednesday, June 17") < said.index("Yesterday, Tuesday, June 16")
    assert "Cem Finch : Meeting with the student 9:00 AM, Lena Lead We talked." in said
    assert links(html)["Cem Finch"] == f"/journeys/{cohort.of('S-3')}"


@pytest.mark.usefixtures("cohort")
def test_the_activity_is_narrowed_by_person_kind_and_day(lena: FlaskClient, abel: FlaskClient) -> None:
    everything = lena.get(f"{HERE}/activity").text
    assert "Journey opened" in everything
    assert words(lena.get(f"{HERE}/activity?kind=decisions").text).count("Ben Lark") == 2
    assert "Journey opened" not in lena.get(f"{HERE}/activity?kind=contacts").text
    assert "Nothing fits these filters" in words(abel.get(f"{HERE}/activity?actor=me").text)
    assert "Nothing fits these filters" in words(lena.get(f"{HERE}/activity?day=2026-06-15").text)
    for asked in ("yesterday", "2026-02-30", "9999-12-31", "0001-01-01"):
        assert lena.get(f"{HERE}/activity?day={asked}").status_code == 422, asked
    assert "Ada Heron" in lena.get(f"{HERE}/activity?actor=me&day=2026-06-16").text
    for asked in ("kind=gossip", "day=friday", "before=0", "after=x"):
        assert lena.get(f"{HERE}/activity?{asked}").status_code == 422, asked


def test_the_activity_goes_on_in_pages_of_fifty_both_ways(team: Team, lena: FlaskClient) -> None:
    team.imports(*(f"M-{n:03d},Student {n:03d},ortho,{NRMP},abel@school.example,,,,,,,,,," for n in range(60)))
    first = lena.get(f"{HERE}/activity").text
    assert first.count("Journey opened") == 50
    assert "Newer" not in links(first)
    second = lena.get(links(first)["Older"]).text
    assert second.count("Journey opened") == 10
    assert "Older" not in links(second)
    back = lena.get(links(second)["Newer"]).text
    assert re.findall(r"Student \d+", back) == re.findall(r"Student \d+", first)


def test_one_sees_ones_own_caseload_first_and_every_number_leads_to_the_people(
    cohort: Team, abel: FlaskClient, clock: TickingClock
) -> None:
    clock.move(days=6)
    cohort.completes("S-1", "WEEK1.tell")
    html = abel.get(f"{HERE}/caseload").text
    assert "My caseload, cohort 2026" in words(html)
    own = counts(html)
    assert own["students"][0] == 2
    rows = rows_of(html)
    assert [row[0] for row in rows] == ["Abel Advisor (me)", "Cora Colleague", "Lena Lead", "Nobody yet"]
    table = re.findall(r'<a href="(/cohorts/2026\?[^"]+)">(\d+)<span class="vh">', html)
    assert len(table) > 10
    for href, number in [*table, *((href, str(number)) for number, href in own.values())]:
        assert len(rows_of(abel.get(unescape(href)).text)) == int(number), href
    assert rows[2][1:] == [f"{0}"] * 7


@pytest.mark.usefixtures("cohort")
def test_the_days_of_silence_can_be_chosen_and_stand_in_the_address(abel: FlaskClient) -> None:
    assert "not spoken to for 14 days" in counts(abel.get(f"{HERE}/caseload").text)
    html = abel.get(f"{HERE}/caseload?quiet=2").text
    number, href = counts(html)["not spoken to for 2 days"]
    assert (number, href) == (2, f"{HERE}?advisor=me&quiet=2")
    assert "Not spoken to for 2 days" in words(abel.get(href).text)
    for wrong in ("0", "often", "1000"):
        assert abel.get(f"{HERE}/caseload?quiet={wrong}").status_code == 422


def test_what_others_changed_is_new_until_one_opens_it_or_marks_everything_as_seen(
    cohort: Team, abel: FlaskClient, client_of: Callable[[str], FlaskClient]
) -> None:
    def news() -> int:
        return counts(abel.get(f"{HERE}/caseload").text).get("changed since I looked", (0, ""))[0]

    assert news() == 2
    abel.get(f"/journeys/{cohort.of('S-1')}")
    assert news() == 1
    html = abel.get(f"{HERE}/caseload").text
    assert "Dee Plover : Gate overridden: pivot to another specialty Lena Lead, Tue, Jun 16, 9:00 AM" in words(html)
    assert len(rows_of(abel.get(f"{HERE}?advisor=me&news=me").text)) == 1

    assert send(abel, f"{HERE}/caseload/seen", page=f"{HERE}/caseload", position=position(html)).status_code == 303
    assert news() == 0
    assert "Nobody else changed anything on your journeys" in words(abel.get(f"{HERE}/caseload").text)
    cohort.talks("S-4", cohort.house.desk.today())
    assert news() == 1
    theirs = counts(client_of("colleague").get(f"{HERE}/caseload").text)
    assert theirs["changed since I looked"][0] == 3, "what one looked at is not what others looked at"


def position(html: str) -> str:
    return re.findall(r'name="position" value="(\d+)"', html)[0]


def test_what_came_after_the_page_was_shown_is_not_marked_as_seen(cohort: Team, abel: FlaskClient) -> None:
    shown = position(abel.get(f"{HERE}/caseload").text)
    cohort.talks("S-4", cohort.house.desk.today())
    send(abel, f"{HERE}/caseload/seen", page=f"{HERE}/caseload", position=shown)
    assert counts(abel.get(f"{HERE}/caseload").text)["changed since I looked"][0] == 1


def test_who_leaves_is_forgotten_with_what_they_looked_at(cohort: Team, abel: FlaskClient, school: House) -> None:
    abel.get(f"/journeys/{cohort.of('S-1')}")
    member = id_of(school, "advisor")
    assert school.access.looked.since(member, "2026") != (0, {})
    school.access.looked.forget(member)
    assert school.access.looked.since(member, "2026") == (0, {})


def test_empty_pages_say_what_will_stand_here(lena: FlaskClient, abel: FlaskClient) -> None:
    assert "No decision yet" in words(lena.get(f"{HERE}/decisions").text)
    assert "Nothing happened yet" in words(lena.get(f"{HERE}/activity").text)
    html = abel.get(f"{HERE}/caseload").text
    assert "No journey of this cohort is yours" in words(html)
    assert "Mark everything as seen" not in html


@pytest.mark.usefixtures("cohort")
def test_who_reads_the_cohort_reads_its_registers_and_nobody_else(
    client_of: Callable[[str | None], FlaskClient],
) -> None:
    for name in PAGES:
        got = {role: client_of(role).get(f"{HERE}/{name}").status_code for role in ("lead", "advisor", "colleague")}
        assert set(got.values()) == {200}, name
        for role in ("steward", "nobody"):
            assert client_of(role).get(f"{HERE}/{name}").status_code == 403, name
        assert client_of(None).get(f"{HERE}/{name}").status_code == 302, name
        assert client_of("lead").get(f"/cohorts/2025/{name}").status_code == 404, name


@pytest.mark.usefixtures("cohort")
def test_the_navigation_names_the_page_one_is_on(lena: FlaskClient) -> None:
    for name, label in (("decisions", "Decisions"), ("activity", "Activity"), ("caseload", "My caseload")):
        html = lena.get(f"{HERE}/{name}").text
        assert re.findall(r'aria-current="page">([^<]+)', html) == [label]
        assert list(links(html))[1:7] == ["Rungwise", "Cohort", "My caseload", "Decisions", "Ladders", "Activity"]


def test_a_phone_starts_at_ones_own_caseload_and_a_desk_at_the_board(abel: FlaskClient) -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148"
    assert abel.get("/", headers={"User-Agent": phone}).headers["Location"] == f"{HERE}/caseload"
    assert abel.get("/").headers["Location"] == HERE


@pytest.mark.parametrize("name", [*PAGES, "hand-over"])
def test_no_page_asks_more_for_a_larger_cohort(team: Team, lena: FlaskClient, school: House, name: str) -> None:
    queries: list[int] = []
    for size in (10, 60):
        team.imports(*(f"{size}-{n},Student {n},ortho,{NRMP},lena@school.example,,,,,,,,,," for n in range(size)))
        lena.get(f"{HERE}/{name}")
        with asking(school.views) as asked:
            assert lena.get(f"{HERE}/{name}").status_code == 200
        queries.append(len(asked))
    assert queries[0] == queries[1] <= 8
