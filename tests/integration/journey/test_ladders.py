"""Ladders in the browser, with the playbook of the built-in packs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.ladders import PayRange, SourcedPay
from tests.integration.conftest import send
from tests.integration.forms import forms_of
from tests.integration.journey.conftest import open_student, text_of
from web.ladders import pay_words, sourced_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]


def test_the_dream_fields_climbs_show_doors_with_reasons_and_pay_with_its_source(
    packed: House, client_of: Clients
) -> None:
    student = open_student(packed)
    page = text_of(client_of("colleague").get(f"{student.url}/ladders").text)
    assert "Anesthesiology → pain medicine" in page
    assert "$500k-$800k+ playbook ballpark" in page
    assert "nearly closed" in page
    assert "Why this door Orthopedic fellowships once took general surgeons and now hardly ever do." in page
    assert "This is not financial or legal advice." in page
    assert "Choose for" not in page


def test_a_ladder_is_chosen_and_the_choice_is_shown(packed: House, client_of: Clients) -> None:
    student, client = open_student(packed), client_of("advisor")
    url = f"{student.url}/ladders"
    fields = next(hidden for _, hidden in forms_of(client.get(url).text) if hidden.get("ladder") == "ORTHO.anes-pain")
    assert client.post(url, data=fields).status_code == 303
    assert student.sheet().ladder is not None
    assert "Priya chose this ladder." in text_of(client.get(url).text)
    assert "Anesthesiology → pain medicine" in text_of(client.get(student.url).text)


def test_a_ladder_of_another_field_is_refused_in_one_sentence(packed: House, client_of: Clients) -> None:
    student, client = open_student(packed), client_of("advisor")
    url = f"{student.url}/ladders"
    answer = send(client, url, ladder="DERM.im-rheum")
    assert answer.status_code == 422
    assert "DERM.im-rheum" in answer.text
    assert student.sheet().ladder is None


def test_the_drive_steers_the_order_only(packed: House, client_of: Clients) -> None:
    student, client = open_student(packed), client_of("advisor")
    url = f"{student.url}/ladders"

    def titles() -> list[str]:
        return re.findall(r"Choose for Priya<span class=\"vh\">: ([^<]+)", client.get(url).text)

    before, outcome = titles(), student.sheet().recommendation
    assert send(client, f"{student.url}/drive", page=url, drive="lifestyle").status_code == 303
    after = titles()
    assert after != before
    assert sorted(after) == sorted(before)
    assert outcome is not None
    assert student.sheet().recommendation.outcome == outcome.outcome
    assert "Ladders that serve this come first; none is left out." in text_of(client.get(url).text)


def test_for_imaging_itself_there_is_no_ladder_and_the_page_says_so(packed: House, client_of: Clients) -> None:
    student = open_student(packed, "radiology-diagnostic")
    student.facts(drive="imaging")
    page = text_of(client_of("advisor").get(f"{student.url}/ladders").text)
    assert "For imaging itself the playbook has no ladder." in page
    assert "nobody should be pushed into a procedural field" in page


def test_where_no_ladder_is_known_one_sentence_says_so_and_the_tracks_stand_instead(
    packed: House, client_of: Clients
) -> None:
    student = open_student(packed, "emergency-medicine")
    page = text_of(client_of("advisor").get(f"{student.url}/ladders").text)
    assert page.count("No ladder is known") == 1
    assert "High-income tracks of base fields" in page
    assert "playbook ballpark" in page


def test_a_house_pack_is_marked(packed: House, client_of: Clients) -> None:
    student = open_student(packed, "radiation-oncology")
    page = text_of(client_of("advisor").get(f"{student.url}/ladders").text)
    assert "not from the source document and need expert review" in page


def test_pay_is_said_in_thousands_with_whom_it_covers() -> None:
    ballpark = PayRange(low_usd=500_000, high_usd=800_000, open_top=True, source="playbook ballpark", year=None)
    assert (pay_words(ballpark), pay_words(None)) == ("$500k-$800k+", "")
    published = SourcedPay(
        what="surgeons", measure="median", usd=453_900, low_usd=311_900, high_usd=660_600, source="BLS", year=2025
    )
    assert sourced_words(published) == "median $454k, $312k-$661k: surgeons (BLS, 2025)"
