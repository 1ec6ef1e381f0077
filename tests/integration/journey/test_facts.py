"""Facts in the browser: recorded by group, corrected, confirmed, disputed; the main weaknesses; the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.journey.inventory import FACTS
from tests.integration.conftest import send
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import INVENTORY, Student, open_student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]


def test_the_facts_of_a_group_are_recorded_in_one_go_each_with_the_source(priya: Student, client_of: Clients) -> None:
    url = f"{priya.url}/inventory/scores"
    answer = send(client_of("advisor"), url, step1="pass", step2="238", comlex2="not taken", source="Transcript")
    assert (answer.status_code, answer.location) == (303, f"{priya.url}/inventory")
    facts = priya.sheet().facts
    assert {name: facts[name].value for name in facts} == {"step1": "pass", "step2": 238, "comlex2": "not_taken"}
    assert {facts[name].source for name in facts} == {"Transcript"}


def test_every_kind_of_fact_can_be_recorded_in_the_browser(priya: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    for group in {kind.group for kind in FACTS.values()}:
        sent: dict[str, object] = {"source": "the file"}
        for name, kind in FACTS.items():
            if kind.group == group:
                choice = next(iter(kind.choices), "")
                sent[name] = {"number": "3", "yes_no": "no", "choice": choice, "several": "none", "text": "Words"}[
                    kind.kind
                ]
        assert send(client, f"{priya.url}/inventory/{group}", **sent).status_code == 303
    assert set(priya.sheet().facts) == set(FACTS)


def test_none_of_these_is_a_value_and_cannot_stand_beside_another(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/inventory/flags"
    both = send(client, url, red_flags=["none", "visa"], source="x")
    assert both.status_code == 422
    assert "either none of these, or some of them" in both.text
    send(client, url, red_flags="none", source="x")
    assert priya.sheet().facts["red_flags"].value == ()


def test_a_value_that_is_not_allowed_gets_one_sentence_at_its_field_and_everything_typed_is_kept(
    priya: Student, client_of: Clients
) -> None:
    url = f"{priya.url}/inventory/scores"
    answer = send(client_of("advisor"), url, step2="2388", step3="230", source="Transcript")
    assert answer.status_code == 422
    assert "“2388” is not allowed: a whole number from 1 to 300, or “COMLEX only”" in answer.text
    assert 'value="2388"' in answer.text
    assert 'value="230"' in answer.text
    assert priya.sheet().facts == {}


def test_what_is_left_as_it_is_keeps_its_own_source(priya: Student, client_of: Clients) -> None:
    priya.facts(step2=238)
    client, url = client_of("advisor"), f"{priya.url}/inventory/scores"
    assert 'value="238"' in client.get(url).text
    send(client, url, step2="238", step1="pass", source="Dean's letter")
    assert priya.sheet().facts["step2"].source == "ERAS export"
    nothing = send(client, url, step2="238", step1="pass", source="Dean's letter")
    assert nothing.status_code == 422
    assert "Nothing is different from what is recorded" in nothing.text


def test_sending_a_form_twice_has_one_effect(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/inventory/scores"
    fields = hidden_of(client.get(url).text, url) | {"step2": "238", "source": "Transcript"}
    assert client.post(url, data=fields).status_code == 303
    version = priya.sheet().version
    again = client.post(url, data=fields, follow_redirects=True)
    assert "nothing was done twice" in again.text or "Nothing is different" in text_of(again.text)
    assert priya.sheet().version == version


def test_recording_the_fact_that_was_missing_says_from_what_to_what_the_recommendation_changed(
    priya: Student, client_of: Clients
) -> None:
    priya.facts(step2=238)
    url = f"{priya.url}/inventory/applications"
    client = client_of("advisor")
    answer = client.post(url, data=hidden_of(client.get(url).text, url) | {"interviews_offered": "2", "source": "ERAS"})
    page = client.get(answer.location)
    assert "The recommendation changed from “not yet decidable” to “pivot now”" in text_of(page.text)
    assert f"{priya.url}/decision" in page.text


def test_two_people_change_the_same_fact_and_the_second_chooses(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/inventory/scores"
    fields = hidden_of(client.get(url).text, url)
    priya.facts(step2=250)
    answer = client.post(url, data=fields | {"step2": "238", "source": "Transcript"})
    assert answer.status_code == 409
    assert "250" in answer.text
    assert "238" in answer.text


def test_a_correction_needs_its_reason_and_keeps_the_old_value_in_the_record(
    priya: Student, client_of: Clients
) -> None:
    priya.facts(step2=238)
    client, url = client_of("advisor"), f"{priya.url}/facts/step2"
    assert "ERAS export" in client.get(url).text
    refused = send(client, url, step2="248", source="Score report")
    assert refused.status_code == 422
    same = send(client, url, step2="238", source="Score report", reason="typing slip")
    assert "a value other than the recorded one" in same.text
    assert send(client, url, step2="248", source="Score report", reason="typing slip").status_code == 303
    assert priya.sheet().facts["step2"].value == 248
    assert "238 → 248" in text_of(client.get(priya.url).text)


def test_a_fact_that_is_not_recorded_leads_to_where_it_is_recorded(priya: Student, client_of: Clients) -> None:
    answer = client_of("advisor").get(f"{priya.url}/facts/visa")
    assert answer.location == f"{priya.url}/inventory/flags#f-visa"
    assert client_of("advisor").get(f"{priya.url}/facts/nonsense").status_code == 404
    assert client_of("advisor").get(f"{priya.url}/inventory/nonsense").status_code == 404


def test_a_dispute_is_marked_shown_and_ended_by_confirming(priya: Student, client_of: Clients) -> None:
    priya.facts(**INVENTORY)
    client = client_of("advisor")
    assert send(client, f"{priya.url}/facts/step2/dispute").status_code == 422
    assert send(client, f"{priya.url}/facts/step2/dispute", reason="It is 248.").status_code == 303
    assert "Resolve the disputed fact: Step 2 CK" in client.get(priya.url).text
    assert "(disputed)" in client.get(f"{priya.url}/decision").text
    page = f"{priya.url}/facts/step2"
    assert "It is 248." in client.get(page).text
    assert send(client, f"{priya.url}/facts/step2/confirm", page=page).status_code == 303
    fact = priya.sheet().facts["step2"]
    assert (fact.confirmed, fact.disputed) == (True, None)


def test_several_facts_are_confirmed_at_once_and_only_open_ones_are_offered(priya: Student, client_of: Clients) -> None:
    priya.facts(step2=238, step1="pass", visa="j1")
    client, url = client_of("advisor"), f"{priya.url}/inventory/confirm"
    assert send(client, url).status_code == 422
    assert send(client, url, names=["step2", "visa"]).status_code == 303
    facts = priya.sheet().facts
    assert [name for name in facts if facts[name].confirmed] == ["step2", "visa"]
    assert "Step 2 CK" not in text_of(client.get(url).text)


def test_weaknesses_are_recorded_row_by_row_and_months_may_be_unknown(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/weaknesses"
    rows = {"kind_1": "research", "remedy_1": "Two projects", "months_1": "12", "kind_3": "letters", "months_3": ""}
    assert send(client, url, **rows, source="Both opinions").status_code == 303
    held = priya.sheet().weaknesses
    assert held is not None
    assert [(one.kind, one.months) for one in held.weaknesses] == [("research", 12), ("letters", None)]
    assert "Two projects, 12 months" in text_of(client.get(f"{priya.url}/inventory").text)
    assert "months not known" in client.get(f"{priya.url}/inventory").text


def test_none_found_is_assessed_and_cannot_stand_beside_a_weakness(priya: Student, client_of: Clients) -> None:
    client, url = client_of("advisor"), f"{priya.url}/weaknesses"
    assert "not both" in send(client, url, none_found="yes", kind_1="research", source="x").text
    assert "Choose at least one weakness" in send(client, url, source="x").text
    assert (
        "Choose which weakness this remedy is for"
        in send(client, url, kind_1="letters", remedy_2="New letters", source="x").text
    )
    assert send(client, url, none_found="yes", source="The file").status_code == 303
    held = priya.sheet().weaknesses
    assert held is not None
    assert held.weaknesses == ()


def test_the_inventory_lists_every_fact_with_its_source_and_says_what_is_not_recorded(
    school: House, client_of: Clients
) -> None:
    student = open_student(school)
    student.facts(step2=238)
    page = text_of(client_of("advisor").get(f"{student.url}/inventory").text)
    for kind in FACTS.values():
        assert kind.label in page
    assert "238 ERAS export · today" in page
    assert page.count("not recorded") >= len(FACTS) - 1
    assert "1 of 30 facts known" in page
