"""The boundary: what a hook returned becomes checked plain values, or a fault that names what was wrong.

Each row of an answer stands alone: a bad row is left out and reported, the others pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError

from core.decision.playbook import Playbook
from core.errors import InvalidValue
from plugins.live import SHAPES
from plugins.shapes import ROWS, SpecialtyRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marshmallow import Schema

ABSENT: Final = object()
"""Stands for the value of a key that is missing."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One reason why a row of a plugin's answer was left out; its text is fit to be shown to a person.

    Args:
        plugin: name of the plugin.
        hook: name of the hook that returned the row.
        field: the row and the field in it, such as "ORTHO.gs-trauma.rungs[1].door".
        value: what stood there.
        allowed: what is allowed there, in words.
    """

    plugin: str
    hook: str
    field: str
    value: object
    allowed: str

    def __str__(self) -> str:
        where = f"plugin {self.plugin}, {self.hook}: "
        if self.value is ABSENT:
            return f"{where}{self.field} is missing ({self.allowed})"
        return where + str(InvalidValue(self.field, self.value, self.allowed))


def checked(plugin: str, hook: str, answer: object) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Check one hook's answer row by row.

    Args:
        plugin: name of the plugin that answered.
        hook: name of the hook.
        answer: what it returned.

    Returns:
        The good rows, every key filled in, in their order; and the faults of the rows left out.
    """
    if not isinstance(answer, list):
        return [], [Fault(plugin=plugin, hook=hook, field="answer", value=answer, allowed="a list of tables")]
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number, raw in enumerate(answer, start=1):
        row, wrong = read_row(hook, raw)
        if row is not None and row_key(hook, row) in [row_key(hook, other) for other in rows]:
            row, wrong = None, [("", "a second row", "one row of each name")]
        name = _name_of(raw) or f"row {number}"
        faults += [
            Fault(plugin=plugin, hook=hook, field=name + path, value=value, allowed=allowed)
            for path, value, allowed in wrong
        ]
        if row is not None:
            rows.append(row)
    return rows, faults


def row_key(hook: str, row: dict[str, Any]) -> object:
    """What must differ between two rows: pay rows share an id such as PAY.base and differ in their label."""
    if hook == "rungwise_pay":
        return row["id"], row["label"]
    return row[_NAMED_BY.get(hook, "id")]


_NAMED_BY: Final = {
    "rungwise_specialties": "slug",
    "rungwise_income_fields": "specialty",
    "rungwise_panels": "title",
}


@cache
def _shape(hook: str) -> Schema:
    return (ROWS | SHAPES)[hook]()


def read_row(hook: str, raw: Any) -> tuple[dict[str, Any] | None, list[tuple[str, object, str]]]:
    """Read one row of a hook's answer.

    Returns:
        Its values, every key filled in, or None; and what is wrong with it: the place in the row, such as
        ".rungs[1].door", the value, which is `ABSENT` where a key is missing, and what is allowed.
    """
    shape = _shape(hook)
    row, wrong = read_shape(shape, raw)
    if row is None:
        return None, wrong
    if isinstance(shape, SpecialtyRow):
        alone = {
            "format": 1,
            "label": "one",
            "parameters": {},
            "cutoffs": {},
            "packs": [{"name": "one", "specialties": [row]}],
        }
        try:
            Playbook.from_content(alone)
        except InvalidValue as error:
            path = error.what.removeprefix(f"one/{row['slug']}").replace("/", ".")
            return None, [(path, error.value, error.allowed)]
    return row, []


def read_shape(shape: Schema, raw: Any) -> tuple[dict[str, Any] | None, list[tuple[str, object, str]]]:
    """Read one table of a shape; returns what `read_row` does."""
    try:
        row: dict[str, Any] = shape.load(raw)
    except ValidationError as error:
        return None, list(_wrong(error.messages, raw, ""))
    return row, []


def _wrong(messages: Any, raw: Any, path: str) -> Iterator[tuple[str, object, str]]:
    """Walk marshmallow's nested messages beside the raw value."""
    if not isinstance(messages, dict):
        yield path, raw, messages[0]
        return
    for key, inner in messages.items():
        if key == "_schema":
            yield from _wrong(inner, raw, path)
        else:
            step = f"[{key}]" if isinstance(raw, list) else f".{key}"
            yield from _wrong(inner, _part(raw, key), path + step)


def _part(raw: Any, key: Any) -> object:
    try:
        return raw[key]
    except (KeyError, IndexError, TypeError):
        return ABSENT


def _name_of(raw: object) -> str | None:
    """How the author named the row: its id, slug or specialty."""
    name = (raw.get("id") or raw.get("slug") or raw.get("specialty")) if isinstance(raw, dict) else None
    return name if isinstance(name, str) else None
