"""Addresses are those that Flask would make, whatever stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable

ODD = "a b/c?d=e&f#g+h;%ü€'\"<>~"
VALUES: dict[str, Any] = {
    "IntegerConverter": 7,
    "UUIDConverter": UUID(int=5),
    "UnicodeConverter": ODD,
    "PathConverter": "a/b ü?",
}
QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"page": 3, "at": None, "q": ODD},
    {"q": ODD, "news": "", "_anchor": ODD},
    {"at": None, "_anchor": "f-step2"},
    {"drive": ("lifestyle", "pay"), "with": ["a", ODD, 7], "none": []},
)


def both(app: Flask, endpoint: str, values: dict[str, Any]) -> tuple[str, str]:
    """The quick way, and Flask's own."""
    return url_for(endpoint, **values), Flask.url_for(app, endpoint, **values)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("prefix", ["", "/school"])
def test_every_address_is_the_one_that_flask_makes(app: Flask, query: dict[str, Any], prefix: str) -> None:
    made = 0
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": prefix}):
        for rule in app.url_map.iter_rules():
            parts = {name: VALUES[type(rule._converters[name]).__name__] for name in rule.arguments}
            quick, own = both(app, rule.endpoint, {**parts, **query})
            assert quick == own
            assert quick.startswith(prefix)
            made += 1
    assert made > 50, "the control: there were addresses to compare"


def test_most_endpoints_take_the_quick_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    slow: list[str] = []
    own: Callable[..., str] = Flask.url_for

    def told(self: Flask, endpoint: str, **values: Any) -> str:
        slow.append(endpoint)
        return own(self, endpoint, **values)

    monkeypatch.setattr(Flask, "url_for", told)
    with app.test_request_context("/"):
        for endpoint in ("board.cohort", "journey.sheet", "static"):
            url_for(endpoint, cohort="2026", journey_id=UUID(int=5), filename="live.js")
    assert slow == []


def test_what_is_missing_or_unknown_is_said_as_flask_says_it(app: Flask) -> None:
    with app.test_request_context("/"):
        for endpoint, values in (("journey.sheet", {}), ("journey.sheet", {"journey_id": None}), ("no.such", {})):
            with pytest.raises(BuildError):
                url_for(endpoint, **values)
        assert url_for("home.start", _external=True).startswith("http://")
