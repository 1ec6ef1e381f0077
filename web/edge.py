"""What every page works with: the house, the person signed in, the mark that says who may come in, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import current_app, flash, g, redirect, render_template, request, session, url_for

from core.errors import NotAllowed, NotFound, RungwiseError
from core.journey.journey import Target
from core.people.access import Permission, Principal, allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Request
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from core.advising.desk import Receipt
    from web.house import House

__all__ = [
    "SignedOut",
    "admit",
    "by_itself",
    "check_marks",
    "cookie_name",
    "finish",
    "house",
    "may",
    "must_read",
    "must_read_cohort",
    "needs",
    "needs_sign_in",
    "page",
    "public",
    "settle",
    "settled",
    "signed_in",
    "who",
]

V = TypeVar("V", bound="Callable[..., Any]")
# What stands behind Flask's names: a page asks sixty times, and through the name each time takes 1 µs longer.
_app: Callable[[], Flask] = current_app._get_current_object  # type: ignore[attr-defined] # noqa: SLF001
_request: Callable[[], Request] = request._get_current_object  # type: ignore[attr-defined] # noqa: SLF001
_of_request: Callable[[], Any] = g._get_current_object  # noqa: SLF001
WAIT_S = 2.0
_MARK = "rungwise_admits"
_PUBLIC: Final = "everybody"
_SIGNED_IN: Final = "everybody signed in"
_INSTITUTION = {
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_SETTINGS,
    Permission.PUBLISH_PLAYBOOK,
    Permission.WRITE_PACKS,
    Permission.APPROVE_PLAYBOOK,
    Permission.TRUST_PUBLISHER,
    Permission.APPROVE_PLUGIN,
}
_REFUSING = (409, 422)
_SWITCHED = {
    Permission.IMPORT_ROSTER: "import",
    Permission.EXPORT_COHORT: "export",
    Permission.EXPORT_RECORD: "export",
}


class SignedOut(RungwiseError):  # noqa: N818 - reads as what happened
    """A form was sent by somebody who is no longer signed in."""


def house() -> House:
    """Return the institution this application serves."""
    found: House = _app().extensions["rungwise"]
    return found


def who() -> Principal:
    """Return the person signed in.

    Raises:
        SignedOut: nobody is.
    """
    person = signed_in()
    if person is None:
        raise SignedOut("nobody is signed in")
    return person


def signed_in() -> Principal | None:
    """Return the person signed in, or None; looked up once a request."""
    if "person" not in (known := _of_request()):
        known.person = _person()
    person: Principal | None = known.person
    return person


def cookie_name() -> str:
    """Return the name of the session cookie; the prefix makes browsers hold it to https and to this host."""
    return "__Host-rungwise" if house().settings.secure_cookies else "rungwise"


def by_itself() -> bool:
    """Say whether an open page asks and not the person: that keeps no session alive and takes nobody's notices."""
    asked = _request()
    return asked.blueprint == "live" or "HTTP_HX_REQUEST" in asked.environ


def _person() -> Principal | None:
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    settings, access = house().settings, house().access
    limits = {"idle_hours": settings.session_idle_hours, "hours": settings.session_hours}
    member_id = access.sessions.member_of(token, **limits, touch=not by_itself())
    if member_id is None:
        return None
    try:
        return house().desk.principal(member_id)
    except RungwiseError:  # deactivated, erased: all their sessions end at once
        access.sessions.close_all(member_id)
        return None


def needs(permission: Permission) -> Callable[[V], V]:
    """Mark a view: the person needs this permission; for a journey or cohort the use case or query checks which."""
    return lambda view: _mark(view, permission)


def needs_sign_in(view: V) -> V:
    """Mark a view: anybody who is signed in."""
    return _mark(view, _SIGNED_IN)


def public(view: V) -> V:
    """Mark a view: anybody."""
    return _mark(view, _PUBLIC)


def _mark(view: V, mark: object) -> V:
    setattr(view, _MARK, mark)
    return view


