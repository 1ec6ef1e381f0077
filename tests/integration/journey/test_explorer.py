"""The ladder explorer, with the playbook of the built-in packs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from core.ladders import ladders_for
from tests.integration.forms import forms_of
from tests.integration.journey.conftest import ORTHO, open_student, text_of
from tests.integration.pages import links

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

FIELD = f"/ladders/{ORTHO}"
FOUR = ("ORTHO.gs-trauma", "ORTHO.anes-pain", "ORTHO.pmr-pain", "ORTHO.gs-ortho")


def ticks(html: str) -> dict[str, bool]:
    """The climbs that can be ticked under their pictures, in the order of the page, and whether they are."""
    found = re.findall(r'name="pick" value="([^"]+)" form="compare"( checked)?', html)
    return {ladder: bool(ticked) for ladder, ticked in found}


def address(**asked: tuple[str, ...]) -> str:
    return f"{FIELD}?" + "&".join(f"{name}={value}" for name, values in asked.items() for value in values)


@pytest.mark.parametrize("role", ["steward", "lead", "advisor", "colleague", "auditor", "nobody", None])
def test_ladders_are_about_nobody_and_open_for_everybody_signed_in(
    packed: House, client_of: Clients, role: str | None
) -> None:
    del packed
    client, expected = client_of(role), 200 if role else 302
    assert [client.get(url).status_code for url in ("/ladders", FIELD, address(pick=FOUR))] == [expected] * 3


def test_the_menu_leads_to_every_specialty_of_the_playbook_and_each_page_opens(
    packed: House, client_of: Clients
) -> None:
    client, known = client_of("steward"), packed.desk.playbook().specialties
    found = links(client.get(links(client.get("/password").text)["Ladders"]).text)
    assert {one.name for one in known.values()} <= found.keys()
    for one in known.values():
        assert client.get(found[one.name]).status_code == 200, one.name


def test_a_drive_narrows_to_the_climbs_that_serve_it_in_the_order_of_the_packs(
    packed: House, client_of: Clients
) -> None:
    client, ladders = client_of("advisor"), ladders_for(packed.desk.playbook().content, ORTHO)
    assert list(ticks(client.get(FIELD).text)) == [one.id for one in ladders]
    page = client.get(address(drive=("pay", "lifestyle"))).text
    assert list(ticks(page)) == [one.id for one in ladders if {"pay", "lifestyle"} <= {*one.drives}]
    assert f"{len(ticks(page))} of {len(ladders)} climbs serve pay and lifestyle" in text_of(page)


def test_a_drive_that_there_is_not_is_refused_in_one_sentence(packed: House, client_of: Clients) -> None:
    del packed
    answer = client_of("advisor").get(address(drive=("fame",)))
    assert answer.status_code == 422
    assert "“fame” is not allowed" in answer.text


def test_where_no_climb_serves_imaging_itself_the_page_says_so_and_elsewhere_shows_it(
    packed: House, client_of: Clients
) -> None:
    del packed
    client = client_of("advisor")
    radiology = text_of(client.get("/ladders/radiology-diagnostic?drive=imaging").text)
    assert "For imaging itself the playbook has no ladder." in radiology
    assert list(ticks(client.get("/ladders/otolaryngology?drive=imaging").text)) == ["EPU.strong-rads"]
    both = text_of(client.get("/ladders/otolaryngology?drive=imaging&drive=lifestyle").text)
    assert "No climb serves imaging itself and lifestyle together." in both
    assert "the playbook has no ladder" not in both


def test_up_to_four_climbs_stand_side_by_side_and_the_others_can_be_added(packed: House, client_of: Clients) -> None:
    del packed
    page = client_of("advisor").get(address(pick=FOUR, drive=("lifestyle",))).text
    assert ticks(page) == dict.fromkeys(FOUR, True)
    assert "Comparing 4 of 9 climbs" in text_of(page)
    assert "Narrowest door open open open nearly closed" in text_of(page)
    assert "Clinic share not recorded medium high not recorded" in text_of(page)
    assert 'value="ORTHO.gs-vascular"' in page
    assert links(page)["Back to all climbs"] == address(drive=("lifestyle",))


def test_more_than_four_are_refused_and_stay_ticked(packed: House, client_of: Clients) -> None:
    del packed
    answer = client_of("advisor").get(address(pick=(*FOUR, "ORTHO.pmr-msk")))
    assert answer.status_code == 422
    assert "5 climbs are ticked. Up to four can be compared" in text_of(answer.text)
    assert [ladder for ladder, ticked in ticks(answer.text).items() if ticked] == [*FOUR[:3], "ORTHO.pmr-msk", FOUR[3]]


def test_an_old_address_still_opens_and_says_which_climb_is_gone(packed: House, client_of: Clients) -> None:
    del packed
    page = client_of("advisor").get(address(pick=("ORTHO.anes-pain", "ORTHO.of-old")))
    assert page.status_code == 200
    assert "No pack of the playbook in force draws ORTHO.of-old." in text_of(page.text)
    assert list(ticks(page.text)) == ["ORTHO.anes-pain"]


def test_pay_stands_with_its_source_and_year_and_the_ballpark_as_an_outline(packed: House, client_of: Clients) -> None:
    del packed
    page = client_of("advisor").get(address(pick=("ORTHO.anes-pain",))).text
    assert "$500k-$800k+ playbook ballpark" in text_of(page)
    assert "median $422k, $302k-$590k: anesthesiologists" in text_of(page)
    assert "OEWS May 2025, 29-1211, 2025)" in text_of(page)
    (bars,) = re.findall(r'<svg[^>]*class="pay-range".*?</svg>', page, flags=re.DOTALL)
    assert 'class="bx' in bars
    assert 'class="fl k-unknown"' in bars
    assert "This is not financial or legal advice." in page


def test_who_may_write_on_a_journey_attaches_a_climb_with_one_press_and_nobody_else_sees_the_button(
    packed: House, client_of: Clients
) -> None:
    student = open_student(packed)
    url = f"{FIELD}?journey={student.journey_id}"
    advisor, colleague = client_of("advisor"), client_of("colleague")
    assert links(advisor.get(f"{student.url}/ladders").text)["Filter and compare"] == url
    assert "Choose for" not in colleague.get(url).text
    assert "Choose for" not in advisor.get(FIELD).text
    pressed = next((to, sent) for to, sent in forms_of(advisor.get(url).text) if sent.get("ladder") == FOUR[2])
    assert advisor.post(pressed[0], data=pressed[1]).status_code == 303
    assert student.sheet().ladder is not None
    assert student.sheet().ladder.ladder == FOUR[2]
    page = text_of(advisor.get(url).text)
    assert "Priya chose: PM&R → interventional pain" in page
    assert "Priya chose this ladder." in page


def test_only_journeys_that_the_person_may_write_on_are_offered(packed: House, client_of: Clients) -> None:
    student = open_student(packed)
    open_student(packed, "dermatology", name="Dora Wren")
    for role, offered in {"lead": 1, "advisor": 1, "colleague": 0, "auditor": 0, "steward": 0, "nobody": 0}.items():
        page = client_of(role).get(FIELD).text
        assert page.count(f'<option value="{student.journey_id}"') == offered, role
        assert "Dora Wren" not in page


def test_a_journey_leads_to_its_own_field_and_is_hidden_from_whom_it_is_not_for(
    packed: House, client_of: Clients
) -> None:
    student = open_student(packed, "dermatology")
    answer = client_of("advisor").get(f"{FIELD}?journey={student.journey_id}")
    assert answer.headers["Location"] == f"/ladders/dermatology?journey={student.journey_id}"
    for role in ("steward", "nobody"):
        assert client_of(role).get(f"/ladders/dermatology?journey={student.journey_id}").status_code == 404
    assert client_of("advisor").get(f"{FIELD}?journey=priya").status_code == 422
    assert client_of("advisor").get("/ladders/alchemy").status_code == 404


def test_a_field_without_ladders_shows_its_tracks_and_who_can_write_a_pack(packed: House, client_of: Clients) -> None:
    del packed
    assert "Begin a pack" in client_of("lead").get("/ladders/ophthalmology").text
    page = text_of(client_of("advisor").get("/ladders/ophthalmology").text)
    assert "Begin a pack" not in page
    assert page.count("No ladder is known") == 1
    assert "Here Ada Steward and Lena Lead can write one" in page
    assert "Internal medicine Cardiology $450k-$800k+ playbook ballpark" in page
    assert "median $531k, $381k-$740k: cardiologists" in page


def test_a_house_pack_is_marked(packed: House, client_of: Clients) -> None:
    del packed
    page = text_of(client_of("advisor").get("/ladders/radiation-oncology").text)
    assert "not from the source document and need expert review" in page
