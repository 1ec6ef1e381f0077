"""The fixtures of a pack: evidence and the outcome its author expects, in the words of the evaluate contract.

A row that comes out otherwise says which rule decided, and by which fact. Fixtures never enter a playbook.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.decision import Playbook, evaluate
from plugins.data_pack import FILE
from plugins.host import playbook_content, read_pack
from plugins.kit.findings import Finding, key_of
from plugins.kit.fixtures import EXPECTED
from plugins.kit.lines import line_at, lines_of
from web import contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plugins.kit.lines import Path

_LISTS: Final = ("decided_by", "missing", "warnings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one fixture.

    Attributes:
        name: as its author named it.
        line: where it stands in the pack.toml.
        wrong: nothing when it came out as expected; else what differs, and below it the rules that decided.
    """

    name: str
    line: int
    wrong: tuple[str, ...]


def fixtures_of(name: str, text: str, packs: Sequence[Mapping[str, Any]]) -> list[Result]:
    """Evaluate every fixture of a pack beside other packs, by the playbook as it is shipped and what the packs say.

    Args:
        name: of the pack.
        text: what its pack.toml says; `plugins.kit.check` has found nothing wrong with it.
        packs: of a playbook, or those that `plugins.host.load` gave; one of this name is left out.
    """
    pack = read_pack(name, text)
    own = {row["slug"] for row in pack["specialties"]}
    others = [
        {**one, "specialties": [row for row in one["specialties"] if row["slug"] not in own]}
        for one in packs
        if one["name"] != name
    ]
    return run_fixtures(text, Playbook.from_content(playbook_content(name, [*others, pack])))


def run_fixtures(text: str, playbook: Playbook) -> list[Result]:
    """Evaluate every fixture of a pack.

    Args:
        text: what the pack.toml says; `plugins.kit.check` has found nothing wrong with it.
        playbook: one that holds the pack. The pack's cutoffs are in force where a fixture names none.
    """
    table, lines = tomllib.loads(text), lines_of(text)
    slugs = [row["slug"] for row in table.get("specialties", ())]
    return [
        Result(
            name=row["name"],
            line=line_at(lines, ("fixtures", number)),
            wrong=tuple(_wrong(row, ("fixtures", number), slugs, playbook, lines)),
        )
        for number, row in enumerate(table.get("fixtures", ()))
    ]


def _wrong(
    row: Mapping[str, Any], path: Path, slugs: list[str], playbook: Playbook, lines: Mapping[Path, int]
) -> Iterator[str]:
    try:
        request = contract.read_request(json.dumps(_request(row, slugs), default=str), playbook)
    except contract.BadRequest as error:
        yield from (str(_finding(fault, path, lines)) for fault in error.faults)
        return
    cutoffs = request.cutoffs if "cutoffs" in row else None
    laid_over = playbook.with_overrides(request.parameters, cutoffs)
    result = evaluate(request.evidence, laid_over, flips=False).to_dict()
    differing = list(_differing(row["expect"], result))
    yield from differing
    if differing:
        expected = {*row["expect"].get("decided_by", ()), *row["expect"].get("rules", ())}
        for rule in result["rules"]:
            if rule["id"] in _deciding(result) | expected:
                facts = "; ".join(_fact(name, row) for name in rule["facts"])
                yield f"{rule['id']} {rule['verdict']}: {rule['why']} ({facts})"


def _request(row: Mapping[str, Any], slugs: list[str]) -> dict[str, Any]:
    """Return a fixture as a request of the contract; a pack of one specialty need not name it at each row."""
    specialty = row.get("specialty", slugs[0] if len(slugs) == 1 else None)
    weaknesses = row.get("weaknesses")
    request = {key: row[key] for key in ("as_of", "parameters", "cutoffs") if key in row}
    if specialty is not None:
        request["specialty"] = specialty
    return request | {
        "facts": row.get("facts", {}),
        "weaknesses": weaknesses and [{"months": None, **one} for one in weaknesses],
        "statements": [{"specialty": specialty, "saw_full_file": False, **one} for one in row.get("statements", ())],
    }


def _finding(fault: str, path: Path, lines: Mapping[Path, int]) -> Finding:
    """Turn a line of the contract, such as "facts/step2: 999 is not allowed (...)", into a finding with its line."""
    where, _, rest = fault.partition(": ")
    inner = tuple(int(step) if step.isdigit() else step for step in where.split("/")) if where != "input" else ()
    wrong, _, allowed = rest.partition(" (")
    place = (*path, *inner)
    allowed = allowed.removesuffix(")") or "see docs/packs.md"
    return Finding(file=FILE, line=line_at(lines, place), key=key_of(place), wrong=wrong, allowed=allowed)


def _differing(expect: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[str]:
    got = {**{key: result[key] for key in ("outcome", *_LISTS)}, "row": result["profile"]["row"]}
    for key in EXPECTED:
        if key not in expect or key == "rules":
            continue
        wanted, found = expect[key], got[key]
        if (sorted(wanted) != sorted(found)) if key in _LISTS else (wanted != found):
            yield f"{key}: expected {_shown(wanted)}, came out {_shown(found)}"
    verdicts = {rule["id"]: rule["verdict"] for rule in result["rules"]}
    for rule, verdict in expect.get("rules", {}).items():
        if verdicts.get(rule) != verdict:
            yield f"{rule}: expected {verdict}, came out {verdicts.get(rule, 'no rule of this specialty')}"


def _deciding(result: Mapping[str, Any]) -> set[str]:
    """Return the rules that decided: where none stands alone, those that miss a fact, or all that had to hold."""
    if result["decided_by"]:
        return set(result["decided_by"])
    if result["outcome"] == "INDETERMINATE":
        missing = set(result["missing"])
        return {rule["id"] for rule in result["rules"] if rule["verdict"] == "missing" and missing & {*rule["facts"]}}
    return {rule["id"] for rule in result["rules"] if rule["id"].partition(".")[0] not in ("PIVOT", "FAQ")}


def _fact(name: str, row: Mapping[str, Any]) -> str:
    if name == "statement":
        said = [f"{one['by']}, {one['role']}, grade {one['champion_grade']}" for one in row.get("statements", ())]
        return f"statement: {' / '.join(said) or 'missing'}"
    if name.startswith("weakness"):
        weak = [f"{one['kind']}, {one.get('months', 'unknown')} months" for one in row.get("weaknesses", ())]
        return f"{name}: {' / '.join(weak) or ('none found' if 'weaknesses' in row else 'missing')}"
    return f"{name}: {_shown(row.get('facts', {}).get(name, 'missing'))}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)
