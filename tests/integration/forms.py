"""Reads the forms of a page, as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and found.get("type") == "hidden" and self.forms:
            self.forms[-1][1][found["name"]] = found.get("value", "")


def forms_of(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every form of a page: where it goes, and its hidden fields."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def hidden_of(html: str, url: str) -> dict[str, str]:
    """The hidden fields of the first form that goes to `url`."""
    for action, fields in forms_of(html):
        if urlsplit(action).path == urlsplit(url).path:
            return fields
    raise AssertionError(f"no form goes to {url}: {[action for action, _ in forms_of(html)]}")
