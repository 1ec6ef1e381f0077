"""The comparison on a page: what is shown, what is asked for, what a saved one says when it is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising.scenarios import SaveScenario, save_scenario
from core.income import read_scenario
from core.journey.scenarios import ScenarioSaved
from core.ladders import ladders_for
from plugins.income import load_tables
from tests.integration.forms import hidden_of
from tests.integration.pages import links, rows_of, words
from web.money.asking import AGAIN, Options, plain
from web.money.compare import agrees

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.journey.conftest import Student
    from web.house import House

pytestmark = pytest.mark.usefixtures("packed")
FORM: dict[str, Any] = {
    "plan": "ibr",
    "status": "single",
    "state": "OH",
    "balance": "210000",
    "rate": "7.94",
    "a_path": "again",
    "a_before": "research-year",
    "a_gap_years": "1",
    "a_model": "employed",
    "b_path": "ORTHO.anes-pain",
    "b_model": "private",
    "b_place": "rural",
}


def sent(client: FlaskClient, student: Student, part: str = "money", **changes: Any) -> Any:
    """Send the form as the page has it."""
    page = client.get(f"{student.url}/money").text
    fields = {name: one for name, one in (FORM | changes).items() if one is not None}
    headers = {"HX-Request": "true"} if fields.pop("by_script", None) else {}
    hidden = hidden_of(page, f"{student.url}/money")
    return client.post(f"{student.url}/{part}", data=hidden | fields, headers=headers)


def stored(student: Student) -> ScenarioSaved:
    event = student.house.desk.journal.stream(student.journey_id)[-1]
    assert isinstance(event, ScenarioSaved)
    return event


def test_the_first_view_compares_trying_again_with_the_ladders_of_the_field(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = client_of("advisor").get(f"{priya.url}/money").text
    first = [row[0] for row in rows_of(text) if row and row[0][:2] in ("A ", "B ", "C ", "D ")]
    assert first[0] == "A Orthopedic surgery: try again"
    assert len(first) == 4
    assert "This is not financial advice" in words(text)
    assert "What is owed on student loans? Counted meanwhile: nothing." in words(text)


def test_training_door_call_and_lifestyle_stand_before_the_money(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = client_of("advisor").get(f"{priya.url}/money").text
    head = text[text.index("Paths compared</caption>") :]
    order = [head.index(f">{name}<") for name in ("Training", "Door", "Call", "Lifestyle", "Pay: p10", "Worth today")]
    assert order == sorted(order)


def test_the_paths_stay_in_the_order_given_whatever_they_pay(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    for pair in (("field:family-medicine", "ORTHO.anes-pain"), ("ORTHO.anes-pain", "field:family-medicine")):
        text = sent(client_of("advisor"), priya, a_path=pair[0], a_before=None, b_path=pair[1]).text
        assert ("Family medicine" in rows_of(text)[0][0]) == (pair[0] == "field:family-medicine")


def test_the_playbook_stands_beside_the_sourced_figure_with_the_difference(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = words(sent(client_of("advisor"), priya).text)
    assert "500k-800k+ rough; sourced median of the field 486k, difference +14k to +314k" in text


def test_why_names_the_source_and_the_year_of_every_figure(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = sent(client_of("advisor"), priya).text
    assert links(text)["486k: why, path B"] == "#why-b" if "486k: why, path B" in links(text) else "#why-b" in text
    why = [row for row in rows_of(text, folded=True) if row and row[0].startswith("median pay")]
    assert any("Bureau of Labor Statistics" in row[3] and row[4] == "2025" for row in why)


@pytest.mark.parametrize(
    ("changes", "asked", "field"),
    [
        ({"rate": ""}, "the yearly rate of your loan papers", "m-rate"),
        ({"b_model": "locums"}, "B: locums dollars an hour: a number from 1 to 5,000 USD", "m-b_locums_usd"),
        ({"b_path": "ORTHO.gs-bariatric"}, "B: years of a program that no source has", "m-b_program_years"),
    ],
)
def test_what_only_the_person_can_know_is_asked_for_and_never_invented(
    client_of: Callable[[str], FlaskClient], priya: Student, changes: dict[str, str], asked: str, field: str
) -> None:
    text = sent(client_of("advisor"), priya, **changes).text
    assert "Asked, not guessed. The comparison waits for this" in words(text)
    assert asked in words(text)
    assert f'href="#{field}"' in text
    assert "Paths compared" not in text


def test_years_that_were_given_for_a_program_without_a_source_are_counted(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = sent(client_of("advisor"), priya, b_path="ORTHO.gs-bariatric", b_program_years="2", b_place=None).text
    assert rows_of(text)[1][1] == "7 years"


def test_a_buy_in_that_nobody_told_is_counted_as_none_and_said(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = sent(client_of("advisor"), priya, b_partner_after="3").text
    assert "Path B: What does the buy-in cost? No public figure is known. Counted meanwhile: no buy-in." in words(text)
    assert 'href="#m-b_buy_in"' in text


def test_a_script_gets_the_answer_alone(client_of: Callable[[str], FlaskClient], priya: Student) -> None:
    answer = sent(client_of("advisor"), priya, by_script="yes")
    assert answer.status_code == 200
    assert answer.text.startswith('<div id="answer"')
    assert "<form" not in answer.text


def test_a_number_out_of_bounds_comes_back_beside_its_field(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    answer = sent(client_of("advisor"), priya, rate="600")
    assert answer.status_code == 422
    assert "600 is too high: a number from 0 to 25." in words(answer.text)
    assert 'value="210000"' in answer.text  # what was typed is kept


def test_computing_writes_nothing(client_of: Callable[[str], FlaskClient], priya: Student) -> None:
    head = priya.house.desk.journal.head()
    sent(client_of("advisor"), priya)
    sent(client_of("advisor"), priya, "money.csv")
    assert priya.house.desk.journal.head() == head


def test_a_saved_comparison_shows_what_was_saved_and_comes_out_the_same(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    client = client_of("advisor")
    answer = sent(client, priya, "money/save", name="Pain after all")
    assert answer.status_code == 303
    kept = stored(priya)
    assert (kept.kind, kept.name, kept.model, kept.seed) == ("income", "Pain after all", "1", 20260616)
    assert kept.inputs["loans"]["rate_pct"] == 7.94
    priya.follow()
    text = client.get(answer.headers["Location"]).text
    assert "every number agrees within $1 or 1 in 100,000" in words(text)
    assert rows_of(text)[1][0] == "B Anesthesiology → pain medicine"
    assert "Pain after all" in links(client.get(f"{priya.url}/money").text)


def test_a_result_of_another_model_is_shown_as_saved_with_the_difference_beside(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    client = client_of("advisor")
    sent(client, priya, "money/save")
    kept = stored(priya)
    older = {**kept.result, "model_version": "0"}
    older["paths"] = [{**one, "typical_pay_usd": 1, "name": f"{one['name']} of old"} for one in older["paths"]]
    command = SaveScenario(
        command_id="older",
        journey_id=priya.journey_id,
        scenario_id="older",
        kind="income",
        name="Older",
        inputs=kept.inputs,
        model="0",
        result=older,
    )
    save_scenario(priya.house.desk, priya.lead(), command)
    priya.follow()
    text = words(client.get(f"{priya.url}/money/older").text)
    assert "Computed again today it differs, because the model changed since" in text
    assert "of old" in text


def test_the_same_form_sent_twice_saves_once_and_a_changed_one_again(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    client = client_of("advisor")
    hidden = hidden_of(client.get(f"{priya.url}/money").text, f"{priya.url}/money")
    for balance in ("210000", "210000", "100000"):
        answer = client.post(f"{priya.url}/money/save", data=hidden | FORM | {"balance": balance})
        assert answer.status_code == 303
    assert len(priya.sheet().scenarios) == 2


def test_the_file_has_a_row_for_each_path_and_year_and_no_formula(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    answer = sent(client_of("advisor"), priya, "money.csv")
    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("Path,Year,Pay p10 [USD]")
    assert len(lines) == 1 + 2 * 35 + 1
    assert lines[1].startswith("Orthopedic surgery: try again,2026,")
    assert "not financial advice" in lines[-1]


WHO = {"lead": 303, "advisor": 303, "colleague": 403, "auditor": 403, "steward": 403, "nobody": 403}


@pytest.mark.parametrize("role", WHO)
def test_who_may_read_may_compare_and_who_may_write_may_save(
    client_of: Callable[[str], FlaskClient], priya: Student, role: str
) -> None:
    client, reads = client_of(role), role not in ("steward", "nobody")
    assert client.get(f"{priya.url}/money").status_code == (200 if reads else 403)
    page = f"{priya.url}/money" if reads else "/password"
    hidden = hidden_of(client.get(page).text, page)
    for part, status in (
        ("money", 200 if reads else 403),
        ("money.csv", 200 if reads else 403),
        ("money/save", WHO[role]),
    ):
        assert client.post(f"{priya.url}/{part}", data=hidden | FORM).status_code == status, part


def test_a_scenario_of_another_journey_or_kind_is_not_there(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    client = client_of("advisor")
    kept = sent(client, priya, "money/save").headers["Location"].rpartition("/")[2]
    priya.follow()
    assert client.get(f"{priya.url}/money/nothing").status_code == 404
    assert client.get(f"{priya.url}/offers/{kept}").status_code == 404


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (100, 101, True),
        (100, 102, False),
        (1_000_000, 1_000_009, True),
        (1_000_000, 1_000_011, False),
        (0.5, 0.500004, True),
        (0.5, 0.6, False),
        ([1, None], [1, None], True),
        ({"a": 1}, {"a": 1, "new": 2}, True),
        ({"a": 1}, {}, False),
        ("x", "y", False),
    ],
)
def test_agreeing_is_a_dollar_or_a_hundred_thousandth(old: object, new: object, same: bool) -> None:  # noqa: FBT001 - a row
    assert agrees(old, new) is same


def test_every_ladder_of_every_field_can_be_put_on_the_form(school: House) -> None:
    playbook = school.desk.institution().playbook
    assert playbook is not None
    blank = dict.fromkeys(("path", "before", "gap_years", "gap_cost", "model", "place", "procedures", "stint"))
    blank |= dict.fromkeys(("ventures", "partner_after", "partner_pct", "buy_in", "locums_hours", "locums_usd"))
    shared = {"status": None, "state": None, "balance": None, "rate": None, "plan": None, "pslf": False}
    slugs = [row["slug"] for pack in playbook["packs"] for row in pack["specialties"]]
    found = {one.id: one for slug in slugs for one in ladders_for(playbook, slug)}
    options = Options(paths={AGAIN: "x"}, ladders=found, tables=load_tables().joined(playbook), dream=slugs[0])
    for ladder in found:
        own = {**blank, "path": ladder, "program_years": 1, "nonprofit": False}
        none = {**blank, "program_years": None, "nonprofit": False}
        rows = {f"{letter}_{name}": one for letter in "abcd" for name, one in (own if letter == "a" else none).items()}
        assert read_scenario(plain(shared | rows, options, 2026), load_tables(), playbook).paths[0].ladder == ladder
