"""Reading a path of a scenario: its steps in order, or a ladder that gives them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from core.income.ballparks import ballpark_for, ballpark_named
from core.income.figures import Figure
from core.income.paths import GAPS, YEARS_IN_TRAINING, Gap, Path, Practice, Training
from core.income.read_practice import read_practice
from core.income.training import opens
from core.income.whole import read_model
from core.ladders import Ladder, ladders_for, tracks_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.income.faults import Question
    from core.income.paths import Step
    from core.income.rows import Row
    from core.income.tables import Tables

KINDS: Final = (*GAPS, *YEARS_IN_TRAINING, "practice")
PROGRAM_YEARS_MAX: Final = 10
BEFORE_PRACTICE_MAX: Final = 25
STEPS_MAX: Final = 12
_YEAR_FIELDS: Final = {"prelim": "preliminary-surgery", "transitional-year": "transitional-year"}
_YEAR_KINDS: Final = {
    "transitional-year": "transitional-year",
    "preliminary-surgery": "prelim",
    "preliminary-medicine": "prelim",
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a path may name.

    Attributes:
        tables: the public figures.
        playbook: the content of a playbook.
    """

    tables: Tables
    playbook: Mapping[str, Any]

    @cached_property
    def specialties(self) -> Mapping[str, str]:
        """Name of each specialty by slug."""
        return {row["slug"]: row["name"] for pack in self.playbook["packs"] for row in pack["specialties"]}

    @cached_property
    def ladders(self) -> Mapping[str, Ladder]:
        """Every ladder by its id."""
        return {one.id: one for slug in self.specialties for one in ladders_for(self.playbook, slug)}


def ladder_path(ladder: Ladder, tables: Tables, **more: Any) -> dict[str, Any]:
    """Return a ladder as a path of a scenario, in plain data that a form can show and change.

    Args:
        ladder: the climb.
        tables: the public figures; they say whether the pay at the top is known.
        more: `name`, `before` (steps before the climb) and `practice` (settings of the practice at the top).
    """
    steps: list[dict[str, Any]] = list(more.get("before") or ())
    field = ""
    for rung in ladder.rungs:
        if rung.is_training:
            kind = _YEAR_KINDS.get(rung.slug, rung.kind)
            years = {} if rung.years is None else {"years": rung.years}
            steps.append({"kind": kind, "specialty": rung.slug, **years})
        if rung.slug in tables.fields:
            field = rung.slug
    practice = {"kind": "practice", "specialty": field, **(more.get("practice") or {})}
    return {"name": more.get("name") or ladder.title, "ladder": ladder.id, "steps": [*steps, practice]}


def read_path(row: Row, known: Known, questions: list[Question]) -> Path | None:
    """Read a path; None = its ladder is not known, which is a fault."""
    ladder = None
    if row.has("ladder"):
        ladder_id = row.take("ladder")
        ladder = known.ladders.get(ladder_id) if isinstance(ladder_id, str) else None
        if ladder is None:
            row.wrong("ladder", ladder_id, f"a ladder of the playbook{_near(ladder_id, known.ladders)}")
            return None
    row.take("ladder")
    name = row.text("name", ladder.title if ladder else None)
    notes = [f"The way is {ladder.door.words}."] if ladder and ladder.door != "open" else []
    if ladder is not None and not row.has("steps"):
        notes += _stand_in(ladder, known)
        row = _with_steps(row, ladder, known)
    steps = _read_steps(row, known, questions)
    ballpark = _ballpark(row, ladder, known, steps)
    model = read_model(row.table("income_model")) if row.has("income_model") else None
    row.take("income_model")
    if model is not None:
        notes += [f"Pay as the model of {model.by} has it.", *([model.note] if model.note else [])]
    row.done()
    return Path(
        name=name,
        ladder=ladder.id if ladder else None,
        steps=tuple(steps),
        ballpark=ballpark,
        notes=tuple(notes),
        model=model,
    )


def _with_steps(row: Row, ladder: Ladder, known: Known) -> Row:
    """Return the row with the ladder's steps in it."""
    before, practice = row.take("before", []), row.take("practice", {})
    if not isinstance(before, list):
        row.wrong("before", before, "a list of steps before the ladder")
        before = []
    if not isinstance(practice, dict):
        row.wrong("practice", practice, "a table with settings of the practice")
        practice = {}
    made = ladder_path(ladder, known.tables, before=before, practice=practice)
    return row.filled(steps=made["steps"])


def _stand_in(ladder: Ladder, known: Known) -> list[str]:
    top = ladder.rungs[-1]
    if top.slug in known.tables.fields:
        return []
    return [f"No public figure of {top.name.lower()} is known: the pay of the training before it stands in."]


