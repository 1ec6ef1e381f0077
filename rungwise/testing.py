"""For authors of plugins: sample views, one call of one hook, and a class of tests to inherit.

    from rungwise.testing import PluginConformance

    import my_plugin

    class TestMyPlugin(PluginConformance):
        plugin = my_plugin

The product applies the same rules when it loads a plugin and when it checks an answer; it checks more besides, such as
the bounds of a number.
"""

from __future__ import annotations

import inspect
import json
import typing
from datetime import date
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, is_typeddict

import pluggy

from rungwise import API_VERSION, data, hookspecs, views
from rungwise.views import FactView, JourneyView, MilestoneView, PathView, StepView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "HOOKS",
    "JOURNEY",
    "NAMES",
    "PATH",
    "TODAY",
    "PluginConformance",
    "arguments_of",
    "hooks_of",
    "refusals",
    "run_hook",
    "wrong_answer",
]

HOOKS: Final[dict[str, Any]] = {name: one for name, one in vars(hookspecs).items() if name.startswith("rungwise_")}
"""Every hook by name, as `rungwise.hookspecs` declares it."""
NAMES: Final = {**vars(data), **vars(views), "date": date}
"""Every type that the declaration of a hook names."""
TODAY: Final = date(2026, 6, 16)
JOURNEY: Final = JourneyView(
    specialty="dermatology",
    specialty_name="Dermatology",
    cycle=2026,
    match_system="nrmp",
    match_status="unmatched",
    facts={
        "step2": FactView(value=238, confirmed=True),
        "interviews_offered": FactView(value=4),
        "research": FactView(value="limited"),
        "financial_pressure": FactView(value=False, disputed=True),
        "red_flags": FactView(value=()),
    },
    outcome="PIVOT_NOW",
    profile="borderline",
    milestones=(MilestoneView(code="PLAN.3.decide", due_on=date(2026, 6, 20), status="planned"),),
)
"""A journey in its first summer."""
PATH: Final = PathView(
    ladder=None,
    start_year=2026,
    years=33,
    price_year=2025,
    steps=(
        StepView(kind="residency", specialty="internal-medicine", model=None, from_year=2026, to_year=2028),
        StepView(kind="practice", specialty="internal-medicine", model="employed", from_year=2029, to_year=2058),
    ),
)
"""A residency and thirty years of practice."""
SAMPLES: Final[dict[str, Any]] = {"journey": JOURNEY, "path": PATH, "today": TODAY}
"""A sample of each argument that a hook may take."""

_MARKS: Final = pluggy.PluginManager("rungwise")


def hooks_of(plugin: object) -> dict[str, str]:
    """Return the hooks that a plugin answers, each with the name of what answers it."""
    return dict(_marked(plugin))


def _marked(plugin: object) -> Iterator[tuple[str, str]]:
    for name in dir(plugin):
        options = _MARKS.parse_hookimpl_opts(plugin, name)
        if options is not None:
            yield options.get("specname") or name, name


def arguments_of(implementation: Callable[..., Any]) -> list[str]:
    """Return the arguments that an implementation takes, in its order."""
    return list(inspect.signature(implementation).parameters)


def refusals(plugin: object) -> list[str]:
    """Return why a plugin would not be loaded, one sentence each; none = it would be."""
    return list(_refusals(plugin))


def _refusals(plugin: object) -> Iterator[str]:
    made_for = getattr(plugin, "RUNGWISE_API", API_VERSION)
    if made_for != API_VERSION:
        yield f"RUNGWISE_API: {made_for!r} is not allowed ({API_VERSION}, which this program speaks)"
    found = list(_marked(plugin))
    marked = {name for _, name in found}
    for name in dir(plugin):
        if name.startswith("rungwise_") and name not in marked:
            yield f"hook: {name!r} is not allowed (a function marked with @hookimpl)"
    for number, (hook, name) in enumerate(found):
        if any(hook == other for other, _ in found[:number]):
            yield f"hook: a second {hook!r} is not allowed (one function for each hook)"
        if hook not in HOOKS:
            yield f"hook: {hook!r} is not allowed (one of {', '.join(HOOKS)})"
            continue
        known = inspect.signature(HOOKS[hook]).parameters
        for given in inspect.signature(getattr(plugin, name)).parameters.values():
            if given.name not in known or given.default is not given.empty:
                allowed = f"the hook's arguments, without defaults: {', '.join(known) or 'none'}"
                yield f"{hook}: argument: {given.name!r} is not allowed ({allowed})"


