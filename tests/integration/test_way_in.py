"""The way into every page: marks, permissions, forged posts, headers, errors that never show a trace."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from flask import Blueprint
from werkzeug.routing import IntegerConverter, UUIDConverter

from core.errors import Conflict, GateClosed, InvalidValue, NotAllowed, NotFound, RecordErased, StoreError
from core.journey.journey import ChangedMeanwhile
from core.people.access import Permission
from tests.integration.conftest import COHORT, id_of, send
from tests.integration.forms import forms_of, hidden_of
from web import app as app_module
from web import edge
from web.app import CONTENT_SECURITY_POLICY, create_app
from web.edge import check_marks, needs, needs_sign_in, public
from web.house import DEMO_START, open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

    from web.house import House


def address(rule: Rule) -> str:
    """Some address of a route."""
    samples: dict[type[object], object] = {UUIDConverter: UUID(int=1), IntegerConverter: 1}
    values = {name: samples.get(type(kind), COHORT) for name, kind in rule._converters.items()}
    built = rule.build(values)
    assert built is not None
    return built[1]


def test_every_route_names_who_may_come_in(app: Flask) -> None:
    check_marks(app)


def test_a_route_that_names_no_permission_is_refused(app: Flask) -> None:
    app.view_functions["sneaky"] = lambda: "hello"
    app.url_map.add(app.url_rule_class("/sneaky", endpoint="sneaky"))
    with pytest.raises(RuntimeError, match="/sneaky"):
        check_marks(app)


PUBLIC = {"/sign-in", "/welcome/<token>", "/static/<path:filename>"}


def test_nobody_reaches_more_than_the_public_pages_without_signing_in(app: Flask) -> None:
    reached = set()
    for rule in app.url_map.iter_rules():
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = app.test_client().open(address(rule), method=method)
            signed_out = answer.status_code == 401 or answer.headers.get("Location", "").startswith("/sign-in")
            if not signed_out:
                reached.add(rule.rule)
            answer.close()
    assert reached == PUBLIC


@pytest.mark.parametrize("role", ["steward", "lead", "advisor", "nobody"])
def test_no_address_whatever_it_holds_ends_in_a_crash(
    client_of: Callable[[str], FlaskClient], app: Flask, role: str
) -> None:
    browser = client_of(role)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule not in PUBLIC:
            answer = browser.get(address(rule), query_string={"page": "-1", "sort": "'", "q": "\x00", "after": "x"})
            assert answer.status_code < 500, f"{rule.rule}: {answer.status_code}"


# What each role gets: 200 or a redirect inside, 302 to sign in, 403. The journeys' own checks are tested with them.
STEWARD_ONLY = ["/members", "/members/new", "/institution", "/institution/upkeep"]
ANYBODY_SIGNED_IN = ["/password", "/ladders"]


@pytest.mark.parametrize("url", STEWARD_ONLY)
@pytest.mark.parametrize("role", ["steward", "lead", "advisor", "colleague", "nobody", None])
def test_the_stewards_pages_open_for_stewards_only(
    client_of: Callable[[str | None], FlaskClient], role: str | None, url: str
) -> None:
    expected = {"steward": 200, None: 302}.get(role, 403)
    assert client_of(role).get(url).status_code == expected


@pytest.mark.parametrize("role", ["lead", "advisor", "nobody", None])
def test_no_form_of_the_stewards_pages_can_be_sent_by_others(
    client_of: Callable[[str | None], FlaskClient], app: Flask, school: House, role: str | None
) -> None:
    member = id_of(school, "colleague")
    head = school.desk.journal.head()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or not rule.rule.startswith(("/members", "/institution")):
            continue
        browser = client_of(role)
        hidden = hidden_of(browser.get("/password").text, "/password") if role else {}
        answer = browser.post(rule.rule.replace("<uuid:member_id>", member), data=hidden)
        # without a session there is no token either: signed out and forged are both refused
        assert answer.status_code == (403 if role else 401), rule.rule
    assert school.desk.journal.head() == head


@pytest.mark.parametrize(
    ("role", "target"),
    [("steward", "/members"), ("nobody", None), ("advisor", f"/cohorts/{COHORT}"), ("lead", f"/cohorts/{COHORT}")],
)
def test_the_start_leads_everybody_to_their_work(
    client_of: Callable[[str], FlaskClient], role: str, target: str | None
) -> None:
    answer = client_of(role).get("/")
    assert answer.headers.get("Location") == target
    assert target or "You have no role yet" in answer.text


def test_a_part_that_is_switched_off_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = open_house(Settings(data_dir=folder, disabled=frozenset({"export"})), {})
    part = Blueprint("part", __name__)
    part.get("/part")(needs(Permission.EXPORT_COHORT)(lambda: "here"))
    _with_part(monkeypatch, part)
    browser = create_app(house).test_client()
    browser.set_cookie("rungwise", house.access.sessions.open(id_of(house, "lead")))
    assert browser.get("/part").status_code == 404
    house.close()


def test_every_answer_carries_the_content_security_policy_and_personal_pages_are_not_kept(
    client_of: Callable[[str | None], FlaskClient],
) -> None:
    for url in ("/members", "/sign-in", "/nowhere", "/static/rungwise.css"):
        answer = client_of("steward").get(url)
        answer.close()
        headers = answer.headers
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert (headers["Cache-Control"] == "no-store") == (not url.startswith("/static"))


def test_a_browser_keeps_a_static_file_until_it_changes(client_of: Callable[[str | None], FlaskClient]) -> None:
    client = client_of(None)

    def keeps(url: str) -> str | None:
        with client.get(url) as answer:
            return answer.headers.get("Cache-Control")

    files = set(re.findall(r'"(/static/[^"]+)"', client.get("/sign-in").text))
    assert len(files) > 3
    assert {keeps(url) for url in files} == {"public, max-age=31536000, immutable"}
    others = {other for url in files for other in (url.partition("?")[0], url[:-1] + "-")}
    assert {keeps(url) for url in others} == {"no-cache"}, "not under an address of another content"
    assert keeps("/static/nothing.css?v=") is None


def test_no_page_of_ours_holds_what_the_policy_forbids(client_of: Callable[[str], FlaskClient], school: House) -> None:
    browser = client_of("steward")
    for url in (*STEWARD_ONLY, *ANYBODY_SIGNED_IN, f"/members/{id_of(school, 'lead')}", "/nowhere"):
        text = browser.get(url).text
        assert "<script" not in text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick" not in text


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_a_post_without_our_token_changes_nothing_and_loses_nothing(
    client_of: Callable[[str], FlaskClient], school: House, token: str | None
) -> None:
    browser, head = client_of("steward"), school.desk.journal.head()
    sent = {"name": "Eve Example", "email": "eve@school.example", "command_id": "c1"}
    answer = browser.post("/members/new", data=sent if token is None else sent | {"csrf_token": token})
    assert answer.status_code == 400
    assert "This form was open too long" in answer.text
    assert "Eve Example" in answer.text
    assert school.desk.journal.head() == head


def test_an_expired_form_can_be_sent_again_from_our_own_page_but_not_from_another_site(
    client_of: Callable[[str], FlaskClient], school: House
) -> None:
    browser = client_of("steward")
    sent = {"name": "Eve Example", "email": "eve@school.example", "command_id": "c1"}
    foreign = browser.post("/members/new", data=sent, headers={"Origin": "https://elsewhere.example"})
    assert all(action != "/members/new" for action, _ in forms_of(foreign.text))
    ours = browser.post("/members/new", data=sent, headers={"Origin": "http://localhost"})
    again = hidden_of(ours.text, "/members/new")
    assert {name: again[name] for name in sent} == sent
    assert browser.post("/members/new", data=again).status_code == 303
    assert school.desk.journal.has(UUID(_member_of(school, "eve@school.example")))


def test_a_form_sent_after_signing_out_keeps_what_was_typed(app: Flask) -> None:
    answer = app.test_client().post("/members/new", data={"name": "Eve Example", "email": "eve@school.example"})
    assert answer.status_code == 401
    assert "Sign in again in a new tab" in answer.text
    assert "Eve Example" in answer.text


def test_a_body_beyond_the_limit_is_refused_in_one_sentence(client_of: Callable[[str], FlaskClient]) -> None:
    answer = client_of("steward").post("/members/new", data={"file": (b"x" * (6 * 1024 * 1024)).decode()})
    assert answer.status_code == 413
    assert "At most 5 MiB" in answer.text


def test_a_wrong_method_says_so_and_keeps_allow(client_of: Callable[[str], FlaskClient]) -> None:
    answer = client_of("steward").get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


CATEGORIES = [
    (InvalidValue("step2", "2388", "a whole number from 1 to 300"), 422, "a whole number from 1 to 300"),
    (NotAllowed("Abel may not read this cohort"), 403, "Abel may not read this cohort."),
    (NotFound("there is no such journey"), 404, "There is no such journey."),
    (Conflict("this member exists already"), 409, "This member exists already."),
    (GateClosed("reapply", ("step2", "profile"), ("research",)), 409, "a profile, clear or mixed"),
    (RecordErased("this record was erased"), 410, "This record was erased."),
    (
        StoreError("the journal could not be written; nothing was saved, try again"),
        503,
        "nothing was saved, try again.",
    ),
]


@pytest.mark.parametrize(("error", "status", "sentence"), CATEGORIES, ids=lambda one: type(one).__name__)
def test_each_category_of_error_has_its_status_and_one_clear_sentence(
    school: House, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, sentence: str
) -> None:
    browser = _raising(school, monkeypatch, error)
    answer = browser.get("/part")
    assert answer.status_code == status
    assert sentence in answer.text.replace("&#39;", "'")
    assert "Traceback" not in answer.text


def test_a_closed_gate_lists_every_missing_and_disputed_fact_in_words(
    school: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _raising(school, monkeypatch, CATEGORIES[4][0]).get("/part").text
    for words in (
        "Reapply in the dream field",
        "Step 2 CK",
        "a profile, clear or mixed",
        "Research in the dream field",
    ):
        assert words in text
    assert "disputed: confirm or correct it" in text


def test_a_change_at_the_same_time_shows_both_and_lets_the_second_person_choose(
    school: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ChangedMeanwhile("Step 2 CK", theirs=240, yours=238, who=id_of(school, "lead"), version=7)
    browser = _raising(school, monkeypatch, error)
    hidden = hidden_of(browser.get("/password").text, "/password") | {"seen": "5", "value": "238"}
    answer = browser.post("/part", data=hidden)
    assert answer.status_code == 409
    assert "Lena Lead changed this meanwhile" in answer.text
    assert "240" in answer.text
    mine = hidden_of(answer.text, "/part")
    assert (mine["seen"], mine["value"], mine["command_id"]) == ("7", "238", hidden["command_id"])


def test_a_mistake_in_the_program_shows_a_number_and_logs_where_but_not_what(
    school: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _raising(school, monkeypatch, ValueError("Abel's secret note")).get("/part")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "secret note" not in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    [crash] = [line for line in lines if line["event"] == "crashed"]
    assert crash["reference"] in answer.text
    assert crash["error"] == "ValueError"
    assert "secret note" not in json.dumps(crash)


def test_the_log_names_the_kind_of_page_and_nobody(
    capsys: pytest.CaptureFixture[str], client_of: Callable[[str], FlaskClient], school: House
) -> None:
    member = id_of(school, "lead")
    client_of("steward").get(f"/members/{member}?q=Lena")
    logged = capsys.readouterr().err
    assert '"rule": "/members/<uuid:member_id>"' in logged
    assert member not in logged
    assert "Lena" not in logged


def _raising(school: House, monkeypatch: pytest.MonkeyPatch, error: Exception) -> FlaskClient:
    """A browser of a steward, on an application with one page that raises."""
    part = Blueprint("part", __name__)

    @part.route("/part", methods=["GET", "POST"])
    @needs_sign_in
    def view() -> str:
        raise error

    _with_part(monkeypatch, part)
    browser = create_app(school).test_client()
    browser.set_cookie("rungwise", school.access.sessions.open(id_of(school, "steward")))
    return browser


def _with_part(monkeypatch: pytest.MonkeyPatch, part: Blueprint) -> None:
    register = app_module._register

    def with_part(app: Flask, name: str) -> None:
        register(app, name)
        if name == app_module.BLUEPRINTS[0]:
            app.register_blueprint(part)

    monkeypatch.setattr(app_module, "_register", with_part)


def _member_of(school: House, email: str) -> str:
    from core.people.member import member_id

    return str(member_id(school.desk.journal.keys, email))


def test_a_public_mark_is_the_only_way_past_the_sign_in(school: House, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Blueprint("part", __name__)
    part.get("/open", endpoint="open")(public(lambda: "open"))
    part.get("/closed", endpoint="closed")(needs_sign_in(lambda: "closed"))
    _with_part(monkeypatch, part)
    browser = create_app(school).test_client()
    assert (browser.get("/open").status_code, browser.get("/closed").status_code) == (200, 302)


def test_until_the_read_models_are_there_the_page_says_that_it_is_saving(
    school: House, client_of: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    school.runner.stop()
    monkeypatch.setattr(edge, "WAIT_S", 0.01)
    browser = client_of("steward")
    sheet = f"/members/{id_of(school, 'advisor')}"
    assert send(browser, f"{sheet}/team", page=sheet, team="East").status_code == 303
    for _ in range(2):
        page = browser.get(sheet).text
        assert "Saving: your last change is stored" in page
        assert "East" not in page
    school.runner.start()
    assert school.runner.wait_for(school.desk.journal.head())
    page = browser.get(sheet).text
    assert "Saving" not in page
    assert "East" in page


def test_a_demonstration_says_so_on_every_page_and_its_calendar_runs_from_its_own_day(
    founded: Path, tmp_path: Path
) -> None:
    house = open_house(Settings(data_dir=tmp_path / "demo"), {}, create=True, demo=True)
    try:
        assert timedelta(0) <= house.clock() - DEMO_START < timedelta(minutes=5)
        assert "the calendar started on Tuesday, June 16, 2026." in create_app(house).test_client().get("/nowhere").text
    finally:
        house.close()
    again = open_house(Settings(data_dir=tmp_path / "demo"), {})
    assert again.demo
    assert timedelta(0) <= again.clock() - DEMO_START < timedelta(minutes=5)
    again.close()
    ours = open_house(Settings(data_dir=shutil.copytree(founded, tmp_path / "ours")), {}, demo=True)
    assert not ours.demo, "a store that exists stays what it is"
    assert "Demonstration" not in create_app(ours).test_client().get("/sign-in").text
    ours.close()
