"""The shape of every row that a hook may return; the types an author sees are in `rungwise.data`.

Unknown keys are refused, and what an author may leave out is filled in, so that a checked row has every key.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, post_load, validate, validates_schema

from core.decision.evidence import FACTS
from core.decision.playbook import DEFAULTS
from core.errors import InvalidValue
from core.income.tracks import sigma_between
from core.journey.journey import MATCH_SYSTEMS
from core.values import CYCLES, NAME_MAX, protected
from plugins import kinds

DRIVES = FACTS["drive"].choices
LEVELS = ("low", "medium", "high")
OF_THE_PLAYBOOK = ("WEEK1.", "PLAN.", "YEAR.")
"""How the ids of the playbook's own milestones begin."""

MUST: dict[str, Any] = {"required": True}
MAY: dict[str, Any] = {"load_default": None, "allow_none": True}
NO: dict[str, Any] = {"load_default": False}


class Row(Schema):
    """A table whose every fault says what is allowed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages |= {"unknown": f"one of the keys {', '.join(self.fields)}", "type": "a table"}


class NoteRow(Row):
    """Shape of `rungwise.Note`."""

    text = kinds.text(**MUST)
    source = kinds.text(**MUST)
    year = kinds.year(**MAY)


class QuestionRow(Row):
    """Shape of `rungwise.Question`."""

    id = kinds.rule_id(**MUST)
    fact = kinds.one_of(tuple(FACTS), **MUST)
    ask = kinds.text(**MUST)
    why = kinds.text(**MUST)


class ConditionRow(Row):
    """Shape of `rungwise.Condition`: the keys given stay, the others stay away.

    Which facts and values it may use is for the decision engine to say; the boundary asks it.
    """

    id = kinds.rule_id(**MUST)
    fact = kinds.one_of(tuple(FACTS), **MUST)
    equals = kinds.plain()
    min = kinds.plain()
    max = kinds.plain()
    sentence = kinds.text(**MUST)


class CutoffRow(Row):
    """Shape of `rungwise.Cutoff`."""

    step2 = kinds.whole(1, 300, **MUST)
    source = kinds.text(**MUST)
    date = kinds.Day(**MUST)


ParametersRow = Row.from_dict({name: kinds.whole(0, 1000) for name in DEFAULTS}, name="ParametersRow")


class SpecialtyRow(Row):
    """Shape of `rungwise.Specialty`."""

    slug = kinds.slug(**MUST)
    name = kinds.text(**MUST)
    short = kinds.text()
    hyper_competitive = kinds.flag(**NO)
    trusted_statements_only = kinds.flag(**NO)
    parameters = kinds.table(ParametersRow, load_default=dict)
    conditions = kinds.tables(ConditionRow)
    questions = kinds.tables(QuestionRow)
    cutoff = kinds.table(CutoffRow, **MAY)
    typical_miss = kinds.text(**MAY)
    notes = kinds.tables(NoteRow)

    @post_load
    def _named(self, row: dict[str, Any], **_: Any) -> dict[str, Any]:
        name = row["name"]
        return {**row, "short": row.get("short", name[:1].lower() + name[1:])}  # as it stands inside a sentence


class PayRangeRow(Row):
    """Shape of `rungwise.PayRange`."""

    low_usd = kinds.usd(**MUST)
    high_usd = kinds.usd(**MUST)
    open_top = kinds.flag(**NO)
    source = kinds.text(**MUST)
    year = kinds.year(**MAY)

    @validates_schema
    def _ordered(self, row: dict[str, Any], **_: Any) -> None:
        if row["high_usd"] < row["low_usd"]:
            raise ValidationError(f"a whole number from {row['low_usd']}, which is low_usd", "high_usd")


class SourcedPayRow(Row):
    """Shape of `rungwise.SourcedPay`."""

    what = kinds.text(**MUST)
    measure = kinds.one_of(("median", "mean", "most"), **MUST)
    usd = kinds.usd(**MAY)
    low_usd = kinds.usd(**MAY)
    high_usd = kinds.usd(**MAY)
    source = kinds.text(**MUST)
    year = kinds.year(**MUST)


class RungRow(Row):
    """Shape of `rungwise.Rung`."""

    slug = kinds.slug(**MUST)
    name = kinds.text(**MUST)
    kind = kinds.one_of(("residency", "fellowship", "focus", "practice"), **MUST)
    years = kinds.whole(0, 12, **MAY)
    years_source = kinds.text(**MAY)
    door = kinds.one_of(("open", "narrow", "nearly-closed"), **MUST)
    reason = kinds.text(**MUST)

    @validates_schema
    def _sourced(self, row: dict[str, Any], **_: Any) -> None:
        if row["years"] is not None and row["years_source"] is None:
            raise ValidationError("text that says where the years come from", "years_source")


LadderFrom = Row.from_dict({"from": kinds.listed(kinds.slug(), **MUST)}, name="LadderFrom")


class LadderRow(LadderFrom):  # type: ignore[misc, valid-type] # `from` can only be declared by name
    """Shape of `rungwise.Ladder`."""

    id = kinds.rule_id(**MUST)
    title = kinds.text(**MUST)
    rungs = kinds.listed(kinds.table(RungRow), **MUST)
    pay = kinds.table(PayRangeRow, **MAY)
    sourced_pay = kinds.tables(SourcedPayRow)
    procedure_density = kinds.one_of(LEVELS, **MAY)
    clinic_share = kinds.one_of(LEVELS, **MAY)
    call = kinds.one_of(LEVELS, **MAY)
    lifestyle = kinds.text(**MAY)
    drives = kinds.listed(kinds.one_of(DRIVES), load_default=list)
    recommended_for = kinds.listed(kinds.one_of(DRIVES), load_default=list)
    note = kinds.text(**MAY)
    when = kinds.text(**MAY)

    @validates_schema
    def _climbs(self, row: dict[str, Any], **_: Any) -> None:
        for name in ("from", "rungs"):
            if not row[name]:
                raise ValidationError("a list, not empty", name)
        if not set(row["recommended_for"]) <= set(row["drives"]):
            raise ValidationError("some of the ladder's drives", "recommended_for")


class TrackRow(PayRangeRow):
    """Shape of `rungwise.Track`."""

    id = kinds.rule_id(**MUST)
    name = kinds.text(**MUST)
    base = kinds.slug(**MUST)
    sourced_pay = kinds.tables(SourcedPayRow)


class PayRow(Row):
    """Shape of `rungwise.Pay`."""

    id = kinds.rule_id(**MUST)
    label = kinds.text(**MUST)
    specialty = kinds.slug(**MAY)
    usd = kinds.usd(**MUST)
    source = kinds.text(**MUST)
    year = kinds.year(**MAY)
    sourced_pay = kinds.tables(SourcedPayRow)


class FieldPayRow(Row):
    """Shape of `rungwise.FieldPay`."""

    specialty = kinds.slug(**MUST)
    p10_usd = kinds.usd(**MUST)
    p50_usd = kinds.usd(**MUST)
    p90_usd = kinds.usd(**MUST)
    source = kinds.text(**MUST)
    year = kinds.year(**MUST)

    @validates_schema
    def _rising(self, row: dict[str, Any], **_: Any) -> None:
        try:
            sigma_between(row["p10_usd"], row["p50_usd"], row["p90_usd"])
        except InvalidValue as error:
            raise ValidationError(error.allowed, "p90_usd") from error


class LeverRow(Row):
    """Shape of `rungwise.Lever`."""

    id = kinds.slug(**MUST)
    kind = kinds.one_of(("geography",), **MUST)
    label = kinds.text(**MUST)
    low_pct = kinds.whole(10, 500, **MUST)
    mid_pct = kinds.whole(10, 500, **MUST)
    high_pct = kinds.whole(10, 500, **MUST)
    source = kinds.text(**MUST)
    year = kinds.year(**MUST)
    note = kinds.text(**MAY)

    @validates_schema
    def _rising(self, row: dict[str, Any], **_: Any) -> None:
        if not row["low_pct"] <= row["mid_pct"] <= row["high_pct"]:
            raise ValidationError("low not above mid, mid not above high", "low_pct")


SPECIALTIES: dict[str, Any] = {"validate": validate.Length(min=1, error="a list of slugs, not empty"), **MUST}


def _short_id(longest: int) -> dict[str, Any]:
    """An id that becomes part of a student's record."""
    return {"validate": validate.Length(max=longest, error=f"an id of at most {longest} characters"), **MUST}


