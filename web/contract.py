"""The evaluate contract: JSON in, JSON out, both as `evaluate.schema.json` defines them.

It needs no store. Parameters of a request are laid over the playbook's; its cutoffs replace all others, and without any
none is in force. What is wrong with a request is said in one line a fault, all faults at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from core.decision import DEFAULTS, Evidence, Statement, Weakness, evaluate
from core.decision.content import read_day
from core.errors import RungwiseError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from core.decision import Playbook

SCHEMA: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("evaluate.schema.json").read_text(encoding="utf-8"))

#: Far more than any count or score has, and far fewer than Python refuses to write (4,300).
_MOST_DIGITS: Final = 1000
#: The contract itself is four deep.
_DEEPEST: Final = 20
_LONGEST_SHOWN: Final = 60

_Path = tuple[str | int, ...]


class BadRequest(RungwiseError):  # noqa: N818 - categories read as what happened
    """A request is not of the contract; `faults` has one clear line for each thing that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that keeps to the contract."""

    evidence: Evidence
    parameters: Mapping[str, int]
    cutoffs: Mapping[str, int]


def evaluate_text(text: str | bytes, playbook: Playbook) -> dict[str, Any]:
    """Evaluate a request and return the recommendation in the contract's shape.

    Args:
        text: one JSON object, `#/$defs/evidence` of the schema.
        playbook: the parameters and packs in force; its cutoffs are not used.

    Raises:
        BadRequest: with every fault of the request.
    """
    request = read_request(text, playbook)
    return evaluate(request.evidence, playbook.with_overrides(request.parameters, request.cutoffs)).to_dict()


def read_request(text: str | bytes, playbook: Playbook) -> Request:
    """Read a request; the playbook says which specialties are known.

    Raises:
        BadRequest: with every fault of the request.
    """
    data = parse(text)
    # Two keywords of the schema may refuse one value, and then for the same reason: one line is enough.
    faults = dict.fromkeys(line for error in _VALIDATOR.iter_errors(data) for line in _lines(error))
    faults |= dict.fromkeys(_unknown_names(data, playbook))
    if faults:
        raise BadRequest(list(faults))
    return Request(evidence=_evidence(data), parameters=data.get("parameters", {}), cutoffs=data.get("cutoffs", {}))


def _evidence(data: Mapping[str, Any]) -> Evidence:
    """Return the evidence of a checked request."""
    weaknesses = data["weaknesses"]
    return Evidence(
        specialty=data["specialty"],
        as_of=_day(data["as_of"]),
        facts={name: tuple(value) if isinstance(value, list) else value for name, value in data["facts"].items()},
        weaknesses=None if weaknesses is None else tuple(Weakness(**one) for one in weaknesses),
        statements=tuple(Statement(**(one | {"date": _day(one["date"])})) for one in data["statements"]),
    )


def _day(text: str) -> dt.date:
    day = read_day(text)
    if day is None:
        raise BadRequest([f"date: {_shown(text)} is not allowed ({_DAY_WORDS})"])
    return day


def parse(text: str | bytes) -> Any:
    """Return the JSON value of a text, with each key once, finite numbers, whole characters and few levels."""
    faults: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = (key for key in found if keys.count(key) > 1)
            faults.extend(f"input: the key {_shown(key)} stands more than once in one object" for key in twice)
        return found

    def whole(digits: str) -> int:
        if len(digits) <= _MOST_DIGITS:
            return int(digits)
        faults.append(f"input: a number of {len(digits)} digits is not allowed (at most {_MOST_DIGITS})")
        return 0

    def constant(name: str) -> None:
        faults.append(f"input: {name} is not allowed (a number that JSON knows)")

    try:
        plain = text.decode() if isinstance(text, bytes) else text
        plain = plain.removeprefix("\ufeff")  # the mark that some editors put in front
        data = json.loads(plain, object_pairs_hook=once, parse_int=whole, parse_constant=constant)
        faults += [
            f"{_where(path)}: a text with half a character is not allowed (whole Unicode characters)"
            for path, value in _walk(data)
            if any(isinstance(part, str) and not _is_whole(part) for part in (value, *path[-1:]))
        ]
    except UnicodeDecodeError as fault:
        faults = [f"input: byte {fault.start + 1} is not UTF-8 (one JSON object in UTF-8)"]
    except json.JSONDecodeError as fault:
        what = "empty" if not plain.strip() else f"no JSON at line {fault.lineno}, column {fault.colno} ({fault.msg})"
        faults = [f"input: {what}; one JSON object is needed"]
    except RecursionError:
        faults = [f"input: nested too deeply (at most {_DEEPEST} levels)"]
    if faults:
        raise BadRequest(list(dict.fromkeys(faults)))
    return data


def _walk(data: Any) -> Iterator[tuple[_Path, Any]]:
    """Yield every value with its path, in the order written.

    Raises:
        RecursionError: if lists and objects stand in each other too deeply.
    """
    waiting: list[tuple[_Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > _DEEPEST:
            raise RecursionError
        yield path, value
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting += reversed([((*path, key), part) for key, part in inner])


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _unknown_names(data: Any, playbook: Playbook) -> Iterator[str]:
    """Yield a line for each specialty that no pack declares and each parameter that does not exist."""
    for path, value in _walk(data):
        slug = None
        match path:
            case ("specialty",) | ("statements", int(), "specialty"):
                slug = value
            case ("cutoffs", str() as key):
                slug = key
            case ("parameters", str() as key):
                before, colon, name = key.rpartition(":")
                slug = before if colon else None
                if name not in DEFAULTS:
                    yield f"{_where(path)}: unknown parameter ({', '.join(DEFAULTS)}; each also as specialty:name)"
        if isinstance(slug, str) and slug not in playbook.specialties:
            near = get_close_matches(slug[:_LONGEST_SHOWN], playbook.specialties, n=1)
            hint = f"; near to it is {near[0]}" if near else f": {', '.join(sorted(playbook.specialties))}"
            yield f"{_where(path)}: {_shown(slug)} is not allowed (the slug of a known specialty{hint})"


def _lines(error: ValidationError) -> Iterator[str]:
    """Yield what one error of the schema check means, a line for each key concerned."""
    path, schema, value = tuple(error.absolute_path), cast("dict[str, Any]", error.schema), cast("Any", error.instance)
    if error.validator == "required":
        absent = (name for name in schema["required"] if name not in value)
        yield from (f"{_where((*path, name))}: missing, and always needed" for name in absent)
    elif error.validator == "additionalProperties":
        known = schema["properties"]
        extra = (key for key in value if key not in known)
        yield from (f"{_where((*path, key))}: unknown key (known here: {', '.join(known)})" for key in extra)
    elif error.validator != "pattern":  # the names of parameters: see `_unknown_names`
        yield f"{_where(path)}: {_shown(value)} is not allowed ({_allowed(schema)})"


def _allowed(schema: Mapping[str, Any]) -> str:
    """Return in words what a part of the schema allows."""
    if "enum" in schema:
        *others, last = ["null" if one is None else str(one) for one in schema["enum"]]
        return f"{', '.join(others)} or {last}"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    low, high = schema.get("minimum"), schema.get("maximum")
    whole = (
        "a whole number" if low is None else f"a whole number from {low} " + ("up" if high is None else f"to {high}")
    )
    words = {
        "integer": whole,
        "boolean": "true or false",
        "string": _DAY_WORDS if schema.get("format") == "date" else "a text",
        "array": "a list",
        "object": "an object",
        "null": "null",
    }
    return ", or ".join(words[kind] for kind in kinds)


def _where(path: _Path) -> str:
    return _printable("/".join(str(part) for part in path)) if path else "input"


def _shown(value: Any) -> str:
    """Return a value on one line, as it was written in JSON; a list or an object by its kind alone."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return _printable(json.dumps(value, ensure_ascii=False))


def _printable(text: str) -> str:
    """Return a text that stays on one line and is not longer than can be read."""
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in cut)


_DAY_WORDS: Final = "a date that exists, as YYYY-MM-DD"
_DATES: Final = FormatChecker(formats=())
_DATES.checks("date")(lambda text: not isinstance(text, str) or read_day(text) is not None)
# Stricter than JSON Schema, which takes 238.0 for a whole number.
_WHOLE: Final = Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
)
_VALIDATOR: Final = extend(Draft202012Validator, type_checker=_WHOLE)(  # type: ignore[no-untyped-call]
    {**SCHEMA, "$ref": "#/$defs/evidence"}, format_checker=_DATES
)
