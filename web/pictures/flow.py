"""How a cohort flows: four stages as columns, bars are people, bands take the color of where they go.

Every bar and every band is a link to the people behind it. On a phone and on most prints each stage is one stacked
bar. Small groups stay visible and can be hit: a bar keeps a line's room for its label, a band keeps a hair's width.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec
from markupsafe import Markup

from web.pictures.figure import SMALL, WIDE, Table, figure
from web.pictures.svg import LABEL, box, clean, drawing, fit, label, link, num, width, word

_BAR: Final = 12
_LINE: Final = 24
"""What a label needs, and a finger [px]. Source: WCAG 2.2, success criterion 2.5.8."""
_GAP: Final = 8
_TOP: Final = 24
_HIGH: Final = 184
_LAST: Final = 172
"""Room for bar and label of the last stage [px]."""
_HAIR: Final = 1.0
_STACK: Final = 14


class FlowBar(msgspec.Struct, frozen=True, kw_only=True):
    """People at one place of a stage.

    Attributes:
        key: Names the place within its stage.
        label: What people call it.
        students: How many.
        href: Leads to them.
        kind: "reapply", "pivot", "contested" or "unknown": the direction that colors it.
    """

    key: str
    label: str
    students: int
    href: str
    kind: str = "unknown"


class FlowBand(msgspec.Struct, frozen=True, kw_only=True):
    """People who went from one place of a stage to one of the next, with the link that leads to them."""

    start: str
    end: str
    students: int
    href: str


@dataclass(frozen=True, kw_only=True)
class FlowStage:
    """A column: its name, its bars from the top, and the bands from here to the next stage (the last has none)."""

    name: str
    bars: tuple[FlowBar, ...]
    bands: tuple[FlowBand, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FlowPicture:
    """The whole flow.

    Attributes:
        prefix: Starts every id of the picture; unique on the page.
        stages: From left to right; each holds the same people.
        title: What the picture is.
        reading: The sentence under it.
    """

    prefix: str
    stages: tuple[FlowStage, ...]
    title: str
    reading: str = (
        "Every bar and band opens the list of people behind it. Colors name the recommended or chosen direction, not "
        "success."
    )

    @property
    def students(self) -> int:
        """How many people flow."""
        return sum(bar.students for bar in self.stages[0].bars)


class _Placed(NamedTuple):
    """A bar on the canvas; what leaves it and what comes in are stacked from its top [px]."""

    bar: FlowBar
    x: float
    y: float
    high: float


def flow(picture: FlowPicture) -> tuple[Markup, Markup]:
    """Draw the flow for pages, wide and for phones, and for phones alone; both with the same as a table.

    Args:
        picture: What flows.

    Returns:
        A frame with both drawings, and one with the small drawing whose ids have "-small" after the prefix; each with
        the reading and the table. Nobody draws nothing.
    """
    if not picture.students:
        return Markup(), Markup()
    says, table = (picture.title, _description(picture)), _table(picture)
    (tall, parts), (high, marks) = _wide(picture), _small(picture)
    wide = drawing("w", (WIDE, tall), f"{picture.prefix}-w", says, parts, role="group")
    small, alone = (
        drawing("s", (SMALL, high), f"{prefix}-s", says, marks, role="group")
        for prefix in (picture.prefix, f"{picture.prefix}-small")
    )
    return (
        figure([wide, small], picture.reading, table, kind="flow"),
        figure([alone], picture.reading, table, kind="flow"),
    )


def people(count: int) -> str:
    """Return a number of students in words."""
    return f"{count:,} student{'' if count == 1 else 's'}"


def _wide(picture: FlowPicture) -> tuple[float, list[str]]:
    each = _scale(picture)
    high = max(_heights(stage, each) for stage in picture.stages)
    step = (WIDE - _LAST) / max(1, len(picture.stages) - 1)
    columns = [_column(stage, i * step, high, each) for i, stage in enumerate(picture.stages)]
    marks: list[str] = []
    for i, (stage, column) in enumerate(zip(picture.stages, columns, strict=True)):
        if i + 1 < len(columns):
            marks += _bands(stage, column, columns[i + 1], each)
        room = step if i + 1 < len(columns) else _LAST
        marks.append(label(i * step, 13, stage.name, "q"))
        marks += (_bar(stage, placed, room - _BAR - 7) for placed in column.values())
    return _TOP + high + 2, marks


def _scale(picture: FlowPicture) -> float:
    """Return the height of one person with which the fullest column just fits [px]; at most a line each."""
    low, high = 0.0, float(_LINE)
    columns = [[bar.students for bar in stage.bars] for stage in picture.stages]
    if _fits(columns, high):
        return high
    for _ in range(24):  # finer than a hundred thousandth of a pixel
        middle = (low + high) / 2
        low, high = (middle, high) if _fits(columns, middle) else (low, middle)
    return low


def _fits(columns: Sequence[Sequence[int]], each: float) -> bool:
    return all(_height(counts, each) <= _HIGH for counts in columns)


def _height(counts: Sequence[int], each: float) -> float:
    return sum([slot if (slot := count * each + _GAP) > _LINE else _LINE for count in counts])


def _heights(stage: FlowStage, each: float) -> float:
    return _height([bar.students for bar in stage.bars], each)


def _column(stage: FlowStage, x: float, high: float, each: float) -> dict[str, _Placed]:
    """Stand the bars of a stage one under another, as far apart as the fullest stage is high."""
    spare = high - _heights(stage, each)
    gap = spare / (len(stage.bars) - 1) if len(stage.bars) > 1 else 0.0
    y = _TOP + (0.0 if len(stage.bars) > 1 else spare / 2)
    placed: dict[str, _Placed] = {}
    for bar in stage.bars:
        slot, tall = _height([bar.students], each), max(2.0, bar.students * each)
        placed[bar.key] = _Placed(bar, x, y + (slot - tall) / 2, tall)
        y += slot + gap
    return placed


def _bar(stage: FlowStage, placed: _Placed, room: float) -> str:
    bar, number = placed.bar, f"{placed.bar.students:,}"
    name = fit(bar.label, room - width(number, LABEL, bold=True) - 6, LABEL)
    y = placed.y + placed.high / 2 + 4.5
    text = _words(placed.x + _BAR + 7, y, number, name)
    return link(
        bar.href,
        _says(stage, bar),
        f'<g class="k-{bar.kind}">{box("fl", placed.x, placed.y, _BAR, placed.high)}</g>{text}',
    )


def _says(stage: FlowStage, bar: FlowBar) -> str:
    """Return the name of a bar; it begins as it reads, for people who say what they want to follow."""
    return f"{bar.students:,} {bar.label}, {stage.name.lower()}"


def _words(x: float, y: float, number: str, name: str) -> str:
    return f'<text class="halo" x="{num(x)}" y="{num(y)}"><tspan class="b">{number}</tspan> {word(name)}</text>'


def _bands(stage: FlowStage, here: dict[str, _Placed], there: dict[str, _Placed], each: float) -> Iterator[str]:
    """Draw what leaves a stage; bands keep the order of the bars on both sides, so that they cross least."""
    start, end = ({key: i for i, key in enumerate(side)} for side in (here, there))
    ordered = sorted(stage.bands, key=lambda band: (start[band.start], end[band.end]))
    left, free = ({key: placed.y for key, placed in side.items()} for side in (here, there))
    right: dict[tuple[str, str], float] = {}
    for band in ordered:
        right[band.start, band.end] = free[band.end]
        free[band.end] += band.students * each
    for band in ordered:
        one, other, thick = here[band.start], there[band.end], band.students * each
        shape = _ribbon(one.x + _BAR, left[band.start], other.x, right[band.start, band.end], thick)
        left[band.start] += thick
        says = f"{band.students:,} from {one.bar.label} to {other.bar.label}"
        yield link(band.href, says, f'<path class="lk k-{other.bar.kind}" d="{shape}"/>')


def _ribbon(x: float, y: float, to_x: float, to_y: float, thick: float) -> str:
    """Return a band as thick at both ends; thinner than a hair it is drawn as one."""
    more = max(0.0, _HAIR - thick) / 2
    begin, middle, end = num(x), num((x + to_x) / 2), num(to_x)
    a, b, c, d = f"{y - more:.2f}", f"{to_y - more:.2f}", f"{to_y + thick + more:.2f}", f"{y + thick + more:.2f}"
    return f"M{begin} {a}C{middle} {a} {middle} {b} {end} {b}V{c}C{middle} {c} {middle} {d} {begin} {d}Z"


def _small(picture: FlowPicture) -> tuple[float, list[str]]:
    marks: list[str] = []
    y = 0.0
    for stage in picture.stages:
        marks.append(label(0, y + 13, stage.name, "b"))
        marks += _stacked(stage, y + 20)
        y += 20 + _STACK + 6 + _LINE * -(-len(stage.bars) // 2) + 12
    return y - 10, marks


def _stacked(stage: FlowStage, y: float) -> Iterator[str]:
    """Draw a stage as one bar with its words below, two in a row; part and words are one link."""
    widths = _shares([bar.students for bar in stage.bars])
    x = 0.0
    for i, (bar, wide) in enumerate(zip(stage.bars, widths, strict=True)):
        left, line = (i % 2) * SMALL / 2, y + _STACK + 6 + _LINE * (i // 2)
        number = f"{bar.students:,}"
        name = fit(bar.label, SMALL / 2 - 20 - width(number, LABEL, bold=True) - 6, LABEL)
        text = _words(left + 15, line + 16, number, name)
        parts = box("fl", x, y, wide, _STACK) + box("fl", left, line + 7, 10, 10)
        yield link(bar.href, _says(stage, bar), f'<g class="k-{bar.kind}">{parts}</g>{text}')
        x += wide + 2


def _shares(counts: Sequence[int]) -> list[float]:
    """Share the width of a phone's picture, nobody less than can be seen [px]."""
    room, least = SMALL - 4 - 2 * (len(counts) - 1), 4.0
    shares = [max(least, room * count / sum(counts)) for count in counts]
    over = sum(shares) - room
    large = sum(share - least for share in shares)
    return [share - over * (share - least) / large if large else share for share in shares]


def _description(picture: FlowPicture) -> str:
    said = [
        f"{stage.name}: {', '.join(f'{bar.students:,} {bar.label}' for bar in stage.bars)}." for stage in picture.stages
    ]
    return f"Of {people(picture.students)}. {' '.join(said)}"


def _table(picture: FlowPicture) -> Table:
    rows: list[tuple[str, str, str]] = []
    for i, stage in enumerate(picture.stages):
        rows += ((bar.label, stage.name, _number(bar.href, bar.students)) for bar in stage.bars)
        if i + 1 < len(picture.stages):
            names = {bar.key: bar.label for bar in stage.bars}
            after = {bar.key: bar.label for bar in picture.stages[i + 1].bars}
            way = f"{stage.name} to {picture.stages[i + 1].name.lower()}"
            rows += (
                (f"{names[band.start]} → {after[band.end]}", way, _number(band.href, band.students))
                for band in stage.bands
            )
    return Table(name=picture.title, columns=("Who", "Stage", "Students"), rows=tuple(rows))


def _number(href: str, count: int) -> Markup:
    return Markup(f'<a href="{clean(href)}">{people(count)}</a>')  # noqa: S704 - both are clean
