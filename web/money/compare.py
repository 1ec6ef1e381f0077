"""Up to four paths side by side: change a number and the pictures follow; keep the comparison on the journey."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request
from werkzeug.datastructures import MultiDict

from core.advising.scenarios import SaveScenario, save_scenario
from core.income import BadScenario, compare, read_scenario
from core.people.access import Permission, require
from plugins.income import load_tables
from web.board.export import BYTE_ORDER_MARK, harmless
from web.edge import finish, house, needs, page, who
from web.journey.record import told
from web.money.answer import answer, beside
from web.money.asking import (
    LETTERS,
    Told,
    chosen_models,
    options,
    plain,
    questions,
    refused,
    schema,
    start,
)
from web.money.models import with_models
from web.money.place import at, blueprint, content, read_only, saved
from web.schemas import blank, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.journey.scenarios import ScenarioSaved
    from projections.sheet import SheetScenario
    from web.journey.record import Record
    from web.money.answer import Answer
    from web.money.asking import Options
    from web.schemas import Form

__all__ = ["agrees", "computed"]

NEAR_USD, NEAR_SHARE = 1.0, 1e-5
"""How near a result computed again must come to the stored one: a dollar, or this share. House promise."""
_FORM: Final = "m"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """What the comparison shows.

    Args:
        form: what is asked; `letters` of the paths on it.
        answer: None while something is missing.
        missing: what is asked for and not invented.
        open_questions: what nobody gave, and what is counted meanwhile.
        told: where a plugin's model did not answer.
        models: of plugins that can be chosen, by name.
        scenarios: saved on this journey, the newest first.
    """

    record: Record
    form: Form
    letters: str
    answer: Answer | None
    missing: tuple[Told, ...]
    open_questions: tuple[Told, ...]
    told: tuple[str, ...]
    models: Mapping[str, str]
    scenarios: tuple[SheetScenario, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of a form: the scenario and its result, or what is missing for one; and what plugins did not answer."""

    inputs: dict[str, Any]
    result: dict[str, Any] | None = None
    missing: tuple[Told, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A saved comparison as it was saved, and whether it comes out the same today; `again` in words."""

    record: Record
    event: ScenarioSaved
    when: str
    by: str
    answer: Answer
    open_questions: tuple[Told, ...]
    same: bool
    again: str


@blueprint.route("/journeys/<uuid:journey_id>/money", methods=["GET", "POST"])
@needs(Permission.READ_JOURNEY)
def compared(journey_id: UUID) -> ResponseReturnValue:
    """Compare paths; a post computes and writes nothing, so that no one's loans stand in an address."""
    record = read_only(journey_id)
    given, form = _asked(record)
    made = _outcome(record, given, form)
    shown = ComparePage(
        record=record,
        form=form,
        letters=LETTERS,
        answer=answer(made.result) if made.result else None,
        missing=made.missing,
        open_questions=_open_questions(form, made.result) if made.result else (),
        told=made.told,
        models=given.models,
        scenarios=tuple(one for one in record.sheet.scenarios if one.kind == "income"),
    )
    if "HX-Request" in request.headers:
        return page("money/answer.html", view=shown)
    return page("money/compare.html", 422 if form.errors else 200, view=shown)


@blueprint.post("/journeys/<uuid:journey_id>/money/save")
@needs(Permission.WRITE_JOURNEY)
def keep(journey_id: UUID) -> ResponseReturnValue:
    """Save the comparison on the journey."""
    record = read_only(journey_id)
    require(who(), Permission.WRITE_JOURNEY, record.sheet.target)
    given, form = _asked(record)
    made = _outcome(record, given, form)
    inputs, result = made.inputs, made.result
    if result is None:
        shown = ComparePage(
            record=record,
            form=form,
            letters=LETTERS,
            answer=None,
            missing=made.missing,
            open_questions=(),
            told=made.told,
            models=given.models,
            scenarios=(),
        )
        return page("money/compare.html", 422, view=shown)
    # the same form can be saved again after a change: what was sent is part of which command it is
    sent = hashlib.sha256(json.dumps([form.command_id, form.values["name"], inputs]).encode()).hexdigest()
    name = form.values["name"] or " / ".join(one["name"] for one in inputs["paths"])[:120]
    command = SaveScenario(
        **{**told(record, form), "command_id": f"scenario-{sent[:32]}"},
        scenario_id=f"scenario-{sent[:12]}",
        kind="income",
        name=name,
        inputs=inputs,
        model=result["model_version"],
        seed=result["seed"],
        playbook=house().desk.institution().playbook_digest,
        result=result,
    )
    receipt = save_scenario(house().desk, who(), command)
    return finish(receipt, at(record, "stored", scenario_id=command.scenario_id), "Saved on the journey.")


@blueprint.post("/journeys/<uuid:journey_id>/money.csv")
@needs(Permission.READ_JOURNEY)
def sheet(journey_id: UUID) -> ResponseReturnValue:
    """Give the comparison as a CSV file."""
    record = read_only(journey_id)
    given, form = _asked(record)
    made = _outcome(record, given, form)
    if made.result is None:
        lines = "; ".join(one.text for one in made.missing) or "the form needs a change"
        return Response(f"Nothing to compare yet: {lines}.\n", 422, mimetype="text/plain")
    return _csv(made.result)


@blueprint.get("/journeys/<uuid:journey_id>/money/<scenario_id>")
@needs(Permission.READ_JOURNEY)
def stored(journey_id: UUID, scenario_id: str) -> ResponseReturnValue:
    """Open a saved comparison: its stored result, and what comes out when it is computed again."""
    record = read_only(journey_id)
    event = saved(record, scenario_id, "income")
    same, again = _again(event)
    said = next(one.said for one in record.sheet.scenarios if one.scenario_id == scenario_id)
    shown = StoredPage(
        record=record,
        event=event,
        when=record.moment(said.recorded_at),
        by=said.actor_name,
        answer=answer(event.result),
        open_questions=questions(event.result["questions"], None),
        same=same,
        again=again,
    )
    return page("money/stored.html", view=shown)


@blueprint.get("/journeys/<uuid:journey_id>/money/<scenario_id>.csv")
@needs(Permission.READ_JOURNEY)
def stored_sheet(journey_id: UUID, scenario_id: str) -> ResponseReturnValue:
    """Give a saved comparison as a CSV file."""
    return _csv(saved(read_only(journey_id), scenario_id, "income").result)


def computed(inputs: Mapping[str, Any], given: Options | None = None) -> dict[str, Any]:
    """Compute a scenario and return its result in plain data, as it is stored.

    Args:
        inputs: the scenario in plain data.
        given: the ladders, for what stands beside the money.

    Raises:
        BadScenario: it cannot be computed.
    """
    found = compare(read_scenario(inputs, load_tables(), content())).to_dict()
    ladders = given.ladders if given else {}
    apart = [beside(ladders.get(one["ladder"] or "")) for one in found["paths"]]
    plain_result: dict[str, Any] = json.loads(json.dumps({**found, "beside": apart}))
    return plain_result


def agrees(old: Any, new: Any) -> bool:
    """Say whether a result computed again agrees with the stored one: within a dollar, or a 100,000th."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(key in new and agrees(one, new[key]) for key, one in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(agrees, old, new))
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) <= max(NEAR_USD if isinstance(old, int) else 0, NEAR_SHARE * abs(old))
    return bool(old == new)


def _open_questions(form: Form, result: Mapping[str, Any]) -> tuple[Told, ...]:
    owed = Told(field="balance", text="What is owed on student loans? Counted meanwhile: nothing.")
    return (*(() if form.values["balance"] else (owed,)), *questions(result["questions"], form))


def _asked(record: Record) -> tuple[Options, Form]:
    given = options(record, content(), load_tables(), house().plugins.income_models())
    asked = schema(given)
    if request.method == "POST":
        return given, load(asked, form=_FORM)
    form = blank(asked, form=_FORM, seen=record.sheet.version, **start(record, given))
    read = load(asked, form=_FORM, source=_typed(form))
    form.values = read.values
    return given, form


def _typed(form: Form) -> MultiDict[str, str]:
    filled = {name: one for name, one in form.typed.items() if one != ""}
    return MultiDict({**filled, "command_id": form.command_id})


def _outcome(record: Record, given: Options, form: Form) -> _Outcome:
    """Compute what the form asks, or say what is missing for it."""
    if not form.ok:
        return _Outcome(inputs={})
    inputs = plain(form.values, given, record.today.year)
    if not inputs["paths"]:
        form.errors["a_path"] = "Choose at least one path."
        return _Outcome(inputs=inputs)
    try:
        inputs, told = with_models(inputs, chosen_models(form.values), load_tables(), content(), record.today)
        return _Outcome(inputs=inputs, result=computed(inputs, given), told=told)
    except BadScenario as error:
        return _Outcome(inputs=inputs, missing=refused(error.faults, form))


def _again(event: ScenarioSaved) -> tuple[bool, str]:
    """Compute a stored scenario again and say how it compares."""
    try:
        new = computed(event.inputs)
    except BadScenario as error:
        return False, f"It cannot be computed again with the figures of today: {error}."
    old = {key: one for key, one in event.result.items() if key != "beside"}
    if agrees(old, new):
        return True, "Computed again just now: every number agrees within $1 or 1 in 100,000."
    changed = [
        words
        for key, words in (("model_version", "the model"), ("figures_digest", "the public figures"))
        if old[key] != new[key]
    ]
    pairs = zip(old["paths"], new["paths"], strict=False)
    told = "; ".join(
        f"{one['name']}: ${one['worth'][0]['p50_usd']:,} then, ${two['worth'][0]['p50_usd']:,} now"
        for one, two in pairs
    )
    why = f"because {' and '.join(changed)} changed since" if changed else "because the playbook changed since"
    return False, f"Computed again today it differs, {why}. Median worth today: {told}. The page shows what was saved."


def _csv(result: Mapping[str, Any]) -> Response:
    """Return a comparison as a CSV file: a row for each path and year."""
    out = io.StringIO()
    rows = csv.writer(out)
    kinds = ("gross", "take_home", "cumulative")
    names = ("Pay", "Take-home", "Take-home added up")
    rows.writerow(["Path", "Year", *(f"{name} {q} [USD]" for name in names for q in ("p10", "p50", "p90"))])
    for one in result["paths"]:
        for year in range(result["years"]):
            amounts = [usd for kind in kinds for usd in one[kind][year]]
            rows.writerow([harmless(one["name"]), result["start_year"] + year, *amounts])
    made_by = f"Model {result['model_version']}, seed {result['seed']}, {result['draws']} futures"
    rows.writerow(
        [f"{made_by}; dollars of {result['price_year']}. Ranges, not promises. This is not financial advice."]
    )
    headers = {"Content-Disposition": "attachment; filename=paths.csv"}
    return Response(BYTE_ORDER_MARK + out.getvalue(), headers=headers, mimetype="text/csv")
