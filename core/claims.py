"""What belongs to one pack alone, and what the rows of packs name that some pack must have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.errors import Conflict
from core.plan.windows import BOUNDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["ALLOWED", "CLAIMS", "known_names", "named", "refuse_shared"]

CLAIMS: Final = (
    ("specialties", "slug", "specialty"),
    ("ladders", "id", "ladder"),
    ("tracks", "id", "track"),
    ("field_pay", "specialty", "pay of"),
    ("levers", "id", "lever"),
    ("milestones", "id", "milestone"),
    ("inventory_fields", "id", "inventory field"),
    ("calendars", "id", "cycle date"),
    ("evidence", "id", "base rate"),
)
"""What belongs to one pack alone: the section, the key that names it, and the word for a person."""
ALLOWED: Final[Mapping[str, str]] = {
    "specialty": "the slug of a specialty that some pack declares",
    "ladder": "the id of a ladder of some pack",
    "milestone": f"the id of a milestone of some pack, or one of {', '.join(BOUNDED)}",
}
"""What may be named, and what is allowed in words."""


def refuse_shared(packs: Sequence[Mapping[str, Any]]) -> None:
    """Refuse two packs that claim one specialty, or name a ladder, a track or a lever alike.

    Raises:
        Conflict: naming both.
    """
    for section, key, word in CLAIMS:
        owner: dict[str, str] = {}
        for pack in packs:
            for row in pack.get(section, ()):
                first = owner.setdefault(row[key], pack["name"])
                if first != pack["name"]:
                    raise Conflict(f"{word} {row[key]}: packs {first} and {pack['name']} both claim it (one pack each)")


def named(section: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield everything that a checked row names: its place in the row, its kind (a key of `ALLOWED`) and the name."""
    if section == "specialties":
        return
    for key, kind in (
        ("from", "specialty"),
        ("specialties", "specialty"),
        ("ladders", "ladder"),
        ("codes", "milestone"),
    ):
        yield from ((f"{key}[{number}]", kind, name) for number, name in enumerate(row.get(key, [])))
    yield from ((f"rungs[{n}].slug", "specialty", rung["slug"]) for n, rung in enumerate(row.get("rungs", [])))
    yield from ((key, "specialty", row[key]) for key in ("base", "specialty") if row.get(key))


def known_names(packs: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Return what may be named, by kind; a playbook from before a section was there lacks it."""

    def of(section: str, key: str) -> frozenset[str]:
        return frozenset(row[key] for pack in packs for row in pack.get(section, ()))

    return {
        "specialty": of("specialties", "slug"),
        "ladder": of("ladders", "id"),
        "milestone": of("milestones", "id") | frozenset(BOUNDED),
    }
