"""Compared paths as pictures: pay per year as fans, take-home added up as lines, worth today as hills.

A path keeps its letter and its color in every picture; lines differ in their dashes too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log10
from typing import Final

from markupsafe import Markup

from web.pictures.figure import SMALL, Table, figure
from web.pictures.svg import SECOND, clean, drawing, label, num, path, width

MEDIUM: Final = 540
"""Width of a drawing in half a page [px]."""
LETTERS: Final = "ABCD"
_FAN: Final = (258, 168)
_LEFT, _TOP, _FOOT = 36, 14, 22
_ROW: Final = 52
_HILL: Final = 34
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a path brings, as the pictures need it [USD].

    Attributes:
        letter: A to D.
        gross: p10, p50, p90 of each year's pay; `cumulative` those of take-home, added up.
        waiting: Gap years; `training` all years before practice.
        worth: p10, p50, p90 of the present value; `hill` its quantiles from 5 to 95 percent.
    """

    letter: str
    name: str
    gross: Sequence[Sequence[int]]
    cumulative: Sequence[Sequence[int]]
    waiting: int
    training: int
    worth: Sequence[int]
    hill: Sequence[int]

    @property
    def kind(self) -> str:
        """The class that colors it."""
        return f"k-{self.letter.lower()}"


def badge(letter: str, x: float, y: float) -> str:
    """Draw a path's letter in its color."""
    spot = f'<circle class="fl" cx="{num(x)}" cy="{num(y)}" r="9"/>'
    return f'<g class="k-{letter.lower()}">{spot}{label(x, y + 4.5, letter, "inv m")}</g>'


def nice(most: float, steps: int = 4) -> float:
    """Return the step of an axis that reaches `most` in about so many steps: 1, 2, 2.5 or 5 and zeros."""
    rough = max(most, 1) / steps
    power = 10.0 ** int(log10(rough)) if rough >= 1 else 1.0
    return float(next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough))


def thousands(usd: float) -> str:
    """Write an amount in thousands: "520k"."""
    return f"{round(usd / 1000):,}k"


def millions(usd: float) -> str:
    """Write an amount in millions: "5.7 M"."""
    return f"{usd / 1e6:.1f} M"


def fans(prefix: str, courses: Sequence[Course]) -> Markup:
    """Draw a fan for each path, all on the same axes: band p10 to p90, line median, training sunk, a gap tinted."""
    top = max(pay[2] for one in courses for pay in one.gross)
    step = nice(top / 1000)
    ceiling = step * ceil(top / 1000 / step) * 1000
    years = max(len(one.gross) for one in courses)
    drawn = "".join(_fan(f"{prefix}-{one.letter.lower()}", one, ceiling, step, years) for one in courses)
    rows = [
        (f"{one.letter}, year {year}", *(thousands(usd) for usd in one.gross[year - 1]))
        for one in courses
        for year in (1, *range(5, len(one.gross) + 1, 5))
    ]
    table = Table(name="Pay per year", columns=("Path and year", "p10", "p50", "p90"), rows=tuple(rows))
    reading = (
        "In $1,000, years from today, before tax. Band: 8 of 10 futures (p10 to p90). Line: the median. Gray: training."
    )
    return figure([f'<div class="fans">{drawn}</div>'], reading, table)


