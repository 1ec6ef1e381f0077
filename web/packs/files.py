"""A pack as a file: saved from here, opened elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, url_for

from core.errors import NotFound
from core.people.access import Permission
from web.edge import house, needs
from web.packs.place import blueprint

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/packs/file")
@needs(Permission.WRITE_PACKS)
def upload() -> ResponseReturnValue:
    """Open a pack file."""
    return redirect(url_for("packs.new"), code=303)


@blueprint.get("/pack/<name>/file")
@needs(Permission.WRITE_PACKS)
def download(name: str) -> ResponseReturnValue:
    """Give the draft as a file.

    Raises:
        NotFound: there is no draft of it.
    """
    draft = house().desk.institution().drafts.get(name)
    if draft is None:
        raise NotFound(f"there is no draft of a pack {name}")
    answer = make_response(draft.text.encode())
    answer.headers["Content-Type"] = "application/toml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return answer
