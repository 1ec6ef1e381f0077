"""A journey on one rail: full rung = recorded, broken = recorded late, hollow = planned, the oak line = today.

Labels never touch: each looks for a free place over the rail, the heaviest first, and what finds none is counted as
"and n more"; the table lists everything. Where labels would be lost on an even scale, crowded months (or quarters)
are drawn wider, and the picture says so.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Final, Literal, NamedTuple

import msgspec
from markupsafe import Markup

from web.pictures.calendar_scale import Scale, choose
from web.pictures.figure import SMALL, WIDE, Table, figure
from web.pictures.svg import SECOND, box, drawing, fit, label, path, width, wrap

Kind = Literal["recorded", "late", "planned", "missed"]

_WORDS: Final = {"recorded": "recorded", "late": "recorded late", "planned": "planned", "missed": "missed"}
_ROW: Final = 19
_ROWS: Final = 8
_GAP: Final = 9
_CLEAR: Final = 2
_LONGEST: Final = (200, 100)
"""Widths a label is tried at [px]."""
_TAIL: Final = 110
"""Room kept at the right for the last label [px]."""
_LABELS: Final = 48
"""Labels tried at most: no page width holds more, and trying costs time."""
_EDGE: Final = 8
_PHONE: Final = 14


class TimelineEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened or is planned.

    Attributes:
        on: The day it happened, or is due.
        label: Two to five words.
        kind: "recorded", "late" (recorded well after it happened), "planned" or "missed".
        weight: The higher, the longer its label stays where it is crowded.
        detail: Who and from where; stands in the table.
        recorded_on: The day it was recorded, where that differs.
    """

    on: dt.date
    label: str
    kind: Kind = "recorded"
    weight: int = 1
    detail: str = ""
    recorded_on: dt.date | None = None


class TimelineWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A window of the playbook, drawn as a well: "week 1", "month 3"."""

    start: dt.date
    end: dt.date
    label: str


@dataclass(frozen=True, kw_only=True)
class TimelinePicture:
    """Everything on the rail.

    Attributes:
        prefix: Starts every id of the picture; unique on the page.
        today: The day the picture is drawn for.
        now: What that day is called: "today", or "then" where the picture is of an earlier moment.
        events: In any order.
        windows: Windows to mark.
        title: What the picture is.
        reading: The sentence under it.
    """

    prefix: str
    today: dt.date
    events: tuple[TimelineEvent, ...]
    windows: tuple[TimelineWindow, ...] = ()
    now: str = "today"
    title: str = "The journey on one rail"
    reading: str = ""


_BY_DAY: Final[Callable[[TimelineEvent], tuple[dt.date, str]]] = attrgetter("on", "label")


class _Label(NamedTuple):
    """A label whose flag flies to the right of its line at x."""

    x: float
    event: TimelineEvent
    text: str
    high: float


_BY_PLACE: Final[Callable[[_Label], tuple[float, str]]] = attrgetter("x", "event.label")


class _Seen(NamedTuple):
    """The picture as it is drawn: its events by day, by how long their labels stay, and the next plan among them."""

    picture: TimelinePicture
    events: Sequence[TimelineEvent]
    ranked: Sequence[TimelineEvent]
    upcoming: TimelineEvent | None
    says: tuple[str, str]


def timeline(picture: TimelinePicture) -> Markup:
    """Draw a journey's events and plans around today, wide and for phones, with the same as a table.

    Args:
        picture: One to some hundred events; none gives the rail alone.

    Returns:
        A frame with both drawings, the reading and the table.
    """
    events = sorted(picture.events, key=_BY_DAY)
    today = picture.today
    upcoming = next((e for e in events if e.kind == "planned" and e.on >= today), None)
    ranked = sorted(events, key=lambda e: (e is not upcoming, -e.weight, abs((e.on - today).days)))
    seen = _Seen(picture, events, ranked, upcoming, (picture.title, _description(picture, events)))
    return figure([_wide(seen), _small(seen)], picture.reading, _table(picture, events), kind="time")


@lru_cache(maxsize=4096)
def day(date: dt.date, today: dt.date | None = None) -> str:
    """Write a date as "Mar 16", with its year where that is not today's."""
    short = f"{date:%b} {date.day}"
    return short if today is not None and date.year == today.year else f"{short}, {date.year}"


# ---- wide: the rail ----