def run_hook(plugin: object, hook: str, **arguments: Any) -> Any:
    """Ask a plugin one hook as the product does, with samples for the arguments left out.

    Args:
        plugin: a module or an object with marked functions.
        hook: its name, such as "rungwise_panels".
        arguments: in place of the samples, by name.

    Returns:
        The answer, after a journey through JSON as on the way to the product.

    Raises:
        LookupError: the plugin does not answer this hook.
    """
    found = hooks_of(plugin)
    if hook not in found:
        raise LookupError(f"the plugin does not answer {hook!r} (it answers {', '.join(found) or 'no hook'})")
    implementation = getattr(plugin, found[hook])
    given = {**SAMPLES, **arguments}
    answer = implementation(**{one: given[one] for one in arguments_of(implementation)})
    return json.loads(json.dumps(answer, allow_nan=False))


def wrong_answer(hook: str, answer: object) -> list[str]:
    """Return what is wrong with the form of an answer, one line each; none = its form is right.

    Args:
        hook: its name.
        answer: as `run_hook` returns it.
    """
    declared = typing.get_type_hints(HOOKS[hook], NAMES)["return"]
    return list(_wrong(declared, answer, "answer"))


def _wrong(declared: Any, value: object, place: str) -> Iterator[str]:
    origin, inner = get_origin(declared), get_args(declared)
    if is_typeddict(declared):
        yield from _wrong_table(declared, value, place)
    elif origin in (list, dict):
        parts: Any = value.items() if origin is dict and isinstance(value, dict) else None
        if origin is list and isinstance(value, list):
            parts = enumerate(value)
        if parts is None:
            yield f"{place}: {value!r} is not allowed ({'a list' if origin is list else 'a table'})"
        for key, one in parts or ():
            yield from _wrong(inner[-1], one, f"{place}[{key}]")
    elif origin is typing.Literal:
        if value not in inner:
            yield f"{place}: {value!r} is not allowed (one of {', '.join(map(str, inner))})"
    elif inner:  # one of several
        tries = [list(_wrong(one, value, place)) for one in inner]
        yield from min(tries, key=len)
    elif type(value) is not (type(None) if declared is None else declared):
        yield f"{place}: {value!r} is not allowed ({getattr(declared, '__name__', declared)})"


def _wrong_table(declared: Any, value: object, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: {value!r} is not allowed (a table)"
        return
    hints = typing.get_type_hints(declared)
    for key in sorted(declared.__required_keys__ - value.keys()):
        yield f"{place}.{key} is missing"
    for key, one in value.items():
        if key in hints:
            yield from _wrong(hints[key], one, f"{place}.{key}")
        else:
            yield f"{place}.{key}: {one!r} is not allowed (one of the keys {', '.join(hints)})"


class PluginConformance:
    """What must hold of every plugin; inherit it in a class of tests and set `plugin`."""

    plugin: Any

    def test_the_product_would_load_it(self) -> None:
        """Its hooks exist, are marked, and take the arguments they are given."""
        wrong = refusals(self.plugin)
        if wrong or not hooks_of(self.plugin):
            raise AssertionError("; ".join(wrong) or "the plugin answers no hook")

    def test_every_answer_has_the_form_that_its_hook_declares(self) -> None:
        """Plain data, known keys, right kinds."""
        wrong = [
            f"{hook}: {line}"
            for hook in hooks_of(self.plugin)
            for line in wrong_answer(hook, run_hook(self.plugin, hook))
        ]
        if wrong:
            raise AssertionError("; ".join(wrong))

    def test_the_same_question_has_the_same_answer(self) -> None:
        """A page that is loaded again says the same, and a digest does not change by itself."""
        for hook in hooks_of(self.plugin):
            if run_hook(self.plugin, hook) != run_hook(self.plugin, hook):
                raise AssertionError(f"{hook} answers the same question in two ways")
