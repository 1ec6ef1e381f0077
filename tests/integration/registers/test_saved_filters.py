"""Saved filters: kept under a name, shared or not, renamed, deleted; the address alone can be passed on too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import send
from tests.integration.forms import forms_of, hidden_of
from tests.integration.pages import links, rows_of, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team

BOARD = "/cohorts/2026"
KEPT = f"{BOARD}/filters"
VIEW = f"{BOARD}?specialty=urology&sort=-contact"


def save(client: FlaskClient, name: str, view: str = VIEW, **more: str) -> object:
    return send(client, KEPT, page=view, name=name, **more)


@pytest.mark.usefixtures("cohort")
def test_the_filter_of_the_board_is_kept_under_a_name_and_is_one_click_away(lena: FlaskClient) -> None:
    answer = save(lena, "Urology, longest silence first")
    assert answer.status_code == 303
    assert answer.headers["Location"] == VIEW
    html = lena.get(BOARD).text
    assert "Save this filter" not in html, "nothing is set"
    again = lena.get(links(html)["Urology, longest silence first"]).text
    assert len(rows_of(again)) == 1
    assert '<a href="/cohorts/2026?specialty=urology&amp;sort=-contact" aria-current="true">' in again
    assert "Save this filter" not in again, "it is saved already"


@pytest.mark.usefixtures("cohort")
def test_a_filter_is_private_until_it_is_shared(lena: FlaskClient, abel: FlaskClient) -> None:
    save(lena, "Mine")
    save(lena, "For all of us", f"{BOARD}?advisor=me&decision=none", shared="yes")
    theirs = links(abel.get(BOARD).text)
    assert "Mine" not in theirs
    assert {row[0].split(" S-")[0] for row in rows_of(abel.get(theirs["For all of us"]).text)} == {
        "Ada Heron",
        "Dee Plover",
    }
    assert "For all of us by Lena Lead" in words(abel.get(KEPT).text)
    assert "shared with everybody who reads this cohort" in words(lena.get(KEPT).text)


@pytest.mark.usefixtures("cohort")
def test_one_renames_shares_and_deletes_ones_own_filters_only(lena: FlaskClient, abel: FlaskClient) -> None:
    save(lena, "Silent", shared="yes")
    change = next(action for action, _ in forms_of(lena.get(KEPT).text) if re.fullmatch(rf"{KEPT}/[0-9a-f]+", action))
    assert send(lena, change, page=KEPT, name="Quiet ones").status_code == 303
    assert "Quiet ones" in links(lena.get(BOARD).text)
    assert "Quiet ones" not in links(abel.get(BOARD).text), "taken back"

    token = hidden_of(abel.get("/password").text, "/password")
    assert abel.post(change, data=token | {"name": "Stolen"}).status_code == 404
    abel.post(f"{change}/delete", data=token)
    assert "Quiet ones" in links(lena.get(BOARD).text)

    assert send(lena, f"{change}/delete", page=KEPT).status_code == 303
    assert "No filter saved yet" in words(lena.get(KEPT).text)


@pytest.mark.usefixtures("cohort")
def test_a_name_that_is_missing_or_taken_comes_back_with_one_sentence(lena: FlaskClient) -> None:
    save(lena, "Urology")
    for name, sentence in (("", "This is needed"), ("urology", "a name that no other filter of yours has")):
        answer = save(lena, name, f"{BOARD}?q=heron")
        assert answer.status_code == 422
        assert sentence in words(answer.text)
        assert 'name="query" value="q=heron"' in answer.text
    save(lena, "Heron", f"{BOARD}?q=heron")
    change = [action for action, _ in forms_of(lena.get(KEPT).text) if re.fullmatch(rf"{KEPT}/[0-9a-f]+", action)]
    assert send(lena, change[0], page=KEPT, name="Urology").status_code == 422


@pytest.mark.usefixtures("cohort")
def test_what_is_no_filter_of_the_board_is_not_kept(lena: FlaskClient) -> None:
    for query in ("needs=shoe", "page=2", "colour=red"):
        answer = send(lena, KEPT, page=VIEW, name="Odd", query=query)
        assert answer.status_code == 422, query
    assert "Odd" not in links(lena.get(BOARD).text)


def test_a_double_click_keeps_one(cohort: Team, lena: FlaskClient) -> None:
    assert cohort
    fields = hidden_of(lena.get(VIEW).text, KEPT) | {"name": "Once"}
    assert [lena.post(KEPT, data=fields).status_code for _ in range(2)] == [303, 303]
    assert words(lena.get(KEPT).text).count("Once") >= 1
    assert len(re.findall(r'<section class="kept"', lena.get(KEPT).text)) == 1


@pytest.mark.usefixtures("cohort")
def test_a_filter_about_news_is_everybodys_own(client_of: Callable[[str], FlaskClient]) -> None:
    abel, cora = client_of("advisor"), client_of("colleague")
    save(abel, "News", f"{BOARD}?advisor=me&news=me", shared="yes")
    href = links(cora.get(BOARD).text)["News"]
    assert "Ben Lark" in words(cora.get(href).text)
    assert "Ada Heron" not in words(cora.get(href).text)
    assert abel.get(f"{BOARD}?news=somebody").status_code == 422
