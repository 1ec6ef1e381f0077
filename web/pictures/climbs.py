"""Ladders of a dream field as climbs: two rails, a thin rung a year, a thick rung with its door where a stage begins.

All climbs of a picture share one scale of years and one ground, so that a longer road looks longer. Above a nearly
closed door, rails and rungs are broken: not to count on. A stage whose years nobody recorded is broken too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from web.pictures.figure import Table, figure
from web.pictures.pay_range import PaySpan, pay_range, top_of
from web.pictures.svg import DOOR_NAMES, LABEL, SECOND, clean, door, door_name, drawing, fit, label, path, wrap

_WIDE: Final = 264
_LEFT: Final = 44
_RIGHT: Final = 68
_TEXT: Final = 108
_SHUT: Final = DOOR_NAMES[-1]
# A year is drawn at least so high that thin rungs stay apart, at most so high that eight climbs fit a page [px].
_YEAR_LOW: Final = 26
_YEAR_HIGH: Final = 48
_TALLEST: Final = 400


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stretch of a climb, entered through its door.

    Attributes:
        name: Display name, "Anesthesiology".
        kind: "residency", "fellowship", "focus", "practice".
        years: How long it lasts [years]; none = not recorded; a practice has no length.
        door: "open", "narrow" or "nearly closed".
        reason: Why the door stands so; shown in the table.
    """

    name: str
    kind: str
    years: float | None = None
    door: str = "open"
    reason: str = ""

    @property
    def practice(self) -> bool:
        """Whether the climb ends here."""
        return self.kind == "practice"

    @property
    def drawn(self) -> float:
        """Length on the scale [years]; unknown is drawn as one, broken."""
        return 0.0 if self.practice else 1.0 if self.years is None else self.years

    @property
    def span(self) -> str:
        """Length in words."""
        if self.practice:
            return self.kind if self.name.lower() != self.kind else ""
        years = "years not recorded" if self.years is None else _years(self.years)
        return f"{years}, {self.kind}" if self.kind else years

    @property
    def brief(self) -> str:
        """Length as it stands beside the rung."""
        return self.span.replace("years not recorded", "? years")


