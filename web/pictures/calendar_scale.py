"""Days to pixels: an even scale, or one on which crowded months are wider."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
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
        day = min(max(date.toordinal(), self.days[0]), self.days[-1])
        i = min(bisect_right(self.days, day), len(self.days) - 1)
        low, high = self.days[i - 1], self.days[i]
        return self.spots[i - 1] + (self.spots[i] - self.spots[i - 1]) * (day - low) / (high - low)

    def ticks(self) -> Iterator[tuple[dt.date, str]]:
        """Yield days to mark with their words: weeks, months or years, as the span asks."""
        first, last = dt.date.fromordinal(self.days[0]), dt.date.fromordinal(self.days[-1])
        span = (last - first).days
        if span < _SHORT:
            monday = first + dt.timedelta(days=(7 - first.weekday()) % 7)
            for week in range((last - monday).days // 7 + 1):
                date = monday + dt.timedelta(days=7 * week)
                yield date, f"{date:%b} {date.day}"
            return
        named = False
        for date in _firsts(first, last, 1):
            if date.month == 1 or (span < _YEARS and not named):
                yield date, f"{date:%b %Y}" if span < _YEARS else f"{date.year}"
                named = True
            elif span < _YEARS:
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
    if len(placed) == len(events):
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
