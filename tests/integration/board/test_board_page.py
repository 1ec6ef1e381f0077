"""The cohort board: who is in it, what stands beside each, whom a number leads to, and who may see it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.journey.journey import student_subject
from tests.asked import asking
from tests.integration.board.conftest import NRMP, STUDENTS
from tests.integration.pages import links, rows_of, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team
    from tests.integration.conftest import TickingClock
    from web.house import House

BOARD = "/cohorts/2026"


def names(client: FlaskClient, url: str = BOARD) -> list[str]:
    """The students that a board shows, in its order."""
    answer = client.get(url)
    assert answer.status_code == 200
    return [row[0].split(" S-")[0] for row in rows_of(answer.text)]


def row(client: FlaskClient, ref: str) -> str:
    """The row of one student, in words."""
    return next(" | ".join(cells) for cells in rows_of(client.get(BOARD).text) if ref in cells[0])


@pytest.mark.usefixtures("cohort")
def test_a_row_says_who_it_is_where_they_stand_and_what_comes_next(lena: FlaskClient) -> None:
    assert row(lena, "S-1") == (
        "Ada Heron S-1 | Orthopedic surgery | borderline | Pivot now | due in 4 days | 1 of 5 | 2 of 2"
        " | Path open SOAP: 3 to go | Decide the path Sat, Jun 20 | 2 days | Abel Advisor"
    )


@pytest.mark.usefixtures("cohort")
def test_the_note_under_a_name_says_what_sets_a_student_apart(lena: FlaskClient) -> None:
    assert "Against the recommendation · The advisor dissents" in row(lena, "S-2")
    assert "1 disputed fact" in row(lena, "S-3")
    assert "Gate overridden: pivot to another specialty" in row(lena, "S-4")
    assert "AUA (urology)" in row(lena, "S-5")


@pytest.mark.usefixtures("cohort")
def test_what_is_not_known_is_said_and_never_a_zero(lena: FlaskClient) -> None:
    unknown = row(lena, "S-6")
    for said in ("not yet known", "Not yet decidable", "not asked", "none yet", "nobody yet"):
        assert said in unknown
    assert "0 of 5" not in unknown


@pytest.mark.usefixtures("cohort")
def test_a_decision_is_shown_as_said_with_the_new_field_and_no_date_waits_any_more(lena: FlaskClient) -> None:
    assert "| Reapply | Pivot Anesthesiology |" in row(lena, "S-2")


def test_a_soap_decision_stands_under_the_path_decision_that_is_still_due(cohort: Team, lena: FlaskClient) -> None:
    cohort.overrides("S-6", "soap_take_part")
    cohort.decides("S-6", "soap_take_part", None)
    assert "| due in 4 days Take part in SOAP |" in row(lena, "S-6")


@pytest.mark.usefixtures("cohort")
def test_a_date_that_has_passed_is_told_in_words(lena: FlaskClient, clock: TickingClock) -> None:
    assert "was due 45 days ago" in row(lena, "S-5")
    clock.move(days=6)
    late = row(lena, "S-1")
    assert "was due 2 days ago" in late
    assert "Decide the path Overdue 2 days" in late


@pytest.mark.usefixtures("cohort")
def test_the_page_says_since_when_as_of_when_and_by_which_playbook(lena: FlaskClient) -> None:
    said = words(lena.get(BOARD).text)
    assert "88 days since Match Day, Friday, March 20, 2026 (NRMP, 5 students)" in said
    assert "AUA (urology) Monday, February 2, 2026, 1 student" in said
    assert re.search(r"as of .*9:00 AM · playbook", said)


def test_one_match_day_is_told_without_its_system(team: Team, lena: FlaskClient) -> None:
    team.imports(*STUDENTS[:2])
    assert "88 days since Match Day, Friday, March 20, 2026 · as of" in words(lena.get(BOARD).text)


@pytest.mark.usefixtures("cohort")
def test_each_number_leads_to_the_people_behind_it(lena: FlaskClient) -> None:
    found = {label: (int(number), href) for number, label, href in counts(lena)}
    assert found["students"][0] == 6
    assert found["decide within 7 days, or past their day"][0] == 5
    assert found["contested"][0] == 1
    for label, (number, href) in found.items():
        assert len(names(lena, href)) == number, label


def test_a_faulty_part_of_an_address_can_be_left_out(lena: FlaskClient) -> None:
    for asked in ("at=2099-01-01", "at=foo", "sort=bar"):
        answer = lena.get(f"{BOARD}?q=eva&{asked}")
        assert answer.status_code == 422, asked
        assert links(answer.text)["Open this page without it"] == f"{BOARD}?q=eva"


def counts(client: FlaskClient) -> list[tuple[str, str, str]]:
    html = client.get(BOARD).text
    return [
        (number, label, href.replace("&amp;", "&"))
        for href, number, label in re.findall(r'<li><a href="([^"]+)"[^>]*><b>(\d+)</b> <span>([^<]+)</span>', html)
    ]


@pytest.mark.usefixtures("cohort")
def test_filters_stand_in_the_address_and_combine(lena: FlaskClient) -> None:
    table = {
        "q=heron": ["Ada Heron"],
        "q=s-2": ["Ben Lark"],
        "advisor=none": ["=cmd|<b>Fay</b>"],
        "specialty=urology": ["Eva Teal"],
        "recommendation=CONTESTED": ["Cem Finch"],
        "decision=against": ["Ben Lark"],
        "gate=disputed": ["Cem Finch"],
        "needs=contested": ["Cem Finch"],
        "profile=borderline&gate=path_open&decision=none": ["Ada Heron"],
    }
    assert {asked: names(lena, f"{BOARD}?{asked}") for asked in table} == table


@pytest.mark.usefixtures("cohort")
def test_a_filter_that_is_set_stays_in_the_form_is_named_and_can_be_cleared_alone(lena: FlaskClient) -> None:
    html = lena.get(f"{BOARD}?specialty=urology&q=eva&sort=-contact").text
    assert '<option value="urology" selected>Urology</option>' in html
    assert 'name="q" type="search" autocomplete="off" maxlength="200" value="eva"' in html
    assert "1 of 6 students" in words(html)
    assert links(html)["clear the filter Dream field: Urology"] == f"{BOARD}?q=eva&sort=-contact"
    assert links(html)["Clear all"] == f"{BOARD}?sort=-contact"


@pytest.mark.usefixtures("cohort")
def test_my_journeys_are_one_click_away_and_the_address_can_be_kept_by_anybody(
    abel: FlaskClient, client_of: Callable[[str], FlaskClient]
) -> None:
    mine = links(abel.get(BOARD).text)["My journeys"]
    assert mine == f"{BOARD}?advisor=me"
    assert names(abel, mine) == ["Ada Heron", "Dee Plover"]
    assert "My journeys, cohort 2026" in words(abel.get(mine).text)
    assert names(client_of("colleague"), mine) == ["Ben Lark", "Cem Finch", "Eva Teal"]


def test_an_address_that_asks_for_what_is_not_there_gets_one_sentence(lena: FlaskClient) -> None:
    for asked in ("profile=strong", "recommendation=maybe", "needs=help", "sort=shoe", "page=0", "page=x"):
        answer = lena.get(f"{BOARD}?{asked}")
        assert answer.status_code == 422, asked
        assert f"“{asked.partition('=')[2]}” is not allowed" in words(answer.text)


@pytest.mark.usefixtures("cohort")
def test_every_column_orders_and_orders_the_other_way_when_it_does_already(lena: FlaskClient) -> None:
    first = lena.get(BOARD).text
    headers = re.findall(r'<th scope="col" role="columnheader"[^>]*><a href="([^"]+)">([^<]+)</a>', first)
    assert len(headers) == 11
    for href, label in headers:
        html = lena.get(href.replace("&amp;", "&")).text
        assert html.count("aria-sort=") == 1, label
    assert re.search(r'aria-sort="ascending"><a href="/cohorts/2026\?sort=-student">Student', first)
    assert names(lena, f"{BOARD}?sort=-student") == list(reversed(names(lena)))
    assert names(lena, f"{BOARD}?sort=specialty")[-1] == "Eva Teal"


def many(size: int) -> list[str]:
    return [f"M-{n:03d},Student {n:03d},ortho,{NRMP},abel@school.example,,,,,,,,,," for n in range(size)]


def test_fifty_students_stand_on_a_page_and_the_rest_is_a_click_away(team: Team, lena: FlaskClient) -> None:
    team.imports(*many(120))
    first = lena.get(f"{BOARD}?sort=-reference").text
    assert len(rows_of(first)) == 50
    assert rows_of(first)[0][0].startswith("Student 119")
    assert "120 students, 1 to 50 here" in words(first)
    third = lena.get(links(lena.get(links(first)["Next"]).text)["Next"]).text
    assert len(rows_of(third)) == 20
    assert "Next" not in links(third)
    assert links(third)["Previous"] == f"{BOARD}?sort=-reference&page=2"
    assert len(names(lena, f"{BOARD}?page=9")) == 20, "an old bookmark shows the last page"


def test_the_number_of_queries_does_not_grow_with_the_cohort(team: Team, lena: FlaskClient, school: House) -> None:
    queries: list[int] = []
    for size in (10, 150):
        team.imports(*many(size))
        lena.get(BOARD)
        with asking(school.views) as asked:
            assert len(rows_of(lena.get(BOARD).text)) == min(size, 50)
        queries.append(len(asked))
    assert queries[0] == queries[1] <= 7


@pytest.mark.usefixtures("cohort")
def test_a_name_is_text_and_never_markup(lena: FlaskClient) -> None:
    html = lena.get(BOARD).text
    assert "=cmd|&lt;b&gt;Fay&lt;/b&gt;" in html
    assert "<b>Fay" not in html


def test_a_change_of_a_moment_ago_is_marked_with_who_and_what(
    cohort: Team, lena: FlaskClient, clock: TickingClock
) -> None:
    clock.move(hours=1)
    assert "is-now" not in lena.get(BOARD).text
    cohort.talks("S-3", clock.now.date())
    clock.move(minutes=3)
    html = lena.get(BOARD).text
    assert html.count("is-now") == 1
    assert "Meeting with the student just now, Lena Lead" in row(lena, "S-3")
    clock.move(minutes=20)
    assert "is-now" not in lena.get(BOARD).text


@pytest.mark.usefixtures("cohort")
def test_nothing_is_marked_as_new_when_everything_is(lena: FlaskClient) -> None:
    assert "is-now" not in lena.get(BOARD).text


def test_an_empty_cohort_tells_a_lead_how_to_begin_and_an_advisor_who_can(lena: FlaskClient, abel: FlaskClient) -> None:
    html = lena.get(BOARD).text
    assert "No students yet" in words(html)
    assert links(html)["Import a roster"] == "/import?cohort=2026"
    assert links(html)["Open one journey"] == "/cohorts/2026/open"
    told = abel.get(BOARD).text
    assert "A lead of this cohort imports the roster: Lena Lead." in words(told)
    assert "Import a roster" not in links(told)


@pytest.mark.usefixtures("cohort")
def test_when_nobody_fits_each_filter_worth_lifting_says_how_many_that_gives(lena: FlaskClient) -> None:
    html = lena.get(f"{BOARD}?specialty=urology&recommendation=CONTESTED").text
    assert "Nobody fits these 2 filters" in words(html)
    ways = {label: href for label, href in links(html).items() if label.startswith("Without")}
    assert ways == {
        "Without “Urology”: 1": f"{BOARD}?recommendation=CONTESTED",
        "Without “Contested”: 1": f"{BOARD}?specialty=urology",
    }
    alone = lena.get(f"{BOARD}?q=zebra").text
    assert "Nobody fits this filter" in words(alone)
    assert links(alone)["Show all 6 students"] == BOARD


def test_somebody_without_journeys_is_told_who_assigns_them(team: Team, lena: FlaskClient) -> None:
    team.imports(*STUDENTS[:1])
    assert "No journey of this cohort is yours" in words(lena.get(f"{BOARD}?advisor=me").text)


def test_an_erased_record_leaves_the_board_and_is_counted_apart(
    cohort: Team, lena: FlaskClient, school: House, clock: TickingClock
) -> None:
    keys = school.desk.journal.keys
    keys.destroy(student_subject(keys, "S-1"), clock.now)
    school.runner.catch_up()
    html = lena.get(BOARD).text
    assert "Ada Heron" not in html
    assert "5 students" in words(html)
    assert "1 erased record in this institution" in words(html)


@pytest.mark.usefixtures("cohort")
def test_a_steward_is_told_kindly_that_journeys_are_not_part_of_the_role(
    client_of: Callable[[str], FlaskClient],
) -> None:
    answer = client_of("steward").get(BOARD)
    assert answer.status_code == 403
    assert "Students' journeys are not part of your role" in words(answer.text)
    assert "A steward looks after members, settings and the playbook" in words(answer.text)
    assert "Ada Heron" not in answer.text
    assert "A steward looks after" not in words(client_of("nobody").get(BOARD).text)


def test_what_is_switched_off_is_not_offered(lena: FlaskClient) -> None:
    rooms = lena.application.extensions["rungwise"]
    off = replace(rooms, settings=replace(rooms.settings, disabled=frozenset({"import", "export"})))
    lena.application.extensions["rungwise"] = off
    html = lena.get(BOARD).text
    assert not {"Import", "Import a roster", "Open one journey"} & set(links(html))
    assert lena.get("/import").status_code == 404


def test_a_cohort_that_is_not_theirs_does_not_exist_for_a_person(lena: FlaskClient) -> None:
    for url in ("/cohorts/2025", "/cohorts/2025/export.csv", "/cohorts/2025/open", "/cohorts/nowhere"):
        assert lena.get(url).status_code == 404, url


def test_somebody_with_two_cohorts_can_change_between_them_and_keeps_to_their_own_journeys(
    team: Team, abel: FlaskClient
) -> None:
    assert "2025" not in links(abel.get(BOARD).text)
    team.joins("advisor", "2025")
    html = abel.get(f"{BOARD}?advisor=me&specialty=urology").text
    assert links(html)["2025"] == "/cohorts/2025?advisor=me"


@pytest.mark.usefixtures("cohort")
def test_the_clock_of_the_page_is_the_schools(lena: FlaskClient, clock: TickingClock) -> None:
    clock.now = clock.now.replace(hour=3) + timedelta(days=4)  # 22:00 of the day before, in Chicago
    assert "due in 1 day" in row(lena, "S-1")
