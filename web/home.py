"""The start: sends everybody to the page they work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, url_for

from core.people.access import Permission
from web.edge import may, needs_sign_in, page, who

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["blueprint"]

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@needs_sign_in
def start() -> ResponseReturnValue:
    """Go to the newest cohort, to the members for a steward; without any role, say so."""
    cohorts = who().cohorts
    if cohorts:
        return redirect(url_for("board.cohort", cohort=cohorts[0]))
    if may(Permission.MANAGE_MEMBERS):
        return redirect(url_for("members.listing"))
    return page("sign_in/no_role.html")
