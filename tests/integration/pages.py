"""Reads a page as a person would: its words, its links, the rows of its tables."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = ("script", "style", "svg", "option")
_BLOCKS = ("p", "li", "span", "b", "td", "th", "h1", "h2", "div", "br", "a")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: dict[str, str] = {}
        self.rows: list[list[str]] = []
        self._silent = 0
        self._href: str | None = None
        self._label: list[str] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "a":
            self._href, self._label = found.get("href", ""), []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._cell = []
        self._hear(" " if tag in _BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "a" and self._href is not None:
            self.links[_plain(self._label)] = self._href
            self._href = None
        elif tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append(_plain(self._cell))
            self._cell = None
        self._hear(" " if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._hear(data)

    def _hear(self, text: str) -> None:
        self.said.append(text)
        if self._href is not None:
            self._label.append(text)
        if self._cell is not None:
            self._cell.append(text)


def _plain(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def words(html: str) -> str:
    """Everything a page says, without markup."""
    return _plain(_read(html).said)


def links(html: str) -> dict[str, str]:
    """Where each link leads, by its words; of links with the same words the last."""
    return _read(html).links


def rows_of(html: str, *, folded: bool = False) -> list[list[str]]:
    """The rows of all tables but their heads, cell by cell in words; folded-away tables are read only when asked."""
    unfolded = html if folded else re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    return _read(unfolded.replace("<thead", "<!--").replace("</thead>", "-->")).rows
