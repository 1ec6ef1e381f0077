"""Static files: their addresses carry a part of their digest, so that a browser keeps a file until it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

__all__ = ["keep_static"]

_KEPT: Final = "public, max-age=31536000, immutable"  # a year; another content has another address
_DIGITS: Final = 12


def keep_static(app: Flask) -> None:
    """Give each address of a static file its version, and let browsers keep what they fetched under it.

    Args:
        app: whose static folder it is. Its files are read once.
    """
    folder = Path(str(app.static_folder))

    @cache
    def version(filename: str) -> str | None:
        path = folder / filename
        return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS] if path.is_file() else None

    @app.url_defaults
    def name(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("v", version(values["filename"]))

    @app.after_request
    def keep(response: Response) -> Response:
        asked = request.args.get("v") if request.endpoint == "static" else None
        if asked and response.status_code < 400 and asked == version(str((request.view_args or {})["filename"])):  # noqa: PLR2004 - errors
            response.headers["Cache-Control"] = _KEPT
        return response
