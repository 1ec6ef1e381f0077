"""The form of the comparison: what is asked, and what of it goes into the scenario.

Sliders hold what has a sensible start; what only the person asking can know (the rate of a loan, a locums rate, a
buy-in) is an empty box, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from core.income import ladder_path
from core.income.loans import Plan
from core.income.paths import MODELS
from core.ladders import Ladder, ladders_for, steered
from web.fields import Choice, Tick, Whole
from web.journey.record import specialty_names
from web.journey.task import asking
from web.money.place import Number
from web.schemas import FormSchema, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.income import Tables
    from core.income.faults import Fault
    from web.journey.record import Record
    from web.schemas import Form

__all__ = [
    "LETTERS",
    "Options",
    "Told",
    "chosen_models",
    "options",
    "plain",
    "questions",
    "refused",
    "schema",
    "start",
]

LETTERS: Final = "abcd"
SEED: Final = 20260616
"""Of the random numbers of every comparison on a page, so that only what one changes moves the pictures."""
DRAWS: Final = 4_000
"""Futures of each path, few enough to follow a slider (`compare_ms`).

Over 20 seeds, against 100,000 futures: medians within 2 percent; p10 and p90 within 2 percent for employees, within 8
percent where owners are spread widest. The seed stays the same, so what moves on a page is never that chance.
"""
AGAIN: Final = "again"
_FIELD: Final = "field:"
_PROGRAMS: Final = ("residency", "fellowship")
_PLANS: Final = {
    Plan.STANDARD.value: "Standard, 10 years",
    Plan.TIERED.value: "Tiered standard",
    Plan.IBR.value: "Income-based (IBR)",
    Plan.RAP.value: "Repayment assistance (RAP)",
}
_MODELS: Final = {"employed": "Employed", "academic": "Academic", "private": "Private", "locums": "Locums"}
_BEFORE: Final = {
    "research-year": "Research year first",
    "gap-year": "Year without a program first",
    "prelim": "Preliminary year first",
    "transitional-year": "Transitional year first",
}
_PLACES: Final = {"": "Not settled: the average", "rural": "Rural, high need", "any-state": "Any state, at random"}
# Where the answer to a fault or a question of the model stands on the form: end of its place → field.
_PLACES_ON_FORM: Final = {
    "balance_usd": "balance",
    "rate_pct": "rate",
    "pslf": "pslf",
    "state": "state",
    "place": "place",
    "usd_per_hour": "locums_usd",
    "hours": "locums_hours",
    "buy_in_usd": "buy_in",
    "ratio": "partner_pct",
    "after_years": "partner_after",
    "partnership": "partner_after",
    "ladder": "path",
    "specialty": "path",
    "steps": "path",
    "procedures": "procedures",
    "ventures": "ventures",
    "years": "program_years",
    "cost_usd": "gap_cost",
}
_PATH: Final = re.compile(r"paths\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What can be chosen for a path: value → words; `ladders` by id, `tables` with what the packs bring.

    `models` are the plugins that bring an income model of their own.
    """

    paths: Mapping[str, str]
    ladders: Mapping[str, Ladder]
    tables: Tables
    dream: str
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A missing or refused figure in words, and the field that takes it; "" = none does."""

    field: str
    text: str


def options(record: Record, content: Mapping[str, Any], tables: Tables, models: Mapping[str, str]) -> Options:
    """Return the paths that can be compared for a journey: its ladders, trying again, and any field with known pay."""
    dream, names = record.sheet.specialty, specialty_names()
    drive = record.sheet.facts.get("drive")
    found = steered(ladders_for(content, dream), str(drive.value) if drive else None)
    ladders = {one.id: one for one in found}
    joined = tables.joined(content)
    trained = {
        slug: name
        for slug, name in names.items()
        if slug in joined.fields and slug in joined.programs and joined.programs[slug].kind == "residency"
    }
    again = {AGAIN: f"{names.get(dream, dream)}: try again"} if dream in trained else {}
    straight = {_FIELD + slug: f"{name}, as it is" for slug, name in trained.items() if slug != dream}
    return Options(
        paths={**{key: one.title for key, one in ladders.items()}, **again, **straight},
        models=models,
        ladders=ladders,
        tables=joined,
        dream=dream,
    )


def schema(given: Options) -> type[FormSchema]:
    """Return the form: what all paths share, then the same questions for each path."""
    states = {code: code for code in given.tables.states}
    fields: dict[str, Any] = {
        "name": Words("Name of the scenario", longest=120),
        "balance": Whole("Loans today, in dollars", high=1_000_000),
        "rate": Number("Loan rate, percent a year", high=25, metadata={"hint": "From your loan papers."}),
        "plan": Choice("Repayment", _PLANS),
        "pslf": Tick("Aim at public service forgiveness (PSLF)"),
        "state": Choice("State where you pay taxes", states),
        "status": Choice("Taxes filed", {"single": "Single", "joint": "Joint"}),
    }
    for letter in LETTERS:
        fields |= {f"{letter}_{name}": one for name, one in _path_fields(letter.upper(), given, states).items()}
    return asking(fields)


def _path_fields(letter: str, given: Options, states: Mapping[str, str]) -> dict[str, Any]:
    places = {**{key: text for key, text in _PLACES.items() if key}, **states}
    return {
        # any name: a plugin that is gone when the form comes back is told of, and no reason to refuse the form
        "by": Words(f"{letter}: pay as told by", longest=120),
        "path": Choice(f"Path {letter}", given.paths),
        "before": Choice(f"{letter}: first", _BEFORE),
        "gap_years": Whole(f"{letter}: years waiting", low=1, high=4),
        "gap_cost": Whole(f"{letter}: cost of a waiting year, in dollars", high=200_000),
        "model": Choice(f"{letter}: practice", _MODELS),
        "place": Choice(f"{letter}: place", places),
        "procedures": Whole(f"{letter}: share of time moved to procedures, percent", high=60),
        "stint": Whole(f"{letter}: years in a high-need region first", high=10),
        "ventures": Whole(f"{letter}: side ventures, dollars a year", high=2_000_000),
        "partner_after": Whole(f"{letter}: years to partnership", high=20),
        "partner_pct": Whole(f"{letter}: a partner earns, percent of before", low=10, high=500),
        "buy_in": Whole(f"{letter}: buy-in, in dollars", high=5_000_000),
        "locums_hours": Whole(f"{letter}: locums hours a year", low=1, high=5000),
        "locums_usd": Whole(f"{letter}: locums dollars an hour", low=1, high=5000),
        "program_years": Whole(f"{letter}: years of a program that no source has", low=1, high=10),
        "nonprofit": Tick(f"{letter}: the practice counts for PSLF"),
    }


def start(record: Record, given: Options) -> dict[str, Any]:
    """Return what the form begins with: trying again beside the ladder chosen and the next ones."""
    chosen = record.sheet.ladder.ladder if record.sheet.ladder else None
    # one whose years nobody published would have to be asked about before anything is shown
    known = [one for one, ladder in given.ladders.items() if one == chosen or ladder.training_years is not None]
    ladders = sorted(known, key=lambda one: one != chosen)
    straight = [one for one in ("field:internal-medicine", "field:anesthesiology") if one in given.paths]
    wanted = [*([AGAIN] if AGAIN in given.paths else []), *(ladders or straight)][: len(LETTERS)]
    typed: dict[str, Any] = {"plan": Plan.STANDARD.value, "status": "single", "balance": 0}
    for letter in LETTERS:
        typed |= {f"{letter}_{name}": 0 for name in ("procedures", "stint")}
        typed |= {f"{letter}_model": MODELS[0]}
    for letter, one in zip(LETTERS, wanted, strict=False):
        typed[f"{letter}_path"] = one
        typed |= {f"{letter}_before": "research-year", f"{letter}_gap_years": 1} if one == AGAIN else {}
    return typed


def plain(values: Mapping[str, Any], given: Options, year: int) -> dict[str, Any]:
    """Return the scenario of a form in plain data, as `docs/scenario.toml` has it.

    Args:
        values: what was filled in, checked.
        given: what the choices mean.
        year: the calendar year in which the paths begin.
    """
    taxes = {"status": values["status"] or "single", **({"state": values["state"]} if values["state"] else {})}
    scenario: dict[str, Any] = {"seed": SEED, "draws": DRAWS, "start_year": year, "taxes": taxes}
    if values["balance"]:
        loans = {"balance_usd": values["balance"], "plan": values["plan"] or "standard", "pslf": values["pslf"]}
        scenario["loans"] = _with(loans, rate_pct=values["rate"])
    paths: list[dict[str, Any]] = []
    for letter in LETTERS:
        own = {name.removeprefix(f"{letter}_"): one for name, one in values.items() if name.startswith(f"{letter}_")}
        if own["path"]:
            paths.append(_path(own, given, {one["name"] for one in paths}))
    return {**scenario, "paths": paths}


def chosen_models(values: Mapping[str, Any]) -> dict[int, str]:
    """Return the plugin chosen for a path's pay, by the number of the path in the scenario."""
    filled = [letter for letter in LETTERS if values[f"{letter}_path"]]
    return {number: by for number, letter in enumerate(filled) if (by := values.get(f"{letter}_by"))}


