"""What a pack holds, in words, and how one version of it differs from another: row by row, and within a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.decision.wording import together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["NOTHING", "Altered", "altered", "holds", "listed"]

#: What one row of a section is called; a section without a word here is called by its own name.
_ONE: Final = {
    "specialties": "specialty",
    "ladders": "ladder",
    "tracks": "income track",
    "pay": "pay figure",
    "field_pay": "pay of a field",
    "levers": "pay lever",
    "milestones": "milestone",
    "inventory_fields": "inventory field",
    "calendars": "calendar",
    "evidence": "base rate",
}
_MANY: Final = {"specialty": "specialties", "pay of a field": "pays of fields"}
#: By what a row is found again, and by what it is called.
_KEYS: Final = ("id", "slug", "name", "specialty", "label")
_CALLED: Final = ("title", "name", "label", "what", "id", "slug", "specialty")
#: Of a pack itself; `digest` differs whenever anything does.
_HEAD: Final = ("version", "title", "origin")
_SHOWN: Final = 8
NOTHING: Final = "nothing yet"
_TEXT_MAX: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A row that is new, gone or changed.

    Args:
        what: "ladder".
        called: its name.
        how: "new", "gone" or "changed".
        parts: of a changed row: where, before, now; `more` are left out.
    """

    what: str
    called: str
    how: str
    parts: tuple[tuple[str, str, str], ...] = ()
    more: int = 0


def holds(pack: Mapping[str, Any]) -> str:
    """Return what a pack holds: "1 specialty, 3 ladders and 2 income tracks"."""
    counted = Counter(what for what, _, _ in _rows(pack))
    parts = [f"{n} {what if n == 1 else _many(what)}" for what, n in counted.items()]
    return together(parts) if parts else NOTHING


def listed(pack: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what a pack holds beside ladders, which are drawn: what it is called, and the names of the rows."""
    found: dict[str, list[str]] = {}
    for what, _, row in _rows(pack):
        if what != "ladder":
            found.setdefault(what, []).append(_called(row))
    return tuple((_many(what).capitalize(), tuple(dict.fromkeys(names))) for what, names in found.items())


def altered(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[Altered, ...]:
    """Return how a pack differs from another version of it; None = there is none.

    Args:
        old: as a playbook holds it.
        new: likewise.
    """
    was, now = ({key: (what, row) for what, key, row in _rows(one or {})} for one in (old, new))
    found: list[Altered] = []
    if old is not None and new is not None:
        head = [(key, str(old[key]), str(new[key])) for key in _HEAD if old.get(key) != new.get(key)]
        found += [Altered(what="pack", called=str(new["title"]), how="changed", parts=tuple(head))] if head else []
    for key in dict.fromkeys((*was, *now)):
        what, after = now[key] if key in now else was[key]
        if key not in was or key not in now:
            found.append(Altered(what=what, called=_called(after), how="gone" if key in was else "new"))
        elif (before := was[key][1]) != after:
            parts = tuple(_parts(before, after))
            more = max(0, len(parts) - _SHOWN)
            found.append(
                Altered(what=what, called=_called(after), how="changed", parts=parts[:_SHOWN], more=more),
            )
    return tuple(found)


def _rows(pack: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], dict[str, Any]]]:
    """Every row of a pack: what it is, by what it is found again, and the row."""
    for section in dict.fromkeys((*_ONE, *pack)):
        rows = pack.get(section)
        if not isinstance(rows, list):
            continue
        for number, row in enumerate(rows):
            if isinstance(row, dict):
                key = tuple(str(row[name]) for name in _KEYS if isinstance(row.get(name), str)) or (str(number),)
                yield _ONE.get(section, section.replace("_", " ")), (section, *_stable(section, key)), row


def _many(what: str) -> str:
    return _MANY.get(what, f"{what}s")


def _stable(section: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """Pay rows share an id and differ in their label; any other row is the same one under another name."""
    return key if section == "pay" else key[:1]


def _called(row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in _CALLED if row.get(name)), "without a name")


def _parts(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield where two values differ, and what stands there."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _parts(before.get(key), after.get(key), f"{path}, {key}".lstrip(", ").replace("_", " "))
    elif isinstance(before, list) and isinstance(after, list) and _tables(before) and _tables(after):
        for number in range(max(len(before), len(after))):
            one, two = (rows[number] if number < len(rows) else None for rows in (before, after))
            yield from _parts(one, two, f"{path} {number + 1}")
    else:
        yield path, _text(before), _text(after)


def _tables(rows: list[Any]) -> bool:
    return all(isinstance(row, dict) for row in rows)


def _text(value: Any) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return _short(", ".join(f"{key.replace('_', ' ')} {_text(one)}" for key, one in value.items() if one))
    if isinstance(value, list):
        return _short(", ".join(_text(one) for one in value))
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_MAX else text[: _TEXT_MAX - 1] + "…"
