"""The application: one function puts it together in order, from settings and an open house."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, g, get_flashed_messages, request, url_for
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped] # the library ships no types
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from core.errors import RungwiseError
from core.journey.journey import Target
from core.people.access import Permission
from projections.kept import Kept
from web.assets import keep_static
from web.compiled import COMPILED
from web.edge import admit, by_itself, check_marks, house, may, public, settle, signed_in
from web.errors import register_errors
from web.form_cookie import FormCookie
from web.house import DEMO_START
from web.links import LinkingFlask
from web.live import answer_from_memory
from web.schemas import sealed
from web.verify import last_verified

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from flask import Flask, Response
    from structlog.typing import FilteringBoundLogger

    from core.people.access import Principal
    from web.house import House

__all__ = ["BLUEPRINTS", "CONTENT_SECURITY_POLICY", "create_app"]

# Each module has a `blueprint`. The order is the order of the main navigation.
BLUEPRINTS = (
    "web.sign_in",
    "web.home",
    "web.board",
    "web.journey",
    "web.money",
    "web.registers",
    "web.explorer",
    "web.roster",
    "web.packet.routes",
    "web.audit",
    "web.members",
    "web.institution",
    "web.packs.routes",
    "web.upkeep",
    "web.live",
)
BODY_MAX_BYTES = 5 * 1024 * 1024
_FORM_OVERHEAD_BYTES = 64 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(rooms: House) -> Flask:
    """Put the application together.

    Args:
        rooms: the open institution it serves.

    Raises:
        RuntimeError: a route names no permission.
    """
    app = LinkingFlask(__name__)
    app.extensions["rungwise"] = rooms
    _configure(app, rooms)
    log = _logger()
    _hold_while_reading(app, rooms)
    _log_requests(app, log)
    app.before_request(admit)
    app.before_request(settle)
    CSRFProtect(app)
    app.session_interface = cookie = FormCookie()
    app.extensions["rungwise_csrf"] = app.jinja_env.globals["csrf_token"] = cookie.csrf_token
    register_errors(app, log)
    _dress_templates(app)
    for name in BLUEPRINTS:
        _register(app, name)
    app.after_request(_headers)
    app.view_functions["static"] = public(app.view_functions["static"])
    keep_static(app)
    check_marks(app)
    answer_from_memory(app, rooms, (*_HEADERS.items(), ("Cache-Control", "no-store")))
    if rooms.settings.proxies:
        count = rooms.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign] # Flask's documented way
    return app


def _configure(app: Flask, rooms: House) -> None:
    secure = rooms.settings.secure_cookies
    app.config.update(
        # made from the institution's own secret: no key is written down, and every store has another
        SECRET_KEY=rooms.desk.journal.keys.pseudonym("cookies"),
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=BODY_MAX_BYTES + _FORM_OVERHEAD_BYTES,
        MAX_FORM_MEMORY_SIZE=BODY_MAX_BYTES,  # the text of a pack comes in a field, not in a file
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as the session it was made in
        TRAP_HTTP_EXCEPTIONS=False,
    )


def _logger() -> FilteringBoundLogger:
    quiet = sys.stderr.isatty()  # at a terminal only what went wrong is shown; a log that is kept shows every request
    lazy = structlog.wrap_logger(
        _Stderr(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
    )
    logger: FilteringBoundLogger = lazy.bind()  # else it is put together anew for each line
    return logger


class _Stderr:
    """Writes lines to standard error; a log that cannot be written must not fail a request."""

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")

    info = warning = error = msg


def _hold_while_reading(app: Flask, rooms: House) -> None:
    """Let what a page reads look once whether something was written; whoever sends something looks each time."""
    journal = rooms.desk.journal

    @app.before_request
    def begin() -> None:
        journal.hold(on=request.method in ("GET", "HEAD"))

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        journal.hold(on=False)


def _log_requests(app: Flask, log: FilteringBoundLogger) -> None:
    """Log which kind of page was asked for, never whose: the rule, not the address."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static" and response.status_code != 304:  # noqa: PLR2004 - open pages ask each second
            rule = request.url_rule.rule if request.url_rule else "unknown"
            took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
            told = log.error if response.status_code >= 500 else log.info  # noqa: PLR2004 - errors of the server
            told("request", method=request.method, rule=rule, status=response.status_code, ms=took)
        return response


