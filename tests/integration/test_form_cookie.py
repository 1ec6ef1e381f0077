"""The cookie of forms: read once for each text of it, and never worth more than what we signed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from flask import flash, session

from tests.integration.forms import hidden_of
from web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from flask import Flask
    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

ADDRESS = "/password"


def token(browser: FlaskClient) -> str:
    return hidden_of(browser.get(ADDRESS).text, ADDRESS)["csrf_token"]


def signed(app: Flask, content: dict[str, Any]) -> str:
    """The text of a cookie as a browser keeps it."""
    return str(app.session_interface.get_signing_serializer(app).dumps(content))  # type: ignore[attr-defined]


def held(app: Flask, text: str) -> dict[str, Any]:
    """What a request with this cookie holds; it is asked twice, so that the second answer may be a kept one."""
    for _ in range(2):
        with app.test_request_context("/", headers={"Cookie": f"form={text}"}):
            found = dict(session)
            session["csrf_token"] = session["after"] = "changed by this request"
    return found


def test_every_request_holds_what_the_cookie_holds_and_nothing_of_another_request(app: Flask) -> None:
    for content in ({"csrf_token": "a", "after": 7}, {"_flashes": [("ok", "Saved.")]}, {}):
        assert held(app, signed(app, content)) == content


def test_a_cookie_that_was_read_is_not_read_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    text = signed(app, {"csrf_token": "a"})
    held(app, text)
    monkeypatch.delattr(type(app.session_interface).__mro__[1], "get_signing_serializer")
    with app.test_request_context("/", headers={"Cookie": f"form={text}"}):
        assert session["csrf_token"] == "a"


def test_a_cookie_that_we_did_not_sign_holds_nothing(app: Flask) -> None:
    text = signed(app, {"csrf_token": "a"})
    assert held(app, text) == {"csrf_token": "a"}
    for forged in (text[:-1], text + "x", text.swapcase(), "", "nonsense"):
        assert held(app, forged) == {}


def test_a_cookie_that_is_too_old_holds_nothing_although_it_was_read_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, now = signed(app, {"csrf_token": "a"}), time.time()
    lifetime_s = app.permanent_session_lifetime.total_seconds()
    monkeypatch.setattr(time, "time", lambda: now + lifetime_s - 5)
    assert held(app, text) == {"csrf_token": "a"}
    monkeypatch.setattr(time, "time", lambda: now + lifetime_s + 5)
    assert held(app, text) == {}


def test_a_notice_is_kept_for_nobody(app: Flask) -> None:
    with app.test_request_context("/"):
        flash("Wren Osprey was written to.", "ok")
        text = signed(app, dict(session))
    assert held(app, text)["_flashes"]
    kept: Any = app.session_interface
    assert "Wren" not in str(vars(kept._content))


def test_the_token_of_a_browser_stays_and_is_nobody_elses(client_of: Clients) -> None:
    one, other = client_of("advisor"), client_of("lead")
    assert token(one) == token(one) != token(other)
    fields = {"current": "", "password": "", "password_again": ""}
    assert one.post(ADDRESS, data=fields | {"csrf_token": token(one)}).status_code != 400
    assert one.post(ADDRESS, data=fields | {"csrf_token": token(other)}).status_code == 400


def test_a_token_that_one_worker_gave_counts_in_the_other(school: House, app: Flask, client_of: Clients) -> None:
    browser = client_of("advisor")
    first = token(browser)
    again = create_app(school).test_client()
    for name in ("form", "rungwise"):
        cookie = browser.get_cookie(name)
        assert cookie is not None
        again.set_cookie(name, cookie.value)
    assert app is not again.application
    assert token(again).partition(".")[0] == first.partition(".")[0], "the same token, whenever it was signed"
    assert again.post(ADDRESS, data={"csrf_token": first}).status_code != 400
