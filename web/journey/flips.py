"""What would change a recommendation: two sentences for the student, one to cite, and what each answer decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.journey.inventory import FACTS, show
from web.journey.opinions import dream_director
from web.journey.record import here
from web.journey.weaknesses import KINDS
from web.journey.words import OUTCOMES, count, listed, lowered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.sheet import SheetRecommendation
    from web.journey.record import Record

__all__ = ["Flips", "Gap", "flips", "gaps", "missing_label"]

#: Which other outcome people ask about first.
_WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "PIVOT_NOW": ("REAPPLY", "CONTESTED", "INDETERMINATE"),
    "REAPPLY": ("PIVOT_NOW", "CONTESTED", "INDETERMINATE"),
    "CONTESTED": ("REAPPLY", "PIVOT_NOW", "INDETERMINATE"),
    "INDETERMINATE": ("PIVOT_NOW", "REAPPLY", "CONTESTED"),
}
#: What a champion grade sounds like. Source: playbook §4, champion grade of a statement.
_SAYS: Final = {
    0: "declined to back another try",
    1: "only encouraged you in general",
    2: "said: I would consider you",
    3: "said: do this with us, and the odds are reasonable",
    4: "said: do this with us, and I will support you",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """What would flip a recommendation.

    Args:
        for_student: two sentences.
        to_cite: one sentence with rule, playbook and engine.
        ways: every smallest set of changes: the outcome, and the change in words.
    """

    for_student: tuple[str, str]
    to_cite: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something the rules lack.

    Args:
        label: what it is.
        href: where it is recorded.
        answers: an answer in words, and the outcome that it alone would give.
        advice: only a rule that decides nothing waits for it.
    """

    label: str
    href: str
    answers: tuple[tuple[str, str], ...]
    advice: bool


def flips(record: Record, said: SheetRecommendation) -> Flips:
    """Return what would flip a recommendation."""
    found = said.result["flips"]
    first = next((one for want in _WANTED[said.outcome] for one in found if one["outcome"] == want), None)
    return Flips(
        for_student=_sentences(record, said, first),
        to_cite=_cite(said, first),
        ways=tuple((one["outcome"], listed([_plain(record, each) for each in one["changes"]])) for one in found),
    )


def gaps(record: Record, said: SheetRecommendation) -> tuple[Gap, ...]:
    """Return what the rules lack, each with where to record it and what its answers would decide."""
    return tuple(
        Gap(
            label=missing_label(name, record.field),
            href=_where(record, name),
            answers=tuple(
                (one["words"], OUTCOMES[one["outcome"]]) for one in said.result["would_decide"] if one["fact"] == name
            ),
            advice=name not in said.result["missing"],
        )
        for name in (*said.result["missing"], *_only_advice(record, said))
    )


def _only_advice(record: Record, said: SheetRecommendation) -> list[str]:
    """Return the facts that only a rule waits for that decides nothing (playbook FAQ.blank)."""
    waiting = [name for rule in said.result["rules"] if rule["verdict"] == "missing" for name in rule["facts"]]
    known = {*said.result["missing"], *record.sheet.facts}
    return [name for name in dict.fromkeys(waiting) if name in FACTS and name not in known]


def missing_label(name: str, field: str) -> str:
    """Return what a person reads for something the rules lack."""
    own = {
        "statement": f"What a program director in {field} says about another try",
        "weaknesses": "The main weaknesses and their remedies",
        "weakness_months": "How many months each remedy takes",
    }
    return own.get(name) or FACTS[name].label


def _where(record: Record, name: str) -> str:
    if name == "statement":
        asked = next(
            (one for one in record.sheet.opinions if one.status == "requested" and dream_director(record, one)), None
        )
        return here(record, "receive_opinion", **({"opinion_id": asked.opinion_id} if asked else {}))
    if name in ("weaknesses", "weakness_months"):
        return here(record, "weaknesses")
    return here(record, "record_facts", group=FACTS[name].group, _anchor=f"f-{name}")


def _sentences(record: Record, said: SheetRecommendation, first: Mapping[str, Any] | None) -> tuple[str, str]:
    if said.outcome == "INDETERMINATE":
        names = [lowered(missing_label(name, record.field)) for name in said.result["missing"]]
        return (
            f"The rules cannot say yet, because something is not recorded: {'; '.join(names)}.",
            "That says nothing about you: once it is known, the rules answer.",
        )
    if first is None:
        decided = next((r["why"] for r in said.result["rules"] if r["id"] in said.result["decided_by"]), "")
        return (
            f"The result stands on something that cannot change any more: {decided}.",
            "No change to the rest of the record would make the rules say something else.",
        )
    changes = listed([_plain(record, one) for one in first["changes"]])
    if first["outcome"] == "INDETERMINATE":
        names = [lowered(missing_label(name, record.field)) for name in said.result["missing"] if name != "statement"]
        more = f"To say more they would need: {'; '.join(names)}." if names else "Then they would wait for an answer."
        return f"If {changes}, the rules would no longer say: {OUTCOMES[said.outcome]}.", more
    others = sum(one["outcome"] == first["outcome"] for one in said.result["flips"]) - 1
    second = f"There {'is' if others == 1 else 'are'} {count(others, 'more way')} of the same size, listed below."
    alone = "No smaller change gives another result."
    return f"If {changes}, the rules would say: {OUTCOMES[first['outcome']]}.", second if others else alone


def _cite(said: SheetRecommendation, first: Mapping[str, Any] | None) -> str:
    undecided = said.outcome == "INDETERMINATE"
    decided = ", ".join(said.result["decided_by"]) or ("no rule yet" if undecided else "every condition together")
    words = first["words"] if first else "no set of changes gives another result"
    source = f"Evidence up to event {said.evidence_version}, rules {said.engine}."
    return f"{said.outcome}, decided by {decided}; {words}. {source}"


def _plain(record: Record, change: Mapping[str, Any]) -> str:
    """Return one change as part of a sentence to the student."""
    head, _, tail = change["fact"].partition("/")
    by, _, part = tail.rpartition("/")
    before, to = change["from"], change["to"]
    if head == "weaknesses":
        held = record.sheet.weaknesses.weaknesses if record.sheet.weaknesses else ()
        index = int(by)
        kind = KINDS[held[index].kind].lower() if index < len(held) else "one weakness"
        return f"the remedy for {kind} took {count(to, 'month')} instead of {before}"
    if head == "statements":
        if part == "champion_grade":
            return f"{by} {_SAYS[to]}"
        if part == "saw_full_file":
            return f"{by} had {'' if to else 'not '}seen your full file"
        return f"you {'trusted' if to else 'did not trust'} the word of {by}"
    own = {
        ("financial_pressure", True): "another year were a serious money burden",
        ("financial_pressure", False): "another year were no serious money burden",
        ("willing_to_move_anywhere", True): "you were willing to move anywhere",
        ("willing_to_move_anywhere", False): "you were not willing to move anywhere",
    }
    plain = own.get((head, to))
    return plain or f"{lowered(FACTS[head].label)} were {show(head, to)} instead of {show(head, before)}"
