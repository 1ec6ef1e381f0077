"""Days to pixels: an even scale, or one on which crowded months are wider."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeVar

_MONTHS: Final = 12
_SHORT: Final = 75
"""Spans below this are ticked by the week [days]."""
_YEARS: Final = 500
"""Spans above this are ticked by the year [days]."""
_LONG: Final = 800
"""Spans above this are stretched by the quarter instead of the month [days]."""
_MARGIN: Final = 0.02
_LEAST: Final = 14
_GAIN: Final = 1.15
"""A stretched scale must keep this many times the labels of the even one to be worth explaining."""
# A month weighs 1 and each of its first eight events 3/4 more, so the busiest is drawn seven times as wide as an
# empty one: enough for labels to part, little enough for a year to stay a year.
_EACH: Final = 0.75
_MOST: Final = 8


Placed = TypeVar("Placed", bound=Sized)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A scale in pieces, even within each.

    Attributes:
        days: Ordinals of the borders between pieces, rising.
        spots: Their positions [px].
        unit: What a piece is: "month" or "quarter".
        stretched: Whether pieces differ in scale.
    """

    days: tuple[int, ...]
    spots: tuple[float, ...]
    unit: str
    stretched: bool

    def at(self, date: dt.date) -> float:
        """Return where a day stands [px]; days beyond the ends stand at the ends."""
        days, spots, day = self.days, self.spots, date.toordinal()
        if day < days[0]:
            day = days[0]
        elif day > days[-1]:
            day = days[-1]
        i = bisect_right(days, day, 1, len(days) - 1)
        low, left = days[i - 1], spots[i - 1]
        return left + (spots[i] - left) * (day - low) / (days[i] - low)

    def ticks(self) -> tuple[tuple[dt.date, str], ...]:
        """Return days to mark with their words: weeks, months or years, as the span asks."""
        return _ticks(self.days[0], self.days[-1])


@lru_cache(maxsize=1024)  # the rails of a cohort begin and end on a few days
def _ticks(low: int, high: int) -> tuple[tuple[dt.date, str], ...]:
    first, last = dt.date.fromordinal(low), dt.date.fromordinal(high)
    return tuple(_weeks(first, last) if high - low < _SHORT else _months(first, last, words=high - low < _YEARS))


def _weeks(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, str]]:
    monday = first + dt.timedelta(days=(7 - first.weekday()) % 7)
    for week in range((last - monday).days // 7 + 1):
        date = monday + dt.timedelta(days=7 * week)
        yield date, f"{date:%b} {date.day}"


def _months(first: dt.date, last: dt.date, *, words: bool) -> Iterator[tuple[dt.date, str]]:
    named = False
    for date in _firsts(first, last, 1):
        if date.month == 1 or (words and not named):
            yield date, f"{date:%b %Y}" if words else f"{date.year}"
            named = True
        elif words:
            yield date, f"{date:%b}"


def choose(
    days: Sequence[dt.date],
    events: Sequence[dt.date],
    ends: tuple[float, float],
    place: Callable[[Scale], Placed],
) -> tuple[Scale, Placed]:
    """Choose the even scale, unless a stretched one keeps more labels.

    Args:
        days: Every day that must be on the scale; at least one.
        events: The days that crowd.
        ends: First and last position [px].
        place: Places the labels on a scale.

    Returns:
        The scale and what `place` returned for it.
    """
    first, last = min(days).toordinal(), max(days).toordinal()
    spare = max(1, round((last - first) * _MARGIN), (_LEAST - (last - first)) // 2)
    first, last = first - spare, last + spare
    even = Scale(days=(first, last), spots=ends, unit="", stretched=False)
    placed = place(even)
    if len(events) <= _GAIN * len(placed):  # no other scale can keep so many more
        return even, placed
    other = _stretched(first, last, events, ends)
    better = place(other)
    return (other, better) if len(better) > _GAIN * len(placed) else (even, placed)


def _stretched(first: int, last: int, events: Sequence[dt.date], ends: tuple[float, float]) -> Scale:
    months = 1 if last - first <= _LONG else 3
    inner = [d.toordinal() for d in _firsts(dt.date.fromordinal(first), dt.date.fromordinal(last), months)]
    borders = [first, *(day for day in inner if first < day < last), last]
    crowd = [0] * (len(borders) - 1)
    for event in events:
        crowd[bisect_right(borders, event.toordinal()) - 1] += 1
    usual = (365.25 / 12) * months
    weights = [
        (high - low) / usual * (1 + _EACH * min(count, _MOST))
        for (low, high), count in zip(pairwise(borders), crowd, strict=True)
    ]
    even = (ends[1] - ends[0]) / sum(weights)
    spots = [ends[0]]
    for weight in weights:
        spots.append(spots[-1] + weight * even)
    return Scale(days=tuple(borders), spots=tuple(spots), unit="month" if months == 1 else "quarter", stretched=True)


def _firsts(first: dt.date, last: dt.date, months: int) -> Iterator[dt.date]:
    """Yield the first days of months (of every third one) from one day to another."""
    count = first.year * _MONTHS + first.month - 1
    count += -(count % -months) if first.day == 1 else months - count % months
    while (date := dt.date(count // _MONTHS, count % _MONTHS + 1, 1)) <= last:
        yield date
        count += months
