"""Hand-over: a lead ticks journeys on a filtered list, chooses who takes over, looks at it once more, and confirms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import request, url_for
from marshmallow import ValidationError

from core.advising import handover
from core.advising.handover import HANDED_MAX, NOTE_MAX, Handed, HandOver
from core.decision.wording import count
from core.people.access import Permission, require
from projections import board as boards
from projections import overview, people
from web.board import choices
from web.board.query import ME, BoardQuery
from web.edge import finish, house, needs, page, who
from web.registers.place import Place, blueprint, place
from web.schemas import Choice, Choices, FormSchema, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from core.advising.handover import HandedOver, Kept
    from projections.board import BoardRow
    from projections.overview import Holder
    from web.board.choices import Chosen, Select
    from web.schemas import Form

__all__: list[str] = []


class Ticked(Choices):
    """Journeys that were ticked, each with the advisor who had it on the page: "<id> <advisor>"."""

    def __init__(self) -> None:
        super().__init__("Students", (), required=True)
        self.allowed = f"1 to {HANDED_MAX} students"
        self.error_messages["required"] = f"Nobody is ticked: {self.allowed} can be handed over at once."

    def read(self, value: Any) -> list[Handed]:  # type: ignore[override] # what the command takes
        """Return the journeys."""
        if not 1 <= len(value) <= HANDED_MAX:
            raise ValidationError(f"{len(value)} are ticked: {self.allowed} can be handed over at once.")
        return [self._one(text) for text in value]

    def _one(self, text: str) -> Handed:
        journey, _, holder = text.partition(" ")
        try:
            return Handed(journey_id=UUID(journey), holder=holder or None)
        except ValueError:
            raise self.wrong(text) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A student on the list: the value of the tick, and what a lead wants to see beside it."""

    value: str
    ticked: bool
    row: BoardRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """The list to choose from.

    Args:
        place: the cohort.
        query: the filters, as on the board.
        lines: those who fit them, at most `HANDED_MAX`.
        total: how many fit.
        selects: filters to choose from.
        chosen: the filters that are set.
        every: address of the same list with everybody ticked.
        form: who takes over, and the note.
    """

    place: Place
    query: BoardQuery
    lines: tuple[Line, ...]
    total: int
    selects: tuple[Select, ...]
    chosen: tuple[Chosen, ...]
    every: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """What will happen.

    Args:
        place: the cohort.
        advisor: name of who takes over.
        moving: students that will be handed over.
        staying: students who have this advisor already.
        holders: who has them now, with how many.
        form: everything, to be confirmed.
        back: address of the list; `send` that of the confirmed hand-over.
    """

    place: Place
    advisor: str
    moving: tuple[Holder, ...]
    staying: tuple[Holder, ...]
    holders: str
    form: Form
    back: str
    send: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftPage:
    """What could not be handed over, with a form that tries it again.

    Args:
        place: the cohort.
        advisor: name of who takes over.
        done: how many were handed over.
        already: how many had this advisor.
        kept: name, address and reason of each that stays.
        form: the same once more, for those.
    """

    place: Place
    advisor: str
    done: int
    already: int
    kept: tuple[tuple[str, str, str], ...]
    form: Form


@blueprint.get("/hand-over")
@needs(Permission.ASSIGN_ADVISOR)
def hand_over(cohort: str) -> ResponseReturnValue:
    """Show the list to choose from."""
    here = _led(cohort)
    return _choose(here, 200, None)


@blueprint.post("/hand-over")
@needs(Permission.ASSIGN_ADVISOR)
def preview(cohort: str) -> ResponseReturnValue:
    """Show what would happen; nothing is written."""
    here = _led(cohort)
    with house().views.read() as db:
        form = load(_form(db, cohort))
        rows = overview.holders(db, cohort, _ids(form.values["journeys"])) if form.ok else ()
    if not rows:
        if form.ok:
            form.errors["journeys"] = "None of them is in this cohort any more: choose again."
        return _choose(here, 422, form)
    advisor = form.values["advisor_id"]
    moving = tuple(row for row in rows if row.advisor_id != advisor)
    holders: dict[str, int] = {}
    for row in moving:
        holders[row.advisor_name or "nobody"] = holders.get(row.advisor_name or "nobody", 0) + 1
    view = PreviewPage(
        place=here,
        advisor=dict(form.options["advisor_id"])[advisor],
        moving=moving,
        staying=tuple(row for row in rows if row.advisor_id == advisor),
        holders=", ".join(f"{name} ({number})" for name, number in holders.items()),
        form=form,
        back=_href(cohort, "registers.hand_over"),
        send=_href(cohort, "registers.handed_over"),
    )
    return page("registers/hand_over_preview.html", view=view)