@dataclass(frozen=True, kw_only=True)
class Climb:
    """One ladder.

    Attributes:
        title: "Anesthesiology → pain medicine".
        stages: From the ground up; a practice is added on top where the last stage is none.
        pay: Pay a year as text, "$500k-$800k+"; empty = no range recorded.
        pay_source: Source and year of the pay.
        spans: The same pay and published figures, to draw; the published ones are told in words too.
        facts: Further (label, text) pairs: procedures, clinic share, call, why this door.
        note: A sentence under them.
        standing: Index of the stage on whose rung the student stands.
        slot: Safe markup at the foot: a form, a link.
    """

    title: str
    stages: tuple[Stage, ...]
    pay: str = ""
    pay_source: str = ""
    spans: tuple[PaySpan, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    standing: int | None = None
    slot: Markup = Markup()  # noqa: RUF009 - a Markup is an immutable str

    @property
    def rungs(self) -> tuple[Stage, ...]:
        """The stages with a practice on top."""
        last = self.stages[-1]
        if last.practice:
            return self.stages
        return (*self.stages, Stage(name="Practice", kind="practice", door=last.door))

    @property
    def years(self) -> float:
        """Height on the scale [years]."""
        return sum(stage.drawn for stage in self.rungs)

    @property
    def published(self) -> tuple[str, ...]:
        """The published figures in words."""
        return tuple(span.words for span in self.spans if not span.rough)

    @property
    def pay_told(self) -> str:
        """The rough pay in words, or what there is in its place."""
        return self.pay or ("published figures only" if self.spans else "no range recorded")

    @property
    def door(self) -> str:
        """The narrowest door on the way."""
        return max((door_name(stage.door) for stage in self.stages), key=DOOR_NAMES.index)

    @property
    def road(self) -> str:
        """Years to practice, in words."""
        known = sum(stage.drawn for stage in self.rungs if stage.years is not None)
        if known < self.years:
            return f"at least {_years(known)} to practice" if known else "years to practice not recorded"
        return f"{_years(known)} to practice"


@dataclass(frozen=True, kw_only=True)
class ClimbsPicture:
    """The climbs of a field, to compare.

    Attributes:
        prefix: Starts every id of the picture; unique on the page.
        climbs: The ladders, in the pack's order.
        title: Name of the picture and of its table.
        reading: The sentence under it.
        level: Heading level of a climb's title.
    """

    prefix: str
    climbs: tuple[Climb, ...]
    title: str = "Ladders"
    reading: str = "Doors say how often the way is open, not how good anyone is. Broken rails are not to be counted on."
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class _Rung:
    """A stage on the scale: `at` and the label's `text_at` are heights over the ground [px]."""

    stage: Stage
    at: float
    text_at: float
    name: list[str]
    broken: bool

    @property
    def top(self) -> float:
        return self.text_at + 13 + 15 * (len(self.name) - 1)

    @property
    def foot(self) -> float:
        return self.text_at - (19 if self.stage.span else 4)


def climbs(picture: ClimbsPicture) -> Markup:
    """Draw ladders side by side on one scale; they wrap into rows where the page is narrow.

    Args:
        picture: The climbs.

    Returns:
        A frame with one drawing a climb, its pay and facts, and one table of all rungs.
    """
    year = _scale(picture.climbs)
    placed = [_place(climb, year) for climb in picture.climbs]
    cells = [_cell(picture, index, _canvas(picture, index, rungs, year)) for index, rungs in enumerate(placed)]
    return figure([f'<ul class="climbs">{"".join(cells)}</ul>'], picture.reading, _table(picture), kind="ladders")


def _years(count: float) -> str:
    return f"{count:g} year{'' if count == 1 else 's'}"


def _name(stage: Stage) -> list[str]:
    return wrap(stage.name, _WIDE - _TEXT - 2, 3, LABEL, bold=True) or [""]


def _scale(ladders: tuple[Climb, ...]) -> float:
    """Return the height of a year that keeps the labels of following rungs apart, as far as the page allows [px]."""
    wanted = float(_YEAR_LOW)
    for climb in ladders:
        for low, high in pairwise(climb.rungs):
            if low.drawn:
                room = 34 + 15 * (len(_name(low)) - 1) + (2 if high.span else 0)
                wanted = max(wanted, room / low.drawn)
    longest = max((climb.years for climb in ladders), default=1) or 1
    return min(wanted, _YEAR_HIGH, max(_YEAR_LOW, _TALLEST / longest))


def _place(climb: Climb, year: float) -> list[_Rung]:
    """Stand the rungs on the scale; a label that would touch the one below moves up."""
    rungs: list[_Rung] = []
    at, free, broken = 0.0, -100.0, False
    for stage in climb.rungs:
        broken = broken or door_name(stage.door) == _SHUT
        height = at * year
        rung = _Rung(stage=stage, at=height, text_at=height, name=_name(stage), broken=broken)
        shift = max(0.0, free + 4 - rung.foot)
        rungs.append(_Rung(stage=stage, at=height, text_at=height + shift, name=rung.name, broken=broken))
        free = rungs[-1].top
        at += stage.drawn
    return rungs


def _canvas(picture: ClimbsPicture, index: int, rungs: list[_Rung], year: float) -> str:
    """Draw one ladder, only as high as it is; the stylesheet stands all ladders of a row on one ground."""
    climb = picture.climbs[index]
    ground = max(climb.years * year + 14, rungs[-1].top) + 20
    marks = [label(2, 12, "years", "q"), *_axis(climb, year, ground), *_rails(rungs, year, ground)]
    for i, rung in enumerate(rungs):
        marks += _stage(rung, ground, standing=climb.standing == i)
    says = (climb.title, f"{_description(climb)}.")
    return drawing("", (_WIDE, ground + 24), f"{picture.prefix}-{index}", says, marks)


def _axis(climb: Climb, year: float, ground: float) -> Iterator[str]:
    every = 1 if year >= _YEAR_LOW and climb.years <= 14 else 2  # noqa: PLR2004 - what two digits a line can hold
    for count in range(0, int(climb.years) + 1, every):
        y = ground - count * year
        yield path("ax", f"M32 {y:.1f}H40")
        yield label(28, y + 4, str(count), "q e")
    yield path("rl", f"M28 {ground + 9:.1f}H84")


def _rails(rungs: list[_Rung], year: float, ground: float) -> Iterator[str]:
    """Draw rails and yearly rungs stretch by stretch; broken ones above a shut door or where years are unknown."""
    for i, rung in enumerate(rungs):
        known = rung.stage.practice or rung.stage.years is not None
        kind = "rl" if known and not rung.broken else "rl off"
        low = ground - rung.at + (8 if i == 0 else 0)
        high = ground - (rungs[i + 1].at if i + 1 < len(rungs) else rung.at + rung.stage.drawn * year + 14)
        yield path(kind, f"M{_LEFT} {low:.1f}V{high:.1f}M{_RIGHT} {low:.1f}V{high:.1f}")
        if known:
            steps = range(1, int(rung.stage.drawn - 0.01) + 1)
            rows = "".join(f"M{_LEFT} {ground - rung.at - step * year:.1f}H{_RIGHT}" for step in steps)
            if rows:
                yield path(kind, rows)


def _stage(rung: _Rung, ground: float, *, standing: bool) -> Iterator[str]:
    """Draw the thick rung of a stage, its door and its words."""
    y, text = ground - rung.at, ground - rung.text_at
    kind = " on" if standing else " goal" if rung.stage.practice else ""
    yield path(f"rg{kind}{' off' if rung.broken else ''}", f"M{_LEFT - 5} {y:.1f}H{_RIGHT + 5}")
    if rung.text_at != rung.at:
        yield path("ax", f"M{_RIGHT + 6} {y:.1f}L82 {text - 3:.1f}")
    yield door(door_name(rung.stage.door), 84, text - 13)
    for i, line in enumerate(reversed(rung.name)):
        yield label(_TEXT, text - 1 - 15 * i, line, "b")
    if rung.stage.span:
        yield label(_TEXT, text + 14, fit(rung.stage.brief, _WIDE - _TEXT - 2, SECOND), "q")


def _cell(picture: ClimbsPicture, index: int, canvas: str) -> str:
    climb = picture.climbs[index]
    head = f"<h{picture.level}>{clean(climb.title)}</h{picture.level}>"
    way = f'<p class="muted">{clean(climb.road)} · <span class="door">{door(climb.door)} {clean(climb.door)}</span></p>'
    source = f' <span class="src">{clean(climb.pay_source)}</span>' if climb.pay_source else ""
    pay = f'<p class="pay"><b>Pay a year:</b> {clean(climb.pay_told)}{source}</p>'
    top = top_of(span for one in picture.climbs for span in one.spans)
    bars = pay_range(climb.spans, top, f"{picture.prefix}-{index}-pay")
    told = "".join(f'<p class="src">{clean(words)}</p>' for words in climb.published)
    rows = "".join(f"<div><dt>{clean(name)}</dt><dd>{clean(text)}</dd></div>" for name, text in climb.facts)
    facts = f'<dl class="facts">{rows}</dl>' if rows else ""
    note = f'<p class="src">{clean(climb.note)}</p>' if climb.note else ""
    return f'<li>{head}{way}{canvas}<div>{pay}{bars}{told}{facts}{note}</div><div class="slot">{climb.slot}</div></li>'


def _description(climb: Climb) -> str:
    stages = [
        f"{stage.name}{', ' + stage.span if stage.span else ''}, door {door_name(stage.door)}" for stage in climb.rungs
    ]
    return f"{climb.road}: {'; '.join(stages)}"


def _table(picture: ClimbsPicture) -> Table:
    rows = []
    for climb in picture.climbs:
        for stage in climb.rungs:
            years = "" if stage.practice else "not recorded" if stage.years is None else f"{stage.years:g}"
            source = f" ({climb.pay_source})" if climb.pay and climb.pay_source else ""
            pay = "; ".join((f"{climb.pay_told}{source}", *climb.published)) if stage.practice else ""
            kind = f", {stage.kind}" if stage.name.lower() != stage.kind else ""
            rows.append((climb.title, f"{stage.name}{kind}", years, door_name(stage.door), stage.reason, pay))
    columns = ("Climb", "Rung", "Years", "Door", "Why this door", "Pay a year")
    return Table(name=picture.title, columns=columns, rows=tuple(rows))
