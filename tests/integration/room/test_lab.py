"""The what-if lab: variants side by side on a copy, marked as hypothetical; saved only when one is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.decision import evaluate
from core.decision.suppose import suppose
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from core.journey.scenarios import ScenarioSaved
from tests.integration.forms import hidden_of
from tests.integration.pages import links, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.integration.journey.conftest import Student

    Clients = Callable[[str | None], FlaskClient]


@pytest.fixture
def known(priya: Student) -> Student:
    priya.everything(grade=1)
    return priya


def ask(client: FlaskClient, student: Student, to: str = "", **fields: str) -> TestResponse:
    """Send the lab's form; names are written with two underscores for a dash."""
    url = f"{student.url}/what-if"
    hidden = hidden_of(client.get(url).text, url)
    return client.post(url + to, data=hidden | {name.replace("__", "-"): value for name, value in fields.items()})


def test_nothing_supposed_shows_what_is_recorded(known: Student, client_of: Clients) -> None:
    page = words(client_of("advisor").get(f"{known.url}/what-if").text)
    assert "Hypothetical." in page
    assert "As recorded Pivot now" in page
    assert "recorded: 4" in page
    assert "Variant A Nothing" not in page


def test_up_to_four_variants_stand_side_by_side_with_what_they_change_and_what_it_moves(
    known: Student, client_of: Clients
) -> None:
    variants = {
        "a__statements__0__grade": "5",
        "b__facts__interviews_offered": "not recorded",
        "b__statements__0__grade": "missing",
        "c__statement": "3",
        "c__facts__financial_pressure": "yes",
        "d__statement": "4",
        "d__parameters__champion_min": "5",
    }
    page = ask(client_of("advisor"), known, **variants)
    said = words(page.text)
    assert page.status_code == 200
    assert "Variant A Reapply hypothetical What Dr. Ibis says: 5 of 5 recorded: 1 of 5" in said
    assert "Variant B Not yet decidable" in said
    assert "Interviews offered: not recorded recorded: 4" in said
    assert "Variant C Contested" in said
    assert "Variant D Pivot now" in said
    assert "REAPPLY.pd holds the best grade from ortho program directors is 5 of 5" in said


def test_a_variant_is_added_until_there_are_four(known: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    page = ask(client, known, do="add", a__weakness="3")
    assert "Variant B" in words(page.text)
    full = ask(client, known, do="add", a__weakness="1", b__weakness="1", c__weakness="1", d__weakness="1")
    assert "Add a variant" not in words(full.text)


def test_nothing_is_written_by_trying(known: Student, client_of: Clients) -> None:
    before = known.house.desk.journal.head()
    ask(client_of("advisor"), known, a__facts__step2="200", a__as_of="2026-07-01")
    assert known.house.desk.journal.head() == before


def test_a_filed_variant_is_an_event_whose_answer_recomputes_and_stays_as_it_was(
    known: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    answer = ask(client, known, "/a", a__statements__0__grade="4", title="Dr. Ibis changes her mind")
    assert answer.status_code == 303
    known.follow()
    stream = known.house.desk.journal.stream(known.journey_id)
    filed = stream[-1]
    assert isinstance(filed, ScenarioSaved)
    assert (filed.kind, filed.result["outcome"]) == ("what_if", "REAPPLY")
    assert filed.inputs["changes"] == {"statements/0/grade": 4}
    desk = known.house.desk
    journey = desk.journal.get(Journey, known.journey_id, filed.inputs["evidence_version"])
    again = suppose(evidence_of(journey, as_of=desk.today()), desk.playbook(), filed.inputs["changes"])
    assert evaluate(*again).to_dict() == filed.result
    assert journey.recommendation is not None
    assert journey.recommendation["outcome"] == "PIVOT_NOW"  # what is recommended did not move

    lab = client.get(f"{known.url}/what-if").text
    page = words(client.get(links(lab)["Dr. Ibis changes her mind"]).text)
    assert "Hypothetical. None of this is recorded of Priya." in page
    assert "What Dr. Ibis says: 4 of 5" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"a__weakness": "2"}, "Give the scenario a name"),
        ({"title": "Nothing"}, "change something first"),
        ({"title": "x", "a__facts__step2": "high"}, "a whole number from 1 to 300, or “not recorded”"),
    ],
)
def test_what_cannot_be_filed_says_why_and_keeps_what_was_typed(
    known: Student, client_of: Clients, fields: dict[str, str], sentence: str
) -> None:
    answer = ask(client_of("advisor"), known, "/a", **fields)
    assert answer.status_code == 422
    assert sentence in words(answer.text)


def test_who_may_only_read_can_try_and_cannot_file(known: Student, client_of: Clients) -> None:
    colleague = client_of("colleague")
    assert ask(colleague, known, a__statement="4").status_code == 200
    assert "File a variant" not in words(ask(colleague, known, a__statement="4").text)
    assert ask(colleague, known, "/a", a__statement="4", title="x").status_code == 403


def test_a_scenario_or_a_variant_that_is_not_there_is_not_found(known: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    assert client.get(f"{known.url}/what-if?scenario=none").status_code == 404
    assert ask(client, known, "/z", title="x").status_code == 404
