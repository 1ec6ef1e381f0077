"""The one next thing on a journey: the first of an ordered list of questions that has an answer today.

The order is the product's reading of the playbook: what cannot wait (SOAP), what keeps every gate shut (a dispute),
what a decision needs (WEEK1.inventory, WEEK1.opinions, the facts a rule lacks), the decision itself (PLAN.3.decide),
then what follows from it (the advisor's stance, the plan, the ladder, keeping in touch).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.journey.decisions import relation
from core.journey.hold import GATES, SOAP_KINDS
from core.journey.inventory import FACTS
from core.journey.placements import PLACEMENTS
from web.journey.prompt import NextThing, by, labels, some, standing_path
from web.journey.undecided import UNDECIDED
from web.journey.words import OUTCOMES, called, count, due, lowered, weekday

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from core.journey.milestones import Milestone
    from projections.sheet import JourneySheet, SheetPlacement

__all__ = ["NextThing", "next_thing", "where_it_stands"]

#: A milestone this near comes before keeping in touch, and so long without a word is too long. Our reading.
NEAR_DAYS: Final = 14


def next_thing(sheet: JourneySheet, today: date) -> NextThing:
    """Return the one next thing of a journey on a day."""
    if sheet.erased:
        return NextThing(lead="This record was erased", why="Nothing can be read from it or added to it.")
    if sheet.ended is not None:
        return _arrived(sheet.ended, today)
    decided = standing_path(sheet) is not None
    for asks in (*_ALWAYS, *(_DECIDED if decided else UNDECIDED)):
        found = asks(sheet, today)
        if found is not None:
            return found
    return NextThing(lead="Nothing is due", why="Every milestone of the plan is reached.")


def where_it_stands(sheet: JourneySheet, today: date) -> NextThing:
    """Return how a journey stands, for somebody who only reads it: no task, but whose the next thing is."""
    todo = next_thing(sheet, today)
    if sheet.erased or sheet.ended is not None:
        return todo
    decision, said, first = standing_path(sheet), sheet.recommendation, called(sheet.name)
    if decision is not None:
        lead = f"{first} decided: {lowered(GATES[decision.kind])}"
    else:
        rules = f"The rules say {OUTCOMES[said.outcome]}; " if said else ""
        lead = f"{rules}{first} has not decided yet"
    whose = sheet.advisor_name or "a lead of the cohort"
    why = f"Next for {whose}: {lowered(todo.lead)}."
    return NextThing(lead=lead, why=why, button="Open the decision", endpoint="journey.decision")


def _soap(sheet: JourneySheet, today: date) -> NextThing | None:
    """SOAP runs from the day the status is learned to Match Day: hours, not weeks (playbook, hold vs SOAP)."""
    running = sheet.match_system == "nrmp" and sheet.learned_on <= today <= sheet.match_day
    if not running or any(d.kind in SOAP_KINDS and d.reversed_reason is None for d in sheet.decisions):
        return None
    missing = labels(sheet.gates["soap_take_part"].missing)
    why = f"Its own gate asks first for: {some(missing)}." if missing else "Everything this decision needs is recorded."
    return NextThing(
        lead=f"Decide with {called(sheet.name)} about SOAP by {by(sheet.match_day, today)}",
        why=why,
        button="Open the SOAP decision",
        endpoint="journey.decision",
        values={"_anchor": "soap"},
    )


def _disputed(sheet: JourneySheet, _: date) -> NextThing | None:
    fact = next((f for f in sheet.facts.values() if f.disputed and f.name in FACTS), None)
    if fact is None:
        return None
    says = (fact.disputed or "").rstrip(". ")
    return NextThing(
        lead=f"Resolve the disputed fact: {FACTS[fact.name].label}",
        why=f"{called(sheet.name)} says: “{says}”. Until it is confirmed or corrected, no decision can pass.",
        button="Confirm or correct it",
        endpoint="journey.fact",
        values={"name": fact.name},
    )


def _unassigned(sheet: JourneySheet, _: date) -> NextThing | None:
    if sheet.advisor_id is not None:
        return None
    why = "Nobody follows this journey yet. A lead of the cohort assigns somebody."
    return NextThing(
        lead=f"Give {called(sheet.name)} an advisor", why=why, button="Assign an advisor", endpoint="journey.assign"
    )


def _moved(sheet: JourneySheet, _: date) -> NextThing | None:
    """The rules say something else than when the student decided: nobody should find that out alone."""
    decision, said = standing_path(sheet), sheet.recommendation
    if decision is None or said is None or said.said.version <= decision.said.version:
        return None
    if relation(decision.kind, said.outcome) == decision.relation:
        return None
    first, decided = called(sheet.name), lowered(GATES[decision.kind])
    return NextThing(
        lead=f"Read the new recommendation with {first}: {OUTCOMES[said.outcome]}",
        why=f"It changed after {first} decided to {decided}. The decision stands until they change it.",
        button="Open the decision",
        endpoint="journey.decision",
    )


def _stance(sheet: JourneySheet, _: date) -> NextThing | None:
    decision = standing_path(sheet)
    if decision is None or decision.stance is not None:
        return None
    first = called(sheet.name)
    return NextThing(
        lead=f"Say what you think of {first}'s decision",
        why=f"{first} decided: {lowered(GATES[decision.kind])}. Concurrence or dissent is recorded beside it.",
        button="Concur or differ",
        endpoint="journey.decision",
        values={"_anchor": "stance"},
    )


def _overdue(sheet: JourneySheet, today: date) -> NextThing | None:
    late = [m for m in _open(sheet) if m.due_on < today]
    if not late:
        return None
    more = f" {count(len(late) - 1, 'more milestone')} overdue." if len(late) > 1 else ""
    return NextThing(
        lead=f"{late[0].title}: it was due {by(late[0].due_on, today)}",
        why=f"Mark it as reached, give it another day, or waive it with a reason.{more}",
        button="Open the milestone",
        endpoint="journey.milestone",
        values={"milestone_id": late[0].milestone_id},
    )


def _arrived(last: SheetPlacement, today: date) -> NextThing:
    on = last.said.happened_on or last.said.recorded_at.date()
    when = f"{'as of' if on <= today else 'from'} {weekday(on, today)}"
    return NextThing(
        lead=f"This journey ended: {lowered(PLACEMENTS[last.kind])}, {last.specialty_name}",
        why=f"{last.place}, {when}. Nothing is due any more; what was still planned is neither reached nor missed.",
    )


def _near(sheet: JourneySheet, today: date) -> NextThing | None:
    upcoming = _open(sheet)
    if not upcoming or (upcoming[0].due_on - today).days > NEAR_DAYS:
        return None
    return _upcoming(sheet, today)


def _contact(sheet: JourneySheet, today: date) -> NextThing | None:
    last = sheet.last_contact_on
    if last is not None and (today - last).days <= NEAR_DAYS:
        return None
    spoke = "No conversation is recorded yet." if last is None else f"The last contact was {due(last, today)}."
    return NextThing(
        lead=f"Talk with {called(sheet.name)}", why=spoke, button="Log a contact", endpoint="journey.log_contact"
    )


def _ladder(sheet: JourneySheet, _: date) -> NextThing | None:
    decision = standing_path(sheet)
    if decision is None or decision.kind != "pivot" or sheet.ladder is not None:
        return None
    return NextThing(
        lead=f"Choose a ladder with {called(sheet.name)}",
        why="The field is decided; the ladder says which residency, fellowship and practice it leads to.",
        button="Compare the ladders",
        endpoint="journey.ladders",
    )


def _upcoming(sheet: JourneySheet, today: date) -> NextThing | None:
    upcoming = _open(sheet)
    if not upcoming:
        return None
    first = upcoming[0]
    return NextThing(
        lead=f"{first.title} by {by(first.due_on, today)}",
        why=f"The next milestone of the plan ({first.source}).",
        button="Open the milestone",
        endpoint="journey.milestone",
        values={"milestone_id": first.milestone_id},
    )


def _unplanned(sheet: JourneySheet, _: date) -> NextThing | None:
    return NextThing(
        lead=f"Plan the next milestone with {called(sheet.name)}",
        why="The decision stands, and nothing is planned after it.",
        button="Plan a milestone",
        endpoint="journey.plan_milestone",
    )


def _open(sheet: JourneySheet) -> list[Milestone]:
    """Milestones still to reach, the nearest first; PLAN.3.decide is reached by the decision itself."""
    return sorted((m for m in sheet.milestones if m.status in ("planned", "missed")), key=lambda m: m.due_on)


#: Asked in this order; the first that has an answer is the next thing.
_ALWAYS: Final[tuple[Callable[[JourneySheet, date], NextThing | None], ...]] = (_soap, _disputed, _unassigned)
_DECIDED: Final[tuple[Callable[[JourneySheet, date], NextThing | None], ...]] = (
    _moved,
    _stance,
    _overdue,
    _near,
    _contact,
    _ladder,
    _upcoming,
    _unplanned,
)