class MilestoneRow(Row):
    """Shape of `rungwise.Milestone`."""

    id = kinds.rule_id(**_short_id(40))
    specialties = kinds.listed(kinds.slug(), **SPECIALTIES)
    title = kinds.line(NAME_MAX, **MUST)
    branch = kinds.one_of(("everyone", "reapply", "pivot"), load_default="everyone")
    months = kinds.whole(1, 60, **MUST)
    source = kinds.line(60, **MUST)

    @validates_schema
    def _own_id(self, row: dict[str, Any], **_: Any) -> None:
        if row["id"].startswith(OF_THE_PLAYBOOK):
            raise ValidationError("an id of the pack's own, such as ORTHO.away-letter", "id")


class InventoryFieldRow(Row):
    """Shape of `rungwise.InventoryField`."""

    id = kinds.rule_id(**_short_id(40))
    specialties = kinds.listed(kinds.slug(), **SPECIALTIES)
    label = kinds.line(100, **MUST)
    why = kinds.line(NAME_MAX, **MUST)
    kind = kinds.one_of(("number", "yes_no", "choice", "several", "text"), **MUST)
    low = kinds.whole(0, 999_999, **MAY)
    high = kinds.whole(0, 999_999, **MAY)
    choices = kinds.listed(kinds.line(100), load_default=list)

    @validates_schema
    def _unprotected(self, row: dict[str, Any], **_: Any) -> None:
        for key in ("id", "label", "why"):
            if (found := protected(row[key])) is not None:
                raise ValidationError(f"nothing that asks for {found}, a protected attribute", key)
        if any(protected(one) for one in row["choices"]):
            raise ValidationError("no answer that is a protected attribute", "choices")

    @validates_schema
    def _answerable(self, row: dict[str, Any], **_: Any) -> None:
        chosen = row["kind"] in ("choice", "several")
        answers = {one.casefold() for one in row["choices"]}
        if chosen and (not answers or len(answers) < len(row["choices"]) or "none" in answers):
            raise ValidationError("a list of different answers, without none", "choices")
        if answers and not chosen:
            raise ValidationError("left out, unless the kind is choice or several", "choices")
        for key in ("low", "high"):
            if row[key] is not None and row["kind"] != "number":
                raise ValidationError("left out, unless the kind is number", key)
        if None not in (row["low"], row["high"]) and row["high"] < row["low"]:
            raise ValidationError(f"a whole number from {row['low']}, which is low", "high")


