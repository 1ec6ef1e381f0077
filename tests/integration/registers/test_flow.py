"""The pictures of a cohort: every number in them leads to exactly its people, whatever the board is narrowed to."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask import Flask, request

from core.advising import contacts, decisions, members
from core.journey.decisions import NewDecision
from plugins.host import load_packs, playbook_content
from projections.overview import FlowCount
from tests.integration.board.conftest import NRMP
from tests.integration.conftest import id_of
from tests.integration.pages import links, rows_of, words
from web.board.flow import flow_picture
from web.board.query import BoardQuery

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team

BOARD = "/cohorts/2026"
FILTERS = ("", "advisor=me", "profile=borderline", "decision=any", "decision=against", "decision=none", "needs=overdue")


def drawn(html: str) -> dict[str, int]:
    """The addresses that lead from the pictures to people, with the number of students each says."""
    table = re.findall(r'data-l="Students"><a href="([^"]+)">([\d,]+) students?</a>', html)
    drawn_too = set(re.findall(r'<a href="([^"]+)" aria-label=', html))
    assert drawn_too <= {href for href, _ in table}
    return {unescape(href): int(number.replace(",", "")) for href, number in table}


@pytest.mark.usefixtures("cohort")
@pytest.mark.parametrize("narrowed", FILTERS)
def test_every_bar_and_band_leads_to_as_many_students_as_it_says(abel: FlaskClient, narrowed: str) -> None:
    answer = abel.get(f"{BOARD}?{narrowed}")
    ways = drawn(answer.text)
    assert len(ways) >= 7
    for href, number in ways.items():
        assert len(rows_of(abel.get(href).text)) == number, href


@pytest.mark.parametrize(
    "asked", ["", "q={profile}=%7Bdecision%7D %26ü&sort=-changed&page=2", "decision=any&advisor=me"]
)
def test_the_addresses_of_a_flow_are_those_that_the_board_makes(app: Flask, asked: str) -> None:
    counts = [FlowCount(profile="borderline", recommendation="REAPPLY", decision="pivot", placed=None, students=3)]
    with app.test_request_context(f"{BOARD}?{asked}"):
        query = BoardQuery.read("2026", request.args)
        picture = flow_picture(query, counts, prefix="f")
        named = "path" if query.filters.decision else "decision"
        onward = (
            {"decision": "pivot", "placement": "none"} if named == "decision" else {"placement": "none", named: "pivot"}
        )
        assert [bar.href for stage in picture.stages for bar in stage.bars] == [
            query.href(profile="borderline"),
            query.href(recommendation="REAPPLY"),
            query.href(**{named: "pivot"}),
            query.href(placement="none"),
        ]
        assert [band.href for stage in picture.stages for band in stage.bands] == [
            query.href(profile="borderline", recommendation="REAPPLY"),
            query.href(recommendation="REAPPLY", **{named: "pivot"}),
            query.href(**onward),
        ]


@pytest.mark.usefixtures("cohort")
def test_the_flow_counts_whom_the_board_shows(lena: FlaskClient) -> None:
    for narrowed in FILTERS:
        html = lena.get(f"{BOARD}?{narrowed}").text
        shown = len(rows_of(html))
        titles = re.findall(r"From profile to placement, (\d+) student", html)
        assert titles == [str(shown)] * len(titles), narrowed
        assert bool(titles) == bool(shown)


@pytest.mark.usefixtures("cohort")
def test_a_click_in_the_flow_can_be_seen_and_lifted(lena: FlaskClient) -> None:
    html = lena.get(f"{BOARD}?decision=any").text
    band = next(href for href in drawn(html) if "path=pivot" in href)
    clicked = lena.get(band).text
    assert "Decided: Pivot to another specialty" in words(clicked)
    assert links(clicked)["clear the filter Decided: Pivot to another specialty"].endswith("decision=any")
    assert '<input type="hidden" name="path" value="pivot">' in clicked


@pytest.mark.usefixtures("cohort")
def test_the_wide_flow_is_open_and_the_one_for_phones_waits_folded(lena: FlaskClient) -> None:
    html = lena.get(BOARD).text
    assert re.findall(r'<details class="flow (w|s)"( open)?>', html) == [("w", " open"), ("s", "")]
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("cohort")
def test_every_number_of_the_tree_leads_to_its_people(lena: FlaskClient) -> None:
    html = lena.get(f"{BOARD}/tree").text
    ways = {href: number for href, number in drawn(html).items() if href.startswith(f"{BOARD}?")}
    assert ways
    for href, number in ways.items():
        assert len(rows_of(lena.get(href).text)) == number, href
    said = words(lena.get(next(iter(ways))).text)
    assert "Tree: " in said or "Recommendation: " in said


@pytest.mark.usefixtures("cohort")
def test_the_tree_of_a_narrowed_board_says_so_and_keeps_its_filters(lena: FlaskClient) -> None:
    html = lena.get(f"{BOARD}/tree?advisor=none").text
    assert "Narrowed as the board is: Advisor: Nobody yet" in words(html)
    assert links(html)["Show the whole cohort"] == f"{BOARD}/tree"
    assert all("advisor=none" in href for href in drawn(html))


def test_ladders_are_shown_with_who_chose_them_and_who_has_not(cohort: Team, lena: FlaskClient) -> None:
    desk = cohort.house.desk
    packed = members.PublishPlaybook(
        command_id=cohort.command(), content=playbook_content("2026", load_packs()), note="with packs"
    )
    members.publish_playbook(desk, desk.principal(id_of(cohort.house, "steward")), packed)
    chosen = contacts.ChooseLadder(command_id=cohort.command(), journey_id=cohort.of("S-1"), ladder="ORTHO.anes-pain")
    cohort.does(contacts.choose_ladder(desk, cohort.lead, chosen))

    html = lena.get(f"{BOARD}/ladders").text

    assert "1 student chose it" in words(html)
    assert rows_of(html)[0] == ["Anesthesiology → pain medicine", "Orthopedic surgery", "1"]
    assert "Decided to pivot, no ladder chosen yet: 1" in words(html)
    for href in re.findall(r'<a href="(/cohorts/2026\?[^"]+)"', html):
        assert len(rows_of(lena.get(unescape(href)).text)) == 1, href
    clicked = lena.get(f"{BOARD}?ladder=ORTHO.anes-pain").text
    assert "Ladder: Anesthesiology → pain medicine" in words(clicked)
    assert "not financial or legal advice" in words(html)


def test_pages_without_anybody_say_what_to_do(team: Team, lena: FlaskClient) -> None:
    assert "Nobody walked the tree yet" in words(lena.get(f"{BOARD}/tree").text)
    assert "No ladder chosen yet" in words(lena.get(f"{BOARD}/ladders").text)
    team.imports(f"S-1,Ada Heron,ortho,{NRMP},,,,,,,,,,,")
    assert "No ladder chosen yet" in words(lena.get(f"{BOARD}/ladders").text)


def test_a_reversed_decision_flows_no_more(cohort: Team, lena: FlaskClient) -> None:
    assert any("decision=pivot" in href for href in drawn(lena.get(BOARD).text))
    command = decisions.ReverseDecision(
        command_id=cohort.command(), journey_id=cohort.of("S-2"), decision_id="path", reason="A seat came up."
    )
    cohort.does(decisions.reverse_decision(cohort.house.desk, cohort.lead, command))
    assert not any("decision=pivot" in href for href in drawn(lena.get(BOARD).text))
    again = NewDecision(decision_id="again", kind="pivot", specialty="pmr", reason_code="calling", reason="Now.")
    record = decisions.RecordDecision(command_id=cohort.command(), journey_id=cohort.of("S-2"), decision=again)
    cohort.does(decisions.record_decision(cohort.house.desk, cohort.lead, record))
    assert any("decision=pivot" in href for href in drawn(lena.get(BOARD).text))
