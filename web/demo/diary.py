"""The diary in which a student's story is written, and what it draws: days, words, who is quick and who is late.

All of it is drawn with the student's own reference as the seed, so that a story is the same in every store, and a line
that is added to a table moves nobody else's.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from web.demo.cohorts import FOLDER, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Diary", "Fields", "phrases"]

Fields = dict[str, Any]
_SATURDAY = 5


@cache
def phrases() -> dict[str, Any]:
    """Return `phrases.toml`."""
    return tomllib.loads((FOLDER / "phrases.toml").read_text("utf-8"))


@dataclass(slots=True)
class Diary:
    """The story as it is written: a working day, a quiet hour, and never after the demonstration's today."""

    row: Row
    reviewers: Mapping[str, Any]
    hand_over: Mapping[str, Any]
    today: date
    steps: list[dict[str, Any]] = field(default_factory=list)
    chance: random.Random = field(init=False)
    on_day: dict[date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seed = f"{self.row.ref} {self.row.cycle} {self.row.system}"
        self.chance = random.Random(seed)  # noqa: S311 - no secret, and the same in every store

    def add(self, day: date, do: str, *, by: str | None = None, **fields: Any) -> None:
        """Write a step on a day, or on the Monday after it."""
        if day.weekday() >= _SATURDAY:
            day += timedelta(days=7 - day.weekday())
        if day >= self.today:
            return
        count = self.on_day[day] = self.on_day.get(day, -1) + 1
        minutes = 720 + sum(map(ord, self.row.ref)) * 7 % 150 + count * 5  # from noon on: the roster comes first
        at = datetime.combine(day, time(minutes // 60, minutes % 60))
        who = by or self.advisor(day)
        self.steps.append({"at": at, "by": who, "do": do} | fields)

    def advisor(self, day: date) -> str:
        """Return whose student it is on a day."""
        gone = self.hand_over["from"] == self.row.advisor and day >= self.hand_over["on"]
        return str(self.hand_over["to"]) if gone else self.row.advisor

    def maybe(self, odds: float) -> bool:
        """Draw."""
        return self.chance.random() < odds

    def days(self, low: int, high: int) -> timedelta:
        """Draw a number of days."""
        return timedelta(days=self.chance.randint(low, high))

    def pick(self, *names: str) -> Any:
        """Draw one of the phrases under these names, its blanks filled."""
        found: Any = phrases()
        for name in names:
            found = found[name]
        chosen = self.chance.choice(found)
        return (chosen[0], self.fill(chosen[1])) if isinstance(chosen, list) else self.fill(chosen)

    def fill(self, text: str) -> str:
        """Fill the blanks of a phrase."""
        words = phrases()["fields"]
        to = words.get(self.row.to or phrases()["related"][self.row.specialty], "our field")
        done = text.format(dream=words[self.row.specialty], to=to, sent=self.row.sent + 9, offers=self.row.offers)
        return done[0].upper() + done[1:]

    def contact(self, day: date, kind: str) -> None:
        """Log a talk; some are written down days later."""
        channel = self.chance.choice(("meeting", "call", "video", "message", "email"))
        late = self.days(3, 9) if self.maybe(0.12) else timedelta()
        when: Fields = {"happened_on": day} if late else {}
        self.add(day + late, "contact", channel=channel, summary=self.pick("contact", kind), **when)

    def facts(self, day: date, source: str, **values: Any) -> None:
        """Record facts from one source."""
        self.add(day, "facts", source=source, values=values)

    def reviewer(self, specialty: str, roles: Sequence[str]) -> str | None:
        """Return somebody of a field to ask."""
        found = [
            key for key, one in self.reviewers.items() if (one["specialty"], one["role"] in roles) == (specialty, True)
        ]
        return self.chance.choice(found) if found else None
