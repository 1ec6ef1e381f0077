"""What a year of practice pays: a rough range as an outline, published figures as filled bars with their middle.

A published figure is never blended into a rough one: each has its own bar, and its source and year stand in words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from web.pictures.svg import box, drawing, label, path

_WIDE: Final = 264
_LEFT: Final = 14
_RIGHT: Final = 24
_BAR: Final = 11
_STEP: Final = 18
_TICK_USD: Final = 200_000
_TICKS_MOST: Final = 6


@dataclass(frozen=True, kw_only=True)
class PaySpan:
    """One figure of yearly pay [USD].

    Attributes:
        words: The figure in words, with whom it covers, its source and its year.
        low_usd: Lower end; none = only the middle is known.
        high_usd: Upper end.
        middle_usd: Median or mean, as the words say; none = not known.
        rough: A ballpark, drawn as an outline.
        open_top: The upper end reads "and more".
    """

    words: str
    low_usd: int | None = None
    high_usd: int | None = None
    middle_usd: int | None = None
    rough: bool = False
    open_top: bool = False

    @property
    def most_usd(self) -> int:
        """The greatest amount drawn [USD]."""
        return max(one or 0 for one in (self.low_usd, self.high_usd, self.middle_usd))


def top_of(spans: Iterable[PaySpan]) -> int:
    """Return the upper end of a scale that holds all spans [USD]; nought where there is none."""
    return ceil(max((span.most_usd for span in spans), default=0) / _TICK_USD) * _TICK_USD


def pay_range(spans: Sequence[PaySpan], top_usd: int, ids: str) -> str:
    """Draw spans over each other on a scale that begins at nought.

    Args:
        spans: From top to bottom; none gives an empty text.
        top_usd: Upper end of the scale, the same for all drawings that are compared (`top_of`).
        ids: Prefix of the ids of the drawing, unique on the page.

    Returns:
        The ``svg`` element.
    """
    if not spans or not top_usd:
        return ""
    foot = _STEP * len(spans)
    says = ("Pay a year", " ".join(f"{'Rough' if span.rough else 'Published'}: {span.words}." for span in spans))
    px = (_WIDE - _LEFT - _RIGHT) / top_usd
    marks = [*_axis(top_usd, px, foot)]
    for i, span in enumerate(spans):
        marks += _span(span, px, 3 + _STEP * i)
    return drawing("pay-range", (_WIDE, foot + 20), ids, says, marks)


def _axis(top_usd: int, px: float, foot: float) -> Iterator[str]:
    every = _TICK_USD * ceil(top_usd / _TICK_USD / _TICKS_MOST)
    for usd in range(0, top_usd + 1, every):
        x = _LEFT + usd * px
        yield path("ax", f"M{x:.1f} 0V{foot + 3}")
        yield label(x, foot + 16, f"${usd // 1000:,}k" if usd else "0", "q m")


def _span(span: PaySpan, px: float, y: float) -> Iterator[str]:
    if span.low_usd is not None and span.high_usd is not None:
        left, right = _LEFT + span.low_usd * px, _LEFT + span.high_usd * px
        if span.rough and span.open_top:  # no edge at the right: the range goes on
            yield path("bx", f"M{right:.1f} {y}H{left:.1f}V{y + _BAR}H{right:.1f}")
            yield path("bx open", f"M{right:.1f} {y}h10M{right:.1f} {y + _BAR}h10")
        else:
            yield box("bx" if span.rough else "fl k-unknown", left, y, max(right - left, 1), _BAR)
    if span.middle_usd is not None:
        yield path("md", f"M{_LEFT + span.middle_usd * px:.1f} {y - 3}v{_BAR + 6}")
