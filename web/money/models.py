"""Whole income models of plugins: asked for the paths for which somebody chose one, checked, and put in the scenario.

What a plugin answered becomes part of the scenario's plain data, so that a saved comparison can be computed again when
the plugin is gone. Without an answer the built-in model stands in, and the page says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.income import read_scenario
from core.income.compare import spans_of
from core.income.rows import Row
from core.income.whole import fits, read_model
from plugins.boundary import ABSENT
from plugins.boundary import Fault as PluginFault
from plugins.live import INCOME_MODEL
from rungwise import PathView, StepView
from web.edge import house

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.income import Fault, Tables
    from core.income.paths import Path
    from core.income.scenario import Scenario

__all__ = ["path_view", "with_models"]


def with_models(
    inputs: dict[str, Any], chosen: Mapping[int, str], tables: Tables, content: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put the answers of plugins into a scenario.

    Args:
        inputs: the scenario in plain data.
        chosen: number of a path, and the plugin that somebody chose for it.
        tables: the public figures.
        content: of the playbook.
        today: in the institution's zone.

    Returns:
        The scenario with what the plugins answered, and sentences on what they did not.

    Raises:
        BadScenario: it could not be computed without plugins either.
    """
    if not chosen:
        return inputs, ()
    titles = house().plugins.income_models()
    scenario = read_scenario(inputs, tables, content)
    paths, told = list(inputs["paths"]), []
    asked = [(name, path_view(scenario.paths[number], scenario)) for number, name in chosen.items()]
    answers = house().plugins.pay_of(asked, today)
    for (number, name), (answer, why) in zip(chosen.items(), answers, strict=True):
        path = scenario.paths[number]
        made = {**answer, "by": titles.get(name, name)} if isinstance(answer, dict) else answer
        wrong = [] if made is None else _wrong(made, path, scenario)
        if wrong:
            why = house().plugins.refuse_model(name, [_fault(name, one) for one in wrong])  # noqa: PLW2901 - a later reason
        elif made is not None:
            paths[number] = {**paths[number], "income_model": made}
            told += [f"{path.name}: {why}"] if why else []
        if wrong or made is None:
            told.append(f"{path.name}: the built-in model stands in. {why}")
    return {**inputs, "paths": paths}, tuple(told)


def path_view(path: Path, scenario: Scenario) -> PathView:
    """Return a path as plugins see it."""
    world = scenario.world
    return PathView(
        ladder=path.ladder,
        start_year=world.start_year,
        years=world.years,
        price_year=scenario.price_year,
        steps=tuple(
            StepView(
                kind=one.kind,
                specialty=one.specialty,
                model=one.model,
                from_year=one.from_year,
                to_year=one.to_year,
            )
            for one in spans_of(path, world)
        ),
    )


def _wrong(answer: object, path: Path, scenario: Scenario) -> list[Fault]:
    faults: list[Fault] = []
    row = Row(answer, "answer", faults)
    model = read_model(row)
    if not faults:
        fits(row, model, years=scenario.world.years, fixed=path.years_before_practice)
    return faults


def _fault(name: str, one: Fault) -> PluginFault:
    value = ABSENT if one.asked else one.value
    return PluginFault(plugin=name, hook=INCOME_MODEL, field=one.field, value=value, allowed=one.allowed)