def _path(own: Mapping[str, Any], given: Options, taken: Iterable[str]) -> dict[str, Any]:
    key: str = own["path"]
    ladder = given.ladders.get(key)
    name = ladder.title if ladder else given.paths[key]
    if name in taken:
        name = f"{name}, {_MODELS[own['model'] or 'employed'].lower()}"
    while name in taken:
        name += " again"
    before, practice = _first(own), _practice(own)
    if ladder is None:
        field = given.dream if key == AGAIN else key.removeprefix(_FIELD)
        steps = [*before, {"kind": "residency", "specialty": field}, {"kind": "practice", **practice}]
        return {"name": name, "steps": steps}
    if not own["program_years"]:
        return {"name": name, "ladder": key, "before": before, "practice": practice}
    made = ladder_path(ladder, given.tables, name=name, before=before, practice=practice)
    for step in made["steps"]:
        program = given.tables.programs.get(step["specialty"])
        if step["kind"] in _PROGRAMS and (program is None or program.kind != step["kind"]):
            step.setdefault("years", own["program_years"])
    return made


def _first(own: Mapping[str, Any]) -> list[dict[str, Any]]:
    kind = own["before"]
    if not kind:
        return []
    waiting = kind.endswith("-year") and kind != "transitional-year"
    more = {"years": own["gap_years"] or 1, "cost_usd": own["gap_cost"] or 0} if waiting else {}
    return [{"kind": kind, **more}]


