"""The plugin's own tests, which pytest runs where the plugin is installed."""

from __future__ import annotations

from dataclasses import replace

from rungwise_space import hooks

from rungwise.testing import JOURNEY, PATH, PluginConformance, run_hook


class TestSpace(PluginConformance):
    plugin = hooks


def test_the_panel_counts_what_lies_ahead() -> None:
    (panel,) = run_hook(hooks, "rungwise_panels", journey=JOURNEY)
    assert panel["rows"] == [{"label": "Milestones ahead", "value": "1, 4 days to the next"}]


def test_the_model_knows_emergency_medicine_alone() -> None:
    assert run_hook(hooks, "rungwise_income_model") is None
    last = replace(PATH.steps[-1], specialty="emergency-medicine")
    model = run_hook(hooks, "rungwise_income_model", path=replace(PATH, steps=(PATH.steps[0], last)))
    assert len(model["gross_usd"]) == PATH.years
