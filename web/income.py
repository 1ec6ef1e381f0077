"""The income command's document in and out: a scenario in TOML or JSON, and the comparison as plain data."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from core.errors import InvalidValue
from core.income import compare, read_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.income import Tables

__all__ = ["answer", "parse"]

_WANTED = "one scenario in TOML or JSON, in UTF-8"
_DEEPEST = "nested less deeply"


def answer(text: bytes, tables: Tables, playbook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the comparison that a scenario asks for, in plain data.

    Args:
        text: the scenario, TOML or JSON.
        tables: the public figures.
        playbook: the content of a playbook.

    Raises:
        InvalidValue: the text is neither TOML nor JSON.
        BadScenario: with every fault of the scenario.
    """
    return compare(read_scenario(parse(text), tables, playbook)).to_dict()


def parse(text: bytes) -> Any:
    """Return the plain data of a scenario; what begins with a brace or a bracket is JSON, the rest TOML.

    Raises:
        InvalidValue: it can be read as neither, or says one key twice.
    """
    try:
        plain = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue("scenario", f"byte {error.start + 1} is not UTF-8", _WANTED) from None
    try:
        if plain.lstrip().startswith(("{", "[{")):
            return json.loads(plain, object_pairs_hook=_once, parse_constant=_refused)
        return tomllib.loads(plain)
    except json.JSONDecodeError as error:
        where = f"no JSON at line {error.lineno}, column {error.colno} ({error.msg})"
        raise InvalidValue("scenario", where, _WANTED) from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue("scenario", f"no TOML: {error}", _WANTED) from None
    except RecursionError:
        raise InvalidValue("scenario", "nested too deeply", _DEEPEST) from None
    except ValueError as error:  # a number with more digits than Python reads
        raise InvalidValue("scenario", str(error), _WANTED) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidValue("scenario", f"the key {twice} stands twice in one object", _WANTED)
    return found


def _refused(name: str) -> None:
    raise InvalidValue("scenario", name, "numbers that JSON knows")
