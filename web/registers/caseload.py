"""The caseload of each advisor in numbers, each a link to the people; one's own first, with what is new in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import redirect, request, url_for

from core.people.access import Permission
from projections import overview, people
from projections.board import DECIDE_SOON_DAYS, NO_CONTACT_DAYS, Filters
from projections.board_filters import QUIET_DAYS_MAX, days_of
from projections.overview import Caseload
from web.board.query import ME, seen_by
from web.edge import house, may, needs, page, who
from web.live import live_cohort
from web.registers.place import Place, blueprint, place
from web.schemas import FormSchema, Whole, blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from projections.overview import News
    from web.schemas import Form

__all__: list[str] = []

NEWS_MAX: Final = 10  # what fits a phone's screen; the rest is a click away
_POSITION_MAX: Final = 2**62
# Each number of a caseload: its column, and the filters of the board that show its people.
_NUMBERS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "students": ("Students", {}),
    "news": ("Changed since I looked", {"news": ME}),
    "decide_soon": (f"Decide within {DECIDE_SOON_DAYS} days, or past their day", {"needs": "decide_soon"}),
    "quiet": ("Not spoken to for {days}", {"quiet": "{days}"}),
    "overdue": ("Milestone overdue", {"needs": "overdue"}),
    "gate_closed": ("Undecided, gate closed", {"decision": "none", "gate": "path_closed"}),
    "gate_open": ("Undecided, gate open", {"decision": "none", "gate": "path_open"}),
}


class SeenForm(FormSchema):
    """Everything up to a position was looked at."""

    position = Whole("Position", high=_POSITION_MAX, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that leads to its people; nobody leads nowhere."""

    label: str
    value: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An advisor's caseload."""

    name: str
    mine: bool
    numbers: tuple[Number, ...]
    hand_over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A journey that changed: who, what, and by whom and when."""

    name: str
    href: str
    what: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadPage:
    """Everybody's caseload.

    Args:
        place: the cohort.
        quiet: the days after which a silence counts.
        quiet_max: the most that can be asked for.
        columns: headings of the numbers.
        mine: one's own numbers; empty without journeys of one's own.
        rows: one's own row first, then the others by name, then those of nobody.
        changes: what is new in one's own journeys, `more` of them beyond those shown.
        news_href: the board with all of them.
        seen: the form that marks everything as seen.
    """

    place: Place
    quiet: int
    quiet_max: int
    columns: tuple[str, ...]
    mine: tuple[Number, ...]
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    more: int
    news_href: str
    seen: Form


@blueprint.get("/caseload")
@needs(Permission.READ_COHORT)
def caseload(cohort: str) -> ResponseReturnValue:
    """Show everybody's caseload, one's own first."""
    here = place(cohort, "registers.caseload")
    quiet = days_of(request.args.get("quiet") or str(NO_CONTACT_DAYS))
    me, seen = who().member_id, seen_by(who().member_id, cohort)
    with house().views.read() as db:
        loads = overview.caseloads(db, cohort, quiet_days=quiet, seen=seen, today=here.today)
        team = people.advisors(db, cohort)
        mine = Filters(advisor=me, news=seen)
        news = overview.news(db, cohort, mine, here.today, most=NEWS_MAX)
        live = live_cohort(db, cohort, here.today)
    idle = [_idle(str(one.member_id), one.name) for one in team]
    known = {load.advisor_id for load in loads}
    rows = [_row(here, load, quiet) for load in (*loads, *(one for one in idle if one.advisor_id not in known))]
    rows.sort(key=lambda row: (not row.mine, row.name == "", row.name.casefold()))
    own = next((row.numbers for row in rows if row.mine), ())
    view = CaseloadPage(
        place=here,
        quiet=quiet,
        quiet_max=QUIET_DAYS_MAX,
        columns=tuple(_label(name, quiet) for name in _NUMBERS),
        mine=own if own and own[0].value else (),
        rows=tuple(rows),
        changes=tuple(_change(here, one) for one in news),
        more=max(0, (own[1].value if own else 0) - len(news)),
        news_href=url_for("board.cohort", cohort=cohort, advisor=ME, news=ME),
        seen=blank(SeenForm, form="seen", position=live.after.position),
    )
    return page("registers/caseload.html", view=view, live=live)


@blueprint.post("/caseload/seen")
@needs(Permission.READ_COHORT)
def mark_seen(cohort: str) -> ResponseReturnValue:
    """Mark everything of a cohort as looked at, up to what the page showed."""
    place(cohort)
    form = load(SeenForm, form="seen")
    if form.ok:
        house().access.looked.at_cohort(who().member_id, cohort, min(form.values["position"], house().views.position()))
    return redirect(url_for("registers.caseload", cohort=cohort), code=303)


def _idle(member_id: str, name: str) -> Caseload:
    return Caseload(
        advisor_id=member_id,
        advisor_name=name,
        students=0,
        undecided=0,
        gate_open=0,
        gate_closed=0,
        decide_soon=0,
        quiet=0,
        overdue=0,
        news=0,
    )


def _row(here: Place, one: Caseload, quiet: int) -> Row:
    mine = one.advisor_id == who().member_id
    advisor = ME if mine else one.advisor_id or "none"

    def number(name: str, filters: dict[str, str]) -> Number:
        value: int = getattr(one, name)
        wanted: dict[str, Any] = {"advisor": advisor} | {key: text.format(days=quiet) for key, text in filters.items()}
        href = url_for("board.cohort", cohort=here.cohort, **wanted) if value else ""
        return Number(label=_label(name, quiet), value=value, href=href)

    leads = may(Permission.ASSIGN_ADVISOR, here.target) and one.students
    return Row(
        name=one.advisor_name,
        mine=mine,
        numbers=tuple(number(name, filters) for name, (_, filters) in _NUMBERS.items()),
        hand_over=url_for("registers.hand_over", cohort=here.cohort, advisor=advisor) if leads else "",
    )


def _label(name: str, quiet: int) -> str:
    return _NUMBERS[name][0].format(days="1 day" if quiet == 1 else f"{quiet} days")


def _change(here: Place, one: News) -> Change:
    return Change(
        name=one.name,
        href=url_for("journey.sheet", journey_id=one.journey_id),
        what=one.changed_words,
        when=f"{one.changed_by}, {here.moment(datetime.fromisoformat(one.changed_at))}",
    )
