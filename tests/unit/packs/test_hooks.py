"""The hooks of API 1 as authors know them: nothing of them is ever taken away, and all are asked as declared."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
import typing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rungwise
from plugins import live
from plugins.host import SECTIONS
from rungwise import data, views
from rungwise.testing import HOOKS, JOURNEY, NAMES, PATH, TODAY, PluginConformance, refusals, run_hook, wrong_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugins.contained import Contained

GOLDEN = Path(__file__).parents[2] / "data" / "api-1.txt"

#: Every hook; it keeps what it was asked, in the order in which it was, and tells it where it can: in a panel.
TELLING = """
    from rungwise import hookimpl

    asked = []

    def _kept(name, **given):
        told = ", ".join(f"{key}: {type(one).__name__}" for key, one in given.items())
        asked.append(f"{name}({told})")

    @hookimpl
    def rungwise_panels(journey, today):
        _kept("rungwise_panels", journey=journey, today=today)
        inner = [journey.facts["step2"], journey.milestones[0], journey.milestones[0].due_on, journey.facts]
        rows = [{"label": str(number), "value": one} for number, one in enumerate(asked)]
        return [{"title": "Asked", "text": ", ".join(type(one).__name__ for one in inner), "rows": rows}]

    @hookimpl
    def rungwise_income_model(path, today):
        _kept("rungwise_income_model", path=path, today=today)
        _kept("steps", **{f"step{number}": one for number, one in enumerate(path.steps)})
"""


def lines() -> Iterator[str]:
    """Everything that an author may rely on, a line each."""
    yield f"API_VERSION = {rungwise.API_VERSION}"
    for name, hook in HOOKS.items():
        yield f"hook {name}{inspect.signature(hook)}"
    for owner in (data, views):
        for name, one in vars(owner).items():
            if typing.is_typeddict(one) and not name.startswith("_"):
                for key, kind in one.__annotations__.items():
                    must = "must" if key in one.__required_keys__ else "may"
                    yield f"{name}.{key} {must}: {_shown(kind)}"
            elif dataclasses.is_dataclass(one):
                for field in dataclasses.fields(typing.cast("Any", one)):
                    yield f"{name}.{field.name}: {_shown(field.type)}"
    yield from (f"name {name}" for name in rungwise.__all__)


def _shown(kind: Any) -> str:
    """A type in words that are the same under every Python."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(map(_shown, inner))
    if origin is typing.NotRequired:
        return _shown(inner[0])
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, inner))}]"
    name = getattr(origin or kind, "__name__", str(kind)).replace("NoneType", "None")
    return f"{name}[{', '.join('...' if one is ... else _shown(one) for one in inner)}]" if inner else name


def test_nothing_of_api_1_was_taken_away_or_changed() -> None:
    """A line may be added for what is new, under its hook or type; a line that stands is never changed or removed."""
    golden = GOLDEN.read_text("utf-8").splitlines()
    now = list(lines())
    assert [line for line in golden if line not in now] == []
    assert [line for line in now if line not in golden] == [], f"add these lines to {GOLDEN}"


def test_all_hooks_are_asked_in_their_order_with_arguments_of_their_types(
    contained: Contained, installed: Callable[..., Any]
) -> None:
    telling = "".join(
        f"\n    @hookimpl\n    def {hook}():\n        _kept({hook!r})\n        return []\n"
        for hook in SECTIONS.values()
    )
    plugin = installed("telling", TELLING + telling)
    assert contained.started([plugin])

    contained.packs([plugin], [*SECTIONS.values()])
    contained.ask([plugin], live.INCOME_MODEL, {"path": PATH, "today": TODAY})
    (reply,) = contained.ask([plugin], live.PANELS, {"journey": JOURNEY, "today": TODAY})

    (panel,) = reply.value
    assert [row["value"] for row in panel["rows"]] == [
        *(f"{hook}()" for hook in SECTIONS.values()),
        "rungwise_income_model(path: PathView, today: date)",
        "steps(step0: StepView, step1: StepView)",
        "rungwise_panels(journey: JourneyView, today: date)",
    ]
    assert panel["text"] == "FactView, MilestoneView, date, dict"
    assert [*SECTIONS.values(), *live.LIVE] == list(HOOKS)


@pytest.mark.parametrize("hook", live.LIVE)
def test_the_arguments_of_a_live_hook_are_declared_as_views_and_dates(hook: str) -> None:
    hints = typing.get_type_hints(HOOKS[hook], NAMES)
    hints.pop("return")
    assert set(hints.values()) <= {views.JourneyView, views.PathView, date}


