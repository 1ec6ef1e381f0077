"""The contract desk: up to three offers side by side, what they come to, and what they forbid on leaving."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import request

from core.advising.scenarios import SaveScenario, save_scenario
from core.income.offers import MODEL_VERSION, YEARS, Offer, judge
from core.people.access import Permission, require
from core.values import NAME_MAX
from plugins.income import load_tables
from web.edge import finish, house, needs, page, who
from web.journey.record import specialty_names, told
from web.journey.task import asking
from web.money.compare import agrees
from web.money.place import at, blueprint, content, dollars, read_only, saved
from web.schemas import Choice, Whole, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.income.tracks import Track
    from projections.sheet import SheetScenario
    from web.journey.record import Record
    from web.schemas import Form, FormSchema

__all__ = ["offered"]

NUMBERS: Final = "123"
_FORM: Final = "o"
_TAIL: Final = {"employer": "The employer", "physician": "The physician"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """An offer with what it comes to, in words."""

    name: str
    usual: str
    span: str
    mean: str
    fixed: str
    five_years: str
    partnership: str
    call: str
    stint: str
    leaving: str
    forbids: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersPage:
    """What the contract desk shows; `saved` is the name of a stored one, `again` how it compares today."""

    record: Record
    form: Form | None
    rows: tuple[OfferRow, ...]
    spread: str
    field: str
    years: int
    scenarios: tuple[SheetScenario, ...]
    saved: str = ""
    again: str = ""


@blueprint.route("/journeys/<uuid:journey_id>/offers", methods=["GET", "POST"])
@needs(Permission.READ_JOURNEY)
def offers(journey_id: UUID) -> ResponseReturnValue:
    """Judge up to three offers; a post computes and writes nothing."""
    record = read_only(journey_id)
    form = _asked(record)
    result = _judged(form) if request.method == "POST" else None
    return page("money/offers.html", 422 if form.errors else 200, view=_page(record, form, result))


@blueprint.post("/journeys/<uuid:journey_id>/offers/save")
@needs(Permission.WRITE_JOURNEY)
def keep_offers(journey_id: UUID) -> ResponseReturnValue:
    """Save the offers on the journey; the value tracker then holds quarters against them."""
    record = read_only(journey_id)
    require(who(), Permission.WRITE_JOURNEY, record.sheet.target)
    form = _asked(record)
    result = _judged(form)
    if result is None:
        return page("money/offers.html", 422, view=_page(record, form, None))
    inputs = _inputs(form.values)
    sent = hashlib.sha256(json.dumps([form.command_id, inputs]).encode()).hexdigest()
    command = SaveScenario(
        **{**told(record, form), "command_id": f"scenario-{sent[:32]}"},
        scenario_id=f"scenario-{sent[:12]}",
        kind="contract",
        name=" / ".join(one["name"] for one in inputs["offers"])[:NAME_MAX],
        inputs=inputs,
        model=MODEL_VERSION,
        playbook=house().desk.institution().playbook_digest,
        result=result,
    )
    receipt = save_scenario(house().desk, who(), command)
    return finish(receipt, at(record, "offered", scenario_id=command.scenario_id), "Saved on the journey.")


@blueprint.get("/journeys/<uuid:journey_id>/offers/<scenario_id>")
@needs(Permission.READ_JOURNEY)
def offered(journey_id: UUID, scenario_id: str) -> ResponseReturnValue:
    """Open saved offers: the stored result, and whether it comes out the same today."""
    record = read_only(journey_id)
    event = saved(record, scenario_id, "contract")
    new = _compute(event.inputs)
    same = "Computed again just now: every number agrees within $1 or 1 in 100,000."
    other = "Computed again today it differs: the model or the public figures changed. The page shows what was saved."
    again = same if agrees(event.result, new) else other
    shown = OffersPage(
        record=record,
        form=None,
        rows=_rows(event.result),
        spread=_spread(event.result),
        field=_field(event.inputs["field"]),
        years=YEARS,
        scenarios=(),
        saved=event.name,
        again=again,
    )
    return page("money/offers.html", view=shown)


def _asked(record: Record) -> Form:
    schema = _schema()
    if request.method == "POST":
        return load(schema, form=_FORM)
    placed = [one.specialty for one in record.sheet.placements]
    fields = load_tables().joined(content()).fields
    start = next((one for one in reversed(placed) if one in fields), None)
    return blank(schema, form=_FORM, seen=record.sheet.version, field=start)


def _schema() -> type[FormSchema]:
    known = load_tables().joined(content()).fields
    names = {slug: name for slug, name in specialty_names().items() if slug in known}
    fields: dict[str, Any] = {"field": Choice("Field of the offers", names, required=True)}
    for number in NUMBERS:
        fields |= {f"offer{number}_{name}": one for name, one in _offer_fields(number).items()}
    return asking(fields)


def _offer_fields(number: str) -> dict[str, Any]:
    money, units = 20_000_000, 50_000
    return {
        "name": Words(f"Offer {number}: who offers it", longest=80),
        "base_usd": Whole(f"Offer {number}: base, dollars a year", high=money),
        "units": Whole(f"Offer {number}: work RVUs expected a year", high=units),
        "threshold_units": Whole(f"Offer {number}: work RVUs that the base pays for", high=units),
        "usd_per_unit": Whole(f"Offer {number}: dollars for each work RVU above", high=1000),
        "bonus_usd": Whole(f"Offer {number}: other bonus, dollars a year", high=money),
        "signing_usd": Whole(f"Offer {number}: signing bonus, dollars", high=money),
        "partner_after": Whole(f"Offer {number}: years to partnership", high=20),
        "partner_pct": Whole(f"Offer {number}: a partner earns, percent of before", low=10, high=500),
        "buy_in_usd": Whole(f"Offer {number}: buy-in, dollars", high=money),
        "noncompete_miles": Whole(f"Offer {number}: non-compete, miles", high=500),
        "noncompete_months": Whole(f"Offer {number}: non-compete, months", high=120),
        "tail": Choice(f"Offer {number}: tail cover is paid by", _TAIL),
        "tail_usd": Whole(f"Offer {number}: the tail costs, dollars", high=money),
        "call_nights": Whole(f"Offer {number}: nights on call a month", high=31),
        "stint_years": Whole(f"Offer {number}: years one has to stay", high=20),
    }


def _inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was filled in, in plain data; an offer without a name or base is none."""
    rows = []
    for number in NUMBERS:
        own = {name: values[f"offer{number}_{name}"] for name in _offer_fields(number)}
        if own["name"] or own["base_usd"] is not None:
            own["partner_ratio"] = own.pop("partner_pct") / 100 if own["partner_pct"] else own.pop("partner_pct")
            given = {name: one for name, one in own.items() if one is not None}
            rows.append({"name": f"Offer {number}", "base_usd": 0, **given})
    return {"field": values["field"], "offers": rows}


