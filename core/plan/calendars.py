"""Cycle dates: what ERAS, a match or the school sets for a cycle (playbook §4, *Reading (clocks)*).

They are data with a source and a cycle year, carried by the playbook in force: the institution's under the key
"calendar", those of packs under "calendars" of each; none is shipped. Where one is loaded, the earlier of a milestone's
window and the cycle date counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from core.decision.content import read_day
from core.errors import InvalidValue
from core.journey.journey import MATCH_SYSTEMS
from core.plan.windows import BOUNDED, WINDOWS, milestone, windows_for
from core.values import CYCLES, one_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journey.milestones import NewMilestone
    from core.plan.windows import Window

__all__ = ["Calendar", "CycleDate"]

_ID_MAX, _SOURCE_MAX = 30, 60  # characters; both are part of a milestone's source


class Clocks(Protocol):
    """What the dates of a journey count from: of the journey itself, or of a page about it."""

    @property
    def match_day(self) -> date: ...
    @property
    def learned_on(self) -> date: ...
    @property
    def cycle(self) -> int: ...
    @property
    def match_system(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDate:
    """A last day that somebody outside sets.

    Args:
        id: such as "ERAS.applications".
        on: the last day, inclusive.
        source: who says so, and where.
        cycle: the match year that the day belongs to.
        codes: the milestones that are of no use after it.
        match_system: whose applicants it concerns, a key of `MATCH_SYSTEMS`; None = everyone.
    """

    id: str
    on: date
    source: str
    cycle: int
    codes: frozenset[str]
    match_system: str | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What plans are made of: windows, and the cycle dates that are loaded; without any, windows alone count."""

    dates: tuple[CycleDate, ...] = ()
    windows: Mapping[str, Window] = field(default_factory=lambda: WINDOWS)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Calendar:
        """Read the institution's dates: under "calendar" a list of objects, or nothing at all.

        Raises:
            InvalidValue: on the first thing that is not a cycle date.
        """
        rows = content.get("calendar", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InvalidValue("calendar", rows, "a list of objects with id, date, source, cycle and codes")
        return cls(tuple(_read(row) for row in rows))

    @classmethod
    def of(cls, content: Mapping[str, Any], specialty: str) -> Calendar:
        """Read what counts for those who missed a specialty: the institution's dates, and what packs bring for it.

        Rows of packs were checked when they came into the playbook.

        Args:
            content: of a playbook; one from before packs brought dates has none.
            specialty: slug of the missed specialty.
        """
        brought = (row for pack in content["packs"] for row in pack.get("calendars", ()))
        dates = (_of_pack(row) for row in brought if not row["specialties"] or specialty in row["specialties"])
        return cls((*cls.from_content(content).dates, *dates), windows_for(content, specialty))

    def milestone(self, code: str, journey: Clocks) -> NewMilestone:
        """Return a milestone with the day that counts; see `core.plan.windows.milestone` for what it raises."""
        days = {"match_day": journey.match_day, "learned_on": journey.learned_on}
        return self.bound(milestone(code, **days, windows=self.windows), journey)

    def bound(self, new: NewMilestone, journey: Clocks) -> NewMilestone:
        """Return a milestone with the earlier of its window and the cycle date; one with its own date stays.

        What a journey plans is meant for the cycle after the one that it missed.
        """
        window = self.windows.get(new.code)
        clocks = {"match_day": journey.match_day, "learned_on": journey.learned_on}
        if window is None or new.due_on != milestone(new.code, **clocks, windows=self.windows).due_on:
            return new
        ahead = [
            one
            for one in self.dates
            if new.code in one.codes
            and one.cycle == journey.cycle + 1
            and one.match_system in (None, journey.match_system)
            and one.on < new.due_on
        ]
        first = min(ahead, key=lambda one: (one.on, one.id), default=None)
        if first is None:
            return new
        whose = "pack" if window.advised_by else "playbook"
        source = f"{whose} {new.code}: {first.id} of the cycle {first.cycle} ({first.source})"
        return replace(new, due_on=first.on, source=source)


def _read(row: Mapping[str, Any]) -> CycleDate:
    ident = _text("calendar/id", row.get("id"), _ID_MAX)
    where = f"calendar/{ident}"
    on = read_day(str(row.get("date")))
    cycle, codes, system = row.get("cycle"), row.get("codes"), row.get("match_system")
    if not isinstance(cycle, int) or cycle not in CYCLES:
        raise InvalidValue(f"{where}/cycle", cycle, f"a match year from {CYCLES.start} to {CYCLES.stop - 1}")
    if on is None or on.year not in (cycle - 1, cycle):
        raise InvalidValue(f"{where}/date", row.get("date"), f"a date in {cycle - 1} or {cycle}, as YYYY-MM-DD")
    if not isinstance(codes, list) or not codes:
        raise InvalidValue(f"{where}/codes", codes, "a list of milestones of the playbook")
    return CycleDate(
        id=ident,
        on=on,
        source=_text(f"{where}/source", row.get("source"), _SOURCE_MAX),
        cycle=cycle,
        codes=frozenset(one_of(f"{where}/codes", str(code), BOUNDED) for code in codes),
        match_system=None if system is None else one_of(f"{where}/match_system", str(system), MATCH_SYSTEMS),
    )


def _of_pack(row: Mapping[str, Any]) -> CycleDate:
    return CycleDate(
        id=row["id"],
        on=date.fromisoformat(row["date"]),
        source=row["source"],
        cycle=row["cycle"],
        codes=frozenset(row["codes"]),
        match_system=row["match_system"],
    )


def _text(where: str, value: object, longest: int) -> str:
    return text(where, value if isinstance(value, str) else "", longest)