def _headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if house().settings.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _register(app: Flask, name: str) -> None:
    app.register_blueprint(import_module(name).blueprint)


def _dress_templates(app: Flask) -> None:
    app.jinja_env.bytecode_cache = COMPILED
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # macros of a few words and marks, with a few possible arguments each, that name nobody
    app.jinja_env.globals.update(sealed=sealed, may=may, Permission=Permission, mark=Kept(_MARKS).markup)
    app.jinja_env.filters.update(day=_day, moment=_moment)
    app.extensions["rungwise_navigation"] = Kept(_MARKS)
    app.context_processor(_frame)


_MARKS = 500


def _frame() -> dict[str, Any]:
    """Return what every page stands in: navigation, names, notices."""
    rooms = house()
    notices: list[Any] = [("", _DEMO.format(_day(DEMO_START)))] if rooms.demo else []
    if not by_itself():
        notices += get_flashed_messages(with_categories=True)
    token = current_app.extensions["rungwise_csrf"]
    frame: dict[str, Any] = {"notices": notices, "home_href": url_for("home.start"), "csrf_token": token}
    try:
        frame["institution"] = rooms.desk.institution().settings["name"]
        if (person := signed_in()) is not None:
            name = Markup('<a href="{}">{}</a>').format(url_for("sign_in.password"), person.name)
            frame |= {"person": name, "sign_out_href": url_for("sign_in.sign_out")}
            frame["nav"] = _navigation(person)
            if may(Permission.MANAGE_SETTINGS) and (held := last_verified(rooms)) and held.findings:
                notices.insert(0, ("fault", _DAMAGED))
    except RungwiseError:
        pass  # the page that says what is wrong with the store must not need the store
    return frame


_DAMAGED = "What was recorded is damaged. Upkeep says what was found and what to do."
_DEMO = "Demonstration: people and school are fictional; the calendar started on {}."
_NAVIGATION: tuple[tuple[str, str, Permission | None], ...] = (
    ("Cohort", "board.cohort", Permission.READ_COHORT),
    ("My caseload", "registers.caseload", Permission.READ_COHORT),
    ("Decisions", "registers.decisions", Permission.READ_COHORT),
    ("Ladders", "explorer.index", None),
    ("Activity", "registers.activity", Permission.READ_COHORT),
    ("Audit", "audit.desk", Permission.READ_FINDINGS),
    ("Import", "roster.upload", Permission.IMPORT_ROSTER),
    ("Members", "members.listing", Permission.MANAGE_MEMBERS),
    ("Packs", "packs.listing", Permission.WRITE_PACKS),
    ("Institution", "institution.overview", Permission.MANAGE_SETTINGS),
    ("Upkeep", "upkeep.overview", Permission.MANAGE_SETTINGS),
)


_OF_COHORT = (Permission.READ_COHORT, Permission.READ_FINDINGS)


def _navigation(person: Principal) -> tuple[tuple[str, str, bool], ...]:
    """Return the links of the main navigation, with whether each is of the page at hand."""
    asked = (request.view_args or {}).get("cohort")
    place = (request.script_root, request.endpoint, asked)
    # by roles and not by name: nothing of a person is kept
    own = (person.member_id, person.team, person.grants)
    kept: Kept = current_app.extensions["rungwise_navigation"]
    return kept((own, place), lambda: tuple(_links(person, asked)))


def _links(person: Principal, asked: str | None) -> Iterator[tuple[str, str, bool]]:
    for label, endpoint, permission in _NAVIGATION:
        if permission is not None and not may(permission):
            continue
        cohort: dict[str, Any] = {}
        if permission in _OF_COHORT:  # the one on the page, else the newest in which they may
            fit = [one for one in person.cohorts if may(permission, Target(cohort=one, advisor=None, team=None))]
            cohort = {"cohort": asked if asked in fit else fit[0]}
        part = endpoint.partition(".")[0]
        current = request.endpoint == endpoint if part == "registers" else request.blueprint == part
        yield label, url_for(endpoint, at=None, **cohort), current  # also from a page of the past to today


def _day(value: date) -> str:
    return f"{value:%A, %B} {value.day}, {value.year}"


def _moment(value: datetime) -> str:
    local = value.astimezone(house().desk.institution().zone)
    hour = local.hour % 12 or 12
    return f"{_day(local)}, {hour}:{local:%M %p}"
