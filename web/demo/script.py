"""The script of the demonstration: reads the files of this folder and puts every deed in the order of time."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FOLDER", "Deed", "JourneyName", "Script", "Story", "read_school", "read_script"]

FOLDER = Path(__file__).parent
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
        shows: what the demonstration has it for.
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


def read_script() -> Script:
    """Read the whole demonstration."""
    school = read_school()
    zone = ZoneInfo(school["time_zone"])
    staff = list(_deeds("staff", school["steward"], None, _read("staff.toml")["steps"], zone))
    stories: list[Story] = []
    told: list[Deed] = []
    for path in sorted(FOLDER.glob("stories-*.toml")):
        for entry in _read(path.name)["story"]:
            name = JourneyName(
                ref=entry["ref"], cycle=entry.get("cycle", CYCLE), system=entry.get("match_system", "nrmp")
            )
            stories.append(Story(name=name, shows=entry["shows"], result=entry["result"]))
            told += _deeds(f"{name.ref}.{name.cycle}.{name.system}", entry["by"], name, entry["steps"], zone)
    # A stable sort: what happened at the same minute stays in the order in which it is written down.
    return Script(school=school, stories=tuple(stories), deeds=tuple(sorted(staff + told, key=lambda deed: deed.at)))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def _deeds(
    teller: str, actor: str, journey: JourneyName | None, steps: list[dict[str, Any]], zone: ZoneInfo
) -> Iterator[Deed]:
    for number, step in enumerate(steps, 1):
        rest = {key: value for key, value in step.items() if key not in ("at", "by", "do")}
        for part, (do, fields) in enumerate(_singly(step["do"], rest), 1):
            yield Deed(
                at=step["at"].replace(tzinfo=zone).astimezone(UTC),
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
