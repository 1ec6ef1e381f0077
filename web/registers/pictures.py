"""The cohort in two more pictures: where the walks through the tree ended, and which ladders were chosen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for
from markupsafe import Markup

from core.ladders import ladders_for
from core.people.access import Permission
from projections import board as boards
from projections import overview
from web.board import choices
from web.board.query import BoardQuery
from web.edge import house, needs, page, who
from web.ladders import pay_words, source_words, stages_of
from web.live import live_cohort
from web.pictures.climbs import Climb, ClimbsPicture, climbs
from web.pictures.cohort_tree import CohortStep, CohortTree, Group, cohort_tree
from web.pictures.flow import people
from web.registers.place import Place, blueprint, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from projections.overview import EndCount, LadderCount
    from web.board.choices import Chosen

__all__: list[str] = []

#: Each question of the tree for a whole cohort, where each student has a field of their own. Source: playbook §4, TREE.
_QUESTIONS: Final = {
    "interviews": "Enough interview offers?",
    "pd": "Does a program director of the field say reapply?",
    "fixable": "Main weaknesses fixable in time?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePage:
    """The tree of a cohort.

    Args:
        place: the cohort.
        query: the view of the board that it is of.
        chosen: the filters that are set.
        picture: empty while nobody has a recommendation.
        waiting: who has no recommendation yet, and the way to them.
    """

    place: Place
    query: BoardQuery
    chosen: tuple[Chosen, ...]
    picture: Markup
    waiting: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLadders:
    """The ladders of one dream field.

    Args:
        name: of the field; `href` leads to all its ladders.
        picture: the ladders that were chosen; empty where none is.
        chosen: title and students of each ladder that was chosen.
        gone: those of them that the playbook in force does not name any more.
        open: who decided to pivot and has chosen no ladder yet.
        unchosen: titles of the ladders that nobody chose.
    """

    name: str
    href: str
    picture: Markup
    chosen: tuple[tuple[str, Group], ...]
    gone: tuple[str, ...]
    open: Group
    unchosen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaddersPage:
    """The ladders of a cohort, by dream field."""

    place: Place
    query: BoardQuery
    chosen: tuple[Chosen, ...]
    fields: tuple[FieldLadders, ...]


@blueprint.get("/tree")
@needs(Permission.READ_COHORT)
def tree(cohort: str) -> ResponseReturnValue:
    """Show where the walks through the tree ended."""
    here, query = place(cohort, "registers.tree"), BoardQuery.read(cohort, request.args)
    with house().views.read() as db:
        counts = overview.ends(db, cohort, query.filters_for(who().member_id), here.today)
        chosen = _chosen(db, query, here)
        live = live_cohort(db, cohort, here.today)
    drawn = _tree(query, counts)
    waiting = _group(query, counts, end=None, recommendation=...)
    view = TreePage(place=here, query=query, chosen=chosen, picture=cohort_tree(drawn), waiting=waiting)
    return page("registers/tree.html", view=view, live=live)


@blueprint.get("/ladders")
@needs(Permission.READ_COHORT)
def ladders(cohort: str) -> ResponseReturnValue:
    """Show which ladders were chosen."""
    here, query = place(cohort, "registers.ladders"), BoardQuery.read(cohort, request.args)
    with house().views.read() as db:
        counts = overview.ladders(db, cohort, query.filters_for(who().member_id), here.today)
        chosen = _chosen(db, query, here)
        live = live_cohort(db, cohort, here.today)
    content = house().desk.institution().playbook or {"packs": []}
    by_field: dict[str, list[LadderCount]] = defaultdict(list)
    for one in counts:
        by_field[one.specialty].append(one)
    fields = (_field(query, slug, found, content, number) for number, (slug, found) in enumerate(by_field.items()))
    shown = tuple(one for one in fields if one.chosen or one.open.students)
    view = LaddersPage(place=here, query=query, chosen=chosen, fields=shown)
    return page("registers/ladders.html", view=view, live=live)


def _chosen(db: Connection, query: BoardQuery, here: Place) -> tuple[Chosen, ...]:
    if not query.active:
        return ()
    found = boards.page(db, query.cohort, filters=query.filters_for(who().member_id), today=here.today)
    return choices.chosen(db, query, who(), choices.selects(query, found), here.today, count=False)


def _tree(query: BoardQuery, counts: Sequence[EndCount]) -> CohortTree:
    def group(end: Any, recommendation: Any = ...) -> Group:
        return _group(query, counts, end=end, recommendation=recommendation)

    through = "fixable-yes"
    reapply, contested = group(through, "REAPPLY"), group(through, "CONTESTED")
    rest = group(through).students - reapply.students - contested.students
    return CohortTree(
        prefix="tree",
        steps=tuple(
            CohortStep(question=question, no=group(f"{node}-no"), unknown=group(f"{node}-missing"))
            for node, question in _QUESTIONS.items()
        ),
        reapply=reapply,
        contested=contested,
        beside=Group(students=rest, href=query.href(end=through) if rest else ""),
        pivot=group(..., "PIVOT_NOW"),
    )


def _group(query: BoardQuery, counts: Sequence[EndCount], *, end: Any, recommendation: Any) -> Group:
    """Return those who ended somewhere and were told something; `...` is anywhere or anything."""
    students = sum(
        one.students
        for one in counts
        if (end is ... or one.end == end) and (recommendation is ... or one.recommendation == recommendation)
    )
    wanted = ({} if end is ... else {"end": end or "none"}) | (
        {} if recommendation is ... else {"recommendation": recommendation}
    )
    return Group(students=students, href=query.href(**wanted) if students else "")


def _field(
    query: BoardQuery, slug: str, counts: Sequence[LadderCount], content: Mapping[str, Any], number: int
) -> FieldLadders:
    known = {one.id: one for one in ladders_for(content, slug)}
    chosen = {one.ladder: one.students for one in counts if one.ladder}
    pivoting = sum(one.pivoting for one in counts if one.ladder is None)

    def those(students: int, **wanted: str) -> Group:
        return Group(students=students, href=query.href(specialty=slug, **wanted) if students else "")

    drawn = tuple(
        Climb(
            title=known[ladder].title,
            stages=stages_of(known[ladder]),
            pay=pay_words(known[ladder].pay),
            pay_source=source_words(known[ladder].pay),
            slot=_people(those(students, ladder=ladder)),
        )
        for ladder, students in chosen.items()
        if ladder in known
    )
    name = counts[0].specialty_name
    reading = "Doors say how often the way is open, not how good anyone is."
    title = f"Ladders chosen: {name}"
    picture = ClimbsPicture(prefix=f"climbs{number}", climbs=drawn, title=title, reading=reading, level=3)
    return FieldLadders(
        name=name,
        href=url_for("explorer.field", specialty=slug) if known else "",
        picture=climbs(picture) if drawn else Markup(),
        chosen=tuple(
            (known[ladder].title if ladder in known else ladder, those(students, ladder=ladder))
            for ladder, students in chosen.items()
        ),
        gone=tuple(ladder for ladder in chosen if ladder not in known),
        open=those(pivoting, ladder="none", path="pivot"),
        unchosen=tuple(one.title for one in known.values() if one.id not in chosen),
    )


def _people(those: Group) -> Markup:
    return Markup('<p><b><a href="{}">{}</a></b> chose it</p>').format(those.href, people(those.students))
