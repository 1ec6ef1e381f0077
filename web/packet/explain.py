"""`rungwise explain FILE`: evaluates a decision record again, from the file alone, and says what matches."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator

from core.decision.playbook import Playbook
from core.decision.recommendation import ENGINE, evaluate
from core.errors import InvalidValue
from core.journey.decisions import relation
from web.contract import BadRequest, parse, read_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.decision.evidence import Evidence

__all__ = ["SCHEMA", "Checked", "compare", "explain"]

SCHEMA: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("packet.schema.json").read_text("utf-8"))
_CHECK: Final = Draft202012Validator(SCHEMA)
_PARTS: Final = (
    *("outcome", "decided_by", "profile", "path", "rules", "missing", "flips", "would_decide", "warnings"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One thing that was held against the record."""

    what: str
    matches: bool
    words: str


def explain(content: str | bytes) -> list[Checked]:
    """Evaluate what a record says the rules saw, and compare.

    Args:
        content: the JSON file of a decision record.

    Raises:
        BadRequest: it is no such record; a line for each fault.
    """
    packet = parse(content)
    faults = [f"{'/'.join(map(str, one.absolute_path)) or 'input'}: {one.message[:200]}" for one in _errors(packet)]
    if faults:
        raise BadRequest(faults)
    try:
        return list(compare(packet))
    except InvalidValue as error:
        raise BadRequest([str(error)]) from None


def _errors(packet: Any) -> list[Any]:
    return sorted(_CHECK.iter_errors(packet), key=lambda one: [str(part) for part in one.absolute_path])


def compare(packet: Mapping[str, Any]) -> Iterator[Checked]:
    """Evaluate the evidence of a record again; yields each part with whether it matches."""
    told = packet["playbook"]
    playbook = Playbook.from_content(told["content"])
    yield _same("playbook", told["digest"], playbook.digest, f"its content has the digest {playbook.digest[:19]}")
    said, decision = packet["recommendation"], packet["decision"]
    if said is None:
        yield Checked(what="recommendation", matches=True, words="none was made before this decision")
        return
    result = said["result"]
    yield _same("playbook", said["playbook"], told["digest"], "it is the one that the recommendation names")
    yield _engine(said["engine"])
    again = evaluate(_evidence(packet["evidence"], playbook), playbook).to_dict()
    for part in _PARTS:
        yield _same(part, result[part], again[part], _short(again[part]))
    if decision is not None:
        how = relation(decision["kind"], result["outcome"])
        yield _same("decision", decision["relation"], how, f"stands to the recommendation as recorded: {how}")


def _evidence(told: Mapping[str, Any], playbook: Playbook) -> Evidence:
    seen = read_request(json.dumps(told["input"]), playbook).evidence
    refs = told["refs"]
    if len(refs["statements"]) != len(seen.statements):
        raise BadRequest(["evidence/refs/statements: one event for each statement is needed"])
    return replace(
        seen,
        refs=refs["facts"],
        comlex_only=told["comlex_only"],
        statements=tuple(replace(one, ref=ref) for one, ref in zip(seen.statements, refs["statements"], strict=True)),
    )


def _engine(then: str) -> Checked:
    same = f"{then}, as in this program"
    other = f"{then} then, {ENGINE} in this program: a difference below may come from that"
    return Checked(what="engine", matches=True, words=same if then == ENGINE else other)


def _same(what: str, recorded: Any, found: Any, words: str) -> Checked:
    if recorded == found:
        return Checked(what=what, matches=True, words=words)
    if isinstance(recorded, list) and isinstance(found, list):
        recorded, found = _apart(recorded, found)
    return Checked(what=what, matches=False, words=f"recorded {_short(recorded)}, found {_short(found)}")


def _apart(recorded: list[Any], found: list[Any]) -> tuple[Any, Any]:
    """Return only what stands in one list and not in the other."""
    return [one for one in recorded if one not in found], [one for one in found if one not in recorded]


def _short(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        named = [str(one.get("id") or one.get("words") or one.get("fact")) for one in value]
        return f"{len(value)}: {'; '.join(named)}"
    if isinstance(value, dict):
        return " ".join(str(part) for part in (value.get("kind"), value.get("row")) if part) or json.dumps(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
