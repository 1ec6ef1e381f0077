"""What comes next while no path is decided: the facts, the opinions, what the rules lack, and then the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.journey.hold import need_label
from core.journey.inventory import FACTS
from web.journey.prompt import NextThing, by, deadline, labels, last_day, milestone_by, some
from web.journey.words import OUTCOMES, called, lowered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from projections.sheet import JourneySheet, SheetOpinion

__all__ = ["UNDECIDED"]


def _inventory(sheet: JourneySheet, today: date) -> NextThing | None:
    missing = [name for name in sheet.gates["pivot"].missing if name in FACTS]
    if not missing:
        return None
    groups = {FACTS[name].group for name in missing}
    one = len(groups) == 1
    return NextThing(
        lead=f"Complete the inventory with {called(sheet.name)}{milestone_by(sheet, 'WEEK1.inventory', today)}",
        why=f"Missing: {some([FACTS[name].label for name in missing])}.{deadline(sheet, today)}",
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
        why=f"It was agreed for {by(first.due_on, today)}. No answer by the agreed day counts as grade 0.",
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
        lead=f"{lead}{milestone_by(sheet, 'WEEK1.opinions', today)}",
        why=why + deadline(sheet, today),
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
        why=f"The rules cannot decide without it.{more}{deadline(sheet, today)}",
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
    lead = {
        "financial_pressure": f"Ask {first} whether another year is a serious money burden",
        "willing_to_move_anywhere": f"Ask {first} whether they would move anywhere",
    }.get(name, f"Record: {lowered(FACTS[name].label)}")
    return lead, "Record it", "journey.record_facts", {"group": FACTS[name].group, "_anchor": f"f-{name}"}


def _statement(sheet: JourneySheet) -> tuple[str, str, str, Mapping[str, str]]:
    given = sheet.recommendation.result["would_decide"] if sheet.recommendation else []
    unmarked = [one["if"]["by"] for one in given if one["fact"] == "statement" and "by" in one["if"]]
    if unmarked:  # ENT, plastics, urology: only what a trusted director says counts (playbook §4)
        lead = f"Ask {called(sheet.name)} whether they trust {unmarked[0]}"
        return lead, "Open the opinions", "journey.opinions", {}
    lead = f"Ask a program director about another try in {lowered(sheet.specialty_name)}"
    return lead, "Ask for an opinion", "journey.ask_opinion", {}


def _waiting(sheet: JourneySheet, today: date) -> NextThing | None:
    pending = sorted(_pending(sheet), key=lambda o: o.due_on or today)
    said = sheet.recommendation
    undecided = said is not None and said.outcome == "INDETERMINATE" and "statement" in said.result["missing"]
    if not pending or not (_lacking(sheet) or undecided):
        return None
    first = pending[0]
    return NextThing(
        lead=f"Wait for {first.by}, until {by(first.due_on, today)}",
        why=f"Asked for an opinion; nothing else is missing.{deadline(sheet, today)}",
        button="Record the answer",
        endpoint="journey.opinions",
        values={"_anchor": first.opinion_id},
    )


def _decide(sheet: JourneySheet, today: date) -> NextThing | None:
    said = sheet.recommendation
    rules = "" if said is None else f"The rules say {OUTCOMES[said.outcome]}. "
    gate = sheet.gates["pivot"]
    why = "Everything a decision needs is recorded." if gate.is_open else f"Missing: {some(labels(gate.missing))}."
    last = last_day(sheet)
    first = called(sheet.name)
    if last is None:
        lead = f"Decide the path with {first}"
    elif last < today:
        lead = f"Decide the path with {first}: it was due {by(last, today)}"
    else:
        lead = f"Decide the path with {first} by {by(last, today)}"
    return NextThing(lead=lead, why=rules + why, button="Open the decision", endpoint="journey.decision")


def _pending(sheet: JourneySheet) -> list[SheetOpinion]:
    return [o for o in sheet.opinions if o.status == "requested"]


def _lacking(sheet: JourneySheet) -> list[str]:
    return [name for name in sheet.gates["pivot"].missing if name.startswith("opinion_")]


def _pd_asked(sheet: JourneySheet) -> bool:
    return any(o.specialty == sheet.specialty and o.role in ("pd", "apd") for o in _pending(sheet))


#: Asked in this order; the first that has an answer is the next thing.
UNDECIDED: Final[tuple[Callable[[JourneySheet, date], NextThing | None], ...]] = (
    _inventory,
    _unanswered,
    _opinions,
    _undecidable,
    _waiting,
    _decide,
)
