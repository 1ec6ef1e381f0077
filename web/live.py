"""Open pages ask each second whether something is new for them; nearly always nothing is, and the answer is 304.

What is new is then fetched by the page from its own address, as the person it belongs to: nothing here shows anything
of a journey. That a session may ask an address is remembered for `REMEMBERED_S`, and for `QUIET_S` while nobody writes
anything: five seconds after a sign-out, or after a member was deactivated, nothing is answered any more, and until then
only that nothing changed. That something changed is said only after the session was looked up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request, url_for

from core.errors import RungwiseError
from core.people.access import Permission
from projections import news
from projections.news import Mark
from web.edge import house, must_read, must_read_cohort, needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from flask import Flask
    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from projections.news import News
    from web.house import House

__all__ = ["Live", "answer_from_memory", "blueprint", "live_cohort", "live_journey"]

blueprint = Blueprint("live", __name__, url_prefix="/live")
REMEMBERED_S, QUIET_S = 5.0, 60.0
_ASKED_AT = "rungwise.asked_at"
_REMEMBERED_MAX = 2000  # pages; beyond it those that asked no more are dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What a page carries to stay current: the address it asks, how far it has read, and its own address."""

    ask: str
    after: Mark
    page: str


def live_cohort(db: Connection, cohort: str, today: date) -> Live:
    """Return what a page about a cohort carries that is made from this snapshot."""
    return Live(ask=url_for("live.cohort", cohort=cohort), after=news.mark(db, today), page=_own_address())


def live_journey(db: Connection, journey_id: UUID, today: date) -> Live:
    """Return what a page about a journey carries that is made from this snapshot."""
    return Live(ask=url_for("live.journey", journey_id=journey_id), after=news.mark(db, today), page=_own_address())


def _own_address() -> str:
    """Return the address of the page at hand, without what an open page adds when it asks for it again."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in ("after", "since")]
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


@blueprint.get("/cohorts/<cohort>")
@needs(Permission.READ_COHORT)
def cohort(cohort: str) -> ResponseReturnValue:
    """Say whether something changed on a journey of a cohort."""
    must_read_cohort(cohort)
    return _answer(cohort)


@blueprint.get("/journeys/<uuid:journey_id>")
@needs(Permission.READ_JOURNEY)
def journey(journey_id: UUID) -> ResponseReturnValue:
    """Say whether something changed on a journey."""
    must_read(house().news.target(journey_id))
    return _answer(journey_id)


def _answer(topic: str | UUID) -> Response:
    """Answer 304 while the page has read everything, else 200 with the mark it has to reach."""
    newest = house().news.of(topic)
    if newest.beyond(Mark.parse(request.args.get("after", ""))):
        answer = Response(str(newest), mimetype="text/plain")
    else:
        answer = Response(status=304)
        memory: _Memory = current_app.extensions["rungwise_live"]
        memory.remember(request.environ, topic)
    answer.set_etag(str(newest))
    return answer


def answer_from_memory(app: Flask, rooms: House, headers: Sequence[tuple[str, str]]) -> None:
    """Let an application answer pages that have read everything before the framework begins to work.

    Args:
        app: what answers everything else.
        rooms: of the application.
        headers: of every answer.
    """
    rooms.news.heed(rooms.access.changes)
    memory = app.extensions["rungwise_live"] = _Memory(app.wsgi_app, rooms.news, headers)
    app.wsgi_app = memory  # type: ignore[method-assign] # Flask's documented way


class _Memory:
    """The pages that were told a moment ago that nothing is new for them."""

    def __init__(self, wsgi: Any, news_: News, headers: Sequence[tuple[str, str]]) -> None:
        self._wsgi = wsgi
        self._news = news_
        self._headers = headers
        self._known: dict[tuple[str, str], tuple[str | UUID, float]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/live/") and environ["REQUEST_METHOD"] == "GET":
            environ[_ASKED_AT] = now = time.monotonic()
            topic, checked_at = self._known.get(_key(environ), ("", float("-inf")))
            if self._still(checked_at, now) and (newest := self._unchanged(topic, environ["QUERY_STRING"])):
                start_response("304 NOT MODIFIED", [*self._headers, ("ETag", f'"{newest}"')])
                return ()
        answer: Iterable[bytes] = self._wsgi(environ, start_response)
        return answer

    def _still(self, checked_at: float, now: float) -> bool:
        """Say whether what was found out about a session need not be looked up again."""
        age_s = now - checked_at
        return age_s < REMEMBERED_S or (age_s < QUIET_S and self._news.stirred_at < checked_at)

    def _unchanged(self, topic: str | UUID, query: str) -> Mark | None:
        """Return the newest mark where the page has reached it; whatever is unusual is left to the view."""
        try:
            newest = self._news.of(topic)
            return None if newest.beyond(Mark.parse(query.removeprefix("after="))) else newest
        except RungwiseError:
            return None

    def remember(self, environ: dict[str, Any], topic: str | UUID) -> None:
        """Remember that this session may ask this address; the key holds the session's cookie whole."""
        now: float = environ[_ASKED_AT]  # before anything was looked up
        self._known[_key(environ)] = (topic, now)
        if len(self._known) > _REMEMBERED_MAX:
            for old in [key for key, (_, checked_at) in self._known.copy().items() if now - checked_at > QUIET_S]:
                self._known.pop(old, None)


def _key(environ: dict[str, Any]) -> tuple[str, str]:
    return environ.get("HTTP_COOKIE", ""), environ["PATH_INFO"]
