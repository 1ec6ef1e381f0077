"""The format of a playbook's content, checked once when a playbook is made.

What packs bring beside their specialties is carried untouched, since no rule reads it; only a question about a
protected attribute is refused, whoever asks it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from core.decision.evidence import FACTS
from core.errors import InvalidValue
from core.values import protected

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The format of content that this engine reads.
FORMAT: Final = 1
#: Lowest and highest Step 2 score. Source: the `step2` fact of the evaluate contract.
_SCORES: Final = (FACTS["step2"].low, FACTS["step2"].high or 300)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: The first part of the ids that belong to the engine; a pack's condition may not pass for one of them.
_ENGINE_IDS: Final = ("REAPPLY.", "PIVOT.", "FAQ.", "TREE.")


def read_day(text: str) -> dt.date | None:
    """Return the date written as YYYY-MM-DD, or None when it is written otherwise or does not exist."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def check_content(content: Any, parameters: frozenset[str], *, dated: bool = True) -> None:
    """Check a playbook's content, given as plain JSON data.

    Args:
        content: what was parsed from the canonical JSON.
        parameters: the names of the parameters that exist.
        dated: whether each cutoff needs its date; a question "what if" has none.

    Raises:
        InvalidValue: on the first thing that is not of the format.
    """
    _need("playbook content", content, dict, "an object")
    if not _whole(content.get("format")) or content["format"] != FORMAT:
        raise InvalidValue("format", content.get("format"), f"{FORMAT}")
    _text("label", content.get("label"))
    _parameters("parameters", content.get("parameters"), parameters, with_slug=True)
    _need("cutoffs", content.get("cutoffs"), dict, "an object")
    for slug, cutoff in content["cutoffs"].items():
        _cutoff(f"cutoffs/{slug}", cutoff, dated=dated)
    names: set[str] = set()
    for pack in _list("packs", content.get("packs")):
        _need("packs", pack, dict, "an object for each pack")
        name = _text("packs/name", pack.get("name"))
        if name in names:
            raise InvalidValue("packs/name", name, "each pack once")
        names.add(name)
        for spec in _list(f"{name}/specialties", pack.get("specialties")):
            _check_specialty(name, spec, parameters)
        for asked in _list(f"{name}/inventory_fields", pack.get("inventory_fields", [])):
            _check_asked(f"{name}/inventory_fields", asked)


def _check_asked(where: str, asked: Any) -> None:
    """Refuse a question about a protected attribute: such a thing is never a fact."""
    _need(where, asked, dict, "an object for each field")
    for key in ("id", "label", "why"):
        found = protected(_text(f"{where}/{key}", asked.get(key)))
        if found is not None:
            raise InvalidValue(f"{where}/{key}", asked[key], f"nothing that asks for {found}, a protected attribute")


def _check_specialty(pack: str, spec: Any, parameters: frozenset[str]) -> None:
    """Check what the rules read of one specialty."""
    _need(f"{pack}/specialties", spec, dict, "an object for each specialty")
    where = f"{pack}/{_text(f'{pack}/specialties/slug', spec.get('slug'))}"
    for key in ("name", "short"):
        _text(f"{where}/{key}", spec.get(key))
    for key in ("hyper_competitive", "trusted_statements_only"):
        _need(f"{where}/{key}", spec.get(key, False), bool, "true or false")
    _parameters(f"{where}/parameters", spec.get("parameters", {}), parameters, with_slug=False)
    if spec.get("cutoff") is not None:
        _cutoff(f"{where}/cutoff", spec["cutoff"], dated=True)
    ids: set[str] = set()
    for condition in _list(f"{where}/conditions", spec.get("conditions", [])):
        _need(f"{where}/conditions", condition, dict, "an object for each condition")
        rule = _text(f"{where}/conditions/id", condition.get("id"))
        if rule in ids or rule.startswith(_ENGINE_IDS):
            raise InvalidValue(f"{where}/conditions/id", rule, "an id of the pack's own, each once")
        ids.add(rule)
        _check_condition(f"{where}/{rule}", condition, parameters)


def _check_condition(where: str, condition: Mapping[str, Any], parameters: frozenset[str]) -> None:
    """Check one condition: one fact of the contract, and either the value it equals or a range."""
    _text(f"{where}/sentence", condition.get("sentence"))
    fact = condition.get("fact")
    kind = FACTS.get(fact) if isinstance(fact, str) else None
    if (
        kind is None or kind.kind == "list" or fact == "drive"
    ):  # a drive steers ladders, never the outcome (playbook §4)
        raise InvalidValue(f"{where}/fact", fact, "a fact of the evaluate contract with one value, other than drive")
    equals, bounds = (
        condition.get("equals"),
        [condition[key] for key in ("min", "max") if condition.get(key) is not None],
    )
    if (equals is None) != bool(bounds):
        raise InvalidValue(where, sorted(condition), "equals alone, or min, max or both")
    if kind.kind == "number":
        if not all(_whole(bound) or (isinstance(bound, str) and bound in parameters) for bound in bounds):
            raise InvalidValue(where, bounds, "min and max: a whole number or the name of a parameter")
        if equals is not None and not _whole(equals):
            raise InvalidValue(f"{where}/equals", equals, "a whole number")
    elif bounds:
        raise InvalidValue(where, bounds, f"min and max only for a number, which {fact} is not")
    elif kind.kind == "yes_no" and not isinstance(equals, bool):
        raise InvalidValue(f"{where}/equals", equals, "true or false")
    elif kind.kind == "choice" and equals not in kind.choices:
        raise InvalidValue(f"{where}/equals", equals, ", ".join(kind.choices))


def _parameters(where: str, values: Any, parameters: frozenset[str], *, with_slug: bool) -> None:
    _need(where, values, dict, "an object")
    for key, value in values.items():
        name = key.rpartition(":")[2] if with_slug else key
        if name not in parameters:
            raise InvalidValue(f"{where}/{key}", value, f"the parameters are {', '.join(sorted(parameters))}")
        if not _whole(value):
            raise InvalidValue(f"{where}/{key}", value, "a whole number")


def _cutoff(where: str, cutoff: Any, *, dated: bool) -> None:
    """Check a cutoff: a score with the source and the day it is from (playbook §4)."""
    _need(where, cutoff, dict, "an object with step2, source and date")
    score, (low, high) = cutoff.get("step2"), _SCORES
    if not _whole(score) or not low <= score <= high:
        raise InvalidValue(f"{where}/step2", score, f"a whole number from {low} to {high}")
    _text(f"{where}/source", cutoff.get("source"))
    if not dated:
        return
    day = _text(f"{where}/date", cutoff.get("date"))
    if read_day(day) is None:
        raise InvalidValue(f"{where}/date", day, "a date that exists, as YYYY-MM-DD")


def _need(where: str, value: Any, kind: type, allowed: str) -> None:
    if not isinstance(value, kind):
        raise InvalidValue(where, value, allowed)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(where, value, "a text that is not empty")
    return value


def _list(where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidValue(where, value, "a list")
    return value