class CycleDateRow(Row):
    """Shape of `rungwise.CycleDate`."""

    id = kinds.rule_id(**_short_id(30))
    date = kinds.Day(**MUST)
    source = kinds.line(60, **MUST)
    cycle = kinds.whole(CYCLES.start, CYCLES.stop - 1, **MUST)
    codes = kinds.listed(kinds.text(), validate=validate.Length(min=1, error="a list of milestones, not empty"), **MUST)
    match_system = kinds.one_of(tuple(MATCH_SYSTEMS), **MAY)
    specialties = kinds.listed(kinds.slug(), load_default=list)

    @validates_schema
    def _in_its_cycle(self, row: dict[str, Any], **_: Any) -> None:
        if int(row["date"][:4]) not in (row["cycle"] - 1, row["cycle"]):
            raise ValidationError(f"a date in {row['cycle'] - 1} or {row['cycle']}", "date")


class BaseRateRow(Row):
    """Shape of `rungwise.BaseRate`."""

    id = kinds.rule_id(**MUST)
    specialties = kinds.listed(kinds.slug(), **SPECIALTIES)
    ladders = kinds.listed(kinds.rule_id(), load_default=list)
    what = kinds.text(**MUST)
    population = kinds.text(**MUST)
    first_year = kinds.year(**MUST)
    last_year = kinds.year(**MUST)
    count = kinds.whole(0, 10_000_000, **MUST)
    n = kinds.whole(1, 10_000_000, **MUST)
    low_pct = kinds.whole(0, 100, **MUST)
    high_pct = kinds.whole(0, 100, **MUST)
    interval = kinds.text(**MUST)
    source = kinds.text(**MUST)
    license = kinds.text(**MUST)
    note = kinds.text(**MAY)

    @validates_schema
    def _adds_up(self, row: dict[str, Any], **_: Any) -> None:
        share = 100 * row["count"] / row["n"]
        if row["last_year"] < row["first_year"]:
            raise ValidationError(f"a year from {row['first_year']}, which is first_year", "last_year")
        if row["count"] > row["n"]:
            raise ValidationError(f"a whole number from 0 to {row['n']}, which is n", "count")
        if not row["low_pct"] <= share <= row["high_pct"]:
            raise ValidationError(f"low_pct to high_pct must hold the share itself, {share:.1f}", "low_pct")


ROWS: dict[str, type[Schema]] = {
    "rungwise_specialties": SpecialtyRow,
    "rungwise_ladders": LadderRow,
    "rungwise_income_tracks": TrackRow,
    "rungwise_pay": PayRow,
    "rungwise_income_fields": FieldPayRow,
    "rungwise_income_levers": LeverRow,
    "rungwise_milestones": MilestoneRow,
    "rungwise_inventory_fields": InventoryFieldRow,
    "rungwise_calendars": CycleDateRow,
    "rungwise_evidence": BaseRateRow,
}
"""The shape of one row of each hook's answer."""
