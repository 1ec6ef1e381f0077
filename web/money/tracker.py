"""The value tracker: work RVUs, procedures and satisfaction a quarter, against what an offer counts on (BIZ.value)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import request

from core.advising.scenarios import RecordQuarter, record_quarter
from core.journey.quarters import PROCEDURES_MAX, SATISFACTION_MAX, WORK_RVU_MAX
from core.people.access import Permission, require
from core.values import SOURCE_MAX
from web.edge import finish, house, needs, page, who
from web.journey.record import told
from web.journey.task import controls
from web.money.place import at, blueprint, dollars, read_only, saved
from web.schemas import FormSchema, Whole, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from projections.sheet import SheetQuarter
    from web.journey.record import Record
    from web.journey.task import Control
    from web.schemas import Form

__all__ = ["tracked"]

_FORM: Final = "q"
_A_YEAR: Final = 4  # quarters


class QuarterForm(FormSchema):
    """A quarter."""

    quarter = Words("Quarter", longest=7, required=True, metadata={"hint": "A year and a quarter, such as 2034-Q2."})
    work_rvu = Whole("Work RVUs", high=WORK_RVU_MAX)
    procedures = Whole("Procedures", high=PROCEDURES_MAX)
    satisfaction_pct = Whole("Patient satisfaction, percent", high=SATISFACTION_MAX)
    source = Words("Source", longest=SOURCE_MAX, required=True, metadata={"hint": "Such as the group's own report."})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterRow:
    """A quarter in words; `against` the offer."""

    quarter: str
    work_rvu: str
    procedures: str
    satisfaction: str
    against: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerPage:
    """What the tracker shows.

    Args:
        offer: the offer that quarters are held against, in words; "" = none is saved.
        year: what the last four quarters come to against it.
        choices: saved offers: address, name, and whether it is the one at hand.
    """

    record: Record
    rows: tuple[QuarterRow, ...]
    offer: str
    year: str
    choices: tuple[tuple[str, str, bool], ...]
    form: Form | None
    controls: tuple[Control, ...]


@blueprint.route("/journeys/<uuid:journey_id>/value", methods=["GET"])
@needs(Permission.READ_JOURNEY)
def tracked(journey_id: UUID) -> ResponseReturnValue:
    """Show the quarters of a practice."""
    record = read_only(journey_id)
    form = blank(QuarterForm, form=_FORM, seen=record.sheet.version) if record.may_write else None
    return page("money/tracker.html", view=_page(record, form))


@blueprint.post("/journeys/<uuid:journey_id>/value")
@needs(Permission.WRITE_JOURNEY)
def record(journey_id: UUID) -> ResponseReturnValue:
    """Record a quarter."""
    journey = read_only(journey_id)
    require(who(), Permission.WRITE_JOURNEY, journey.sheet.target)
    form = load(QuarterForm, form=_FORM)

    def send() -> Any:
        return record_quarter(house().desk, who(), RecordQuarter(**told(journey, form), **form.values))

    if form.ok and (receipt := form.send(send)):
        return finish(receipt, at(journey, "tracked"), "Quarter recorded.")
    return page("money/tracker.html", 422, view=_page(journey, form))


def _page(journey: Record, form: Form | None) -> TrackerPage:
    offers = _offers(journey)
    chosen = request.args.get("offer", "")
    key = chosen if chosen in offers else next(iter(offers), "")
    offer = offers.get(key)
    newest: dict[str, SheetQuarter] = {}
    for one in journey.sheet.quarters:  # the newest recorded first
        newest.setdefault(one.quarter, one)
    quarters = [newest[name] for name in sorted(newest, reverse=True)]
    return TrackerPage(
        record=journey,
        rows=tuple(_row(one, offer) for one in quarters),
        offer=_told(offer),
        year=_year(quarters[:_A_YEAR], offer),
        choices=tuple((at(journey, "tracked", offer=one), row["name"], one == key) for one, row in offers.items()),
        form=form,
        controls=controls(QuarterForm, form) if form else (),
    )


def _offers(journey: Record) -> dict[str, Mapping[str, Any]]:
    """Return the offers that were saved last, by a word for the address."""
    last = next((one for one in journey.sheet.scenarios if one.kind == "contract"), None)
    if last is None:
        return {}
    event = saved(journey, last.scenario_id, "contract")
    return {str(number): one for number, one in enumerate(event.inputs["offers"], start=1)}


def _told(offer: Mapping[str, Any] | None) -> str:
    if offer is None:
        return ""
    parts = [f"{offer['name']}: base {dollars(offer['base_usd'])} a year"]
    if offer.get("units") is not None:
        parts.append(f"{offer['units']:,} work RVUs expected a year")
    if offer.get("usd_per_unit") is not None:
        above = f" above {offer['threshold_units']:,}" if offer.get("threshold_units") is not None else ""
        parts.append(f"{dollars(offer['usd_per_unit'])} for each{above}")
    return ", ".join(parts)


def _row(one: SheetQuarter, offer: Mapping[str, Any] | None) -> QuarterRow:
    return QuarterRow(
        quarter=one.quarter,
        work_rvu="not recorded" if one.work_rvu is None else f"{one.work_rvu:,}",
        procedures="not recorded" if one.procedures is None else f"{one.procedures:,}",
        satisfaction="not recorded" if one.satisfaction_pct is None else f"{one.satisfaction_pct} %",
        against=_against(one.work_rvu, offer),
        source=one.source,
    )


def _against(work_rvu: int | None, offer: Mapping[str, Any] | None) -> str:
    expected = offer.get("units") if offer else None
    if work_rvu is None or not expected:
        return "cannot be compared"
    due = expected / _A_YEAR
    return f"{work_rvu / due:.0%} of the {due:,.0f} that the offer counts on"


def _year(quarters: list[SheetQuarter], offer: Mapping[str, Any] | None) -> str:
    """Return what four quarters come to, where all four say their work RVUs."""
    known = [one.work_rvu for one in quarters if one.work_rvu is not None]
    if len(known) < _A_YEAR:
        return ""
    done = sum(known)
    told_so = f"The last four quarters recorded come to {done:,} work RVUs"
    if offer is None or offer.get("usd_per_unit") is None:
        return f"{told_so}."
    bonus = max(done - offer.get("threshold_units", 0), 0) * offer["usd_per_unit"]
    return f"{told_so}: by the offer that is {dollars(offer['base_usd'] + bonus)} a year, {dollars(bonus)} of it bonus."
