"""What the rows of a pack name must exist, in whichever pack; a row that names something else is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.claims import ALLOWED, known_names, named
from plugins.boundary import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["drop_unknown"]


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
