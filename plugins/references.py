"""What the rows of a pack name must exist: specialties, ladders and milestones, of whichever pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.plan.windows import BOUNDED
from plugins.boundary import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["ALLOWED", "drop_unknown", "known_names", "named"]

ALLOWED: Final[Mapping[str, str]] = {
    "specialty": "the slug of a specialty that some pack declares",
    "ladder": "the id of a ladder of some pack",
    "milestone": f"the id of a milestone of some pack, or one of {', '.join(BOUNDED)}",
}
"""What may be named, and what is allowed in words."""


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


def drop_unknown(packs: Sequence[dict[str, Any]], hooks: Mapping[str, str]) -> list[Fault]:
    """Leave out the rows that name what no pack has.

    Args:
        packs: checked row by row; changed in place.
        hooks: each section and the hook that fills it.
    """
    faults: list[Fault] = []
    for section, hook in hooks.items():
        known = known_names(packs)  # a cycle date may not name a milestone that was just left out
        for pack in packs:
            good = []
            for row in pack[section]:
                unknown = [one for one in named(section, row) if one[2] not in known[one[1]]]
                name = row.get("id") or row.get("specialty")
                faults += [
                    Fault(plugin=pack["name"], hook=hook, field=f"{name}.{field}", value=value, allowed=ALLOWED[kind])
                    for field, kind, value in unknown
                ]
                good += [] if unknown else [row]
            pack[section] = good
    return faults
