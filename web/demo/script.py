"""The script of the demonstration: reads the files of this folder and puts every deed in the order of time."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from web.demo.arcs import steps_of
from web.demo.cohorts import FOLDER, read_rows, tick_days

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FOLDER", "Deed", "JourneyName", "Script", "Story", "last_deed", "read_school", "read_script"]

CYCLE = 2026  # of every story that names no other


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyName:
    """What names a journey in every store: the student's reference, the match year, the match system."""

    ref: str
    cycle: int
    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A student's story.

    Args:
        name: of the journey.
        shows: what the demonstration has it for; empty for one of many, told from a table.
        result: where the recommendation stands at the end, as "PIVOT_NOW by PIVOT.champion".
    """

    name: JourneyName
    shows: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that somebody did.

    Args:
        at: when [timezone-aware, UTC].
        by: key of the person.
        do: which deed, a key of `web.demo.deeds`.
        command_id: the same in every store.
        fields: what the deed needs.
        journey: which journey it concerns, or None.
    """

    at: datetime
    by: str
    do: str
    command_id: str
    fields: dict[str, Any]
    journey: JourneyName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole demonstration: the school, the stories, and all deeds in the order of time."""

    school: dict[str, Any]
    stories: tuple[Story, ...]
    deeds: tuple[Deed, ...]


@cache
def read_school() -> dict[str, Any]:
    """Return `school.toml`: the school, its people, the reviewers."""
    return _read("school.toml")


def last_deed() -> Deed:
    """Return the deed after which a demonstration is complete, without reading the rest."""
    fields = dict(_read("staff.toml")["last"])
    at, do, command_id = fields.pop("at"), fields.pop("do"), fields.pop("id")
    by = read_school()["steward"]
    return Deed(at=_moment(at), by=by, do=do, command_id=command_id, fields=fields, journey=None)


def read_script() -> Script:
    """Read the whole demonstration: the stories that are written out, then those that the tables tell."""
    school, last = read_school(), last_deed()
    deeds = list(_deeds("school", school["steward"], None, _read("staff.toml")["steps"]))
    stories: list[Story] = []
    for path in sorted(FOLDER.glob("stories-*.toml")):
        for entry in _read(path.name)["story"]:
            name = JourneyName(
                ref=entry["ref"], cycle=entry.get("cycle", CYCLE), system=entry.get("match_system", "nrmp")
            )
            stories.append(Story(name=name, shows=entry["shows"], result=entry["result"]))
            deeds += _deeds(f"{name.ref}.{name.cycle}.{name.system}", entry["by"], name, entry["steps"])
    for row in read_rows():
        name = JourneyName(ref=row.ref, cycle=row.cycle, system=row.system)
        stories.append(Story(name=name, shows="", result=row.result))
        steps = steps_of(row, school["reviewers"], school["hand_over"], last.at.astimezone(_zone()).date())
        deeds += _deeds(f"{name.ref}.{name.cycle}.{name.system}", row.advisor, name, steps)
    deeds += _ticks(last)
    # A stable sort: what happened at the same minute stays in the order in which it is written down.
    return Script(school=school, stories=tuple(stories), deeds=(*sorted(deeds, key=lambda deed: deed.at), last))


def _ticks(last: Deed) -> Iterator[Deed]:
    """Tell of the daily job: a minute into the day after the last day of a milestone of the tables."""
    for cycle, system in sorted({(row.cycle, row.system) for row in read_rows()}):
        for day in tick_days(cycle, system):
            at = _moment(datetime.combine(day + timedelta(days=1), time(0, 1)))
            if at < last.at:
                fields = {"cycle": cycle, "system": system}
                ident = f"demo.tick.{cycle}.{system}.{day}"
                yield Deed(at=at, by="", do="tick", command_id=ident, fields=fields, journey=None)


def _zone() -> ZoneInfo:
    return ZoneInfo(read_school()["time_zone"])


def _moment(local: datetime) -> datetime:
    return local.replace(tzinfo=_zone()).astimezone(UTC)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def _deeds(teller: str, actor: str, journey: JourneyName | None, steps: list[dict[str, Any]]) -> Iterator[Deed]:
    for number, step in enumerate(steps, 1):
        rest = {key: value for key, value in step.items() if key not in ("at", "by", "do")}
        for part, (do, fields) in enumerate(_singly(step["do"], rest), 1):
            yield Deed(
                at=_moment(step["at"]),
                by=step.get("by", actor),
                do=do,
                command_id=f"demo.{teller}.{number:02}.{part}",
                fields=fields,
                journey=journey,
            )


def _singly(do: str, fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Split a line that speaks of several facts into one deed for each."""
    match do:
        case "facts":
            common = {key: value for key, value in fields.items() if key != "values"}
            for name, value in fields["values"].items():
                yield "fact", common | {"name": name, "value": value}
        case "confirms":
            for name in fields["names"]:
                yield "confirms", {"name": name}
        case _:
            yield do, fields
