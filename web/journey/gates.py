"""The gates of the hold (playbook WEEK1.hold): what each irreversible decision still needs, and where to record it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.journey.hold import GATES, PATH_KINDS, need_label
from core.journey.inventory import FACTS
from web.journey.record import here
from web.journey.words import listed, lowered

if TYPE_CHECKING:
    from projections.sheet import SheetOverride
    from web.journey.record import Record

__all__ = ["GateLine", "gate_lines", "where_recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """Decisions that one gate guards.

    Args:
        decisions: in words.
        is_open: whether they may be recorded.
        needs: what is missing or disputed, each with where it is recorded.
        overridden: code and words of a lead who opened it.
    """

    decisions: str
    is_open: bool
    needs: tuple[tuple[str, str], ...]
    overridden: str


def gate_lines(record: Record) -> tuple[GateLine, ...]:
    """Return the gates; decisions that need the same stand in one line, unless a lead opened one of them."""
    opened = {one.decision: one for one in record.sheet.overrides}
    groups: dict[tuple[object, ...], list[str]] = {}
    for kind, gate in record.sheet.gates.items():
        own = kind if kind in opened else ""
        groups.setdefault((kind in PATH_KINDS, gate.missing, gate.disputed, own), []).append(kind)
    lines = []
    for key, kinds in groups.items():
        gate = record.sheet.gates[kinds[0]]
        needs = tuple((need_label(name), where_recorded(record, name)) for name in gate.missing)
        disputed = tuple((f"{need_label(name)} (disputed)", where_recorded(record, name)) for name in gate.disputed)
        by_hand = _by_hand(opened[kinds[0]]) if key[-1] else ""
        names = listed([lowered(GATES[kind]) for kind in kinds])
        lines.append(
            GateLine(
                decisions=names[:1].upper() + names[1:],
                is_open=gate.is_open,
                needs=(*needs, *disputed),
                overridden=by_hand,
            )
        )
    return tuple(lines)


def _by_hand(one: SheetOverride) -> str:
    """Return who opened a gate and why, and what was missing or disputed on that day."""
    missing, disputed = (listed([lowered(need_label(n)) for n in names]) for names in (one.missing, one.disputed))
    then = (f"Missing then: {missing}." if missing else "", f"Disputed then: {disputed}." if disputed else "")
    return " ".join((f"opened by {one.said.actor_name}: {one.text}", *filter(None, then)))


def where_recorded(record: Record, need: str) -> str:
    """Return where something that a gate needs is recorded."""
    if need in record.sheet.facts:
        return here(record, "fact", name=need)
    if need in FACTS:
        return here(record, "record_facts", group=FACTS[need].group, _anchor=f"f-{need}")
    if need.startswith("opinion_"):
        return here(record, "ask_opinion")
    return here(record, {"advisor_conversation": "log_contact"}.get(need, "inventory"))
