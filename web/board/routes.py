"""The pages of a cohort: the board, its export, and the form that opens a journey."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request, stream_with_context, url_for

from core.errors import NotAllowed
from core.journey.journey import Target
from core.people.access import Permission, require
from projections import board as boards
from projections.drift import count_drifted
from projections.kept import Kept, Present
from projections.news import Mark
from web.board.export import csv_lines
from web.board.lasting import lasting
from web.board.opening import already_open, open_form, opened
from web.board.query import ME, BoardQuery
from web.board.screen import board_screen, board_slider
from web.edge import by_itself, finish, house, may, must_read_cohort, needs, page, who
from web.errors import Trouble
from web.live import live_cohort
from web.newer import Published
from web.past import asked, snapshot, then
from web.registers.saved import SaveForm, kept_filters, query_of
from web.schemas import blank, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from web.board.screen import BoardScreen

__all__ = ["blueprint"]

blueprint = Blueprint("board", __name__)
_NO_ROLE = "To read a cohort, somebody needs the role advisor or lead in it; a steward gives it on the members page."
_STEWARD = f"A steward looks after members, settings and the playbook, and does not read journeys. {_NO_ROLE}"


@blueprint.get("/cohorts/<cohort>")
@needs(Permission.READ_COHORT)
def cohort(cohort: str) -> ResponseReturnValue:
    """Show the board."""
    must_read_cohort(cohort)
    query = BoardQuery.read(cohort, request.args)
    if asked():
        return _as_it_was(query)
    read = Mark.parse(request.args.get("after", "")) if by_itself() else None
    with house().views.read() as db:
        now = _now()
        live = live_cohort(db, cohort, now.date())
        present = Present(db, cohort, house().once.of(live.after.edition))
        screen = _board(db, query, present, now, read)
    kept = kept_filters(query) if screen.page.students else ()
    view = query_of(query)
    save = blank(SaveForm, form="save", query=view) if view else None
    return _page(screen, now, live=live, kept=kept, save=save)


def _board(db: Connection, query: BoardQuery, present: Present, now: datetime, read: Mark | None) -> BoardScreen:
    """Return the board as it stands; an open page that brings itself up to date is told what is new for it."""
    desk, person, today = house().desk, who(), now.date()
    newer = Published(db, present.kept)

    def make(kept: Kept) -> BoardScreen:
        return board_screen(
            db,
            query,
            person,
            names=_names(),
            playbook=(desk.institution().playbook or {}).get("label", ""),
            now=now,
            present=present,
            kept=kept,
            read=read,
            drift=count_drifted(db, present, desk.playbook(), today),
            newer=newer.of_row,
        )

    if read is not None:
        return make(Kept())
    own = person.member_id if query.filters.advisor == ME else ""
    made_from = (own, person.cohorts, today, desk.institution().playbook_digest, newer.known)
    return lasting(query, made_from, present, now, make)


def _page(screen: BoardScreen, at: datetime, **context: Any) -> ResponseReturnValue:
    slider, target = board_slider(screen, at.date(), house().desk.today()), _target(screen.query.cohort)
    context = {"then": None, "live": None, "kept": (), "save": None} | context
    return page("board/cohort.html", screen=screen, as_of=at, slider=slider, target=target, **context)


def _as_it_was(query: BoardQuery) -> ResponseReturnValue:
    """Show the board of an earlier moment."""
    with snapshot(query.cohort) as db:
        moment = then()
        assert moment is not None  # noqa: S101 - for the types: the address was asked above
        content = moment.institution.playbook or {"label": "", "packs": []}
        playbook = moment.playbook
        names = {slug: one.name for slug, one in playbook.specialties.items()} if playbook else {}
        # nothing is kept that today's board is made of: its links lead elsewhere
        screen = board_screen(
            db,
            query,
            who(),
            names=names,
            playbook=content["label"],
            now=moment.at,
            present=Present(db, query.cohort),
            kept=Kept(),
            past=moment.address,
        )
    return _page(screen, moment.at, then=moment)


@blueprint.get("/cohorts/<cohort>/export.csv")
@needs(Permission.EXPORT_COHORT)
def export(cohort: str) -> ResponseReturnValue:
    """Send every row of the board as a file."""
    must_read_cohort(cohort)
    require(who(), Permission.EXPORT_COHORT, _target(cohort))
    text = stream_with_context(_export(BoardQuery.read(cohort, request.args)))
    next(text)  # ask before the first byte is sent: a filter that is not there still becomes a page
    name = f"cohort-{cohort}-{house().desk.today().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _export(query: BoardQuery) -> Iterator[str]:
    filters = query.filters_for(who().member_id)
    names = _names()
    with house().views.read() as db:
        rows = boards.every_row(db, query.cohort, filters=filters, sort=query.sort, today=house().desk.today())
        first = tuple(islice(rows, 1))
        yield ""
        yield from csv_lines(chain(first, rows), names)


@blueprint.get("/cohorts/<int:cycle>/open")
@needs(Permission.IMPORT_ROSTER)
def opening(cycle: int) -> ResponseReturnValue:
    """Show the form that opens a journey."""
    must_read_cohort(str(cycle))
    require(who(), Permission.IMPORT_ROSTER, _target(str(cycle)))
    form = blank(open_form(), match_system="nrmp", match_status="unmatched")
    return page("board/open.html", cycle=cycle, form=form, standing=None)


@blueprint.post("/cohorts/<int:cycle>/open")
@needs(Permission.IMPORT_ROSTER)
def open_one(cycle: int) -> ResponseReturnValue:
    """Open a journey."""
    must_read_cohort(str(cycle))
    require(who(), Permission.IMPORT_ROSTER, _target(str(cycle)))
    form = load(open_form())
    if form.ok and (receipt := opened(cycle, form)):
        url = url_for("journey.sheet", journey_id=receipt.stream)
        return finish(receipt, url, f"The journey of {form.values['name']} is open.")
    return page("board/open.html", 422, cycle=cycle, form=form, standing=already_open(cycle, form))


@blueprint.errorhandler(NotAllowed)
def not_yours(error: NotAllowed) -> ResponseReturnValue:
    """Say whose work it is; to a steward, that journeys are not part of that role."""
    heading, sentence = "This is not yours to do", f"{error}."
    if not who().cohorts:
        heading = "Students' journeys are not part of your role"
        sentence = _STEWARD if may(Permission.MANAGE_MEMBERS) else _NO_ROLE
    return page("errors/page.html", 403, trouble=Trouble(heading=heading, sentence=sentence))


def _target(cohort: str) -> Target:
    return Target(cohort=cohort, advisor=None, team=None)


def _names() -> dict[str, str]:
    return {slug: specialty.name for slug, specialty in house().desk.playbook().specialties.items()}


def _now() -> datetime:
    return house().clock().astimezone(house().desk.institution().zone)
