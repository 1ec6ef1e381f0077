"""The cookie of forms: what a browser sends with every page is checked and read once, not for every page.

It holds the token that forms carry, and notices. Who is signed in is not in it: `web.access.sessions` says that anew
each time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from flask import session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped] # the library ships no types
from itsdangerous import BadSignature

from projections.kept import Kept

if TYPE_CHECKING:
    from flask import Flask, Request

__all__ = ["FormCookie"]

_BROWSERS = 1000


class FormCookie(SecureCookieSessionInterface):
    """Flask's own signed cookie; content is kept by the exact text that was found to be signed by us."""

    def __init__(self) -> None:
        self._content = Kept(_BROWSERS)
        self._tokens = Kept(_BROWSERS)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what a request's cookie holds, nothing where it is not ours or too old."""
        text = request.cookies.get(self.get_cookie_name(app), "")
        known: tuple[dict[str, Any], float] | None = self._content.known(text)
        age_s = app.permanent_session_lifetime.total_seconds()
        if known is not None and time.time() - known[1] <= age_s:
            return self.session_class(known[0])
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        try:
            content, at = signer.loads(text, max_age=int(age_s), return_timestamp=True)
        except BadSignature:
            return self.session_class()
        if all(isinstance(one, str | int) for one in content.values()):  # what nobody can change; notices are for once
            self._content.keep(text, (content, at.timestamp()))
        return self.session_class(content)

    def csrf_token(self) -> str:
        """Return the token for the forms of a page; it has no end of its own, so one signature does for a session."""
        raw = session.get("csrf_token")
        signed: str | None = self._tokens.known(raw) if raw else None
        if signed is None:
            signed = generate_csrf()
            self._tokens.keep(session["csrf_token"], signed)
        return signed
