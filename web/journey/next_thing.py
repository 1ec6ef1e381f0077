"""The one next thing on a journey: the first of an ordered list of questions that has an answer today.

The order is the product's reading of the playbook: what cannot wait (SOAP), what keeps every gate shut (a dispute), what
a decision needs (WEEK1.inventory, WEEK1.opinions, the facts a rule lacks), the decision itself (PLAN.3.decide), then
what follows from it (the advisor's stance, the plan, the ladder, keeping in touch).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.journey.decisions import relation
from core.journey.hold import GATES, PATH_KINDS, SOAP_KINDS, need_label
from core.journey.inventory import FACTS
from web.journey.words import OUTCOMES, called, count, due, listed, weekday

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from core.journey.milestones import Milestone
    from projections.sheet import JourneySheet, SheetDecision, SheetOpinion

__all__ = ["NextThing", "next_thing", "standing_path"]

#: A milestone this near comes before keeping in touch, and so long without a word is too long. Our reading.
NEAR_DAYS: Final = 14
#: Within so many days the deadline of the path decision is named with everything that stands before it.
DEADLINE_DAYS: Final = 14
_NAMED_MAX: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NextThing:
    """What to do, why, and where.

    Args:
        lead: the thing, in one sentence.
        why: what stands behind it.
        button: what the link says; empty = there is nothing to open.
        endpoint: of the page where it is done.
        values: of the address, beside the journey's id.
    """

    lead: str
    why: str = ""
    button: str = ""
    endpoint: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def next_thing(sheet: JourneySheet, today: date) -> NextThing:
    """Return the one next thing of a journey on a day."""
    if sheet.erased:
        return NextThing(lead="This record was erased", why="Nothing can be read from it or added to it.")
    decided = standing_path(sheet) is not None
    for asks in (*_ALWAYS, *(_AFTER if decided else _BEFORE)):
        found = asks(sheet, today)
        if found is not None:
            return found
    return NextThing(lead="Nothing is due", why="Every milestone of the plan is reached.")


def standing_path(sheet: JourneySheet) -> SheetDecision | None:
    """Return the path decision that stands, if one does."""
    return next((d for d in sheet.decisions if d.kind in PATH_KINDS and d.reversed_reason is None), None)


def _soap(sheet: JourneySheet, today: date) -> NextThing | None:
    """SOAP runs from the day the status is learned to Match Day: hours, not weeks (playbook, hold vs SOAP)."""
    running = sheet.match_system == "nrmp" and sheet.learned_on <= today <= sheet.match_day
    if not running or any(d.kind in SOAP_KINDS and d.reversed_reason is None for d in sheet.decisions):
        return None
    missing = [need_label(name) for name in sheet.gates["soap_take_part"].missing]
    why = (
        f"Its own gate asks first for: {_some(missing)}." if missing else "Everything this decision needs is recorded."
    )
    return NextThing(
        lead=f"Decide with {called(sheet.name)} about SOAP by {_by(sheet.match_day, today)}",
        why=why,
        button="Open the SOAP decision",
        endpoint="journey.decision",
        values={"_anchor": "soap"},
    )


def _disputed(sheet: JourneySheet, _: date) -> NextThing | None:
    fact = next((f for f in sheet.facts.values() if f.disputed is not None), None)
    if fact is None:
        return None
    return NextThing(
        lead=f"Resolve the disputed fact: {FACTS[fact.name].label}",
        why=f"{called(sheet.name)} says: “{fact.disputed}”. Until it is confirmed or corrected, no decision can pass.",
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


def _inventory(sheet: JourneySheet, today: date) -> NextThing | None:
    missing = [name for name in sheet.gates["pivot"].missing if name in FACTS]
    if not missing:
        return None
    groups = {FACTS[name].group for name in missing}
    one = len(groups) == 1
    return NextThing(
        lead=f"Complete the inventory with {called(sheet.name)}{_milestone_by(sheet, 'WEEK1.inventory', today)}",
        why=f"Missing: {_some([FACTS[name].label for name in missing])}.{_deadline(sheet, today)}",
        button="Record the facts",
        endpoint="journey.record_facts" if one else "journey.inventory",
        values={"group": groups.pop()} if one else {},
    )


def _unanswered(sheet: JourneySheet, today: date) -> NextThing | None:
    late = [o for o in _pending(sheet) if o.due_on is not None and o.due_on < today]
    if not late or not _lacking(sheet):
        return None
    first = late[0]
    return NextThing(
        lead=f"Ask {first.by} again, or record that no answer came",
        why=f"It was agreed for {_by(first.due_on, today)}. No answer by the agreed day counts as grade 0.",
        button="Open the opinions",
        endpoint="journey.opinions",
        values={"_anchor": first.opinion_id},
    )


def _opinions(sheet: JourneySheet, today: date) -> NextThing | None:
    """WEEK1.opinions: one of the dream field, one of a program director in a related field."""
    asked = {
        "opinion_dream_field" if o.specialty == sheet.specialty else "opinion_related_field" for o in _pending(sheet)
    }
    to_ask = [need for need in _lacking(sheet) if need not in asked]
    if not to_ask:
        return None
    lead = "Ask for two outside opinions" if len(to_ask) > 1 else f"Ask for {need_label(to_ask[0])}"
    why = f"Two are needed, from different people outside the advising team; {sheet.opinions_counted} of 2 so far."
    return NextThing(
        lead=f"{lead}{_milestone_by(sheet, 'WEEK1.opinions', today)}",
        why=why + _deadline(sheet, today),
        button="Ask for an opinion",
        endpoint="journey.ask_opinion",
    )


def _undecidable(sheet: JourneySheet, today: date) -> NextThing | None:
    said = sheet.recommendation
    if said is None or said.outcome != "INDETERMINATE":
        return None
    names = [name for name in said.result["missing"] if name != "statement" or not _pd_asked(sheet)]
    if not names:
        return None
    lead, button, endpoint, values = _missing(sheet, names[0])
    more = f" Missing in all: {len(names)}." if len(names) > 1 else ""
    return NextThing(
        lead=lead,
        why=f"The rules cannot decide without it.{more}{_deadline(sheet, today)}",
        button=button,
        endpoint=endpoint,
        values=values,
    )


def _missing(sheet: JourneySheet, name: str) -> tuple[str, str, str, Mapping[str, str]]:
    """Return what to do about one thing the rules lack: the sentence, the button, and where."""
    first = called(sheet.name)
    if name == "statement":
        return _statement(sheet)
    if name == "weaknesses":
        return f"Assess the main weaknesses with {first}", "Assess them", "journey.weaknesses", {}
    if name == "weakness_months":
        return "Find out how long each remedy takes", "Open the weaknesses", "journey.weaknesses", {}
    kind = FACTS[name]
    asks = f"Ask {first}" if kind.students_own else "Record"
    values = {"group": kind.group, "_anchor": f"f-{name}"}
    return f"{asks}: {kind.label[0].lower()}{kind.label[1:]}", "Record it", "journey.record_facts", values


def _statement(sheet: JourneySheet) -> tuple[str, str, str, Mapping[str, str]]:
    given = sheet.recommendation.result["would_decide"] if sheet.recommendation else []
    unmarked = [one["if"]["by"] for one in given if one["fact"] == "statement" and "by" in one["if"]]
    if unmarked:  # ENT, plastics, urology: only what a trusted director says counts (playbook §4)
        lead = f"Ask {called(sheet.name)} whether they trust {unmarked[0]}"
        return lead, "Open the opinions", "journey.opinions", {}
    lead = f"Ask a program director about another try in {_lower(sheet.specialty_name)}"
    return lead, "Ask for an opinion", "journey.ask_opinion", {}


def _waiting(sheet: JourneySheet, today: date) -> NextThing | None:
    pending = sorted(_pending(sheet), key=lambda o: o.due_on or today)
    if not pending or not _lacking(sheet):
        return None
    first = pending[0]
    return NextThing(
        lead=f"Wait for {first.by}, until {_by(first.due_on, today)}",
        why=f"Asked for an opinion; nothing else is missing.{_deadline(sheet, today)}",
        button="Record the answer",
        endpoint="journey.opinions",
        values={"_anchor": first.opinion_id},
    )


def _decide(sheet: JourneySheet, today: date) -> NextThing | None:
    said = sheet.recommendation
    rules = "" if said is None else f"The rules say {OUTCOMES[said.outcome]}. "
    gate = sheet.gates["pivot"]
    why = "Everything a decision needs is recorded." if gate.is_open else f"Missing: {_some(_labels(gate.missing))}."
    last = _last_day(sheet)
    first = called(sheet.name)
    if last is None:
        lead = f"Decide the path with {first}"
    elif last < today:
        lead = f"Decide the path with {first}: it was due {_by(last, today)}"
    else:
        lead = f"Decide the path with {first} by {_by(last, today)}"
    return NextThing(lead=lead, why=rules + why, button="Open the decision", endpoint="journey.decision")


def _moved(sheet: JourneySheet, _: date) -> NextThing | None:
    """The rules say something else than when the student decided: nobody should find that out alone."""
    decision, said = standing_path(sheet), sheet.recommendation
    if decision is None or said is None or said.said.version <= decision.said.version:
        return None
    if relation(decision.kind, said.outcome) == decision.relation:
        return None
    first = called(sheet.name)
    return NextThing(
        lead=f"Read the new recommendation with {first}: {OUTCOMES[said.outcome]}",
        why=f"It changed after {first} decided ({_lower(GATES[decision.kind])}). The decision stands until {first} changes it.",
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
        why=f"{first} decided: {_lower(GATES[decision.kind])}. Concurrence or dissent is recorded beside it.",
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
        lead=f"{late[0].title}: it was due {_by(late[0].due_on, today)}",
        why=f"Mark it as reached, give it another day, or waive it with a reason.{more}",
        button="Open the milestone",
        endpoint="journey.milestone",
        values={"milestone_id": late[0].milestone_id},
    )


def _arrived(sheet: JourneySheet, today: date) -> NextThing | None:
    if not sheet.placements or sheet.placements[-1].kind != "practice" or _open(sheet):
        return None
    last = sheet.placements[-1]
    on = last.said.happened_on or last.said.recorded_at.date()
    return NextThing(lead="Nothing is due", why=f"In practice since {weekday(on, today)}: {last.place}.")


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
        lead=f"{first.title} by {_by(first.due_on, today)}",
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


def _pending(sheet: JourneySheet) -> list[SheetOpinion]:
    return [o for o in sheet.opinions if o.status == "requested"]


def _lacking(sheet: JourneySheet) -> list[str]:
    return [name for name in sheet.gates["pivot"].missing if name.startswith("opinion_")]


def _pd_asked(sheet: JourneySheet) -> bool:
    return any(o.specialty == sheet.specialty and o.role in ("pd", "apd") for o in _pending(sheet))


def _last_day(sheet: JourneySheet) -> date | None:
    return next((m.due_on for m in sheet.milestones if m.code == "PLAN.3.decide"), None)


def _deadline(sheet: JourneySheet, today: date) -> str:
    last = _last_day(sheet)
    if last is None or (last - today).days > DEADLINE_DAYS:
        return ""
    verb = "was" if last < today else "is"
    return f" The path {verb} to be decided by {_by(last, today)}."


def _milestone_by(sheet: JourneySheet, code: str, today: date) -> str:
    on = next((m.due_on for m in sheet.milestones if m.code == code and m.status == "planned"), None)
    return f" by {_by(on, today)}" if on is not None and on >= today else ""


def _by(on: date | None, today: date) -> str:
    return "" if on is None else f"{weekday(on, today)}, {due(on, today)}"


def _labels(names: tuple[str, ...]) -> list[str]:
    return [need_label(name) for name in names]


def _some(parts: list[str]) -> str:
    """Return the first three by name, and how many more."""
    named = [_lower(part) for part in parts[:_NAMED_MAX]]
    more = len(parts) - len(named)
    return f"{', '.join(named)} and {more} more" if more else listed(named)


def _lower(label: str) -> str:
    """Return a label within a sentence; "COMLEX" and "Step 2" keep their capitals."""
    keeps = label[1:2].isupper() or label.startswith(("Step ", "SOAP"))
    return label if keeps else label[:1].lower() + label[1:]


_ALWAYS: Final[tuple[Callable[[JourneySheet, date], NextThing | None], ...]] = (_soap, _disputed, _unassigned)
_BEFORE: Final[tuple[Callable[[JourneySheet, date], NextThing | None], ...]] = (
    _inventory,
    _unanswered,
    _opinions,
    _undecidable,
    _waiting,
    _decide,
)
_AFTER: Final[tuple[Callable[[JourneySheet, date], NextThing | None], ...]] = (
    _moved,
    _stance,
    _overdue,
    _arrived,
    _near,
    _contact,
    _ladder,
    _upcoming,
    _unplanned,
)