def _fan(ids: str, one: Course, ceiling: float, step: float, years: int) -> str:
    wide, high = _FAN
    right, foot = wide - 4, high - _FOOT
    marks: list[str] = []

    def at(year: float, usd: float) -> Point:
        return _LEFT + (right - _LEFT) * year / max(years - 1, 1), foot - (foot - _TOP) * usd / ceiling

    for number in range(round(ceiling / 1000 / step) + 1):
        y = at(0, number * step * 1000)[1]
        marks += [
            path("ax", f"M{_LEFT} {num(y)}H{num(right)}"),
            label(_LEFT - 5, y + 4, f"{number * step:,.0f}", "q e"),
        ]
    trained = at(one.training, 0)[0]
    marks.append(f'<rect class="wl" x="{_LEFT}" y="{_TOP}" width="{num(trained - _LEFT)}" height="{foot - _TOP}"/>')
    if one.waiting:
        gap = at(one.waiting, 0)[0] - _LEFT
        marks.append(f'<rect class="band" x="{_LEFT}" y="{_TOP}" width="{num(gap)}" height="{foot - _TOP}"/>')
        marks.append(label(_LEFT + gap + 3, _TOP + 12, "gap", "q"))
    low, mid, top = ([at(year, pay[i]) for year, pay in enumerate(one.gross)] for i in range(3))
    marks += [path("band", f"M{_points(top + low[::-1])}Z"), path("st", f"M{_points(mid)}")]
    marks += (label(at(year, 0)[0], high - 7, str(year), "q m") for year in range(0, years - 2, 10))
    last = mid[-1]
    marks.append(label(right, last[1] - 6, f"{round(one.gross[-1][1] / 1000):,}", "b e halo"))
    title = f"{one.letter}: {one.name}, pay per year"
    low_pay, mid_pay, top_pay = (thousands(usd) for usd in one.gross[-1])
    pay = f"median {mid_pay}, p10 {low_pay}, p90 {top_pay}"
    says = f"After {one.training} years of training and waiting; at the end {pay}."
    name = f'<p class="of"><span class="tag {one.kind}">{one.letter}</span> <b>{clean(one.name)}</b></p>'
    return f"<div>{name}{drawing(one.kind, _FAN, ids, (title, says), marks)}</div>"


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{num(x)} {num(y)}" for x, y in points)


def lines(prefix: str, courses: Sequence[Course], reading: str) -> Markup:
    """Draw the median take-home, added up, one line a path with its letter and amount at the end."""
    ends = [f"{one.letter}: {millions(one.cumulative[-1][1])}" for one in courses]
    says = ("Take-home after tax and loans, added up, median", f"After all years: {'; '.join(ends)}.")
    rows = [
        (f"Year {year}", *(millions(one.cumulative[year - 1][1]) for one in courses))
        for year in range(5, len(courses[0].cumulative) + 1, 5)
    ]
    columns = ("Year", *(f"{one.letter}: {one.name}" for one in courses))
    table = Table(name="Take-home, added up", columns=columns, rows=tuple(rows))
    drawn = (
        drawing(kind, (wide, 220), f"{prefix}-{kind}", says, _lines(courses, wide))
        for kind, wide in (("half", MEDIUM), ("s", SMALL))
    )
    return figure(drawn, reading, table)


def _lines(courses: Sequence[Course], wide: int) -> Iterator[str]:
    least = min(0, *(row[1] for one in courses for row in one.cumulative))
    most = max(row[1] for one in courses for row in one.cumulative)
    step = nice(most / 1e6) * 1e6
    top, years = step * ceil(most / step), len(courses[0].cumulative)
    right, foot = wide - 84, 196

    def at(year: float, usd: float) -> Point:
        return _LEFT + (right - _LEFT) * year / max(years - 1, 1), foot - (foot - _TOP) * (usd - least) / (top - least)

    for number in range(round(top / step) + 1):
        y = at(0, number * step)[1]
        yield path("ax", f"M{_LEFT} {num(y)}H{num(right)}")
        yield label(_LEFT - 5, y + 4, f"{number * step / 1e6:g}", "q e")
    for year in range(0, years - 2, 10):
        yield label(at(year, 0)[0], 214, f"{year}" if wide == SMALL or not year else f"year {year}", "q m")
    for one in courses:
        drawn = [at(year, row[1]) for year, row in enumerate(one.cumulative)]
        yield f'<g class="{one.kind}">{path(f"st line-{one.letter.lower()}", "M" + _points(drawn))}</g>'
    ordered = sorted(courses, key=lambda one: -one.cumulative[-1][1])
    for one, y in zip(ordered, _apart([at(0, one.cumulative[-1][1])[1] for one in ordered], foot), strict=True):
        yield badge(one.letter, right + 14, y)
        yield label(right + 28, y + 4.5, millions(one.cumulative[-1][1]))