def _ballpark(row: Row, ladder: Ladder | None, known: Known, steps: list[Step]) -> Any:
    if row.has("playbook_track"):
        track = row.one_of("playbook_track", [one.id for one in tracks_in(known.playbook)])
        return ballpark_named(known.playbook, track)
    row.take("playbook_track")
    top = steps[-1].track.field if steps and isinstance(steps[-1], Practice) else ""
    return ballpark_for(known.playbook, ladder, top)


def _read_steps(row: Row, known: Known, questions: list[Question]) -> list[Step]:
    steps: list[Step] = []
    trained: list[str] = []
    years = 0
    rows = list(row.rows("steps", 1, STEPS_MAX, "a list of 1 to 12 steps, the last of them practice"))
    for number, one in enumerate(rows):
        kind = one.one_of("kind", KINDS)
        after_practice = any(isinstance(step, Practice) for step in steps)
        if kind == "practice":
            steps += read_practice(one, known, trained, questions, last=number == len(rows) - 1)
        elif after_practice:
            one.wrong("kind", kind, "practice: nothing else comes after a practice")
            continue
        elif kind in GAPS:
            steps.append(_read_gap(one, kind, known))
        else:
            training = _read_training(one, kind, known, trained, years)
            years += training.years
            trained.append(training.field)
            steps.append(training)
        one.done()
    if rows and not isinstance(steps[-1] if steps else None, Practice):
        row.wrong("steps", "no practice at the end", "a last step of kind practice")
    before = sum(step.years for step in steps if not isinstance(step, Practice))
    if before > BEFORE_PRACTICE_MAX:
        row.wrong("steps", f"{before} years before practice", f"at most {BEFORE_PRACTICE_MAX}")
    return steps


def _read_gap(row: Row, kind: str, known: Known) -> Gap:
    stipends = known.tables.stipends
    default = stipends.research_usd if kind == "research-year" else 0.0
    given = row.has("pay_usd")
    pay = row.usd("pay_usd", default)
    figure = Figure(
        what=f"pay in a {kind.replace('-', ' ')}",
        value=pay,
        unit="USD a year",
        source="given" if given or not default else stipends.research_source,
        year=None if given or not default else stipends.research_year,
        note=None if given else "median; 0 to 75,000 were seen" if default else "none unless given",
    )
    return Gap(
        kind=kind,
        years=row.whole("years", 1, PROGRAM_YEARS_MAX, 1),
        pay_usd=pay,
        cost_usd=row.usd("cost_usd", 0.0),
        qualifies=row.flag("nonprofit", default=False),
        figures=(figure,),
    )


def _read_training(row: Row, kind: str, known: Known, trained: list[str], years_done: int) -> Training:
    tables = known.tables
    field = row.text("specialty", _YEAR_FIELDS.get(kind))
    program = tables.programs.get(field)
    if field and program is None and field not in known.specialties:
        names = {**tables.programs, **known.specialties}
        row.wrong("specialty", field, f"the slug of a known specialty{_near(field, names)}")
    elif kind == "fellowship" and not trained:
        row.wrong("specialty", field, "a fellowship after a residency; no residency comes before it")
    elif program and program.after is not None and not opens(tables.programs, field, trained):
        done = ", ".join(trained) or "nothing"
        allowed = f"a program that {done} opens; {field} asks for {' or '.join(program.after)} before it"
        row.wrong("specialty", field, allowed)
    usual = program.years if program and program.kind == kind else None
    if kind in _YEAR_FIELDS:
        usual = 1
    given = row.has("years")
    years = row.whole("years", 1, PROGRAM_YEARS_MAX, usual)
    stipends = row.numbers("stipends_usd", 0, 1_000_000, PROGRAM_YEARS_MAX)
    if stipends and len(stipends) != years:
        row.wrong("stipends_usd", f"{len(stipends)} amounts", f"one for each of the {years} years, or none")
    source = tables.stipends
    figures = [
        Figure(
            what=f"years of {field}, {kind.replace('-', ' ')}",
            value=years,
            unit="years",
            source="given" if given or kind in _YEAR_FIELDS else tables.years_source,
            year=None if given else source.year,
        ),
        Figure(
            what=f"stipend of program year {years_done + 1}",
            value=stipends[0] if stipends else source.at(years_done + 1),
            unit="USD a year",
            source="given" if stipends else source.source,
            year=None if stipends else source.year,
        ),
    ]
    return Training(
        kind=kind,
        field=field,
        years=years,
        stipends_usd=stipends or tuple(source.at(years_done + 1 + year) for year in range(years)),
        qualifies=row.flag("nonprofit", default=True),
        figures=tuple(figures),
    )


def _near(given: object, known: Mapping[str, Any]) -> str:
    near = get_close_matches(str(given)[:60], list(known), n=1)
    return f"; near to it is {near[0]}" if near else ""
