"""The pen: SVG marks as text, and how wide a text will be before any browser has seen it."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Final

from markupsafe import escape

LABEL: Final = 13
"""Size of a label [px]."""
SECOND: Final = 12
"""Size of the second voice, class ``q`` [px]."""

_OTHER: Final = 0.59
_WIDE: Final = 1.0


class _Widths(dict[str, float]):
    """Widths of letters [em]; what stands not in it is as wide as its plain letter, as "o", a square, or nothing."""

    def __missing__(self, letter: str) -> float:
        if letter.isascii():
            return _OTHER
        if unicodedata.combining(letter):
            return 0.0
        plain = unicodedata.normalize("NFD", letter)[0]
        return _WIDE if unicodedata.east_asian_width(letter) in "WF" else self.get(plain, _OTHER)


# Advance widths [em] of the letters that are not as wide as "o". A reader's own font is unknown, so each is the wider
# of Liberation Sans 2.1 (the widths of Arial) and DejaVu Sans 2.37 less 7 %, measured in a browser.
_EM: Final = _Widths(
    (letter, em)
    for em, letters in (
        (0.28, "iIjl'|\u2018\u2019"),
        (0.33, " .,·:;/\\ft()[]-"),
        (0.39, 'r!"*“”'),
        (0.51, "csvxyzkJ"),
        (0.61, "0123456789$eFTZL+?_"),
        (0.67, "ABEKPSVXY"),
        (0.72, "CDHNRU&"),
        (0.78, "GOQw=<>≥≤~#"),
        (0.94, "mMW%"),
        (1.02, "@—…→"),
    )
    for letter in letters
)
_BOLD: Final = 1.08

_DOORS: Final = {
    "open": '<path class="f" d="M5 3l5 3v17l-5-2z"/>',
    "narrow": '<path class="f" d="M5 3h9v18H5z"/>',
    "nearly closed": '<path class="f" fill-rule="evenodd" d="M5 3h14v18H5zM15.3 11.2a1.4 1.4 0 1 0 .01 0z"/>',
}


def clean(text: str) -> str:
    """Escape a text for HTML and XML and drop what XML cannot hold.

    Args:
        text: Anything a person may have typed.

    Returns:
        Text that is safe between tags and in a quoted attribute; control characters became spaces.
    """
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Cn"} else c for c in text)
    return str(escape(text))


@lru_cache(maxsize=8192, typed=True)  # a picture says most of its words some times; typed: markup is another text
def word(text: str) -> str:
    """Do as `clean`, and remember it: for labels and cells, never for a student's name, which an erasure ends."""
    return clean(text)


def num(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


@lru_cache(maxsize=4096)
def width(text: str, size: int = LABEL, *, bold: bool = False) -> float:
    """Guess the width of a text, erring on the wide side.

    Args:
        text: One line.
        size: Font size [px].
        bold: Whether it is set bold.

    Returns:
        Width [px].
    """
    return sum(map(_EM.__getitem__, text)) * size * (_BOLD if bold else 1.0)


@lru_cache(maxsize=4096)
def fit(text: str, room: float, size: int = LABEL, *, bold: bool = False) -> str:
    """Shorten a text with an ellipsis until it fits a room [px]."""
    if width(text, size, bold=bold) <= room:
        return text
    more, each = _EM["…"], _BOLD if bold else 1.0
    kept = sum((em + more) * size * each <= room for em in accumulate(map(_EM.__getitem__, text)))
    return text[:kept].rstrip() + "…"


def wrap(text: str, room: float, most: int = 2, size: int = LABEL, *, bold: bool = False) -> list[str]:
    """Break a text into at most `most` lines that fit a room; what is too long ends in an ellipsis.

    Args:
        text: One paragraph.
        room: Width of a line [px].
        most: Lines at most.
        size: Font size [px].
        bold: Whether it is set bold.

    Returns:
        The lines; an empty text has none.
    """
    words = text.split()
    if (whole := " ".join(words)) and width(whole, size, bold=bold) <= room:
        return [whole]
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [fit(line, room, size, bold=bold) for line in lines]


def label(x: float, y: float, text: str, kind: str = "") -> str:
    """Draw one line of text; kind holds classes: b bold, q second voice, e ends at x, m is centred on x, halo."""
    marked = f' class="{kind}"' if kind else ""
    return f'<text{marked} x="{num(x)}" y="{num(y)}">{word(text)}</text>'


def link(href: str, says: str, marks: str) -> str:
    """Make marks a link that a screen reader names."""
    return f'<a href="{clean(href)}" aria-label="{word(says)}">{marks}</a>'


def path(kind: str, d: str) -> str:
    """Draw a path of the given classes."""
    return f'<path class="{kind}" d="{d}"/>'


def box(kind: str, x: float, y: float, wide: float, high: float) -> str:
    """Draw a rectangle of the given classes."""
    return f'<rect class="{kind}" x="{num(x)}" y="{num(y)}" width="{num(wide)}" height="{num(high)}" rx="2"/>'


def door(name: str, x: float | None = None, y: float = 0.0) -> str:
    """Draw a door: the more ink, the narrower the way. Its word always stands beside it.

    Args:
        name: One of `DOOR_NAMES`.
        x: Left edge inside a drawing [px]; none = a glyph in a line of text.
        y: Top edge [px].

    Returns:
        The mark, 18 px inside a drawing.
    """
    at = 'aria-hidden="true"' if x is None else f'x="{num(x)}" y="{num(y)}" width="18" height="18"'
    return f'<svg class="g" {at} viewBox="0 0 24 24"><path d="M5 21V3h14v18M2.5 21h19"/>{_DOORS[name]}</svg>'


DOOR_NAMES: Final = tuple(_DOORS)
"""Doors from wide to shut, as the playbook names them (LADDER)."""


def door_name(text: str) -> str:
    """Read a door's name as packs may write it ("nearly-closed", "nearly_closed"); unknown reads as nearly closed.

    The cautious reading: a door nobody knows is not one to count on.
    """
    name = text.strip().lower().replace("-", " ").replace("_", " ")
    return name if name in _DOORS else "nearly closed"


def drawing(
    kind: str,
    size: tuple[float, float],
    ids: str,
    says: tuple[str, str],
    marks: Iterable[str],
    *,
    role: str = "img",
) -> str:
    """Put marks on a canvas that a screen reader announces as one picture.

    Args:
        kind: Classes of the canvas: ``w`` wide, ``s`` small, or neither.
        size: Width and height [px]; drawn one to one.
        ids: Prefix of the ids of title and description, unique on the page.
        says: Title (what it is) and description (what it says, with the numbers).
        marks: What is drawn.
        role: "img"; "group" where the picture holds links, which an image would hide from a screen reader.

    Returns:
        The ``svg`` element.
    """
    wide, high = num(size[0]), num(size[1])
    classes = f' class="{kind}"' if kind else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg"{classes} width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
        f' role="{role}" aria-labelledby="{ids}-t {ids}-d">'
    )
    said = f'<title id="{ids}-t">{clean(says[0])}</title><desc id="{ids}-d">{clean(says[1])}</desc>'
    return f"{head}{said}{''.join(marks)}</svg>"
