"""Signing in and out, changing a password, setting the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, request, session, url_for

from core.people.member import member_id
from web.access.credentials import PASSWORD_MAX, PASSWORD_MIN
from web.access.throttle import FREE_TRIES_ACCOUNT, FREE_TRIES_ADDRESS
from web.edge import cookie_name, house, needs_sign_in, page, public, signed_in, who
from web.schemas import Email, Form, FormSchema, Password, blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response as AnyResponse

__all__ = ["blueprint"]

blueprint = Blueprint("sign_in", __name__)

# One sentence for an unknown address and for a wrong password: nobody learns which addresses are known.
_NOT_TOGETHER = "This e-mail address and this password do not belong together. Look for a slip, then try again."


class SignInForm(FormSchema):
    """Who are you."""

    email = Email(required=True)
    password = Password("Password", required=True)


class FirstPasswordForm(FormSchema):
    """A password, twice."""

    password = Password("New password", required=True)
    password_again = Password("The same again", required=True)


class ChangePasswordForm(FirstPasswordForm):
    """The old password, and the new one twice."""

    password_now = Password("Your password now", required=True)


@blueprint.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """Show the form."""
    if signed_in() is not None:
        return redirect(_local(request.args.get("next")))
    return _page(blank(SignInForm), 200)


@blueprint.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Check who it is, and start a session."""
    form = load(SignInForm)
    if not form.ok:
        return _page(form, 422)
    rooms, keys = house(), house().desk.journal.keys
    account = keys.pseudonym("throttle", "account", form.values["email"]).hex()
    address = keys.pseudonym("throttle", "address", request.remote_addr or "").hex()
    wait = rooms.access.throttle.take({account: FREE_TRIES_ACCOUNT, address: FREE_TRIES_ADDRESS})
    if wait:
        form.errors["_form"] = f"Too many tries. Wait {_in_words(wait)}, then try again; nothing is locked for good."
        response = make_response(_page(form, 429))
        response.headers["Retry-After"] = str(int(wait) + 1)
        return response
    member = str(member_id(keys, form.values["email"]))
    if not rooms.access.credentials.check(member, form.values["password"]):
        form.errors["_form"] = _NOT_TOGETHER
        return _page(form, 422)
    rooms.access.throttle.give_back(account, address)
    return _signed_in(redirect(_local(request.args.get("next")), code=303), member)


@blueprint.post("/sign-out")
@needs_sign_in
def sign_out() -> ResponseReturnValue:
    """End this session."""
    house().access.sessions.close(request.cookies.get(cookie_name(), ""))
    return _signed_out("You are signed out.")


@blueprint.post("/sign-out-everywhere")
@needs_sign_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End all sessions of the person, on every device."""
    ended = house().access.sessions.close_all(who().member_id)
    return _signed_out(f"You are signed out everywhere ({ended} {'place' if ended == 1 else 'places'}).")


@blueprint.get("/password")
@needs_sign_in
def password() -> ResponseReturnValue:
    """Show the form for another password."""
    return page("sign_in/password.html", form=blank(ChangePasswordForm), rule=_RULE)


@blueprint.post("/password")
@needs_sign_in
def change_password() -> ResponseReturnValue:
    """Change the password; the person's other sessions end."""
    form = load(ChangePasswordForm)
    access, person = house().access, who()
    if form.ok:
        account = house().desk.journal.keys.pseudonym("throttle", "password", person.member_id).hex()
        if wait := access.throttle.take({account: FREE_TRIES_ACCOUNT}):
            form.errors["password_now"] = f"Too many tries. Wait {_in_words(wait)}, then try again."
        elif not access.credentials.check(person.member_id, form.values["password_now"]):
            form.errors["password_now"] = "This is not your password now."  # noqa: S105 - a sentence
        elif _set_password(form, person.member_id):
            access.throttle.give_back(account, account)
            access.sessions.close_all(person.member_id)
            flash("Your password is changed. Other places where you were signed in are signed out.", "ok")
            return _signed_in(redirect(url_for("home.start"), code=303), person.member_id)
    return page("sign_in/password.html", 422, form=form, rule=_RULE)


@blueprint.get("/welcome/<token>")
@public
def welcome(token: str) -> ResponseReturnValue:
    """Show the form for a first password; looking does not use the link up."""
    house().access.credentials.invited(token)
    return page("sign_in/welcome.html", form=blank(FirstPasswordForm), rule=_RULE, token=token)


@blueprint.post("/welcome/<token>")
@public
def set_first_password(token: str) -> ResponseReturnValue:
    """Set the first password; this uses the link up."""
    member = house().access.credentials.invited(token)
    form = load(FirstPasswordForm)
    if form.ok and _set_password(form, member):
        house().access.sessions.close_all(member)
        return _signed_out("Your password is set. Sign in with it.")
    return page("sign_in/welcome.html", 422, form=form, rule=_RULE, token=token)


_RULE = f"{PASSWORD_MIN} characters or more. A few words in a row are easy to keep and hard to guess."


def _set_password(form: Form, member: str) -> bool:
    new = form.values["password"]
    if not PASSWORD_MIN <= len(new) <= PASSWORD_MAX:
        form.errors["password"] = f"This has {len(new)} characters: {PASSWORD_MIN} to {PASSWORD_MAX} are allowed."
    elif new != form.values["password_again"]:
        form.errors["password_again"] = "This is not the same as the new password."  # noqa: S105 - a sentence
    else:
        house().access.credentials.set(member, new)
    return form.ok


def _page(form: Form, status: int) -> ResponseReturnValue:
    support = house().desk.institution().settings["support_contact"]
    return page("sign_in/form.html", status, form=form, support=support, next=request.args.get("next", ""))


def _signed_in(response: AnyResponse, member: str) -> AnyResponse:
    """Start a session under a new token; what the browser held before counts no more."""
    settings = house().settings
    notices = session.get("_flashes")
    session.clear()
    if notices:
        session["_flashes"] = notices
    token = house().access.sessions.open(member)
    house().access.sessions.sweep(hours=settings.session_hours)
    response.set_cookie(cookie_name(), token, httponly=True, samesite="Lax", secure=settings.secure_cookies, path="/")
    return response


def _signed_out(message: str) -> AnyResponse:
    session.clear()
    flash(message, "ok")
    response = redirect(url_for("sign_in.form"), code=303)
    settings = house().settings
    response.delete_cookie(cookie_name(), path="/", secure=settings.secure_cookies, httponly=True, samesite="Lax")
    return response


def _local(wanted: str | None) -> str:
    """Return where to go after signing in: a path of ours, never another site."""
    # browsers read "//host", "///host" and "/\\host" as another site
    if wanted and wanted[0] == "/" and wanted[1:2] not in ("/", "\\") and wanted.isprintable():
        return wanted
    return url_for("home.start")


def _in_words(seconds: float) -> str:
    whole = int(seconds) + 1
    return f"{whole} seconds" if whole < 120 else f"{-(-whole // 60)} minutes"  # noqa: PLR2004 - two minutes
