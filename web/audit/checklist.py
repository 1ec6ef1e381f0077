"""The checklist of a decision, computed from its record: what an auditor would otherwise gather by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

from core.decision.wording import count
from core.journey.hold import NEEDS, PATH_KINDS
from web.journey.words import listed
from web.packet.explain import compare

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Check", "checklist"]

_TOLD: Final = 4  # events named in a line; the rest is counted, the record has all of it
_KNOWLEDGE: Final = ("assessment.fact", "assessment.weaknesses", "feedback.opinion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the checklist.

    Args:
        about: as a finding would name it.
        question: what is asked.
        state: fine; look = somebody should look at it; none = not asked of this decision.
        words: the answer.
    """

    about: str
    question: str
    state: Literal["fine", "look", "none"]
    words: str


def checklist(packet: Mapping[str, Any]) -> tuple[Check, ...]:
    """Return every line of the checklist of a decision.

    Args:
        packet: the record of a decision (`web.packet.build.packet_of`).
    """
    decision = packet["decision"]
    path = decision["kind"] in PATH_KINDS
    return (
        _inventory(packet),
        _opinions(packet, asked=path),
        _gate(decision),
        _disputed(packet),
        _reason(decision),
        _plan(packet),
        _stance(decision),
        _rules(packet),
        _later(packet),
    )


def _check(about: str, question: str, words: str, *, fine: bool | None) -> Check:
    return Check(about=about, question=question, words=words, state="none" if fine is None else _STATES[fine])


_STATES: Final[Mapping[bool, Literal["fine", "look"]]] = {True: "fine", False: "look"}


def _inventory(packet: Mapping[str, Any]) -> Check:
    gate = packet["known"]["gate"]
    others = set(NEEDS.values())
    known = [one for one in gate["known"] if one not in others]
    missing = [one for one in gate["missing"] if one not in others]
    words = f"All {len(known)} facts that the decision needs were recorded."
    return _check(
        "inventory",
        "Was the inventory complete?",
        f"Missing: {listed(missing)}." if missing else words,
        fine=not missing,
    )


def _opinions(packet: Mapping[str, Any], *, asked: bool) -> Check:
    question = "Were there two outside opinions, and by whom?"
    heard: dict[str, list[str]] = {"dream field": [], "related field": []}
    for one in packet["known"]["opinions"]:
        if one["counts_as"]:
            told = f"{one['from']} ({one['role'].lower()}, {one['specialty_name']})"
            heard[one["counts_as"]].append(told)
    words = "; ".join(f"{kind}: {listed(who) if who else 'nobody'}" for kind, who in heard.items())
    if not asked:
        return _check("opinions", question, "A decision of SOAP week does not wait for them.", fine=None)
    people = {one["from"].casefold() for one in packet["known"]["opinions"] if one["counts_as"]}
    return _check(
        "opinions", question, f"{words[:1].upper()}{words[1:]}.", fine=all(heard.values()) and len(people) > 1
    )


def _gate(decision: Mapping[str, Any]) -> Check:
    question = "Was the gate passed or opened by hand?"
    told = [f"opened by {one['by']}: {one['label'].lower()}; “{one['text']}”" for one in decision["overrides"]]
    if decision["gate_passed"]:
        told.insert(0, f"passed with {count(len(decision['gate_passed']['known']), 'need')} recorded")
    words = f"{'; '.join(told)}." if told else "Neither is in the record."
    return _check("gate", question, words[:1].upper() + words[1:], fine=bool(told) and not decision["overrides"])


def _disputed(packet: Mapping[str, Any]) -> Check:
    found = [one["label"] for one in packet["known"]["facts"] if one["state"] == "disputed"]
    words = f"{listed(found)}." if found else "No fact was disputed."
    return _check("disputed", "Was a fact disputed when it was decided?", words, fine=not found)


def _reason(decision: Mapping[str, Any]) -> Check:
    question = "Does a decision against the recommendation have its reason?"
    given = (decision["reason_label"], decision["reason"].rstrip("."))
    told = ": ".join(part for part in given if part) or "no reason is recorded"
    if decision["relation"] in ("agrees", "own_gate"):
        own = (
            "The tree does not judge it."
            if decision["relation"] == "own_gate"
            else "It agrees with what the rules said."
        )
        return _check("reason", question, own, fine=None)
    whole = bool(decision["reason_code"] and decision["reason"])
    return _check("reason", question, f"{told[:1].upper()}{told[1:]}.", fine=whole)


def _plan(packet: Mapping[str, Any]) -> Check:
    question = "Does a reapply decision carry its plan (DECIDE.plan)?"
    decision = packet["decision"]
    if decision["kind"] != "reapply":
        return _check("plan", question, "Only a decision to reapply must.", fine=None)
    weaknesses = len((packet["known"]["weaknesses"] or {"listed": ()})["listed"])
    remedies, plan = decision["remedies"], decision["plan"]
    mode = decision["mode"].replace("_", " ") if decision["mode"] else "no mode"
    words = (
        f"{mode[:1].upper()}{mode[1:]}; {len(remedies)} of {weaknesses} main weaknesses have a remedy; "
        f"{count(len(plan), 'milestone')} put on the plan with it."
    )
    return _check("plan", question, words, fine=bool(decision["mode"] and plan and len(remedies) >= weaknesses))


def _stance(decision: Mapping[str, Any]) -> Check:
    question = "What does the advisor think of it?"
    if not decision["stances"]:
        return _check("stance", question, "No word of the advisor is recorded.", fine=False)
    told = [
        f"{one['by']} {'concurs' if one['stance'] == 'concurs' else 'thinks otherwise'}"
        + (f": “{one['text'].rstrip('.')}”" if one["text"] else "")
        for one in decision["stances"]
    ]
    return _check("stance", question, f"{'; '.join(told)}.", fine=decision["stances"][-1]["stance"] == "concurs")


def _rules(packet: Mapping[str, Any]) -> Check:
    question = "Do the rules still give what was stored?"
    if packet["recommendation"] is None:
        return _check("rules", question, "They had said nothing before this decision.", fine=None)
    apart = [one.what.replace("_", " ") for one in compare(packet) if not one.matches]
    same = "Evaluated again from the record: everything matches."
    return _check("rules", question, f"Different: {listed(apart)}." if apart else same, fine=not apart)


def _later(packet: Mapping[str, Any]) -> Check:
    """Say which facts and opinions came after the decision, and which of them had happened before it."""
    question = "Which facts and opinions came later?"
    later = [one for one in packet["later"] if one["topic"].startswith(_KNOWLEDGE)]
    zone = ZoneInfo(packet["institution"]["time_zone"])
    decided = datetime.fromisoformat(packet["decision"]["at"]).astimezone(zone).date()
    known = [one for one in later if one["happened_on"] and date.fromisoformat(one["happened_on"]) <= decided]
    told = [f"{one['title']} (event {one['event']})" for one in later[:_TOLD]]
    more = [f"{len(later) - _TOLD} more"] if len(later) > _TOLD else []
    words = f"{listed([*told, *more])}." if later else "None."
    if known:
        numbers = ", ".join(str(one["event"]) for one in known)
        words += f" Happened before the decision and were written down after it: {numbers}."
    return _check("later", question, words, fine=not known)
