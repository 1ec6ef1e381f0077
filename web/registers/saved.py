"""Filters of the board that people keep under a name, for themselves or for everybody who reads the cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from flask import flash, redirect, url_for

from core.errors import InvalidValue
from core.people.access import Permission
from projections import people
from projections.board_filters import narrowed
from web.access.saved_filters import NAME_MAX, SavedFilter
from web.board.query import BoardQuery
from web.edge import house, needs, page, who
from web.registers.place import Place, blueprint, place
from web.schemas import FormSchema, Tick, Words, blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from web.schemas import Form

__all__ = ["Kept", "SaveForm", "kept_filters"]

QUERY_MAX = 2000


class SaveForm(FormSchema):
    """A filter under a name; `query` is the part of the board's address that makes it."""

    name = Words("Name of the filter", longest=NAME_MAX, required=True)
    shared = Tick("Share it with everybody who reads this cohort")
    query = Words("Filter", longest=QUERY_MAX, required=True)


class ChangeForm(FormSchema):
    """Another name, shared or not."""

    name = Words("Name", longest=NAME_MAX, required=True)
    shared = Tick("Shared")


class Nothing(FormSchema):
    """A button and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A filter to choose: its name, its address, and whether it is what the board shows now.

    `owner` is empty for one's own.
    """

    id: str
    name: str
    href: str
    current: bool
    shared: bool
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltersPage:
    """One's own filters, each with the form that changes it and the button that deletes it, and those of others."""

    place: Place
    own: tuple[tuple[Kept, Form, Form], ...]
    others: tuple[Kept, ...]


def kept_filters(query: BoardQuery) -> tuple[Kept, ...]:
    """Return the filters that the person at the page may choose, for a board that shows a view."""
    now = query_of(query)
    return tuple(
        Kept(
            id=one.id,
            name=one.name,
            href=url_for("board.cohort", cohort=one.cohort) + "?" + one.query,
            current=one.query == now,
            shared=one.shared,
            owner="" if one.member_id == who().member_id else one.member_id,
        )
        for one in house().access.saved_filters.for_member(who().member_id, query.cohort)
    )


def query_of(query: BoardQuery) -> str:
    """Return the part of the board's address that makes a view, without the page; empty for everybody by name."""
    return urlsplit(query.href(number=1)).query


@blueprint.get("/filters")
@needs(Permission.READ_COHORT)
def filters(cohort: str) -> ResponseReturnValue:
    """Show the saved filters."""
    return _page(place(cohort), 200)


@blueprint.post("/filters")
@needs(Permission.READ_COHORT)
def save_filter(cohort: str) -> ResponseReturnValue:
    """Keep the filter that the board shows."""
    place(cohort)
    form = load(SaveForm, form="save")
    if form.ok and form.send(lambda: _keep(cohort, form)):
        flash(f"The filter “{form.values['name']}” is saved.", "ok")
        return _to_board(cohort, form.values["query"])
    return page("registers/filter.html", 422, cohort=cohort, form=form)


@blueprint.post("/filters/<filter_id>")
@needs(Permission.READ_COHORT)
def change_filter(cohort: str, filter_id: str) -> ResponseReturnValue:
    """Give a filter another name, share it or take it back."""
    here, form = place(cohort), load(ChangeForm, form=_word(filter_id))

    def change() -> bool:
        house().access.saved_filters.change(who().member_id, cohort, filter_id, **form.values)
        return True

    if form.ok and form.send(change):
        flash(f"The filter “{form.values['name']}” is saved.", "ok")
        return redirect(url_for("registers.filters", cohort=cohort), code=303)
    return _page(here, 422, filter_id, form)


@blueprint.post("/filters/<filter_id>/delete")
@needs(Permission.READ_COHORT)
def delete_filter(cohort: str, filter_id: str) -> ResponseReturnValue:
    """Delete a filter."""
    place(cohort)
    if house().access.saved_filters.delete(who().member_id, [filter_id]):
        flash("The filter is deleted; it changes nothing on any journey.", "ok")
    return redirect(url_for("registers.filters", cohort=cohort), code=303)


def _keep(cohort: str, form: Form) -> bool:
    """Keep a filter; what the board would refuse is not kept.

    Raises:
        InvalidValue: no filter is set, or it is none of the board's.
    """
    read = BoardQuery.read(cohort, dict(parse_qsl(form.values["query"])))
    narrowed(cohort, read.filters_for(who().member_id), house().desk.today())
    query = query_of(read)
    if not query:
        raise InvalidValue("query", form.values["query"], "a filter or an order that is set on the board")
    form.values["query"] = query
    house().access.saved_filters.keep(
        SavedFilter(
            id=form.command_id,
            member_id=who().member_id,
            cohort=cohort,
            shared=form.values["shared"],
            name=form.values["name"],
            query=query,
        )
    )
    return True


def _page(here: Place, status: int, filter_id: str = "", form: Form | None = None) -> ResponseReturnValue:
    kept = kept_filters(BoardQuery.read(here.cohort, {}))
    with house().views.read() as db:
        names = people.names(db)
    own = tuple(
        (
            one,
            form if form and one.id == filter_id else _change_form(one),
            blank(Nothing, form=f"d{_word(one.id)}"),
        )
        for one in kept
        if not one.owner
    )
    others = tuple(
        Kept(
            id=one.id,
            name=one.name,
            href=one.href,
            current=False,
            shared=True,
            owner=names.get(one.owner, "somebody who left"),
        )
        for one in kept
        if one.owner
    )
    return page("registers/filters.html", status, view=FiltersPage(place=here, own=own, others=others))


def _change_form(one: Kept) -> Form:
    return blank(ChangeForm, form=_word(one.id), name=one.name, shared=one.shared)


def _word(filter_id: str) -> str:
    """Return a word for control ids that no other form of the page has."""
    return "f" + "".join(letter for letter in filter_id if letter.isalnum())[:40]


def _to_board(cohort: str, query: str) -> Response:
    return redirect(url_for("board.cohort", cohort=cohort) + "?" + query, code=303)
