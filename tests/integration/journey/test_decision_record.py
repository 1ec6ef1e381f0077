"""The decision record in the hand: who may take it out, under which name, and where it is offered."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from pypdf import PdfReader

from core.advising import contacts
from core.advising.contacts import AddNote
from tests.integration.conftest import id_of, send
from tests.integration.journey.conftest import text_of
from tests.integration.pages import links
from web.app import create_app
from web.packet.explain import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.journey.conftest import Student
    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

WAYS = ("pdf", "json")
NOTE = "Sleeps badly since March."


@pytest.fixture
def decided(priya: Student, client_of: Clients) -> Student:
    """A student who decided to pivot, as the rules say; the team wrote a note before and after."""
    priya.everything(grade=1)
    who = priya.house.desk.principal(id_of(priya.house, "advisor"))
    contacts.add_note(priya.house.desk, who, AddNote(**priya.told(), visibility="team", body=NOTE))
    client = client_of("advisor")
    assert send(client, f"{priya.url}/decision", kind="pivot", specialty="anesthesiology").status_code == 303
    contacts.add_note(priya.house.desk, who, AddNote(**priya.told(), visibility="shared", body=NOTE))
    priya.follow()
    return priya


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("advisor", 200), ("auditor", 200), ("colleague", 403), ("steward", 403), ("nobody", 403)],
)
@pytest.mark.parametrize("way", WAYS)
def test_who_may_take_it_out(decided: Student, client_of: Clients, role: str, status: int, way: str) -> None:
    assert client_of(role).get(f"{decided.url}/decision-record.{way}").status_code == status


@pytest.mark.parametrize("way", WAYS)
def test_nobody_takes_it_out_without_signing_in(decided: Student, client_of: Clients, way: str) -> None:
    assert client_of(None).get(f"{decided.url}/decision-record.{way}").status_code == 302


@pytest.mark.parametrize("way", WAYS)
def test_it_is_a_file_whose_name_says_nothing_of_the_person_and_that_no_cache_keeps(
    decided: Student, client_of: Clients, way: str
) -> None:
    answer = client_of("advisor").get(f"{decided.url}/decision-record.{way}")
    assert answer.headers["Cache-Control"] == "no-store"
    name = answer.headers["Content-Disposition"]
    assert name.startswith(f'attachment; filename="decision-record-{str(decided.journey_id)[:8]}-')
    assert name.endswith(f'.{way}"')
    assert not any(part in name for part in ("Priya", "Heron", "LF-"))


def test_the_notes_are_in_neither(decided: Student, client_of: Clients) -> None:
    client = client_of("advisor")
    pdf = client.get(f"{decided.url}/decision-record.pdf").data
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert "Priya Heron" in text
    assert NOTE not in text
    assert NOTE not in client.get(f"{decided.url}/decision-record.json").text


def test_the_json_evaluates_again_to_what_was_said(decided: Student, client_of: Clients) -> None:
    found = explain(client_of("advisor").get(f"{decided.url}/decision-record.json").data)
    assert [one for one in found if not one.matches] == []


def test_the_decision_page_offers_it_to_those_who_may(decided: Student, client_of: Clients) -> None:
    offered = links(client_of("advisor").get(f"{decided.url}/decision").text)
    assert offered["decision record (PDF)"] == f"{decided.url}/decision-record.pdf"
    own = next(href for words, href in offered.items() if words.startswith("Record of this decision (PDF)"))
    assert list(parse_qs(urlsplit(own).query)) == ["decision"]
    assert client_of("advisor").get(own).status_code == 200
    assert "decision-record" not in client_of("colleague").get(f"{decided.url}/decision").text


@pytest.mark.parametrize("query", ["?decision=unknown", "?decision="])
def test_an_unknown_decision_is_not_found(decided: Student, client_of: Clients, query: str) -> None:
    assert client_of("advisor").get(f"{decided.url}/decision-record.json{query}").status_code == 404


def test_before_any_decision_it_is_what_the_rules_say_today(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=3)
    packet = client_of("advisor").get(f"{priya.url}/decision-record.json").get_json()
    assert packet["decision"] is None
    assert packet["recommendation"]["result"]["outcome"] == "REAPPLY"
    assert client_of("advisor").get(f"{priya.url}/decision-record.pdf").data.startswith(b"%PDF")


def test_where_exports_are_switched_off_there_is_none(decided: Student, school: House, client_of: Clients) -> None:
    assert client_of("lead").get(f"{decided.url}/decision-record.json").status_code == 200
    settings = dataclasses.replace(school.settings, disabled=frozenset({"export"}))
    off = create_app(dataclasses.replace(school, settings=settings)).test_client()
    cookie = client_of("lead").get_cookie("rungwise")
    assert cookie is not None
    off.set_cookie("rungwise", cookie.value)
    assert off.get(f"{decided.url}/decision-record.json").status_code == 404
    assert "decision-record" not in off.get(f"{decided.url}/decision").text


def test_which_opinions_are_the_two_from_outside_is_said_alike_on_the_page_and_on_paper(
    priya: Student, client_of: Clients
) -> None:
    priya.opinion("Dr. Ruff", 2, role="faculty", killed="Research depth.")
    client = client_of("advisor")
    page = text_of(client.get(f"{priya.url}/opinions").text)
    pdf = client.get(f"{priya.url}/decision-record.pdf").data
    paper = " ".join("".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages).split())
    for told in (page, paper):
        assert "one of the two outside opinions: dream field" in told
        assert "What counted against it" in told
