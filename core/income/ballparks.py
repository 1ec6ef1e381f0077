"""The playbook's own pay figures, found for a path (playbook PAY.base, TRACK, LADDER)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.income.figures import Ballpark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ladders import Ladder


def ballpark_named(content: Mapping[str, Any], track_id: str) -> Ballpark | None:
    """Return the range of an income track of the playbook, such as TRACK.anes-pain."""
    for pack in content["packs"]:
        for row in pack.get("tracks", ()):
            if row["id"] == track_id:
                return _range(row["id"], row)
    return None


def ballpark_for(content: Mapping[str, Any], ladder: Ladder | None, field: str) -> Ballpark | None:
    """Return what the playbook says of a path: its ladder's range, else the base pay of the field, else nothing."""
    if ladder is not None and ladder.pay is not None:
        pay = ladder.pay
        return Ballpark(
            label=ladder.id,
            low_usd=pay.low_usd,
            high_usd=pay.high_usd,
            open_top=pay.open_top,
            source=pay.source,
            year=pay.year,
        )
    for pack in content["packs"]:
        for row in pack.get("pay", ()):
            if row["specialty"] == field:
                return _range(row["id"], {**row, "low_usd": row["usd"], "high_usd": row["usd"], "open_top": False})
    return None


def _range(label: str, row: Mapping[str, Any]) -> Ballpark:
    return Ballpark(
        label=label,
        low_usd=row["low_usd"],
        high_usd=row["high_usd"],
        open_top=row["open_top"],
        source=row["source"],
        year=row["year"],
    )
