"""Drift: the decisions of a cohort that would be advised otherwise today, and what moved the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from core.advising.drift import what_moved
from core.decision.evidence import TOP_GRADE
from core.decision.wording import count, together
from core.journey.feedback import ROLES
from core.journey.hold import GATES
from core.journey.inventory import FACTS, show
from core.people.access import Permission
from projections.drift import drifted
from web.edge import house, needs, page, who
from web.journey.weaknesses import KINDS
from web.journey.words import VERDICTS, rule_sentence
from web.live import live_cohort
from web.registers.place import Place, blueprint, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Connection

    from core.decision.drift import Change, Drift
    from core.decision.playbook import Specialty
    from projections.drift import Drifted
    from projections.kept import Kept

__all__ = ["drifted_today"]

#: What moved the rules, and the heading of those decisions.
_CAUSES: Final = {
    "by_facts": "New facts",
    "by_playbook": "New playbook",
    "by_engine": "Another version of the program",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLine:
    """A decision that would be advised otherwise.

    Args:
        row: of the read model.
        decision: what was decided, in words, and `when`.
        facts, rules: what is not as it was: name, before, now.
        also: the other causes that would do it as well, in words.
        then_href: the journey as it stood when it was decided.
    """

    row: Drifted
    decision: str
    when: str
    facts: tuple[tuple[str, str, str], ...]
    rules: tuple[tuple[str, str, str], ...]
    also: str
    then_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftPage:
    """The drifted decisions by what moved the rules; one that both moved alone stands under each."""

    place: Place
    groups: tuple[tuple[str, tuple[DriftLine, ...]], ...]
    total: int


@blueprint.get("/drift")
@needs(Permission.READ_COHORT)
def drift(cohort: str) -> ResponseReturnValue:
    """Show the decisions that would be advised otherwise today."""
    here = place(cohort, "registers.drift")
    with house().views.read() as db:
        live = live_cohort(db, cohort, here.today)
        rows = drifted_today(db, cohort, here.today, house().once.of(live.after.edition))
    moved = what_moved(house().desk, who(), [(row.journey_id, row.version) for row in rows])
    playbook = house().desk.playbook()
    found = [
        (row, playbook.specialty(now.specialty), one)
        for row, (_, now, one) in zip(rows, moved, strict=True)
        if one is not None
    ]
    names = {slug: one.name for slug, one in playbook.specialties.items()}
    groups = tuple(
        (
            heading,
            tuple(
                _line(here, row, dream, one, names=names, under=cause)
                for row, dream, one in found
                if getattr(one, cause)
            ),
        )
        for cause, heading in _CAUSES.items()
    )
    view = DriftPage(place=here, groups=tuple(one for one in groups if one[1]), total=len(found))
    return page("registers/drift.html", view=view, live=live)


def drifted_today(db: Connection, cohort: str, today: date, once: Kept) -> Sequence[Drifted]:
    """Return the drifted decisions of a cohort; a journey that did not change is not evaluated again."""
    playbook = house().desk.playbook()
    return drifted(db, cohort, playbook, today, once(("drift", cohort, playbook.digest, today), dict))


def _line(
    here: Place, row: Drifted, dream: Specialty, one: Drift, *, names: Mapping[str, str], under: str
) -> DriftLine:
    also = [heading.lower() for cause, heading in _CAUSES.items() if cause != under and getattr(one, cause)]
    field = names.get(row.specialty or "", "")
    return DriftLine(
        row=row,
        decision=", ".join(part for part in (GATES[row.kind], field) if part),
        when=here.day(row.decided_on),
        facts=tuple(_fact(change, names) for change in one.facts),
        rules=tuple(_rule(change, dream) for change in one.rules),
        also=together(also) if also else "",
        then_href=url_for("journey.decision", journey_id=row.journey_id, position=row.position),
    )


def _rule(change: Change, field: Specialty) -> tuple[str, str, str]:
    sentence = rule_sentence(change.name, field.short, {one.id: one.sentence for one in field.conditions})
    before, now = (f"{VERDICTS[one[0]]}: {one[1]}" if one else "not a rule" for one in _both(change))
    return f"{sentence} ({change.name})", before, now


def _fact(change: Change, names: Mapping[str, str]) -> tuple[str, str, str]:
    head, _, by = change.name.partition("/")
    if head == "statement":
        before, now = (_statement(one) for one in _both(change))
        return f"What {by} says", before, now
    if head == "weaknesses":
        before, now = (_weaknesses(one) for one in _both(change))
        return "Main weaknesses", before, now
    if head == "specialty":
        return "Dream field", names.get(change.before, change.before), names.get(change.now, change.now)
    before, now = (show(head, one) for one in _both(change))
    return FACTS[head].label, before, now


def _both(change: Change) -> tuple[Any, Any]:
    return change.before, change.now


def _statement(said: tuple[int, str, str, bool | None, date] | None) -> str:
    if said is None:
        return "nothing that stands"
    grade, role, _, trusted, on = said
    mark = {True: ", trusted", False: ", not trusted", None: ""}[trusted]
    return f"{grade} of {TOP_GRADE + 1} ({ROLES.get(role, role)}{mark}), {on:%B} {on.day}, {on.year}"


def _weaknesses(found: Any) -> str:
    if found is None:
        return "not assessed"
    months = [
        f"{KINDS[one.kind].lower()}, {'months not known' if one.months is None else count(one.months, 'month')}"
        for one in found
    ]
    return "; ".join(months) or "none found"
