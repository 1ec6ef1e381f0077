"""What the board's template shows: one frozen dataclass, made from one snapshot of the read models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from core.decision.wording import count
from core.journey.journey import MATCH_SYSTEMS
from projections import board as boards
from projections import overview, people
from projections.board import Sort
from projections.news import mark
from web.board import choices
from web.board.drill import DRILLED
from web.board.flow import flow_picture
from web.board.query import ME
from web.board.rows import Line, lines
from web.past import Slider
from web.pictures.flow import flow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from core.people.access import Principal
    from projections.board import BoardPage, BoardRow, Filters, MatchDay
    from projections.kept import Kept, Present
    from projections.news import Mark
    from projections.overview import FlowCount
    from web.board.choices import Chosen, Column, Count, Select
    from web.board.query import BoardQuery

__all__ = ["BoardScreen", "board_screen", "board_slider"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # each is itself: the markup of its parts is kept with it
class BoardScreen:
    """A cohort, as one person sees it.

    Args:
        query: what the address asks for.
        page: of the read model.
        title: heading of the page.
        since: how long ago Match Day was, or "".
        playbook: label of the playbook in force.
        lines: the rows in words.
        gone: rows that changed since an open page was read, and are not on the page any more.
        erased_since: whether a record may have been erased since then.
        counts: numbers that lead to people.
        columns: of the table.
        selects: filters to choose from.
        orders: every order, for the form.
        chosen: the filters that are set.
        others: the person's other cohorts, with their addresses.
        mine: whether the board shows the person's own journeys.
        mine_href: the way to them, or back to everybody.
        leads: who can bring students in, when there are none.
        flow: from profile to placement, for wide pages, and for phones.
        hidden: the filters that are set and stand in no field of the form.
        drift: decisions of the cohort that would be advised otherwise today.
        past: the earlier moment at which it looks, as its address names it; None for today.
        once: what was made before of the same.
        lasting: where the markup of its parts is kept.
    """

    query: BoardQuery
    page: BoardPage
    title: str
    since: str
    playbook: str
    lines: tuple[Line, ...]
    gone: tuple[Line, ...]
    erased_since: bool
    counts: tuple[Count, ...]
    columns: tuple[Column, ...]
    selects: tuple[Select, ...]
    orders: tuple[tuple[str, str], ...]
    chosen: tuple[Chosen, ...]
    others: tuple[tuple[str, str], ...]
    mine: bool
    mine_href: str
    leads: tuple[str, ...]
    flow: tuple[Markup, Markup]
    hidden: tuple[tuple[str, str], ...]
    drift: int
    past: tuple[str, str] | None
    once: Kept
    lasting: Kept

    @property
    def shown(self) -> str:
        """Whom the table shows, in words."""
        shown, everybody = self.page.total, count(self.page.students, "student")
        said = everybody if shown == self.page.students else f"{shown} of {everybody}"
        return said if self.page.pages == 1 else f"{said}, {self.first} to {self.last} here"

    @property
    def first(self) -> int:
        """Number of the first row."""
        return (self.page.number - 1) * self.page.size + 1

    @property
    def last(self) -> int:
        """Number of the last row."""
        return self.first + len(self.lines) - 1


def board_screen(
    db: Connection,
    query: BoardQuery,
    who: Principal,
    *,
    names: Mapping[str, str],
    playbook: str,
    now: datetime,
    present: Present,
    kept: Kept,
    read: Mark | None = None,
    drift: int = 0,
    newer: Callable[[BoardRow], bool] | None = None,
    past: tuple[str, str] | None = None,
) -> BoardScreen:
    """Read a board and put it into words.

    Args:
        db: one snapshot of the read models.
        query: what the address asks for.
        who: the person who looks.
        names: specialty slug → name.
        playbook: label of the one in force.
        now: at the school [timezone-aware, in its zone].
        present: the cohort in that snapshot, with what was made before of the same.
        kept: where the markup of its parts is kept.
        read: how far the page had read that asks for itself again.
        drift: decisions of the cohort that would be advised otherwise today.
        newer: says whether advice was given before a playbook that says something else.
        past: the earlier moment at which it looks, as its address names it.
    """
    today = now.date()
    filters = query.filters_for(who.member_id)
    once = present.kept
    found = boards.page(
        db, query.cohort, filters=filters, sort=query.sort, number=query.number, today=today, present=present
    )
    mine = query.filters.advisor == ME
    view = replace(query, number=1)  # what its links and lists depend on
    lists = (found.advisors, found.specialties)
    nobody = bool(found.students and not found.total)
    put = partial(lines, names=names, today=today, now=now, once=once, newer=newer)
    selects = once(("selects", view, lists), lambda: choices.selects(query, found))
    return BoardScreen(
        query=query,
        page=found,
        title=f"My journeys, cohort {query.cohort}" if mine else f"Cohort {query.cohort}",
        since=_since(found.match_days, today),
        playbook=playbook,
        lines=put(found.rows, read=read.position if read else None),
        gone=put(_gone(db, found, read, today)),
        erased_since=read is not None and read.edition != mark(db, today).edition,
        counts=choices.counts(query, found, once),
        columns=once(("columns", view), lambda: choices.columns(query)),
        selects=selects,
        orders=choices.orders(query),
        chosen=choices.chosen(db, query, who, selects, today, count=nobody, present=present),
        others=once(("others", view, who.cohorts), lambda: _others(query, who)),
        mine=mine,
        mine_href=query.href(advisor=None if mine else ME, needs=None),
        leads=_leads(db, query.cohort) if not found.students else (),
        flow=_flow(db, view, filters, today, present) if found.total else (Markup(), Markup()),
        drift=drift,
        hidden=(
            *((name, value) for name, value in query.active.items() if name in DRILLED),
            *((past,) if past else ()),
        ),
        past=past,
        once=once,
        lasting=kept,
    )


def board_slider(screen: BoardScreen, shown: date, last: date) -> Slider:
    """Return the way through the past of a board: day by day from its first Match Day, or a date.

    Args:
        screen: the board.
        shown: the day as of which it is shown.
        last: the latest day that can be asked for: today.
    """
    days = [day.on for day in screen.page.match_days] or [shown]
    hidden = [(name, value) for name, value in screen.query.active.items() if name != "news"]
    return Slider(
        name="day",
        low=min(*days, shown).toordinal(),
        high=last.toordinal(),
        value=shown.toordinal(),
        back=shown.toordinal() - 1,
        label=_ago(days[0], shown),
        day=shown,
        last=last,
        hidden=(*hidden, *((("sort", str(screen.query.sort)),) if screen.query.sort != Sort() else ())),
    )


def _others(query: BoardQuery, who: Principal) -> tuple[tuple[str, str], ...]:
    return tuple((cohort, query.elsewhere(cohort).href()) for cohort in who.cohorts if cohort != query.cohort)


def _flow(db: Connection, query: BoardQuery, filters: Filters, today: date, present: Present) -> tuple[Markup, Markup]:
    counts = overview.flow(db, query.cohort, filters, today, present)
    return present.kept(("flow", query, counts), lambda: _drawn(query, counts))


def _drawn(query: BoardQuery, counts: Sequence[FlowCount]) -> tuple[Markup, Markup]:
    return flow(flow_picture(query, counts, prefix="flow"))


def _gone(db: Connection, found: BoardPage, read: Mark | None, today: date) -> tuple[BoardRow, ...]:
    """Return what changed and is not on this page any more, or never was: a reader may still look at it."""
    if read is None or (found.total == found.students and found.pages == 1):
        return ()
    changed = boards.page(db, found.cohort, sort=Sort(key="changed", descending=True), today=today).rows
    here = {row.journey_id for row in found.rows}
    return tuple(row for row in changed if row.changed_position > read.position and row.journey_id not in here)


def _leads(db: Connection, cohort: str) -> tuple[str, ...]:
    return tuple(m.name for m in people.advisors(db, cohort) if ("lead", cohort) in m.grants)


def _since(days: Sequence[MatchDay], today: date) -> str:
    """Say how long ago Match Day was; each match system has its own (playbook, *Reading (clocks)*)."""
    if not days:
        return ""
    first, *rest = days
    said = f"{_ago(first.on, today)}, {_long(first.on)}"
    if not rest:
        return said
    told = [f"{_system(one)} {_long(one.on)}, {count(one.students, 'student')}" for one in rest[:_DAYS_TOLD]]
    more = [f"and {len(rest) - _DAYS_TOLD} more"] if len(rest) > _DAYS_TOLD else []
    return f"{said} ({_system(first)}, {count(first.students, 'student')}) · " + " · ".join([*told, *more])


_DAYS_TOLD = 2  # beside the first: three are read at a glance


def _system(day: MatchDay) -> str:
    return MATCH_SYSTEMS.get(day.match_system, day.match_system)


def _ago(on: date, today: date) -> str:
    days = (today - on).days
    if days == 0:
        return "Today is Match Day"
    return f"{count(days, 'day')} since Match Day" if days > 0 else f"{count(-days, 'day')} until Match Day"


def _long(on: date) -> str:
    return f"{on:%A, %B} {on.day}, {on.year}"