def _wide(seen: _Seen) -> str:
    picture, events, upcoming = seen.picture, seen.events, seen.upcoming
    days = [e.on for e in events]
    spans = [w.start for w in picture.windows] + [w.end for w in picture.windows]
    needed = [*days, picture.today, *spans]
    tail = width(fit(events[-1].label, _TAIL), bold=True) if events else 0.0
    ends = (_EDGE + 6, WIDE - _EDGE - 6 - tail)
    scale, labels = choose(needed, days, ends, lambda tried: _places(seen.ranked, upcoming, tried))
    rows = max((row for _, row in labels), default=0) + 1
    rail = 22 + rows * _ROW + 8
    marks = [*_windows(picture, scale, rail), *_ticks(scale, rail)]
    marks.append(path("rl", f"M{_EDGE} {rail}H{WIDE - _EDGE}M{_EDGE} {rail + 20}H{WIDE - _EDGE}"))
    marks += _rungs(events, scale, rail, upcoming)
    marks += _today(picture, scale, rail)
    marks += (_flag(one, rail, row, bold=one.event is upcoming) for one, row in labels)
    marks += _legend(events, scale, len(events) - len(labels), rail + 80)
    return drawing("w", (WIDE, rail + 93), f"{picture.prefix}-w", seen.says, marks)


def _places(ranked: Sequence[TimelineEvent], upcoming: TimelineEvent | None, scale: Scale) -> list[tuple[_Label, int]]:
    """Find each label a place and its row, 0 nearest to the rail: the first ones first."""
    placed: list[_Label] = []
    rows: list[int] = []
    for event in ranked[:_LABELS]:
        x, bold = scale.at(event.on), event is upcoming
        at = bisect_right(placed, (x, event.label), key=_BY_PLACE)
        for longest in _LONGEST:
            text = fit(event.label, min(longest, WIDE - 6 - x), bold=bold)
            placed.insert(at, _Label(x, event, text, x + 4 + width(text, bold=bold)))
            if moved := _rows(placed, rows, at):
                rows = moved
                break
            del placed[at]
    return list(zip(placed, rows, strict=True))


def _rows(placed: Sequence[_Label], rows: Sequence[int], new: int) -> list[int]:
    """Return the rows of labels of which one is new, or none where it has no room.

    A flag must fly over every line that stands under it, so its row is one more than the highest among those; rows
    to the right of a new flag stay as they are, and to its left those of flags that reach nothing that moved.
    """
    found = [*rows[:new], -1, *rows[new:]]
    moved = placed[new].x
    for i in range(new, -1, -1):
        end = placed[i].high + _CLEAR
        if end < moved:
            continue
        row = 0
        for j in range(i + 1, len(placed)):
            if placed[j].x > end:
                break
            if found[j] >= row:
                row = found[j] + 1
        if row >= _ROWS:
            return []
        if row != found[i]:
            found[i], moved = row, placed[i].x
    return found


def _flag(one: _Label, rail: float, row: int, *, bold: bool) -> str:
    y = rail - 10 - row * _ROW
    line = path("ax", f"M{one.x:.1f} {y - 10:.1f}V{rail - 3:.1f}")
    return line + label(one.x + 4, y, one.text, "halo b" if bold else "halo")


def _rungs(events: Sequence[TimelineEvent], scale: Scale, rail: float, upcoming: TimelineEvent | None) -> Iterator[str]:
    """Draw a rung a day and kind; plans last, hollow."""
    seen: set[tuple[int, str]] = set()
    for event in sorted(events, key=lambda e: (e is upcoming, e.kind == "planned")):
        x = scale.at(event.on)
        spot = (round(x), event.kind)
        if spot in seen and event is not upcoming:
            continue
        seen.add(spot)
        if event.kind == "planned":
            yield box("bx next" if event is upcoming else "bx", x - 3.5, rail - 3, 7, 26)
        else:
            kind = "" if event.kind == "recorded" else f" {event.kind}"
            yield path(f"rg{kind}", f"M{x:.1f} {rail - 3}V{rail + 23}")


def _windows(picture: TimelinePicture, scale: Scale, rail: float) -> Iterator[str]:
    end = -1.0
    for window in sorted(picture.windows, key=lambda w: (w.start, w.end)):
        low, high = scale.at(window.start), scale.at(window.end)
        yield f'<rect class="wl" x="{low:.1f}" y="16" width="{max(2.0, high - low):.1f}" height="{rail + 10:.1f}"/>'
        room = width(window.label, SECOND)
        at = min(max(low, 2), WIDE - 2 - room)
        if at > end + _GAP:
            yield label(at, 12, window.label, "q")
            end = at + room


def _ticks(scale: Scale, rail: float) -> Iterator[str]:
    end = -100.0
    for date, text in scale.ticks():
        x = scale.at(date)
        yield path("ax", f"M{x:.1f} {rail + 24}V{rail + 30}")
        room = width(text, SECOND)
        if x > end + _GAP and x + room <= WIDE:
            yield label(x, rail + 41, text, "q")
            end = x + room


