"""As of: a board or journey page of an earlier moment, at `?at=2026-05-01` or `?position=123`.

`?at=` is the end of that day in the institution's zone, `?position=` the moment after that event of the journal. A
slider sends what it counts instead: `?event=14`, of the journey, or `?day=`, the number of a day in the calendar; links
then say one of the former two. While a page of the past is made, the links to other such pages stay at its moment, and
nothing on it can be written.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import g, request

from core.decision.playbook import Playbook
from core.errors import InvalidValue
from projections.past import Cut, cohort_at, journey_at, position_after
from web.edge import house

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import Connection

    from core.people.institution import Institution
    from projections.past import Past

__all__ = ["Slider", "Then", "asked", "snapshot", "stay", "then"]

#: The pages that can be looked at as they were.
PAGES: Final = frozenset(
    {
        "board.cohort",
        "journey.decision",
        "journey.inventory",
        "journey.ladders",
        "journey.opinions",
        "journey.sheet",
    }
)
_DIGITS: Final = 12
_NAMES: Final = ("at", "position", "event", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The moment at which a page looks.

    Args:
        at: that moment [timezone-aware, in the zone of then].
        by_day: the address names a day, so all of it counts.
        position: of the newest event of the journal that the page shows.
        institution: as it stood, with the playbook that was in force.
        address: what the address holds: "at" or "position", and its value.
    """

    at: datetime
    by_day: bool
    position: int
    institution: Institution
    address: tuple[str, str]

    @property
    def today(self) -> date:
        """The calendar date of then."""
        return self.at.date()

    @property
    def playbook(self) -> Playbook | None:
        """The playbook that was in force; None before the first."""
        held = house().desk.playbook()
        if self.institution.playbook is None or held.digest == self.institution.playbook_digest:
            return held if self.institution.playbook else None
        return Playbook.from_content(self.institution.playbook)

    @property
    def words(self) -> str:
        """The moment in words: "Friday, May 1, 2026", with the time where the address does not name the day."""
        day = f"{self.at:%A, %B} {self.at.day}, {self.at.year}"
        return day if self.by_day else f"{day}, {self.at.hour % 12 or 12}:{self.at:%M %p}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """A way through the past that works as plain forms: a range with its neighbors as links, and a box for a date.

    Args:
        name: what the range sends: "event" or "day".
        low: its lowest value; `high` its highest, `value` where it stands.
        back: the place before it, which may be more than one less; the place after it is one more.
        label: what it counts, with where it stands.
        day: in the box of the date; `last` is the latest that can be asked for.
        hidden: what else the address of the page holds.
    """

    name: str
    low: int
    high: int
    value: int
    back: int
    label: str
    day: date
    last: date
    hidden: tuple[tuple[str, str], ...] = ()

    def to(self, value: int) -> dict[str, Any]:
        """Return what the address of another place of the range holds; nothing where there is no such place."""
        return {**dict(self.hidden), self.name: value} if self.low <= value <= self.high else {}


def then() -> Then | None:
    """Return the moment at which the page at hand looks; None for now."""
    found: Then | None = g.get("then")
    return found


def asked() -> bool:
    """Say whether the address asks for an earlier moment."""
    return any(request.args.get(name, "").strip() for name in _NAMES)


@contextmanager
def snapshot(about: UUID | str) -> Iterator[Connection]:
    """Give the rows that a page is made from: today's, or those of the moment that its address names.

    Who may read is decided by the roles of today: ask before.

    Args:
        about: the journey, or the cohort.

    Raises:
        InvalidValue: the address names no moment of this record.
    """
    with house().views.read() as db:
        if not asked():
            yield db
            return
        name, value = _address(db, about)
        journal, cut = house().desk.journal, _cut(name, value)
        past = cohort_at(journal, db, about, cut) if isinstance(about, str) else journey_at(journal, db, about, cut)
    try:
        g.then = _then(past, cut, name, value)
        with past.read() as db:
            yield db
    finally:
        past.close()


def _address(db: Connection, about: UUID | str) -> tuple[str, str]:
    """Return the moment that the address names as "at" with a day, or "position" with a number."""
    name, value = next((n, v) for n in _NAMES if (v := request.args.get(n, "").strip()))
    if name in ("at", "position"):
        return name, value
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else 0
    if name == "day":
        if not 0 < number <= house().desk.today().toordinal():
            raise InvalidValue("day", value, "the number of a day up to today")
        return "at", date.fromordinal(number).isoformat()
    position = None if isinstance(about, str) else position_after(db, about, number)
    if position is None:
        raise InvalidValue("event", value, "the number of an event of this journey, from 1")
    return "position", str(position)


def _cut(name: str, value: str) -> Cut:
    desk = house().desk
    if name == "position":
        head = desk.journal.head()
        if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS and 0 < int(value) <= head):
            raise InvalidValue("position", value, f"a whole number from 1 to {head}, the newest event")
        return Cut(position=int(value))
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InvalidValue("at", value, "a date such as 2026-05-01") from None
    if day > desk.today():
        raise InvalidValue("at", value, f"a day up to today, {desk.today().isoformat()}")
    return Cut(before=datetime.combine(day + timedelta(days=1), time(), desk.institution().zone))


def _then(past: Past, cut: Cut, name: str, value: str) -> Then:
    zone = ZoneInfo(past.institution.settings["time_zone"])
    moment = past.recorded_at
    if cut.position is not None:
        told, _ = house().desk.journal.read_on(cut.position - 1, 1)
        moment = told[0].event.recorded_at if told and told[0].position == cut.position else moment
    elif cut.before is not None:
        moment = cut.before - timedelta(seconds=1)
    return Then(
        at=moment.astimezone(zone),
        by_day=cut.position is None,
        position=past.position,
        institution=past.institution,
        address=(name, value),
    )


def stay(endpoint: str, values: dict[str, Any]) -> None:
    """Let the links of a page of the past lead to pages of the same moment, unless they say otherwise."""
    if endpoint in PAGES and values.keys().isdisjoint(_NAMES) and (moment := then()) is not None:
        values[moment.address[0]] = moment.address[1]