@blueprint.post("/hand-over/done")
@needs(Permission.ASSIGN_ADVISOR)
def handed_over(cohort: str) -> ResponseReturnValue:
    """Hand the journeys over, and say what came of it."""
    here = _led(cohort)
    with house().views.read() as db:
        form = load(_form(db, cohort))
    if not form.ok:
        return _choose(here, 422, form)
    values = form.values
    command = HandOver(
        command_id=form.command_id,
        cohort=cohort,
        journeys=tuple(values["journeys"]),
        advisor_id=values["advisor_id"],
        note=values["note"],
    )
    done = form.send(lambda: handover.hand_over(house().desk, who(), command))
    if done is None:
        return _choose(here, 422, form)
    if done.kept or done.receipt is None:
        return _left(here, form, done)
    name = dict(form.options["advisor_id"])[command.advisor_id]
    more = f"; {count(len(done.already), 'student')} had that advisor already" if done.already else ""
    advisor = ME if command.advisor_id == who().member_id else command.advisor_id
    url = url_for("board.cohort", cohort=cohort, advisor=advisor)
    return finish(done.receipt, url, f"{count(len(done.done), 'student')} handed over to {name}{more}.")


def _led(cohort: str) -> Place:
    here = place(cohort)
    require(who(), Permission.ASSIGN_ADVISOR, here.target)
    return here


def _form(db: Connection, cohort: str) -> type[FormSchema]:
    team = {str(one.member_id): one.name for one in people.advisors(db, cohort)}
    made: type[FormSchema] = FormSchema.from_dict(  # type: ignore[assignment] # a subclass of ours
        {
            "journeys": Ticked(),
            "advisor_id": Choice("Who takes over", team, required=True),
            "note": Words("What they need to know", longest=NOTE_MAX, required=True),
        }
    )
    return made


def _choose(here: Place, status: int, form: Form | None) -> ResponseReturnValue:
    query = BoardQuery.read(here.cohort, request.args)
    filters = query.filters_for(who().member_id)
    ticked: list[str] = form.typed["journeys"] or [] if form else []
    with house().views.read() as db:
        found = boards.page(db, here.cohort, filters=filters, sort=query.sort, today=here.today)
        rows = boards.every_row(db, here.cohort, filters=filters, sort=query.sort, today=here.today)
        every = request.args.get("all") == "1"
        lines = tuple(_line(row, ticked, every=every) for row in islice(rows, HANDED_MAX))
        schema = _form(db, here.cohort)
        selects = choices.selects(query, found)
        chosen = choices.chosen(db, query, who(), selects, here.today, count=False)
    view = ChoosePage(
        place=here,
        query=query,
        lines=lines,
        total=found.total,
        selects=selects,
        chosen=chosen,
        every=query.href("registers.hand_over") + ("&" if query.active else "?") + "all=1",
        form=form or blank(schema),
    )
    return page("registers/hand_over.html", status, view=view)


def _line(row: BoardRow, ticked: list[str], *, every: bool) -> Line:
    value = _tick(row)
    return Line(value=value, ticked=every or value in ticked, row=row)


def _tick(row: BoardRow | Holder) -> str:
    return f"{row.journey_id} {row.advisor_id or ''}".strip()


def _ids(journeys: Iterable[Handed]) -> list[UUID]:
    return [one.journey_id for one in journeys]


def _left(here: Place, form: Form, done: HandedOver) -> ResponseReturnValue:
    """Say what stays where it is; what was done is done, and the rest can be tried again."""
    if done.receipt is not None:
        house().runner.poke()
        house().runner.wait_for(done.receipt.position)
    with house().views.read() as db:
        rows = {row.journey_id: row for row in overview.holders(db, here.cohort, _ids(one.handed for one in done.kept))}
    form.typed["journeys"] = [_tick(row) for row in rows.values()]  # with the advisor they have now
    view = LeftPage(
        place=here,
        advisor=dict(form.options["advisor_id"])[form.values["advisor_id"]],
        done=len(done.done),
        already=len(done.already),
        kept=tuple(_stays(one, rows.get(one.handed.journey_id)) for one in done.kept),
        form=form,
    )
    return page("registers/hand_over_left.html", 409 if done.kept else 200, view=view)


def _stays(kept: Kept, row: Holder | None) -> tuple[str, str, str]:
    if row is None:
        return "A record that is not in this cohort any more", "", kept.reason
    return row.name, url_for("journey.sheet", journey_id=row.journey_id), kept.reason


def _href(cohort: str, endpoint: str) -> str:
    """Return an address with the filters of the list, so that the way back leads to the same one."""
    return BoardQuery.read(cohort, request.args).href(endpoint)
