"""Reading the practice of a path: field, model, place, procedures, pay, partnership, ventures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.errors import InvalidValue
from core.income.faults import Question
from core.income.figures import Figure
from core.income.levers import RATIO_HIGH, RATIO_LOW, Lever, fixed, left_over, moved_time, neutral
from core.income.paths import MODELS, Practice
from core.income.pay import LocumsPay, Partnership, Pay, Salary, TrackPay, UnitPay, Ventures
from core.income.rows import USD_MAX
from core.income.tables import BASES
from core.income.tracks import Track, sigma_between

if TYPE_CHECKING:
    from core.income.read_paths import Known
    from core.income.rows import Row

PARTNER_AFTER_YEARS: Final = 3
"""Source: Physicians Practice, The Partnership Track: 2 years for generalists, 5 for specialists; 3 is our middle."""
CONTRACTS: Final = ("salary", "units", "locums")
"""Ways to be paid that a contract spells out; without one of them, pay is as the field is paid."""
_NOBODY: Final = Track(field="", name="", median_usd=1.0, sigma=0.0, figures=())


def read_practice(
    row: Row, known: Known, trained: list[str], questions: list[Question], *, last: bool
) -> list[Practice]:
    """Read a practice; with a stint in a high-need region it is two, the stint and what comes after the move.

    Args:
        row: the step.
        known: what it may name.
        trained: slugs of the training before it.
        questions: what nobody gave, for the reader to add to.
        last: True = it goes on to the end of the career.
    """
    years = None
    if last and row.has("years"):
        row.wrong("years", row.take("years"), "no years at the last practice: it goes on to the end")
    elif not last:
        years = row.whole("years", 1, 50)
    row.take("years")
    model = row.one_of("model", MODELS, "employed")
    by_contract = model == "locums" or any(row.has(key) for key in CONTRACTS)
    track = _read_track(row, known, trained, model, by_contract=by_contract)
    pay = _read_pay(row, track, model)
    model_lever = _read_model(row, known, track, model)
    place = _read_place(row, known, track, questions)
    procedures = _read_procedures(row, known, track)
    moving = (model_lever, place, procedures) if isinstance(pay, TrackPay) else ()
    whole = Practice(
        model=model,
        track=track,
        years=years,
        pay=pay,
        sigma=left_over(track.sigma, moving),
        model_lever=model_lever,
        place=place,
        procedures=procedures,
        ventures=_read_ventures(row),
        ramp=row.numbers("ramp", 0, 1, 10),
        partnership=_read_partnership(row, model, questions),
        signing_usd=row.usd("signing_usd", 0.0),
        qualifies=row.flag("nonprofit", default=False),
        figures=(*track.figures, *(figure for lever in (model_lever, place, procedures) for figure in _told(lever))),
    )
    return _with_stint(row, whole, known, questions)


def _with_stint(row: Row, after: Practice, known: Known, questions: list[Question]) -> list[Practice]:
    """Put the stint before the practice: the same work in another place (playbook BIZ.move)."""
    if not row.has("stint"):
        row.take("stint")
        return [after]
    stint = row.table("stint")
    place = _read_place(stint, known, after.track, questions, default="rural")
    moving = (after.model_lever, place, after.procedures) if isinstance(after.pay, TrackPay) else ()
    first = replace(
        after,
        years=stint.whole("years", 1, 10),
        place=place,
        sigma=left_over(after.track.sigma, moving),
        partnership=None,
        signing_usd=stint.usd("signing_usd", 0.0),
        qualifies=stint.flag("nonprofit", default=False),
        figures=(*after.figures, *_told(place)),
    )
    stint.done()
    return [first, replace(after, ramp=())]


def _read_track(row: Row, known: Known, trained: list[str], model: str, *, by_contract: bool) -> Track:
    field = row.text("specialty", trained[-1] if trained else None)
    basis = row.one_of("basis", BASES, "best")
    if field and field not in (*trained, *known.specialties, *known.tables.fields):
        row.wrong("specialty", field, "the slug of a known specialty")
    elif field in known.tables.programs and trained and field not in trained:
        row.wrong("specialty", field, f"a field that the path trains for: {', '.join(trained)}")
    if row.has("pay"):
        return _given_track(row.table("pay"), field, known)
    row.take("pay")
    if field not in known.tables.fields:
        if field in known.specialties and not by_contract:
            row.ask("pay", f"p10_usd, p50_usd and p90_usd a year; no public figure of {field} is known")
        return replace(_NOBODY, field=field)
    try:
        return known.tables.track(field, basis=basis, model=model)
    except InvalidValue as error:
        row.wrong(error.what, error.value, error.allowed)
        return replace(_NOBODY, field=field)


def _given_track(row: Row, field: str, known: Known) -> Track:
    p10, p50, p90 = (row.number(key, 1, USD_MAX, unit=" USD") for key in ("p10_usd", "p50_usd", "p90_usd"))
    source = row.text("source", "given")
    year = row.whole("year", 1900, 2100) if row.has("year") else None
    row.take("year")
    row.done()
    try:
        sigma = sigma_between(p10, p50, p90)
    except InvalidValue as error:
        if all(row.has(key) for key in ("p10_usd", "p50_usd", "p90_usd")):
            row.wrong("p10_usd", error.value, error.allowed)
        sigma = 0.0
    figure = Figure(
        what=f"pay of {field}",
        value=p50,
        unit="USD a year, median",
        source=source,
        year=year,
        note=f"p10 {p10:,.0f}, p90 {p90:,.0f}",
    )
    return Track(field=field, name=known.specialties.get(field, field), median_usd=p50, sigma=sigma, figures=(figure,))


def _read_pay(row: Row, track: Track, model: str) -> Pay:
    """Read how the practice pays: at most one of salary, units and locums; without, as the field pays."""
    kinds = [key for key in CONTRACTS if row.has(key)]
    if len(kinds) > 1:
        row.wrong(kinds[1], "a second way to be paid", f"one of {', '.join(CONTRACTS)}")
    salary, units, locums = (row.table(key) for key in ("salary", "units", "locums"))
    pay: Pay = TrackPay(median_usd=track.median_usd)
    if row.has("salary"):
        pay = Salary(usd=salary.usd("usd"), bonus_usd=salary.usd("bonus_usd", 0.0))
    elif row.has("units"):
        pay = UnitPay(
            base_usd=units.usd("base_usd"),
            units=units.number("expected", 0, 100_000, unit=" work RVU a year"),
            threshold_units=units.number("threshold", 0, 100_000, unit=" work RVU a year"),
            usd_per_unit=units.number("usd_each", 0, 1000, unit=" USD"),
        )
    elif row.has("locums") or model == "locums":
        pay = LocumsPay(
            hours=locums.number("hours", 1, 5000, unit=" hours a year"),
            usd_per_hour=locums.number("usd_per_hour", 1, 5000, unit=" USD; no checked public rate is known"),
        )
    read = {"salary": salary, "units": units, "locums": locums}
    if kinds:
        read[kinds[0]].done()
    return pay


def _read_model(row: Row, known: Known, track: Track, model: str) -> Lever:
    if row.has("model_ratio"):
        return _read_ratio(row, "model_ratio", "practice")
    row.take("model_ratio")
    return known.tables.lever("academic", track.field) if model == "academic" else neutral("practice")


def _read_procedures(row: Row, known: Known, track: Track) -> Lever:
    value = row.take("procedures")
    if value is None:
        return neutral("procedures")
    if isinstance(value, dict):
        return _read_ratio(row, "procedures", "procedures")
    share = row.number("procedures", 0, 1, unit=": the share of the time that moves from office visits to procedures")
    return moved_time(known.tables.lever("procedures", track.field), share)


def _read_place(
    row: Row, known: Known, track: Track, questions: list[Question], *, default: str | None = None
) -> Lever:
    """Read a state, the name of a published lever, a ratio, or low, mid and high."""
    key, kind = "place", "geography"
    value = row.take(key, default)
    if value is None:
        return neutral(kind)
    if not isinstance(value, str):
        return _read_ratio(row, key, kind)
    if value in known.tables.states:
        lever = known.tables.state_pay(value)
        if lever is None:
            ask = f"What does a practice in {value} pay against the average? No usable figure is known."
            questions.append(Question(field=row.at(key), ask=ask, counted="the average of the country"))
        return lever or neutral(kind)
    names = known.tables.levers_of(kind)
    if value in names:
        return known.tables.lever(value, track.field)
    row.wrong(key, value, f"a state such as OH, {', '.join(names)}, a ratio, or a table of low, mid and high")
    return neutral(kind)


def _read_ratio(row: Row, key: str, kind: str) -> Lever:
    value = row.take(key)
    if not isinstance(value, dict):
        return fixed(kind, row.number(key, RATIO_LOW, RATIO_HIGH, 1.0, unit=" times the average"))
    table = row.table(key)
    low, mid, high = (table.number(one, RATIO_LOW, RATIO_HIGH) for one in ("low", "mid", "high"))
    source = table.text("source", "given")
    table.done()
    try:
        return Lever(kind=kind, label="as given", low=low, mid=mid, high=high, source=source, year=None)
    except InvalidValue as error:
        if all(table.has(one) for one in ("low", "mid", "high")):
            row.wrong(key, error.value, error.allowed)
        return neutral(kind)


def _read_ventures(row: Row) -> Ventures | None:
    value = row.take("ventures")
    if value is None:
        return None
    if not isinstance(value, dict):
        usd = row.usd("ventures")
        return Ventures(low_usd=usd, mid_usd=usd, high_usd=usd, from_year=1)
    table = row.table("ventures")
    low, mid, high = (table.usd(key) for key in ("low_usd", "mid_usd", "high_usd"))
    if not low <= mid <= high:
        table.wrong("low_usd", f"low {low:g}, mid {mid:g}, high {high:g}", "low not above mid, mid not above high")
        low = mid = high
    ventures = Ventures(low_usd=low, mid_usd=mid, high_usd=high, from_year=table.whole("from_year", 1, 50, 1))
    table.done()
    return ventures


def _read_partnership(row: Row, model: str, questions: list[Question]) -> Partnership | None:
    if not row.has("partnership"):
        row.take("partnership")
        if model == "private":
            ask = "Is there a partnership: after how many years, for what buy-in, and what does a partner earn?"
            questions.append(Question(field=row.at("partnership"), ask=ask, counted="no partnership"))
        return None
    table = row.table("partnership")
    if not table.has("buy_in_usd"):
        ask = "What does the buy-in cost? No public figure is known."
        questions.append(Question(field=table.at("buy_in_usd"), ask=ask, counted="no buy-in"))
    if not table.has("ratio"):
        ask = "What does a partner earn against an employee, as a ratio such as 1.2? No checked figure is known."
        questions.append(Question(field=table.at("ratio"), ask=ask, counted="the same pay"))
    partnership = Partnership(
        after_years=table.whole("after_years", 0, 20, PARTNER_AFTER_YEARS),
        buy_in_usd=table.usd("buy_in_usd", 0.0),
        ratio=table.number("ratio", RATIO_LOW, RATIO_HIGH, 1.0),
    )
    table.done()
    return partnership


def _told(lever: Lever) -> tuple[Figure, ...]:
    """Return a lever as a figure; one that moves nothing is none."""
    if lever.is_fixed and lever.mid == 1:
        return ()
    span = None if lever.is_fixed else f"low {lever.low:g}, high {lever.high:g}"
    note = "; ".join(part for part in (span, lever.note) if part)
    return (
        Figure(
            what=f"{lever.kind}: {lever.label}",
            value=lever.mid,
            unit="times the average",
            source=lever.source,
            year=lever.year,
            note=note or None,
        ),
    )
