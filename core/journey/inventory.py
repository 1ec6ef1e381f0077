"""What may be recorded about a student: every fact by name, with its kind and what is allowed.

Source: playbook WEEK1.inventory for the one-page inventory, §4 for the facts a rule uses, *Reading (hold vs SOAP)* for
the facts a gate asks for. "None" and "not applicable" are values here, told apart from a fact that is missing. Packs
ask further facts, which no rule reads (`kinds_for`). Protected attributes are never facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InvalidValue
from core.journey.fact_kinds import FactKind, Value, as_read, checked, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FACTS", "FactKind", "Value", "check", "in_record", "kinds_for", "parse", "show"]

_TAKEN = {"pass": "Pass", "fail": "Fail", "not_taken": "Not taken"}
_NOT_TAKEN = {"not_taken": "Not taken"}
_COUNT_MAX = 500
_SCORE_MAX = 300  # USMLE three-digit scale, 1-300. Source: USMLE, 2025, score interpretation guidelines
_COMLEX_MAX = 999  # COMLEX-USA three-digit scale. Source: NBOME, COMLEX-USA score information

_ALL = (
    FactKind(name="step1", label="Step 1", kind="choice", group="scores", choices=_TAKEN),
    FactKind(
        name="step2",
        label="Step 2 CK",
        kind="number",
        group="scores",
        low=1,
        high=_SCORE_MAX,
        instead={"comlex_only": "COMLEX only", "not_taken": "Not taken yet"},
        hint="The three-digit score, or comlex_only when the student sat COMLEX alone.",
        decides=True,
    ),
    FactKind(name="step3", label="Step 3", kind="number", group="scores", low=1, high=_SCORE_MAX, instead=_NOT_TAKEN),
    FactKind(name="comlex1", label="COMLEX Level 1", kind="choice", group="scores", choices=_TAKEN),
    FactKind(
        name="comlex2",
        label="COMLEX Level 2",
        kind="number",
        group="scores",
        low=1,
        high=_COMLEX_MAX,
        instead=_NOT_TAKEN,
    ),
    FactKind(
        name="comlex3",
        label="COMLEX Level 3",
        kind="number",
        group="scores",
        low=1,
        high=_COMLEX_MAX,
        instead=_NOT_TAKEN,
    ),
    FactKind(
        name="class_standing",
        label="Class standing",
        kind="choice",
        group="standing",
        choices={
            "first_quartile": "First quartile",
            "second_quartile": "Second quartile",
            "third_quartile": "Third quartile",
            "fourth_quartile": "Fourth quartile",
            "not_ranked": "The school does not rank",
        },
    ),
    FactKind(
        name="honors",
        label="Honors",
        kind="text",
        group="standing",
        instead={"none": "None"},
        hint="For example honor societies or clerkship honors; none is a value.",
    ),
    FactKind(
        name="research",
        label="Research in the dream field",
        kind="choice",
        group="research",
        choices={
            "multiple": "Multiple: two or more projects in the field, with any output",
            "limited": "Limited: exactly one in the field, or any number outside it",
            "minimal": "Minimal: none, or registration only",
        },
        hint="Coded by an advisor from evidence (playbook, reading of the profile).",
        decides=True,
    ),
    FactKind(name="publications", label="Publications", kind="number", group="research", high=_COUNT_MAX),
    FactKind(
        name="first_author_publications",
        label="First-author publications",
        kind="number",
        group="research",
        high=_COUNT_MAX,
    ),
    FactKind(
        name="relevant_publications",
        label="Publications in the dream field",
        kind="number",
        group="research",
        high=_COUNT_MAX,
    ),
    FactKind(
        name="red_flags",
        label="Red flags",
        kind="several",
        group="flags",
        choices={
            "leave_of_absence": "Leave of absence",
            "professionalism": "Professionalism",
            "failed_exam": "Failed exam",
            "visa": "Visa issue",
        },
        hint="None is a value: record it.",
    ),
    FactKind(
        name="visa",
        label="Visa",
        kind="choice",
        group="flags",
        choices={"not_needed": "Not needed", "j1": "Needs J-1", "h1b": "Needs H-1B", "unclear": "Not yet clear"},
    ),
    FactKind(
        name="applications_sent",
        label="Programs applied to",
        kind="number",
        group="applications",
        high=_COUNT_MAX,
        hint="In the dream field, in the cycle that was missed.",
    ),
    FactKind(
        name="interviews_offered",
        label="Interviews offered",
        kind="number",
        group="applications",
        high=_COUNT_MAX,
        hint="Offers in the dream field only; preliminary and transitional interviews stand beside.",
        decides=True,
    ),
    FactKind(
        name="interviews_accepted", label="Interviews accepted", kind="number", group="applications", high=_COUNT_MAX
    ),
    FactKind(
        name="interviews_attended", label="Interviews attended", kind="number", group="applications", high=_COUNT_MAX
    ),
    FactKind(
        name="interviews_ranked",
        label="Programs ranked",
        kind="number",
        group="applications",
        high=_COUNT_MAX,
        instead={"not_shared": "Not shared"},
        hint="Optional and self-reported: not_shared is a value, the rank list itself is never asked for.",
    ),
    FactKind(
        name="other_interviews",
        label="Preliminary and transitional interviews",
        kind="number",
        group="applications",
        high=_COUNT_MAX,
        hint="Shown beside; no rule counts them.",
    ),
    FactKind(
        name="financial_pressure",
        label="Another year is a serious money burden",
        kind="yes_no",
        group="plans",
        hint="The student's own judgment of loans, family and savings. It never decides alone.",
        students_own=True,
        decides=True,
    ),
    FactKind(
        name="applications",
        label="Applications planned next cycle",
        kind="number",
        group="plans",
        high=_COUNT_MAX,
        hint="In the dream field.",
        decides=True,
    ),
    FactKind(
        name="willing_to_move_anywhere",
        label="Willing to move anywhere",
        kind="yes_no",
        group="plans",
        students_own=True,
        decides=True,
    ),
    FactKind(
        name="research_plan_months",
        label="Length of the research plan (months)",
        kind="number",
        group="plans",
        high=120,
        decides=True,
    ),
    FactKind(
        name="drive",
        label="What the student really wanted",
        kind="choice",
        group="plans",
        choices={
            "procedures": "Procedures",
            "pay": "Pay",
            "lifestyle": "Lifestyle",
            "imaging": "Imaging itself",
        },
        hint="Steers which ladders are shown first, never the recommendation.",
        students_own=True,
        decides=True,
    ),
    FactKind(
        name="planned_year",
        label="How the year would be spent",
        kind="choice",
        group="plans",
        choices={
            "research_year": "Research year",
            "preliminary_surgery": "Preliminary surgery year",
            "preliminary_medicine": "Preliminary medicine year",
            "transitional_year": "Transitional year",
            "extended_enrollment": "Extended enrollment",
            "clinical_work": "Other supervised clinical work",
            "blank": "Neither clinical work nor research",
        },
        decides=True,
    ),
    FactKind(
        name="blank_reason",
        label="Reason for a blank year",
        kind="choice",
        group="plans",
        choices={
            "illness": "Serious illness",
            "family_crisis": "Family crisis",
            "military": "Military service",
            "immigration": "Immigration",
            "other": "Another reason",
        },
        decides=True,
    ),
    FactKind(
        name="blank_proof",
        label="Proof that skills are kept up",
        kind="several",
        group="plans",
        choices={
            "cme": "Continuing medical education",
            "part_time_clinical": "Part-time clinical work",
            "continuing_study": "Continuing study",
        },
        decides=True,
    ),
    FactKind(name="soap_eligible", label="Eligible for SOAP", kind="yes_no", group="soap"),
    FactKind(
        name="no_go_list",
        label="The student's own no-go list",
        kind="text",
        group="soap",
        instead={"none": "Nothing is ruled out"},
        hint="Specialties or places the student will not accept, in the student's words.",
        students_own=True,
    ),
)

FACTS: Mapping[str, FactKind] = {kind.name: kind for kind in _ALL}
"""The facts of the playbook."""
_NUMBER_MAX = 9999


def kinds_for(content: Mapping[str, Any], specialty: str) -> Mapping[str, FactKind]:
    """Return every fact that may be recorded of those who missed a specialty: the playbook's, then those of packs.

    Args:
        content: of a playbook; one from before packs asked anything has none.
        specialty: slug of the missed specialty.
    """
    rows = [
        row for pack in content["packs"] for row in pack.get("inventory_fields", ()) if specialty in row["specialties"]
    ]
    return {**FACTS, **{row["id"]: _asked(row) for row in rows}} if rows else FACTS


def in_record(kinds: Mapping[str, FactKind], recorded: Iterable[str]) -> Mapping[str, FactKind]:
    """Return these facts and what was recorded although it is none of them: a pack asked it once, and it stays.

    Args:
        kinds: the facts that may be recorded today.
        recorded: names of the facts of a journey.
    """
    left = [name for name in recorded if name not in kinds]
    once = {name: FactKind(name=name, label=name, kind="text", group="pack", hint=_ONCE) for name in left}
    return {**kinds, **once} if left else kinds


_ONCE = "No pack asks this any more; what was recorded stays in the record."


def _asked(row: Mapping[str, Any]) -> FactKind:
    low = 0 if row["low"] is None else row["low"]
    return FactKind(
        name=row["id"],
        label=row["label"],
        kind=row["kind"],
        group="pack",
        low=low,
        high=max(low, _NUMBER_MAX) if row["high"] is None else row["high"],
        choices={answer: answer for answer in row["choices"]},
        hint=row["why"],
    )


def check(name: str, value: object, kinds: Mapping[str, FactKind] = FACTS) -> Value:
    """Return the value when it is allowed for this fact.

    Raises:
        InvalidValue: unknown fact, or a value outside what is allowed.
    """
    return checked(_known(name, kinds), value)


def parse(name: str, text: str) -> Value:
    """Return the value of a fact of the playbook as it is written in a roster cell; see `fact_kinds.as_read`.

    Raises:
        InvalidValue: unknown fact, or text that is not allowed for it.
    """
    return as_read(_known(name, FACTS), text)


def show(name: str, value: Value | None) -> str:
    """Return the value as a person reads it; a missing fact reads "not recorded"."""
    return in_words(FACTS.get(name), value)


def _known(name: str, kinds: Mapping[str, FactKind]) -> FactKind:
    kind = kinds.get(name)
    if kind is None:
        raise InvalidValue("fact", name, "one of " + ", ".join(kinds))
    return kind
