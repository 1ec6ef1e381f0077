"""Somebody chooses a plugin's model for a path: it is asked, checked, computed with, and kept with the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.journey.scenarios import ScenarioSaved
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import follow, packed, text_of
from tests.integration.pages import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.journey.conftest import Student
    from web.house import House

__all__ = ["packed"]
pytestmark = pytest.mark.usefixtures("packed")

MODEL = """
    from rungwise import hookimpl

    @hookimpl
    def rungwise_income_model(path, today):
        if path.steps[-1].specialty == "anesthesiology":
            return None
        first = path.steps[-1].from_year
        rows = [
            [PAY] if year >= first else [70_000, 70_000, 70_000]
            for year in range(path.start_year, path.start_year + path.years)
        ]
        told = f"{path.price_year}, {today:%A}, {path.steps[0].kind}"
        return {"gross_usd": rows, "sources": [{"what": "pay", "source": "our survey", "year": 2025}], "note": told}
"""
GOOD = MODEL.replace("PAY", "500_000, 600_000, 800_000")
FORM = {"plan": "standard", "status": "single", "balance": "0", "a_path": "field:pathology", "a_model": "employed"}


@pytest.fixture
def send(client_of: Callable[..., Any], priya: Student) -> Callable[..., Any]:
    """Sends the form of the comparison as the page has it."""

    def one(part: str = "money", **changes: str) -> Any:
        client = client_of("advisor")
        page = client.get(f"{priya.url}/money").text
        return client.post(f"{priya.url}/{part}", data=hidden_of(page, f"{priya.url}/money") | FORM | changes)

    return one


def first_row(answer: Any) -> list[str]:
    return next(row for row in rows_of(answer.text) if row and row[0].startswith("A "))


def test_without_a_plugin_nothing_is_offered(client_of: Callable[..., Any], priya: Student) -> None:
    assert "pay as told by" not in client_of("advisor").get(f"{priya.url}/money").text


def test_a_chosen_model_gives_the_pay_and_the_page_says_whose_it_is(
    plugin: Callable[..., Path], send: Callable[..., Any]
) -> None:
    plugin("space", GOOD)
    ours, theirs = send(), send(a_by="space")
    assert "The space plugin" in ours.text
    assert "600k" not in first_row(ours)[6]
    assert first_row(theirs)[6].startswith("600k")
    shown = text_of(theirs.text)
    assert "Pay as the model of The space plugin has it. 2025, Tuesday, residency" in shown
    assert "our survey" in shown


def test_a_path_that_a_model_does_not_know_is_computed_with_the_built_in_one_and_the_page_says_so(
    plugin: Callable[..., Path], send: Callable[..., Any]
) -> None:
    plugin("space", GOOD)
    shown = send(a_path="field:anesthesiology", a_by="space")
    assert shown.status_code == 200
    assert "the built-in model stands in. The plugin space has no income model for this path." in text_of(shown.text)
    assert "Pay as the model of" not in shown.text


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (MODEL.replace("PAY", "3, 2, 1"), "answer.gross_usd[4]: [3, 2, 1] is not allowed (three amounts from 0 to"),
        (MODEL.replace("PAY", 'float("nan"), 2, 3'), "is not allowed (three amounts from 0 to"),
        (GOOD.replace("+ path.years", "+ 3"), "answer.gross_usd: '3 years' is not allowed (34 years, as many as are"),
        (GOOD.replace('"sources": [', '"sources": [], "x": ['), "answer.sources: [] is not allowed (a list of 1 to 20"),
        (GOOD.replace("first =", "1 / 0; first ="), "raised ZeroDivisionError: division by zero"),
        (GOOD.replace("return {", "return 7 or {"), "answer: 7 is not allowed (a table)"),
    ],
)
def test_a_model_that_is_none_is_left_out_named_and_held_against_its_plugin(
    plugin: Callable[..., Path], send: Callable[..., Any], school: House, source: str, sentence: str
) -> None:
    plugin("space", source)
    answer = send(a_by="space")
    assert answer.status_code == 200
    shown = text_of(answer.text)
    assert "Plugin space, rungwise_income_model: " in shown
    assert sentence in shown
    assert "Worth today" in shown
    school.plugins.started()
    assert len(school.access.quarantine.faults()) == 1


def test_a_saved_comparison_holds_what_the_model_answered_and_comes_out_again_without_the_plugin(
    plugin: Callable[..., Path], send: Callable[..., Any], priya: Student, client_of: Callable[..., Any]
) -> None:
    module = plugin("space", GOOD)
    assert send("money/save", a_by="space").status_code == 303
    follow(priya.house)
    event = priya.house.desk.journal.stream(priya.journey_id)[-1]
    assert isinstance(event, ScenarioSaved)
    assert event.inputs["paths"][0]["income_model"]["by"] == "The space plugin"

    module.unlink()

    page = text_of(client_of("advisor").get(f"{priya.url}/money/{event.scenario_id}").text)
    assert "every number agrees within $1" in page
    assert "Pay as the model of The space plugin has it." in page
