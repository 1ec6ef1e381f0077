"""The one table: what happened → HTTP status → page. A page says one clear sentence and never shows a trace."""

from __future__ import annotations

import secrets
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from flask import g, request, url_for
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped] # the library ships no types
from werkzeug.exceptions import HTTPException

from core.decision.wording import sentence
from core.errors import (
    Conflict,
    GateClosed,
    InvalidValue,
    NotAllowed,
    NotFound,
    RecordErased,
    RungwiseError,
    StoreError,
)
from core.journey.hold import GATES, need_label
from core.journey.journey import ChangedMeanwhile
from web.edge import SignedOut, house, page, signed_in
from web.fields import not_allowed
from web.schemas import MACHINERY, known_labels

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue
    from structlog.typing import FilteringBoundLogger

    from web.schemas import Form

__all__ = ["STATUS", "register_errors"]

# The first class that fits counts.
STATUS: tuple[tuple[type[RungwiseError], int, str], ...] = (
    (SignedOut, 401, "You were signed out"),
    (InvalidValue, 422, "This needs a change"),
    (NotAllowed, 403, "This is not yours to do"),
    (NotFound, 404, "There is nothing here"),
    (ChangedMeanwhile, 409, "Somebody changed this at the same time"),
    (GateClosed, 409, "This decision waits for facts"),
    (Conflict, 409, "This could not be saved as it is"),
    (RecordErased, 410, "This record was erased"),
    (StoreError, 503, "The store cannot be used right now"),
)
# What the protocol itself refuses.
_HTTP: dict[int, tuple[str, str]] = {
    400: ("This could not be read", "The address or the form was not complete. Go back and try once more."),
    404: ("There is nothing here", "The address is wrong, or the page is not yours to see."),
    405: ("This page cannot do that", "It can be read, or sent, but not in the way it was asked."),
    413: ("This file is too large", "At most 5 MiB can be sent at once. A roster of 10,000 students has about 2 MiB."),
}
_EXPIRED = "This form was open too long, or you signed in again since. Nothing is lost: what you typed is below."
_AGAIN = (ChangedMeanwhile, StoreError, SignedOut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What an error page shows.

    Args:
        heading: two to eight words.
        sentence: what happened and what to do.
        missing: of a closed gate: what must be recorded first.
        theirs: of a change at the same time: what is stored now.
        yours: what was not saved.
        typed: pairs of field and text that were sent, so that nothing is lost.
        again: hidden fields with which the form can be sent once more; empty = it cannot.
        again_label: what the button says.
        back: where a person goes who does not send it again.
        reference: number under which the log holds a program error.
        sign_in: where somebody signs in who was signed out meanwhile.
        without: the address of the same page, without the part that is not allowed.
    """

    heading: str
    sentence: str
    missing: tuple[str, ...] = ()
    theirs: str = ""
    yours: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    again: tuple[tuple[str, str], ...] = ()
    again_label: str = "Send it again"
    back: str = ""
    reference: str = ""
    sign_in: str = ""
    without: str = ""


def register_errors(app: Flask, log: FilteringBoundLogger) -> None:
    """Give every error its page."""

    def crashed(error: Exception) -> ResponseReturnValue:
        reference = secrets.token_hex(4)
        # where, but not what: a message may hold a name or a note
        frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        log.error("crashed", reference=reference, error=type(error).__name__, frames=frames[-12:])
        sentence = (
            "This is a mistake in the program, not yours. Nothing was half saved. Try again, or tell your steward"
        )
        trouble = Trouble(
            heading="Something went wrong here", sentence=f"{sentence} this number: {reference}.", reference=reference
        )
        try:
            return page("errors/page.html", 500, trouble=trouble)
        except Exception:  # noqa: BLE001 - the page itself is broken: the sentence and the number still arrive
            return f"{trouble.heading}. {trouble.sentence}", 500, {"Content-Type": "text/plain; charset=utf-8"}

    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RungwiseError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, crashed)


def _refused(error: RungwiseError) -> ResponseReturnValue:
    status, heading = next((status, heading) for kind, status, heading in STATUS if isinstance(error, kind))
    missing: tuple[str, ...] = ()
    theirs = yours = ""
    told = sentence(error)
    seen: int | None = None
    if isinstance(error, InvalidValue):
        told = f"{_capital(error.what)}: {not_allowed(error.value, error.allowed)}"
    elif isinstance(error, GateClosed):
        decision = GATES.get(error.decision, error.decision)
        told = f"“{decision}” can be recorded once this is known, or a lead opens the gate with a reason:"
        missing = tuple(need_label(n) for n in error.missing)
        missing += tuple(f"{need_label(n)} (disputed: confirm or correct it)" for n in error.disputed)
    elif isinstance(error, ChangedMeanwhile):
        theirs, yours, seen = str(error.theirs), str(error.yours), error.version
        name = _name_of(error.who)
        told = f"{name} changed this meanwhile ({error.item}). Yours is not saved and not lost: choose."
    elif isinstance(error, SignedOut):
        told = "Sign in again in a new tab, come back here, and send this once more. What you typed is kept below."
    trouble = Trouble(
        heading=heading,
        sentence=told,
        missing=missing,
        theirs=theirs,
        yours=yours,
        typed=_typed(),
        again=_again(seen) if isinstance(error, _AGAIN) else (),
        again_label="Save mine" if theirs else "Send it again",
        back=request.referrer or "" if _same_origin() else "",
        sign_in=url_for("sign_in.form") if isinstance(error, SignedOut) else "",
        without=_without(error) if isinstance(error, InvalidValue) else "",
    )
    return page("errors/page.html", status, trouble=trouble)


def _without(error: InvalidValue) -> str:
    """Return the address of the page without what is not allowed in it; empty where nothing was asked after the `?`."""
    if request.method != "GET" or not request.args:
        return ""
    asked = list(request.args.items(multi=True))
    kept = [(name, text) for name, text in asked if name != error.what and text != str(error.value)]
    return f"{request.path}?{urlencode(kept)}" if kept and len(kept) < len(asked) else request.path


def _expired(_: CSRFError) -> ResponseReturnValue:
    again = _again(None) if _same_origin() and signed_in() else ()
    trouble = Trouble(heading="This form was open too long", sentence=_EXPIRED, typed=_typed(), again=again)
    return page("errors/page.html", 400, trouble=trouble)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - a redirect is no error
        return error.get_response()
    heading, sentence = _HTTP.get(error.code, _HTTP[400])
    body, status = page("errors/page.html", error.code, trouble=Trouble(heading=heading, sentence=sentence))
    methods = getattr(error, "valid_methods", None)
    return body, status, {"Allow": ", ".join(methods)} if methods else {}


def _name_of(member_id: str) -> str:
    try:
        return house().desk.principal(member_id).name
    except RungwiseError:
        return "Somebody"


def _same_origin() -> bool:
    """Say whether the form came from a page of ours: only then may it be offered again with what is in it."""
    origin = request.headers.get("Origin") or request.referrer
    return origin is not None and urlsplit(origin).netloc == request.host


def _typed() -> tuple[tuple[str, str], ...]:
    if request.method != "POST" or not _keepable():
        return ()
    read: Form | None = g.get("sent_form")
    if read is not None:
        return read.told
    sent, known = request.form.items(multi=True), known_labels()
    return tuple((known.get(n, _capital(n.replace("_", " "))), text) for n, text in sent if n not in MACHINERY and text)


def _again(seen: int | None) -> tuple[tuple[str, str], ...]:
    if request.method != "POST" or not _keepable() or request.files:
        return ()
    kept = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    if seen is not None:
        kept = [pair for pair in kept if pair[0] != "seen"] + [("seen", str(seen))]
    return tuple(kept)


def _keepable() -> bool:
    """Passwords are never repeated on a page."""
    return not any("password" in name for name in request.form)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
