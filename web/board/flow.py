"""The flow of a board: its students from profile to placement, each bar and band a view of the same board."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from web.pictures.flow import FlowBand, FlowBar, FlowPicture, FlowStage, people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.overview import FlowCount
    from web.board.query import BoardQuery

__all__ = ["PLACEMENTS", "flow_picture"]

PLACEMENTS: Final[Mapping[str, str]] = {
    "research": "Research year",
    "seat": "Prelim, TY or SOAP",
    "dream": "Dream field",
    "none": "None yet",
    "other": "Another field",
}
# Each stage from the top: the value of its filter, what it is called, the direction that colors it. A year on the way
# is a year for another try (playbook §6, YEAR), so it has the color of reapply.
_STAGES: Final[Mapping[str, tuple[str, Mapping[str, tuple[str, str]]]]] = {
    "profile": (
        "Profile",
        {
            "near-competitive": ("near-competitive", "unknown"),
            "borderline": ("borderline", "unknown"),
            "undermatched": ("undermatched", "unknown"),
            "unknown": ("not yet known", "unknown"),
        },
    ),
    "recommendation": (
        "Recommendation",
        {
            "REAPPLY": ("Reapply", "reapply"),
            "CONTESTED": ("Contested", "contested"),
            "INDETERMINATE": ("Not yet decidable", "unknown"),
            "none": ("None yet", "unknown"),
            "PIVOT_NOW": ("Pivot now", "pivot"),
        },
    ),
    "decision": (
        "Decision",
        {
            "reapply": ("Reapply", "reapply"),
            "none": ("No decision yet", "unknown"),
            "delay_graduation": ("Delay graduation", "unknown"),
            "resign_post": ("Resign a post", "unknown"),
            "leave_medicine": ("Leave medicine", "unknown"),
            "pivot": ("Pivot", "pivot"),
        },
    ),
    "placement": (
        "Placement",
        {
            "research": (PLACEMENTS["research"], "reapply"),
            "seat": (PLACEMENTS["seat"], "reapply"),
            "dream": (PLACEMENTS["dream"], "reapply"),
            "none": (PLACEMENTS["none"], "unknown"),
            "other": (PLACEMENTS["other"], "pivot"),
        },
    ),
}
_NAMES: Final = tuple(_STAGES)


class _Views:
    """The addresses of the views behind a picture; what those that name the same filters share is encoded once."""

    def __init__(self, query: BoardQuery) -> None:
        self._query = query
        self._patterns: dict[tuple[str, ...], str] = {}

    def href(self, **wanted: str) -> str:
        """Return the view that holds exactly the students of these filters; our values of them need no encoding.

        The board's filter of decisions may ask for more than one kind already ("against the recommendation"); then the
        path decision is one more filter, and does not take its place.
        """
        decision = wanted.get("decision")
        if decision and self._query.filters.decision not in (None, decision):
            del wanted["decision"]
            wanted["path"] = decision
        names = tuple(wanted)
        if names not in self._patterns:
            self._patterns[names] = self._pattern(names)
        return self._patterns[names].format_map(wanted)

    def _pattern(self, names: tuple[str, ...]) -> str:
        """Return an address with a place for each value: nothing else in it has a brace, which are encoded."""
        pattern = self._query.href(**{name: f"{{{name}}}" for name in names})
        for name in names:
            pattern = pattern.replace(f"{name}=%7B{name}%7D", f"{name}={{{name}}}")
        return pattern


def flow_picture(query: BoardQuery, counts: Sequence[FlowCount], *, prefix: str) -> FlowPicture:
    """Return the flow of a view of the board, ready to be drawn.

    Args:
        query: the view; links keep its filters.
        counts: the students of that view by the way they went.
        prefix: of the ids on the page.
    """
    ways = [(_keys(one), one.students) for one in counts]
    views = _Views(query)
    stages = tuple(_stage(views, ways, number) for number in range(len(_NAMES)))
    total = sum(number for _, number in ways)
    return FlowPicture(prefix=prefix, stages=stages, title=f"From profile to placement, {people(total)}")


def _keys(one: FlowCount) -> tuple[str, str, str, str]:
    return (one.profile or "unknown", one.recommendation or "none", one.decision or "none", one.placed or "none")


def _stage(views: _Views, ways: Sequence[tuple[tuple[str, ...], int]], number: int) -> FlowStage:
    name = _NAMES[number]
    heading, places = _STAGES[name]
    here: Counter[str] = Counter()
    onward: Counter[tuple[str, str]] = Counter()
    for keys, students in ways:
        here[keys[number]] += students
        if number + 1 < len(_NAMES):
            onward[keys[number], keys[number + 1]] += students
    bars = tuple(
        FlowBar(key=key, label=label, students=here[key], href=views.href(**{name: key}), kind=kind)
        for key, (label, kind) in places.items()
        if here[key]
    )
    order = tuple(places)
    bands = tuple(
        FlowBand(start=start, end=end, students=students, href=views.href(**{name: start, _NAMES[number + 1]: end}))
        for (start, end), students in sorted(onward.items(), key=lambda one: order.index(one[0][0]))
    )
    return FlowStage(name=heading, bars=bars, bands=bands)
