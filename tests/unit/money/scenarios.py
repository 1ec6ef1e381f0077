"""Scenarios for tests of the income model, and what was published."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.income import BadScenario, read_scenario
from core.income.simulate import room, simulate
from plugins.host import load_packs, playbook_content
from plugins.income import load_tables

if TYPE_CHECKING:
    from core.income import Scenario
    from core.income.simulate import Draws

PUBLISHED = tomllib.loads((Path(__file__).parents[2] / "data" / "income" / "published.toml").read_text("utf-8"))


@cache
def playbook() -> dict[str, Any]:
    return playbook_content("tests", load_packs())


def steps(field: str, *before: dict[str, Any], **practice: Any) -> list[dict[str, Any]]:
    """The usual way into a field, from the programs that are known."""
    programs = load_tables().programs
    program = programs[field]
    climb = [*(program.after or ())[:1], field] if program.kind == "fellowship" else [field]
    training = [{"kind": programs[slug].kind, "specialty": slug} for slug in climb]
    return [*before, *training, {"kind": "practice", **practice}]


def path(name: str = "one", *, field: str = "anesthesiology", **practice: Any) -> dict[str, Any]:
    return {"name": name, "steps": steps(field, **practice)}


def given(*paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"seed": 7, "draws": 4000, "paths": list(paths) or [path()], **more}


def scenario(*paths: dict[str, Any], **more: Any) -> Scenario:
    return read_scenario(given(*paths, **more), load_tables(), playbook())


def draws_of(one: Scenario, number: int = 0) -> Draws:
    seed = np.random.SeedSequence(one.seed).spawn(len(one.paths))[number]
    return simulate(one.paths[number], one.world, seed, room(one.world.years, one.draws))


def faults_of(data: Any) -> list[str]:
    try:
        read_scenario(data, load_tables(), playbook())
    except BadScenario as error:
        return [str(fault) for fault in error.faults]
    return []
