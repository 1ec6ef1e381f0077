"""Signing in and out: who gets in, what is told, when a session ends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from core.advising.members import DeactivateMember, deactivate_member
from tests.integration.conftest import PASSWORD, PEOPLE, id_of, send
from tests.integration.forms import forms_of, hidden_of
from web.app import create_app
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from web.house import House

ADA = PEOPLE["steward"].email


def test_the_right_password_opens_a_session_under_a_fresh_token_the_store_cannot_give_away(
    app: Flask, school: House
) -> None:
    browser = app.test_client()
    answer = send(browser, "/sign-in", email=ADA.upper(), password=PASSWORD)
    assert answer.status_code == 303
    cookie = browser.get_cookie("rungwise")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure, "plain http on this machine"
    assert browser.get("/members").status_code == 200
    assert cookie.value.encode() not in (school.settings.data_dir / "access.db").read_bytes()


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app: Flask) -> None:
    answers = []
    for email, password in ((ADA, "wrong and wrong"), ("stranger@school.example", PASSWORD)):
        answer = send(app.test_client(), "/sign-in", email=email, password=password)
        assert answer.status_code == 422
        assert "Set-Cookie" not in answer.headers or "rungwise=" not in answer.headers["Set-Cookie"]
        answers.append([line for line in answer.text.splitlines() if "belong together" in line])
    assert answers[0] == answers[1] != []


def test_the_sixth_wrong_try_waits_and_says_how_long_for_known_and_unknown_alike(app: Flask) -> None:
    for email in (ADA, "stranger@school.example"):
        browser = app.test_client()
        for _ in range(5):
            assert send(browser, "/sign-in", email=email, password="wrong and wrong").status_code == 422
        answer = send(browser, "/sign-in", email=email, password=PASSWORD)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
        assert "Too many tries. Wait 1 seconds" in answer.text or "Too many tries. Wait 2 seconds" in answer.text


def test_many_accounts_tried_from_one_address_wait_too(app: Flask) -> None:
    browser = app.test_client()
    seen = [send(browser, "/sign-in", email=f"u{n}@school.example", password="x").status_code for n in range(21)]
    assert seen[:20] == [422] * 20
    assert seen[20] == 429


def test_what_was_typed_is_kept_but_never_the_password(app: Flask) -> None:
    answer = send(app.test_client(), "/sign-in", email="ada@school.exampel", password="wrong and wrong")
    assert 'value="ada@school.exampel"' in answer.text
    assert "wrong and wrong" not in answer.text


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/members", "/members"),
        ("/members?a=b", "/members?a=b"),
        ("//elsewhere.example", "/"),
        ("///elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\tmembers", "/"),
    ],
)
def test_after_signing_in_a_person_reaches_the_page_they_wanted_and_no_other_site(
    app: Flask, wanted: str, reached: str
) -> None:
    browser = app.test_client()
    opened = browser.get("/sign-in", query_string={"next": wanted})
    action, hidden = forms_of(opened.text)[0]
    answer = browser.post(action, data=hidden | {"email": ADA, "password": PASSWORD})
    assert answer.headers["Location"] == reached


def test_a_page_asks_to_sign_in_and_remembers_where_to(app: Flask) -> None:
    answer = app.test_client().get("/members?x=1")
    parts = urlsplit(answer.headers["Location"])
    assert (answer.status_code, parts.path, parts.query) == (302, "/sign-in", "next=/members?x%3D1")


def test_signing_out_ends_the_session_also_for_a_copied_cookie(client_of: Callable[[str], FlaskClient]) -> None:
    browser = client_of("steward")
    copied = browser.get_cookie("rungwise")
    assert copied is not None
    assert send(browser, "/sign-out", page="/members").status_code == 303
    browser.set_cookie("rungwise", copied.value)
    assert browser.get("/members").status_code == 302


def test_signing_out_everywhere_ends_the_sessions_of_every_device(client_of: Callable[[str], FlaskClient]) -> None:
    here, there, other = client_of("steward"), client_of("steward"), client_of("advisor")
    assert send(here, "/sign-out-everywhere", page="/password").status_code == 303
    assert there.get("/members").status_code == 302
    assert other.get("/password").status_code == 200


def test_a_session_ends_after_eight_hours_idle_and_after_a_day_at_most(
    client_of: Callable[[str], FlaskClient], school: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [school.access.now()]
    monkeypatch.setattr(school.access.sessions, "_now", lambda: moment[0])
    idle, busy = client_of("steward"), client_of("steward")
    for _ in range(3):
        moment[0] += 7.5 * 3600
        assert busy.get("/members").status_code == 200
    assert idle.get("/members").status_code == 302, "22.5 hours without a request"
    moment[0] += 2 * 3600
    assert busy.get("/members").status_code == 302, "24.5 hours after sign-in"


def test_a_deactivated_members_sessions_end_at_once(client_of: Callable[[str], FlaskClient], school: House) -> None:
    browser = client_of("advisor")
    assert browser.get("/password").status_code == 200
    who = school.desk.principal(id_of(school, "steward"))
    deactivate_member(school.desk, who, DeactivateMember(command_id="go", member_id=id_of(school, "advisor")))
    assert browser.get("/password").status_code == 302


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(
    client_of: Callable[[str], FlaskClient], app: Flask
) -> None:
    here, there = client_of("steward"), client_of("steward")
    new = "another rung, another day"
    fields = {"password_now": PASSWORD, "password": new, "password_again": new}
    assert send(here, "/password", **fields).status_code == 303
    assert here.get("/members").status_code == 200
    assert there.get("/members").status_code == 302
    assert send(app.test_client(), "/sign-in", email=ADA, password=new).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password_now": "not this one"}, "This is not your password now."),
        ({"password": "short", "password_again": "short"}, "This has 5 characters: 12 to 200 are allowed."),
        ({"password": "x" * 201, "password_again": "x" * 201}, "This has 201 characters: 12 to 200 are allowed."),
        ({"password_again": "another rung, another dax"}, "This is not the same as the new password."),
        ({"password_again": ""}, "This is needed: a password."),
    ],
)
def test_a_password_that_cannot_be_set_says_why_and_changes_nothing(
    client_of: Callable[[str], FlaskClient], app: Flask, fields: dict[str, str], sentence: str
) -> None:
    new = "another rung, another day"
    good = {"password_now": PASSWORD, "password": new, "password_again": new}
    answer = send(client_of("steward"), "/password", **(good | fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert send(app.test_client(), "/sign-in", email=ADA, password=PASSWORD).status_code == 303


def test_behind_https_the_cookie_is_bound_to_https_and_to_this_host(folder: Path) -> None:
    house = open_house(Settings(data_dir=folder, secure_cookies=True), {})
    browser = create_app(house).test_client()
    opened = browser.get("/sign-in", base_url="https://localhost")
    data = hidden_of(opened.text, "/sign-in") | {"email": ADA, "password": PASSWORD}
    answer = browser.post(
        "/sign-in", base_url="https://localhost", data=data, headers={"Referer": "https://localhost/sign-in"}
    )
    cookies = answer.headers.getlist("Set-Cookie")
    [mine] = [cookie for cookie in cookies if cookie.startswith("__Host-rungwise=")]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in mine.split(";")}
    assert "Strict-Transport-Security" in answer.headers
    house.close()
