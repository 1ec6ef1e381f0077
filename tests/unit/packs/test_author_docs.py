"""What a plugin author reads is true: the hook reference, the examples, the types, and the one import."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import types
import typing
from pathlib import Path
from typing import Any

import pluggy
import pytest
from marshmallow import Schema, fields

import plugins
import rungwise
from core.decision.playbook import DEFAULTS
from plugins import live, shapes
from plugins.boundary import checked
from plugins.host import PACKS, SECTIONS, load
from rungwise import data, hookspecs
from rungwise.testing import HOOKS, NAMES, PATH, hooks_of, refusals, run_hook, wrong_answer
from tests.distributions import REFERENCE, reference

SPACE = Path(plugins.__file__).parent.parent / "docs" / "space"

TYPES = {
    data.Note: shapes.NoteRow,
    data.Question: shapes.QuestionRow,
    data.Cutoff: shapes.CutoffRow,
    data.Specialty: shapes.SpecialtyRow,
    data.Rung: shapes.RungRow,
    data.PayRange: shapes.PayRangeRow,
    data.SourcedPay: shapes.SourcedPayRow,
    data.Ladder: shapes.LadderRow,
    data.Track: shapes.TrackRow,
    data.Pay: shapes.PayRow,
    data.FieldPay: shapes.FieldPayRow,
    data.Lever: shapes.LeverRow,
    data.Milestone: shapes.MilestoneRow,
    data.InventoryField: shapes.InventoryFieldRow,
    data.CycleDate: shapes.CycleDateRow,
    data.BaseRate: shapes.BaseRateRow,
}
LIVE_TYPES = {data.Panel: live.PanelShape, data.PanelRow: live.PanelRowShape}


def test_the_host_asks_every_hook_and_no_other() -> None:
    assert {*SECTIONS.values(), *live.LIVE} == set(HOOKS)
    assert set(SECTIONS.values()) == set(shapes.ROWS)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_documents_arguments_return_and_moment(name: str) -> None:
    doc = inspect.getdoc(HOOKS[name]) or ""
    assert [part for part in ("Args:", "Returns:", "When:") if part not in doc] == []
    assert typing.get_type_hints(HOOKS[name], NAMES)["return"] is not None


@pytest.mark.parametrize("name", HOOKS)
def test_the_readme_names_every_hook_with_its_arguments(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \| (.*?) \| (.*?) \|$", REFERENCE, re.MULTILINE)
    arguments = list(inspect.signature(HOOKS[name]).parameters)
    assert re.findall(r"`(\w+)`", row[0]) == arguments
    assert bool(arguments) == (row[0] != "none")


def test_the_readme_names_every_key() -> None:
    author = (*TYPES, *LIVE_TYPES, data.ValueCondition, data.RangeCondition, data.IncomeModel, data.ModelSource)
    keys = {key for one in author for key in one.__annotations__}
    named = set(re.findall(r"`([\w-]+)`", REFERENCE.split("### First keys")[1]))
    assert sorted(keys - named) == []


def test_the_whole_pack_that_the_readme_shows_loads_whole() -> None:
    assert "(../docs/space/pack.toml)" in REFERENCE

    loaded = load([SPACE])

    assert [str(fault) for fault in loaded.faults] == []
    space = next(pack for pack in loaded.packs if pack["name"] == "space")
    assert [len(space[section]) for section in SECTIONS] == [1, 1, 1, 1, 1, 1, 1, 2, 1, 1]
    used = set(re.findall(r"(\w+) = ", (SPACE / "pack.toml").read_text("utf-8")))
    wanted = {key for shape in (*TYPES.values(), shapes.ConditionRow) for key in shape().fields}
    assert wanted - used - {"rungs"} == set()


def example() -> types.ModuleType:
    """The module that the examples of the reference are, put together."""
    module = types.ModuleType("example")
    exec(reference(), vars(module))  # noqa: S102 - ours
    return module


def test_the_examples_of_the_reference_are_a_plugin_with_every_hook() -> None:
    module = example()
    assert refusals(module) == []
    assert set(hooks_of(module)) == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_its_own_example_that_runs_and_whose_answer_is_good(hook: str) -> None:
    part = REFERENCE.split(f"### `{hook}`")[1].split("\n### ")[0]
    assert f"def {hook}(" in part
    remote = dataclasses.replace(PATH.steps[-1], specialty="emergency-medicine")
    answer = run_hook(example(), hook, path=dataclasses.replace(PATH, steps=(*PATH.steps[:-1], remote)))
    assert answer
    assert wrong_answer(hook, answer) == []
    if hook != live.INCOME_MODEL:  # that one is checked where it is computed with
        assert checked("example", hook, answer)[1] == []


@pytest.mark.parametrize("hook", live.LIVE)
def test_the_reference_speaks_of_every_argument_of_a_live_hook(hook: str) -> None:
    words = REFERENCE.split(f"### `{hook}`")[1].split("```python")[0]
    for argument in inspect.signature(HOOKS[hook]).parameters:
        assert f"`{argument}`" in words


def test_the_smallest_plugin_of_the_docstring_works() -> None:
    lines = re.findall(r"^    (.*)$", rungwise.__doc__ or "", re.MULTILINE)
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)  # noqa: S102 - the example is ours

    manager = pluggy.PluginManager("rungwise")
    manager.add_hookspecs(hookspecs)
    plugin = type("Plugin", (), {"rungwise_specialties": staticmethod(names["rungwise_specialties"])})
    manager.register(plugin)
    manager.check_pending()
    assert manager.hook.rungwise_specialties() == [[{"slug": "space-medicine", "name": "Space medicine"}]]


@pytest.mark.parametrize(("author", "shape"), [*TYPES.items(), *LIVE_TYPES.items()], ids=lambda one: one.__name__)
def test_the_types_of_the_author_and_the_checks_of_the_host_agree(author: Any, shape: type[Schema]) -> None:
    required = {name for name, field in shape().fields.items() if field.required}
    assert set(author.__annotations__) == set(shape().fields)
    assert author.__required_keys__ == required


def test_the_types_of_a_condition_agree_with_its_check() -> None:
    keys = set(data.ValueCondition.__annotations__) | set(data.RangeCondition.__annotations__)
    assert keys == set(shapes.ConditionRow().fields)


def test_a_pack_may_set_every_parameter_of_the_playbook() -> None:
    parameters = shapes.SpecialtyRow().fields["parameters"]
    assert isinstance(parameters, fields.Nested)
    assert isinstance(parameters.schema, Schema)
    assert set(parameters.schema.fields) == set(DEFAULTS)


def test_every_name_offered_to_authors_exists_and_the_package_is_typed() -> None:
    assert sorted(rungwise.__all__) == rungwise.__all__
    assert [name for name in rungwise.__all__ if not hasattr(rungwise, name)] == []
    assert rungwise.API_VERSION == 1
    assert (Path(rungwise.__file__).parent / "py.typed").is_file()


def test_the_author_package_imports_nothing_of_ours_and_packs_import_only_it() -> None:
    ours = Path(rungwise.__file__).parent
    assert {name for path in ours.glob("*.py") for name in _imports(path.read_text("utf-8"))} == {"pluggy", "rungwise"}
    packs = {name for path in PACKS.rglob("*.py") for name in _imports(path.read_text("utf-8"))}
    assert packs <= {"rungwise"}


def test_the_import_rule_sees_every_way_to_import() -> None:
    source = "import core.errors\ndef late():\n    from plugins import host\nimport json, flask as f\n"
    assert _imports(source) == {"core", "plugins", "flask"}


def _imports(source: str) -> set[str]:
    """Top-level names imported anywhere in a source, without the standard library."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").split(".")[0])
    return found - set(sys.stdlib_module_names)
