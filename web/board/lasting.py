"""A board that nobody wrote to since it was made is shown as it was: its numbers, its picture and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projections.kept import Kept
from web.board.rows import JUST_NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

    from projections.kept import Present
    from web.board.query import BoardQuery
    from web.board.screen import BoardScreen

__all__ = ["lasting"]

BOARDS = 200  # first pages of as many views, with their markup some 0.2 MB each


@dataclass(frozen=True, slots=True)
class _Made:
    """A board, up to which change of its cohort it was made, and when the next row stops being new."""

    screen: BoardScreen
    position: int
    until: datetime | None


def lasting(
    query: BoardQuery, made_from: Hashable, present: Present, now: datetime, make: Callable[[Kept], BoardScreen]
) -> BoardScreen:
    """Return the board of a view, made now unless it is known and still so.

    Args:
        query: the view; what a person typed or has looked at, and later pages, are made each time.
        made_from: whatever else the board depends on beside the rows of the cohort.
        present: the cohort.
        now: to tell what changed just now [timezone-aware].
        make: makes the board, given where its markup is kept.
    """
    if query.number > 1 or query.filters.q or query.filters.news:
        return make(Kept())
    boards = present.kept("boards", lambda: Kept(BOARDS * 3))  # the board and its two parts
    key = (query, made_from, present.names)
    known: _Made | None = boards.known(key)
    if known and (known.until is None or now < known.until) and present.unchanged_since(known.position):
        return known.screen
    screen = make(boards)
    if screen.page.students:
        boards.keep(key, _Made(screen, present.position, _until(screen, now)))
    return screen


def _until(screen: BoardScreen, now: datetime) -> datetime | None:
    """Return when the first row begins or ceases to be new, without anything being written."""
    moments = (each for line in screen.lines for each in (line.row.changed_at, line.row.changed_at + JUST_NOW))
    return min((each for each in moments if each > now), default=None)
