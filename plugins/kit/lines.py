"""On which line of a TOML text each key stands; the standard library's reader does not say.

The text must be one that `tomllib` reads: what is not TOML is its finding, not ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""A place in a parsed text, such as ("ladders", 0, "rungs", 1, "door")."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # a text over several lines may end in quotation marks of its own
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> Mapping[Path, int]:
    """Return the line, counted from 1, of every key, table and item of a list.

    Args:
        text: valid TOML.
    """
    return _Scan(text).run()


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a place, or of what it stands in where it is not there itself; 1 for the whole file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Scan:
    """One walk over a text; each method leaves `_at` behind what it read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = 1
        self._found: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}

    def run(self) -> Mapping[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._found

    def _header(self) -> Path:
        listed = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if listed else 1
        path = self._within((), self._keys())
        if listed:
            number = self._lengths.get(path, 0)
            self._lengths[path] = number + 1
            self._found.setdefault(path, line)
            path = (*path, number)
        for length in range(1, len(path) + 1):
            self._found.setdefault(path[:length], line)
        self._at += 2 if listed else 1
        return path

    def _within(self, base: Path, keys: list[str]) -> Path:
        """Return the place that keys name from a table on: a list of tables on the way means its last one."""
        path = base
        for number, key in enumerate(keys):
            path = (*path, key)
            if number < len(keys) - 1 and path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        line = self._here()
        keys = self._keys()
        for length in range(1, len(keys) + 1):
            self._found.setdefault((*table, *keys[:length]), line)
        self._at += 1  # the sign of equality
        self._value((*table, *keys))

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            if self._text[self._at] in "\"'":
                keys.append(_unquoted(self._take(_STRING)))
            else:
                keys.append(self._take(_BARE))
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        first = self._text[self._at]
        if first == "[":
            self._items(path)
        elif first == "{":
            self._inline(path)
        else:
            self._take(_STRING if first in "\"'" else _PLAIN)

    def _items(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._next() != "]":
            self._found[*path, number] = self._here()
            self._value((*path, number))
            number += 1
            if self._next() == ",":
                self._at += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._next() != "}":
            self._pair(path)
            if self._next() == ",":
                self._at += 1
        self._at += 1

    def _next(self) -> str:
        self._skip(_BLANK)
        return self._text[self._at]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"line {self._here()}: not TOML")
        self._at = found.end()
        return found[0]

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unquoted(key: str) -> str:
    """Return a quoted key as the reader of TOML has it."""
    import tomllib

    table: dict[str, Any] = tomllib.loads(f"key = {key}")
    return str(table["key"])
