"""The contract desk and the value tracker: judged, asked for, saved, held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.conftest import send
from tests.integration.forms import hidden_of
from tests.integration.pages import rows_of, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.integration.journey.conftest import Student

pytestmark = pytest.mark.usefixtures("packed")
OFFERS: dict[str, Any] = {
    "field": "pain-medicine",
    "offer1_name": "Lakeside Group",
    "offer1_base_usd": "350000",
    "offer1_units": "7000",
    "offer1_threshold_units": "5000",
    "offer1_usd_per_unit": "60",
    "offer1_noncompete_miles": "25",
    "offer1_noncompete_months": "18",
    "offer2_name": "County Hospital",
    "offer2_base_usd": "420000",
    "offer2_call_nights": "4",
}


def sent(client: FlaskClient, student: Student, part: str = "offers", **changes: Any) -> Any:
    hidden = hidden_of(client.get(f"{student.url}/offers").text, f"{student.url}/offers")
    return client.post(f"{student.url}/{part}", data=hidden | OFFERS | changes)


def quarter(client: FlaskClient, student: Student, name: str, **done: Any) -> Any:
    url = f"{student.url}/value"
    return send(client, url, quarter=name, source="the group's report", **done)


def test_offers_are_told_with_pay_spread_and_what_they_forbid(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    text = sent(client_of("advisor"), priya).text
    rows = rows_of(text)
    assert [row[0] for row in rows[:2]] == ["Lakeside Group", "County Hospital"]
    assert rows[0][4].startswith("$470,000 $350,000 to $")
    assert rows[1][4] == "$420,000 $420,000 to $420,000"
    assert "within 25 miles of each place of work (1,963 square miles around one), for 18 months" in words(text)
    assert "not financial or legal advice" in words(text)
    assert "Bureau of Labor Statistics" in words(text)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"offer1_units": ""}, "offer1_units", "needed where each work RVU pays"),
        ({"offer2_base_usd": ""}, "offer2_base_usd", "asked for and never guessed"),
        ({"offer1_noncompete_months": "9999"}, "offer1_noncompete_months", "9999 is too high"),
        ({"field": ""}, "field", "This is needed"),
    ],
)
def test_what_an_offer_lacks_is_asked_for_beside_its_field(
    client_of: Callable[[str], FlaskClient], priya: Student, changes: dict[str, str], field: str, says: str
) -> None:
    answer = sent(client_of("advisor"), priya, **changes)
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert f'href="#o-{field}"' in answer.text


def test_saved_offers_open_with_their_stored_result(client_of: Callable[[str], FlaskClient], priya: Student) -> None:
    client = client_of("advisor")
    answer = sent(client, priya, "offers/save")
    assert answer.status_code == 303
    priya.follow()
    text = words(client.get(answer.headers["Location"]).text)
    assert "This is the stored result. Computed again just now: every number agrees" in text
    assert "Lakeside Group / County Hospital" in text


def test_quarters_are_held_against_the_offer_that_was_saved(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    client = client_of("advisor")
    assert "No offer is saved yet." in words(client.get(f"{priya.url}/value").text)
    sent(client, priya, "offers/save")
    for name, units in (("2025-Q2", 1500), ("2025-Q3", 1700), ("2025-Q4", 1850), ("2026-Q1", 2000)):
        assert quarter(client, priya, name, work_rvu=units).status_code == 303
    priya.follow()
    text = client.get(f"{priya.url}/value").text
    assert rows_of(text)[0][:3] == ["2026-Q1", "2,000", "114% of the 1,750 that the offer counts on"]
    assert "come to 7,050 work RVUs: by the offer that is $473,000 a year, $123,000 of it bonus" in words(text)
    other = client.get(f"{priya.url}/value?offer=2").text
    assert rows_of(other)[0][2] == "cannot be compared"


def test_a_quarter_recorded_again_shows_the_newer_numbers(
    client_of: Callable[[str], FlaskClient], priya: Student
) -> None:
    client = client_of("advisor")
    quarter(client, priya, "2026-Q1", work_rvu=1000)
    quarter(client, priya, "2026-Q1", work_rvu=1100, procedures=200)
    priya.follow()
    rows = rows_of(client.get(f"{priya.url}/value").text)
    assert [row[:2] for row in rows] == [["2026-Q1", "1,100"]]
    assert len(priya.sheet().quarters) == 2


@pytest.mark.parametrize(
    ("name", "done", "says"),
    [
        ("2026-Q9", {"work_rvu": 1}, "a year and a quarter, such as 2034-Q2"),
        ("2026-Q3", {"work_rvu": 1}, "2026-Q2 or earlier"),
        ("2026-Q1", {}, "at least one of work RVUs, procedures and satisfaction"),
    ],
)
def test_a_quarter_that_cannot_be_comes_back_with_what_is_allowed(
    client_of: Callable[[str], FlaskClient], priya: Student, name: str, done: dict[str, int], says: str
) -> None:
    answer = quarter(client_of("advisor"), priya, name, **done)
    assert answer.status_code == 422
    assert says in words(answer.text)


WHO = {"lead": 303, "advisor": 303, "colleague": 403, "auditor": 403, "steward": 403, "nobody": 403}


@pytest.mark.parametrize("role", WHO)
def test_who_may_read_may_judge_and_who_may_write_may_save_and_record(
    client_of: Callable[[str], FlaskClient], priya: Student, role: str
) -> None:
    client, reads = client_of(role), role not in ("steward", "nobody")
    seen = 200 if reads else 403
    page = f"{priya.url}/offers" if reads else "/password"
    hidden = hidden_of(client.get(page).text, page)
    assert client.get(f"{priya.url}/value").status_code == seen
    assert client.post(f"{priya.url}/offers", data=hidden | OFFERS).status_code == seen
    assert client.post(f"{priya.url}/offers/save", data=hidden | OFFERS).status_code == WHO[role]
    done = {"quarter": "2026-Q1", "work_rvu": 1, "source": "x"}
    assert client.post(f"{priya.url}/value", data=hidden | done | {"command_id": "c"}).status_code == WHO[role]
