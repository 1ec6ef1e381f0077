"""What a decision may see of a journey: its facts, assessed weaknesses and standing statements, with their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.decision.evidence import FACTS, Evidence, Statement, Weakness

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.journey.journey import Journey

__all__ = ["evidence_of"]


def evidence_of(journey: Journey, *, as_of: date) -> Evidence:
    """Return the evidence of a journey on a day.

    "COMLEX only" and "not taken" are recorded values of Step 2 that no rule can compare: the score is missing. A
    number not shared, likewise. A disputed fact counts as known (playbook, *Reading (hold vs SOAP)*). How the year will
    be spent is also said by the mode of a standing reapply decision (DECIDE.plan), so that FAQ.blank sees it.

    Args:
        journey: as it stands.
        as_of: statements dated later are not seen.
    """
    facts = {name: fact.value for name, fact in journey.facts.items() if name in FACTS}
    step2 = facts.get("step2")
    refs = {name: fact.version for name, fact in journey.facts.items() if name in FACTS}
    if "planned_year" not in facts:
        for mode, version in _decided_year(journey):
            facts["planned_year"], refs["planned_year"] = mode, version
    if journey.weaknesses is not None:
        refs["weaknesses"] = journey.weaknesses_version
    return Evidence(
        specialty=journey.specialty,
        as_of=as_of,
        facts={name: None if _not_a_number(name, value) else value for name, value in facts.items()},
        weaknesses=None
        if journey.weaknesses is None
        else tuple(Weakness(kind=w.kind, remedy=w.remedy, months=w.months) for w in journey.weaknesses),
        statements=_statements(journey),
        refs=refs,
        comlex_only=step2 == "comlex_only",
    )


def _decided_year(journey: Journey) -> Iterator[tuple[str, int]]:
    """Yield the mode of the reapply decision that stands, with its event."""
    for one in journey.decisions.values():
        if one.mode is not None and one.reversed_reason is None:
            yield one.mode, one.recorded_version


def _not_a_number(name: str, value: object) -> bool:
    return FACTS[name].kind == "number" and isinstance(value, str)


def _statements(journey: Journey) -> tuple[Statement, ...]:
    spelling: dict[str, str] = {}
    found = []
    for opinion in journey.opinions.values():
        if opinion.said is None or opinion.said.champion_grade is None:
            continue  # only asked for, or said nothing about another try
        name = opinion.reviewer.by
        found.append(
            Statement(
                by=spelling.setdefault(name.casefold(), name),
                specialty=opinion.reviewer.specialty,
                role=opinion.reviewer.role,
                champion_grade=opinion.said.champion_grade,
                saw_full_file=opinion.said.saw_full_file,
                trusted=opinion.said.trusted,
                date=opinion.said.dated,
                withdrawn=opinion.status == "withdrawn",
                ref=opinion.version,
            )
        )
    return tuple(found)