def _judged(form: Form) -> dict[str, Any] | None:
    if not form.ok:
        return None
    for number in NUMBERS:
        if form.values[f"offer{number}_name"] and form.values[f"offer{number}_base_usd"] is None:
            form.errors[f"offer{number}_base_usd"] = "This is asked for and never guessed; 0 where there is no base."
        if form.values[f"offer{number}_usd_per_unit"] and form.values[f"offer{number}_units"] is None:
            form.errors[f"offer{number}_units"] = "This is needed where each work RVU pays; nobody can guess it."
    inputs = _inputs(form.values)
    if not inputs["offers"]:
        form.errors["offer1_name"] = "Fill in at least one offer."
    return _compute(inputs) if form.ok else None


def _track(field: str) -> Track:
    return load_tables().joined(content()).track(field, basis="best", model="employed")


def _compute(inputs: Mapping[str, Any]) -> dict[str, Any]:
    track = _track(inputs["field"])
    figure = track.figures[-1]
    made = [asdict(judge(Offer(**one), track.sigma)) for one in inputs["offers"]]
    spread = {"sigma": track.sigma, "what": figure.what, "source": figure.source, "year": figure.year}
    plain: dict[str, Any] = json.loads(json.dumps({"offers": made, "spread": spread, "offered": inputs["offers"]}))
    return plain


def _page(record: Record, form: Form, result: Mapping[str, Any] | None) -> OffersPage:
    return OffersPage(
        record=record,
        form=form,
        rows=_rows(result),
        spread=_spread(result),
        field=_field(form.values.get("field", "")),
        years=YEARS,
        scenarios=tuple(one for one in record.sheet.scenarios if one.kind == "contract"),
    )


def _field(slug: str) -> str:
    return specialty_names().get(slug, slug)


def _rows(result: Mapping[str, Any] | None) -> tuple[OfferRow, ...]:
    return tuple(_row(*both) for both in zip(result["offers"], result["offered"], strict=True)) if result else ()


def _spread(result: Mapping[str, Any] | None) -> str:
    if result is None:
        return ""
    told_by = result["spread"]
    year = told_by["year"] or "no year given"
    return f"sigma {told_by['sigma']:.2f} of the log, {told_by['what']}: {told_by['source']}, {year}"


def _row(judged: Mapping[str, Any], given: Mapping[str, Any]) -> OfferRow:
    low, mid, high = judged["usual"]
    after, ratio = given.get("partner_after"), given.get("partner_ratio")
    partner = "none told" if after is None else f"after {after} years, buy-in {_amount(given.get('buy_in_usd'))}"
    leaving = judged["leaving_usd"]
    return OfferRow(
        name=judged["name"],
        usual=dollars(mid),
        span=f"{dollars(low)} to {dollars(high)}",
        mean=dollars(judged["mean_usd"]),
        fixed=f"{judged['fixed_share']:.0%}",
        five_years=dollars(judged["five_years_usd"]),
        partnership=partner + (f", then {ratio:.0%} of before" if ratio else ""),
        call="not told" if given.get("call_nights") is None else f"{given['call_nights']} nights a month",
        stint="none told" if given.get("stint_years") is None else f"{given['stint_years']} years to stay",
        leaving="tail cover not told" if leaving is None else f"{dollars(leaving)} for tail cover",
        forbids=judged["forbids"],
        missing=tuple(judged["missing"]),
    )


def _amount(usd: float | None) -> str:
    return "not told" if usd is None else dollars(usd)
