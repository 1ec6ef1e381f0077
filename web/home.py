"""The start: sends everybody to the page they work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, url_for

from core.people.access import Permission
from web.edge import may, needs_sign_in, page, who

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["blueprint"]

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@needs_sign_in
def start() -> ResponseReturnValue:
    """Go to the newest cohort, on a phone to one's caseload, to the members for a steward; without a role, say so."""
    cohorts = who().cohorts
    if cohorts:
        # Source: MDN, Browser detection using the user agent: "Mobi" is in the name of every browser of a phone
        on_phone = "Mobi" in request.headers.get("User-Agent", "")
        return redirect(url_for("registers.caseload" if on_phone else "board.cohort", cohort=cohorts[0]))
    if may(Permission.MANAGE_MEMBERS):
        return redirect(url_for("members.listing"))
    return page("sign_in/no_role.html")