def test_a_view_is_frozen_and_comes_through_as_it_was_sent(contained: Contained, installed: Callable[..., Any]) -> None:
    plugin = installed(
        "echo",
        """
        from rungwise import hookimpl

        @hookimpl
        def rungwise_panels(journey, today):
            try:
                journey.cycle = 3
            except AttributeError:
                pass
            return [{"title": "Echo", "text": repr(journey)}]
        """,
    )
    assert contained.started([plugin])
    (reply,) = contained.ask([plugin], live.PANELS, {"journey": JOURNEY, "today": TODAY})
    assert reply.value[0]["text"] == repr(JOURNEY)


class Good:
    @rungwise.hookimpl
    def rungwise_pay(self) -> Any:
        return [{"id": "PAY.space", "label": "Space", "usd": 300_000, "source": "a survey"}]


class Unsteady(Good):
    asked = 0

    @rungwise.hookimpl
    def rungwise_pay(self) -> Any:
        self.asked += 1
        return [{"id": "PAY.space", "label": "Space", "usd": self.asked, "source": "a survey"}]


class Unmarked(Good):
    def rungwise_ladders(self) -> Any: ...


class Formless(Good):
    @rungwise.hookimpl
    def rungwise_pay(self) -> Any:
        return [{"id": "PAY.space", "label": 7, "colour": "red"}]


TESTS = [name for name in dir(PluginConformance) if name.startswith("test_")]


def failing(plugin: object) -> dict[str, str]:
    """The tests of the conformance class that a plugin does not pass, with what they say."""
    found = {}
    for name in TESTS:
        case = PluginConformance()
        case.plugin = plugin
        try:
            getattr(case, name)()
        except AssertionError as error:
            found[name] = str(error)
    return found


def test_the_conformance_class_passes_a_good_plugin_and_names_what_is_wrong_with_others() -> None:
    assert failing(Good()) == {}
    assert failing(object()) == {"test_the_product_would_load_it": "the plugin answers no hook"}
    assert "is not allowed (a function marked" in failing(Unmarked())["test_the_product_would_load_it"]
    assert failing(Formless()) == {
        "test_every_answer_has_the_form_that_its_hook_declares": "rungwise_pay: answer[0].source is missing; "
        "rungwise_pay: answer[0].usd is missing; rungwise_pay: answer[0].label: 7 is not allowed (str); "
        "rungwise_pay: answer[0].colour: 'red' is not allowed (one of the keys id, label, specialty, usd, source, "
        "year, sourced_pay)"
    }
    assert failing(Unsteady()) == {
        "test_the_same_question_has_the_same_answer": "rungwise_pay answers the same question in two ways"
    }


@pytest.mark.parametrize(
    ("hook", "answer", "wrong"),
    [
        ("rungwise_pay", 7, ["answer: 7 is not allowed (a list)"]),
        ("rungwise_pay", [7], ["answer[0]: 7 is not allowed (a table)"]),
        ("rungwise_income_model", None, []),
        ("rungwise_income_model", 7, ["answer: 7 is not allowed (a table)"]),
        (
            "rungwise_income_levers",
            [{"id": "a", "kind": "b", "label": "c", "low_pct": True, "mid_pct": 1, "high_pct": 1, "source": "d"}],
            [
                "answer[0].year is missing",
                "answer[0].kind: 'b' is not allowed (one of geography)",
                "answer[0].low_pct: True is not allowed (int)",
            ],
        ),
    ],
)
def test_what_is_wrong_with_the_form_of_an_answer_is_said_by_place(hook: str, answer: Any, wrong: list[str]) -> None:
    assert wrong_answer(hook, answer) == wrong


def test_a_hook_is_run_as_the_product_runs_it() -> None:
    assert run_hook(Good(), "rungwise_pay") == Good().rungwise_pay()
    with pytest.raises(LookupError, match=r"does not answer 'rungwise_panels' \(it answers rungwise_pay\)"):
        run_hook(Good(), "rungwise_panels")


def test_an_answer_that_is_no_plain_data_does_not_come_through() -> None:
    class Strange:
        @rungwise.hookimpl
        def rungwise_pay(self) -> Any:
            return [{"usd": float("nan")}]

    assert refusals(Strange()) == []
    with pytest.raises(ValueError, match="not JSON compliant"):
        run_hook(Strange(), "rungwise_pay")
    assert json.dumps(run_hook(Good(), "rungwise_pay"))