def _today(picture: TimelinePicture, scale: Scale, rail: float) -> Iterator[str]:
    x = scale.at(picture.today)
    text = f"{picture.now}, {picture.today:%a}, {day(picture.today)}"
    room = width(text, bold=True)
    left = x + 6 + room > WIDE
    yield path("now", f"M{x:.1f} 18V{rail + 60}")
    yield label(x - 6 if left else x + 6, rail + 59, text, "b e" if left else "b")


def _legend(events: Sequence[TimelineEvent], scale: Scale, hidden: int, y: float) -> Iterator[str]:
    x = 12.0
    for kind in [k for k in _WORDS if any(e.kind == k for e in events)]:
        if kind == "planned":
            yield box("bx", x - 3.5, y - 15, 7, 26)
        else:
            yield path(f"rg{'' if kind == 'recorded' else ' ' + kind}", f"M{x:.1f} {y - 15}V{y + 11}")
        yield label(x + 10, y + 2, _WORDS[kind], "q")
        x += 10 + width(_WORDS[kind], SECOND) + 24
    said = [f"and {hidden} more in the table"] if hidden else []
    if scale.stretched:
        said.append(f"crowded {scale.unit}s are drawn wider")
    if not events:
        said = ["nothing is recorded yet"]
    if said:
        yield label(x, y + 2, " · ".join(said), "q")


# ---- small: a ladder down the page, not to scale ----


def _small(seen: _Seen) -> str:
    picture, shown = seen.picture, sorted(seen.ranked[:_PHONE], key=_BY_DAY)
    marks: list[str] = []
    y, drawn = 20.0, False
    for event in shown:
        if not drawn and event.on > picture.today:
            marks += _small_today(picture, y)
            y, drawn = y + 32, True
        bold = event is seen.upcoming
        lines = wrap(event.label, SMALL - 48, 2, bold=bold)
        marks += _small_event(event, lines, picture.today, y, bold=bold)
        y += 17 * len(lines) + 25
    if not drawn:
        marks += _small_today(picture, y)
        y += 32
    hidden = len(seen.events) - len(shown)
    said = f"not to scale{f'; and {hidden} more in the table' if hidden else ''}"
    rails = path("rl", f"M12 4V{y - 8:.1f}M32 4V{y - 8:.1f}")
    return drawing("s", (SMALL, y + 18), f"{picture.prefix}-s", seen.says, [rails, *marks, label(2, y + 12, said, "q")])


def _small_today(picture: TimelinePicture, y: float) -> Iterator[str]:
    yield path("rg on", f"M8 {y - 4:.1f}H36")
    yield label(46, y, f"{picture.now}, {picture.today:%A}, {day(picture.today)}", "b")


def _small_event(event: TimelineEvent, lines: Sequence[str], today: dt.date, y: float, *, bold: bool) -> Iterator[str]:
    if event.kind == "planned":
        yield box("bx next" if bold else "bx", 9, y - 7.5, 26, 7)
    else:
        yield path(f"rg{'' if event.kind == 'recorded' else ' ' + event.kind}", f"M9 {y - 4:.1f}H35")
    for i, line in enumerate(lines):
        yield label(46, y + 17 * i, line, "b" if bold else "")
    word = "" if event.kind == "recorded" else f" · {_WORDS[event.kind]}"
    yield label(46, y + 17 * len(lines) - 1, f"{day(event.on, today)}{word}", "q")


# ---- words ----


def _description(picture: TimelinePicture, events: Sequence[TimelineEvent]) -> str:
    said = [f"{picture.now.capitalize()} is {day(picture.today)}."]
    for kind, word in _WORDS.items():
        named = [e for e in events if e.kind == kind]
        if named:
            shown = ", ".join(f"{e.label} {day(e.on)}" for e in named[:12])
            more = f", and {len(named) - 12} more" if len(named) > 12 else ""  # noqa: PLR2004 - what a listener can hold
            said.append(f"{word.capitalize()}: {shown}{more}.")
    return " ".join(said)


def _table(picture: TimelinePicture, events: Sequence[TimelineEvent]) -> Table:
    rows = []
    for event in events:
        late = event.recorded_on is not None and event.recorded_on != event.on
        state = f"{_WORDS[event.kind]} {day(event.recorded_on)}" if late and event.recorded_on else _WORDS[event.kind]
        rows.append((day(event.on), event.label, state, event.detail))
    return Table(name=picture.title, columns=("When", "What", "State", "Who and from where"), rows=tuple(rows))
