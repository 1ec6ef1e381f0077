"""One cohort as the person at the page may see it: what every page of this package starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from flask import Blueprint, request, url_for

from core.errors import InvalidValue
from core.journey.journey import Target
from web.board.query import ME
from web.board.rows import short_day
from web.edge import house, must_read_cohort, who

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

__all__ = ["Place", "blueprint", "day_of", "member_of", "page_number", "people_options", "place"]

blueprint = Blueprint("registers", "web.registers", url_prefix="/cohorts/<cohort>")
_DIGITS = 9
#: Days that a school's record can be of; beyond them the day after, which a search counts from, may not exist.
_FIRST: Final = date(1950, 1, 1)
_LAST: Final = date(2150, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cohort, and when somebody looks at it.

    Args:
        cohort: which.
        at: now [timezone-aware, UTC].
        today: the calendar date in the institution's zone.
        zone: that zone.
        others: the person's other cohorts with the address of the same page there.
    """

    cohort: str
    at: datetime
    today: date
    zone: ZoneInfo
    others: tuple[tuple[str, str], ...]

    @property
    def target(self) -> Target:
        """Return what access rules look at."""
        return Target(cohort=self.cohort, advisor=None, team=None)

    @property
    def above(self) -> list[tuple[str, str]]:
        """The way back to the board, and across to other cohorts."""
        across = [("Other cohorts", ""), *self.others] if self.others else []
        return [(f"Cohort {self.cohort}", url_for("board.cohort", cohort=self.cohort)), *across]

    def day(self, on: date) -> str:
        """Return a day with its weekday: "Sat, Jun 20"."""
        return short_day(on, self.today)

    def moment(self, at: datetime) -> str:
        """Return a moment in the institution's zone: "Sat, Jun 20, 9:12 AM"."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.date())}, {local.hour % 12 or 12}:{local:%M %p}"


def place(cohort: str, endpoint: str = "") -> Place:
    """Return the cohort of a page.

    Args:
        cohort: as the address names it.
        endpoint: of the page, to offer the same one of the person's other cohorts.

    Raises:
        NotFound: there is no such cohort, or the person may not know of it.
    """
    must_read_cohort(cohort)
    zone, at = house().desk.institution().zone, house().clock()
    others = tuple((one, url_for(endpoint, cohort=one)) for one in who().cohorts if one != cohort) if endpoint else ()
    return Place(cohort=cohort, at=at, today=at.astimezone(zone).date(), zone=zone, others=others)


def member_of(value: str | None) -> str | None:
    """Return the member that an address names, who may be "me"."""
    return who().member_id if value == ME else value


def day_of(name: str, text: str | None) -> date | None:
    """Return the day that an address names, None where it names none.

    Args:
        name: of the part of the address.
        text: what stands there.

    Raises:
        InvalidValue: it is no day, or none that a record can be of.
    """
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(name, text, "a date such as 2026-06-16") from None
    if not _FIRST <= found <= _LAST:
        raise InvalidValue(name, text, f"a date from {_FIRST} to {_LAST}")
    return found


def page_number(name: str = "page") -> int | None:
    """Return a whole number from 1 that the address names, None where it names none.

    Raises:
        InvalidValue: it is none.
    """
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) > 0):
        raise InvalidValue(name, text, "a whole number from 1")
    return int(text)


def people_options(db: Connection, value: str | None) -> list[tuple[str, str]]:
    """Return the members for a list to choose from, oneself first; somebody who left can still be seen and lifted."""
    from projections import people

    found = {ME: "Me", **people.names(db)}
    stranger = [(value, "Somebody who left")] if value and value not in (*found, "none") else []
    return [*found.items(), *stranger]