def check_marks(app: Flask) -> None:
    """Refuse to start when a route does not say who may come in.

    Raises:
        RuntimeError: naming the routes.
    """
    bare = sorted({r.rule for r in app.url_map.iter_rules() if not hasattr(app.view_functions[r.endpoint], _MARK)})
    if bare:
        raise RuntimeError(f"these routes name no permission: {', '.join(bare)} (mark each view with needs(...))")


def admit() -> ResponseReturnValue | None:
    """Let a request in, or send it to sign in; runs before every view."""
    view = current_app.view_functions.get(request.endpoint or "")
    mark = getattr(view, _MARK, None)
    if view is None or mark == _PUBLIC:
        return None
    if signed_in() is None:
        if request.method in ("GET", "HEAD") and not by_itself():
            wanted = request.full_path.rstrip("?")
            return redirect(url_for("sign_in.form", next=wanted if wanted != "/" else None))
        raise SignedOut("you were signed out before this was sent")
    if isinstance(mark, Permission):
        if _SWITCHED.get(mark) in house().settings.disabled:
            raise NotFound("this part is switched off here")
        if not may(mark):
            raise NotAllowed(f"{who().name} may not {mark.value}; a lead or a steward can grant it")
    elif mark != _SIGNED_IN:
        raise NotAllowed("this page names no permission")
    return None


def may(permission: Permission, target: Target | None = None) -> bool:
    """Say whether the person may do something.

    Args:
        permission: what.
        target: the journey or cohort; without it, whether some role of theirs could allow it at all.
    """
    person = who()
    if _SWITCHED.get(permission) in house().settings.disabled:  # no link leads to what is switched off
        return False
    if target is not None or permission in _INSTITUTION:
        return allowed(person, permission, target)
    own = (Target(cohort=cohort, advisor=person.member_id, team=None) for cohort in person.cohorts)
    return any(allowed(person, permission, one) for one in own)


def must_read(target: Target) -> None:
    """Let nobody see a journey who may not read it: to them it does not exist.

    Raises:
        NotFound: the person may not read it.
    """
    if not allowed(who(), Permission.READ_JOURNEY, target):
        raise NotFound("there is no such journey, or it is not in your cohorts")


def must_read_cohort(cohort: str) -> None:
    """Let nobody see a cohort who may not read it.

    Raises:
        NotFound: the person may not read it.
    """
    if not allowed(who(), Permission.READ_COHORT, Target(cohort=cohort, advisor=None, team=None)):
        raise NotFound("there is no such cohort, or it is not one of yours")


def page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """Render a page; the title of one that refuses what was sent begins with "Error:"."""
    return render_template(template, refused=status in _REFUSING, **context), status


def finish(receipt: Receipt, url: str, message: str) -> Response:
    """End a form that wrote: wait a moment until the pages show it, then go on to `url`.

    Args:
        receipt: what the use case returned.
        url: where to go.
        message: what was done, one sentence.
    """
    flash("This was saved already; nothing was done twice." if receipt.repeated else message, "ok")
    if not settled(receipt):
        session["after"] = receipt.position
    return redirect(url, code=303)


def settled(receipt: Receipt) -> bool:
    """Wait a moment until the pages show what was written; say whether they do. A second call does not wait again."""
    waited: dict[int, bool] = g.setdefault("waited", {})
    if receipt.position not in waited:
        waited[receipt.position] = house().runner.wait_for(receipt.position, timeout_s=WAIT_S)
    return waited[receipt.position]


def settle() -> None:
    """Tell the reader, until it is so, that the page does not show their last change yet; runs before every view."""
    if request.endpoint == "static" or request.method != "GET" or by_itself():
        return
    after = session.get("after")
    if after is None:
        return
    if house().views.position() >= int(after):
        session.pop("after")
    else:
        flash("Saving: your last change is stored, but this page does not show it yet. Load it again in a moment.", "")
