"""The frame of every picture: the drawings, the sentence that reads them, and the same as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from markupsafe import Markup

from web.pictures.svg import clean, word

WIDE: Final = 904
"""Width of a wide drawing [px]: what a card holds on a 992 px window, so it is never scaled."""
SMALL: Final = 324
"""Width of a drawing for phones and most prints [px]."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """What a picture shows, in words.

    Attributes:
        name: Name of the table; unique on the page.
        columns: Heads; the first column names the row.
        rows: One text per column.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def markup(self) -> str:
        """The table as HTML; made once, where a page draws its picture twice."""
        names = [word(name) for name in self.columns]
        heads = "".join([f'<th scope="col" role="columnheader">{name}</th>' for name in names])
        cells = [f'<td role="cell" data-l="{name}">' for name in names[1:]]
        rows = "".join([_row(cells, row) for row in self.rows])
        return (
            f'<div class="cards scroll" tabindex="0" role="region" aria-label="{clean(self.name)}: table">'
            f'<table role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table></div>'
        )


def figure(drawings: Iterable[str], reading: str, table: Table, *, kind: str = "") -> Markup:
    """Join drawings, their reading and their table.

    Args:
        drawings: Safe SVG or HTML.
        reading: One or two sentences under the picture.
        table: The same as a table; folded away until asked for.
        kind: A further class of the frame.

    Returns:
        Safe markup; wide frames show the wide drawing, narrow ones the small one (`pictures.css`).
    """
    caption = f"<figcaption>{clean(reading)}</figcaption>" if reading else ""
    return Markup(  # noqa: S704 - every text went through clean() or came as markup
        f'<div class="pic{" " + kind if kind else ""}"><figure>{"".join(drawings)}{caption}</figure>'
        f'<details class="same"><summary>The same as a table</summary>{table.markup}</details></div>'
    )


def _row(cells: Sequence[str], row: Sequence[str]) -> str:
    first, *others = row
    said = "".join([f"{cell}{word(text)}</td>" for cell, text in zip(cells, others, strict=True)])
    return f'<tr role="row"><th scope="row" role="rowheader">{word(first)}</th>{said}</tr>'