def _practice(own: Mapping[str, Any]) -> dict[str, Any]:
    model = own["model"] or "employed"
    made: dict[str, Any] = {"model": model, **({"nonprofit": True} if own["nonprofit"] else {})}
    if own["place"]:
        made["place"] = own["place"]
    if own["procedures"]:
        made["procedures"] = own["procedures"] / 100
    if own["stint"]:
        made["stint"] = {"years": own["stint"], "place": "rural"}
    if own["ventures"]:
        made["ventures"] = own["ventures"]
    ratio = own["partner_pct"] / 100 if own["partner_pct"] else None
    partner = _with({}, after_years=own["partner_after"], buy_in_usd=own["buy_in"], ratio=ratio)
    if partner and model == "private":
        made["partnership"] = partner
    if model == "locums":
        made["locums"] = _with({}, hours=own["locums_hours"], usd_per_hour=own["locums_usd"])
    return made


def _with(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**made, **{key: value for key, value in more.items() if value is not None}}


def refused(faults: Iterable[Fault], form: Form) -> tuple[Told, ...]:
    """Return what is missing or wrong in words; what is wrong goes beside its field too."""
    told = []
    for fault in faults:
        name = _field_of(fault.field, form)
        what = form.labels.get(name, fault.field)
        told.append(Told(field=name, text=f"{what}: {fault.allowed}"))
        if not fault.asked:
            form.errors[name or "_form"] = f"{what}: {fault.allowed}."
    return tuple(dict.fromkeys(told))


def questions(asked: Iterable[Mapping[str, str]], form: Form | None) -> tuple[Told, ...]:
    """Return what nobody gave, with what is counted meanwhile."""
    return tuple(
        Told(
            field=_field_of(one["field"], form) if form else "",
            text=f"{_letter_of(one['field'], form)}{one['ask']} Counted meanwhile: {one['counted']}.",
        )
        for one in asked
    )


def _letter_of(place: str, form: Form | None) -> str:
    found = _PATH.match(place)
    return f"Path {_letters(form)[int(found[1])].upper()}: " if found else ""


def _letters(form: Form | None) -> str:
    """Return the letters of the paths that are filled in, in the order of the scenario."""
    if form is None:
        return LETTERS
    return "".join(letter for letter in LETTERS if form.typed[f"{letter}_path"]) or LETTERS


def _field_of(place: str, form: Form) -> str:
    name = _PLACES_ON_FORM.get(place.rsplit(".", 1)[-1], "")
    found = _PATH.match(place)
    if found and name:
        name = f"{_letters(form)[int(found[1])]}_{name}"
    return name if name in form.labels else ""
