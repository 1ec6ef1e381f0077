"""The line of every key of a TOML text, against the standard library's reader."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import plugins
from plugins.kit.lines import line_at, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = sorted(Path(plugins.__file__).parent.rglob("*.toml"))


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, (*path, number))


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1\n\n# b = 2\nb = 3", ("b",), 4),
        ("a = 1 # b = 2\nb = 3", ("b",), 2),
        ("[a]\nb = 1\n[a.c]\nd = 2", ("a", "c", "d"), 4),
        ("[a.b.c]\nd = 2", ("a", "b"), 1),
        ("[[a]]\nb = 1\n[[a]]\nb = 2", ("a", 1, "b"), 4),
        ("[[a]]\n[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2", ("a", 1, "b", 1, "c"), 6),
        ("[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2", ("a", 1, "b", "c"), 6),
        ("a = { b = 1, c = { d = 2 } }\ne = 1", ("a", "c", "d"), 1),
        ("a = [\n  { b = 1 }, # [\n  { b = 2 },\n]\nc = 1", ("a", 1, "b"), 3),
        ("a = [\n  [1,\n 2],\n  [3]\n]\nc = 1", ("a", 0, 1), 3),
        ("a = [1, 2, ]\nb = []\nc = 1", ("c",), 3),
        ('a = """one\nb = 2\n"""\nb = 3', ("b",), 4),
        ('a = """\nwith "two" and ""\\""" inside\n"""""\nb = 3', ("b",), 4),
        ("a = '''\n\\\n'''\nb = 3", ("b",), 4),
        ('a = "]#}\\""\nb = 1', ("b",), 2),
        ("a = 'C:\\'\nb = 1", ("b",), 2),
        ('"a b".c = 1\n"d" = 2', ("a b", "c"), 1),
        ("a . b = 1\na.c = 2", ("a", "c"), 2),
        ("a = 2026-01-31T10:00:00Z\nb = 1.5e3", ("b",), 2),
        ("a = 1\r\nb = 2\r\n[c]\r\nd = 3", ("c", "d"), 4),
        ("  [ a . b ]\n  c = 1", ("a", "b", "c"), 2),
    ],
)
def test_each_way_of_writing_keeps_its_line(text: str, path: tuple[str | int, ...], line: int) -> None:
    assert set(lines_of(text)) == set(_places(tomllib.loads(text)))
    assert lines_of(text)[path] == line


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_key_of_our_own_files_stands_on_the_line_found(source: Path) -> None:
    text = source.read_text("utf-8")
    lines, rows = lines_of(text), text.split("\n")

    places = set(_places(tomllib.loads(text)))

    assert set(lines) == places
    assert [path for path in places if isinstance(path[-1], str) and path[-1] not in rows[lines[path] - 1]] == []


def test_what_is_not_there_has_the_line_of_what_it_is_missing_from() -> None:
    lines = lines_of("a = 1\n[[b]]\nc = 1\n")

    assert [line_at(lines, path) for path in (("b", 0, "d"), ("b", 0, "d", 3), ("x",))] == [2, 2, 1]