def _apart(wanted: Sequence[float], foot: float) -> list[float]:
    """Move marks apart so that none covers another; they come in from the top, rising in y."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + 20 if placed else 10))
    over = placed[-1] - foot
    if over > 0:
        placed = [max(10 + 20 * i, y - over) for i, y in enumerate(placed)]
    return placed


def hills(prefix: str, courses: Sequence[Course], reading: str) -> Markup:
    """Draw how what a path is worth today is spread: one hill a path, line p10 to p90, dot median."""
    told = [
        f"{one.letter}: median {millions(one.worth[1])}, p10 {millions(one.worth[0])}, p90 {millions(one.worth[2])}"
        for one in courses
    ]
    says = ("What each path is worth today", "; ".join(told))
    rows = tuple((f"{one.letter}: {one.name}", *(millions(usd) for usd in one.worth)) for one in courses)
    table = Table(name="Worth today", columns=("Path", "p10", "p50", "p90"), rows=rows)
    high = _ROW * len(courses) + 34
    drawn = (
        drawing(kind, (wide, high), f"{prefix}-{kind}", says, _hills(courses, wide))
        for kind, wide in (("half", MEDIUM), ("s", SMALL))
    )
    return figure(drawn, reading, table)


def _hills(courses: Sequence[Course], wide: int) -> Iterator[str]:
    slopes = [_density(one.hill) for one in courses]
    low = min(slope[0][0] for slope in slopes)
    high = max(slope[-1][0] for slope in slopes)
    peak = max(density for slope in slopes for _, density in slope)
    foot = _ROW * len(courses) + 8
    step = nice((high - low) / 1e6, 4 if wide == SMALL else 6) * 1e6

    def x_of(usd: float) -> float:
        return 30 + (wide - 42) * (usd - low) / max(high - low, 1)

    for number in range(ceil(low / step), int(high / step) + 1):
        x = x_of(number * step)
        yield path("ax", f"M{num(x)} 4V{foot}")
        if width(f"{number * step / 1e6:g} M", SECOND) / 2 <= min(x, wide - x):
            yield label(x, foot + 18, f"{number * step / 1e6:g} M", "q m")
    for i, (one, slope) in enumerate(zip(courses, slopes, strict=True)):
        base = _ROW * (i + 1) - 2
        shape = [(x_of(usd), base - _HILL * density / peak) for usd, density in slope]
        span = path("st", f"M{num(x_of(one.worth[0]))} {base}H{num(x_of(one.worth[2]))}")
        dot = f'<circle class="fl" cx="{num(x_of(one.worth[1]))}" cy="{base}" r="4.5"/>'
        yield f'<g class="{one.kind}">{path("band", f"M{_points(shape)}Z")}{span}{dot}</g>'
        yield badge(one.letter, 12, base - 10)


def _density(quantiles: Sequence[int]) -> list[Point]:
    """Return a curve of how likely each worth is, from quantiles that are evenly far apart in chance."""
    if quantiles[0] == quantiles[-1]:
        return [(quantiles[0] - 1, 0), (quantiles[0], 1), (quantiles[0] + 1, 0)]
    curve = [((a + b) / 2, 1 / max(b - a, 1)) for a, b in pairwise(quantiles)]
    smooth = [
        (usd, sum(density for _, density in curve[max(i - 1, 0) : i + 2]) / len(curve[max(i - 1, 0) : i + 2]))
        for i, (usd, _) in enumerate(curve)
    ]
    before, after = 2 * quantiles[0] - quantiles[1], 2 * quantiles[-1] - quantiles[-2]
    return [(before, 0), *smooth, (after, 0)]
