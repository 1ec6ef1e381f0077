"""The board as a file: the same people in the same order, for a lead alone, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.integration.pages import links, words
from web.board.export import COLUMNS, harmless

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.integration.board.conftest import Team

EXPORT = "/cohorts/2026/export.csv"


def table(client: FlaskClient, url: str = EXPORT) -> list[dict[str, str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("cohort")
def test_the_file_is_named_after_cohort_and_day_and_opens_as_utf8_in_a_spreadsheet(lena: FlaskClient) -> None:
    answer = lena.get(EXPORT)
    assert answer.is_streamed
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cohort-2026-2026-06-16.csv"'
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbfReference,Name,Cohort,")


@pytest.mark.usefixtures("cohort")
def test_a_row_holds_what_the_board_shows_and_dates_as_numbers(lena: FlaskClient) -> None:
    ada, ben = table(lena)[1:3]
    assert list(ada) == list(COLUMNS)
    expected = {
        "Reference": "S-1",
        "Dream field": "Orthopedic surgery",
        "Profile": "borderline",
        "Recommendation": "pivot now",
        "Decision": "",
        "Best champion grade of 5": "1",
        "Opinions of 2": "2",
        "Path gate": "open",
        "SOAP gate": "closed",
        "Next milestone due": "2026-06-20",
        "Days since contact": "2",
        "Advisor": "Abel Advisor",
    }
    assert {name: ada[name] for name in expected} == expected
    assert ben["Decision"] == "Pivot to another specialty"
    assert ben["New field"] == "Anesthesiology"
    assert ben["Decision and recommendation"] == "against"
    assert ben["Advisor on the decision"] == "dissents"


@pytest.mark.usefixtures("cohort")
def test_the_file_has_the_filters_and_the_order_of_the_board_it_was_asked_from(lena: FlaskClient) -> None:
    href = links(lena.get("/cohorts/2026?gate=soap_closed&advisor=none&sort=-reference").text)["Export CSV"]
    assert href == f"{EXPORT}?advisor=none&gate=soap_closed&sort=-reference"
    assert [one["Reference"] for one in table(lena, href)] == ["S-6"]
    assert [one["Reference"] for one in table(lena, f"{EXPORT}?sort=-reference")][:2] == ["S-6", "S-5"]


def test_the_file_has_all_rows_and_not_a_page_of_them(team: Team, lena: FlaskClient) -> None:
    team.imports(*(f"M-{n},Student {n},ortho,nrmp,2026-03-20,2026-03-16,,,,,,,,,,," for n in range(120)))
    assert len(table(lena)) == 120


@pytest.mark.usefixtures("cohort")
def test_a_name_that_begins_like_a_formula_is_shown_and_not_computed(lena: FlaskClient) -> None:
    assert next(one for one in table(lena) if one["Reference"] == "S-6")["Name"] == "'=cmd|<b>Fay</b>"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_every_way_to_begin_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Ada", "2026-06-20", "a=b", "0"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.usefixtures("cohort")
def test_an_advisor_may_not_export_and_is_not_offered_it(abel: FlaskClient, lena: FlaskClient) -> None:
    answer = abel.get(EXPORT)
    assert answer.status_code == 403
    assert "may not export this cohort" in words(answer.text)
    assert "Export CSV" in links(lena.get("/cohorts/2026").text)
    assert "Export CSV" not in links(abel.get("/cohorts/2026").text)


@pytest.mark.usefixtures("cohort")
def test_a_filter_that_is_not_there_is_a_page_with_a_sentence_and_not_half_a_file(lena: FlaskClient) -> None:
    answer = lena.get(f"{EXPORT}?gate=ajar")
    assert answer.status_code == 422
    assert "“ajar” is not allowed" in words(answer.text)
