"""The check of a pack's text: everything that is wrong with it, each with its line, before anybody proposes it.

A pack that is published is read by the same rules (`plugins.boundary`), which leave a bad row out; the check says so
beforehand, and finds what is well written and yet wrong: a climb nobody can go, a rule that never decides.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from core.decision.playbook import GENERAL_PACK
from plugins.boundary import ABSENT, read_row, row_key
from plugins.data_pack import FILE, HEADER, READABLE, SECTIONS, wrong_first_keys
from plugins.host import CLAIMS
from plugins.host import SECTIONS as HOOKS
from plugins.kit.climbs import climb_faults, figure_faults, name_faults
from plugins.kit.findings import Fault, Finding, key_of, missing, not_allowed, path_of
from plugins.kit.lines import line_at, lines_of
from plugins.kit.rules import rule_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plugins.kit.lines import Path

__all__ = ["Finding", "Known", "check"]

_NAME: Final = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
#: A number as large as this under an unknown key is money rather than a year or a score.
_LIKE_MONEY: Final = 10_000
_NAME_WORDS: Final = "lower-case letters, digits, _ and -, beginning with a letter, such as ophthalmology"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the other packs hold.

    Attributes:
        slugs: the specialties that they declare.
        claims: what belongs to one pack alone: (section, name) to the pack.
        rules: ids of their conditions, to the pack.
    """

    slugs: frozenset[str]
    claims: Mapping[tuple[str, str], str]
    rules: Mapping[str, str]

    @classmethod
    def of(cls, packs: Iterable[Mapping[str, Any]], name: str) -> Known:
        """Read it from the packs of a playbook's content, or from those that `plugins.host.load` returned.

        Args:
            packs: all packs.
            name: the pack that is checked, which is left out.
        """
        others = [pack for pack in packs if pack["name"] != name]
        specialties = [(row, pack["name"]) for pack in others for row in pack["specialties"]]
        claims = {
            (section, row[key]): pack["name"]
            for section, key, _ in CLAIMS
            for pack in others
            for row in pack.get(section, ())
            if section != "specialties" or GENERAL_PACK not in (pack["name"], name)  # the general pack yields
        }
        rules = {rule["id"]: owner for row, owner in specialties for rule in row.get("conditions", ())}
        slugs = frozenset(row["slug"] for row, _ in specialties)
        return cls(slugs=slugs, claims=MappingProxyType(claims), rules=MappingProxyType(rules))


def check(name: str, text: str, known: Known) -> list[Finding]:
    """Check a pack.

    Args:
        name: the pack's name.
        text: what its pack.toml says.
        known: what the other packs hold.

    Returns:
        What is wrong, in the order of the lines; nothing when the pack may be proposed.
    """
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        return [_not_toml(error, text)]
    lines = lines_of(text)
    sense = list(_sense(table, known))
    told = {fault.path for fault in sense}  # what makes no sense is said instead of what is out of shape
    shape = [fault for fault in (*_named(name), *_first_keys(table), *_rows(table, known)) if fault.path not in told]
    findings = [
        Finding(file=FILE, line=line_at(lines, one.path), key=key_of(one.path), wrong=one.wrong, allowed=one.allowed)
        for one in dict.fromkeys([*shape, *sense])
    ]
    return sorted(findings, key=lambda finding: finding.line)


def _not_toml(error: ValueError, text: str) -> Finding:
    """Take the line out of what the reader of TOML says; without one it is the end of the file."""
    said = re.search(r" \(at line (\d+), column \d+\)", str(error))
    line = int(said[1]) if said else text.count("\n") + 1
    words = str(error).replace(said[0], "") if said else str(error)
    return Finding(file=FILE, line=line, key="", wrong=words[:1].lower() + words[1:], allowed=READABLE)


def _named(name: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(name):
        yield not_allowed(("name of the pack",), name, _NAME_WORDS)


def _first_keys(table: Mapping[str, Any]) -> Iterator[Fault]:
    for key, value, allowed in wrong_first_keys(table):
        if value == key:
            yield _unknown((key,), allowed, (*HEADER, *SECTIONS))
        elif value is None:
            yield missing((key,), allowed)
        else:
            yield not_allowed((key,), value, allowed)
    for key in SECTIONS:
        if key != "every_specialty" and not isinstance(table.get(key, []), list):
            yield not_allowed((key,), table[key], f"a list of tables, each under [[{key}]]")


def _unknown(path: Path, allowed: str, keys: Iterable[str]) -> Fault:
    """Say that a key is unknown, and which one is near to it."""
    near = get_close_matches(str(path[-1]), list(keys), n=1)
    return Fault(path=path, wrong="unknown key" + (f", perhaps {near[0]}" if near else ""), allowed=allowed)


def _rows(table: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    """Check every row as the boundary does, and that it is the only one of its name."""
    shared = table.get("every_specialty", {})
    shared = shared if isinstance(shared, dict) else {}
    for section, hook in HOOKS.items():
        seen: list[object] = []
        raws = table.get(section, [])
        for number, raw in enumerate(raws if isinstance(raws, list) else []):
            whole = {**shared, **raw} if section == "specialties" and isinstance(raw, dict) else raw
            row, wrong = read_row(hook, whole)
            for key, value, allowed in wrong:
                yield _fault(_home(section, number, raw, shared, path_of(key)), value, allowed)
            if row is None:
                continue
            if row_key(hook, row) in seen:
                yield Fault(path=(section, number), wrong="a second row of this name", allowed="one row of each name")
            seen.append(row_key(hook, row))
            yield from _claims(section, number, row, known)


def _sense(table: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    """Find what is well written and yet wrong, also in rows that are out of shape."""
    shared = table.get("every_specialty", {})
    shared = shared if isinstance(shared, dict) else {}
    rows = [(section, number, row) for section in HOOKS for number, row in _tables(table, section)]
    specialties = [row for section, _, row in rows if section == "specialties"]
    own = frozenset(str(row.get("slug")) for row in specialties)
    for key in shared:
        if specialties and all(key in row for row in specialties):
            wrong = "shadowed: every specialty of the pack says its own"
            yield Fault(path=("every_specialty", key), wrong=wrong, allowed="a key that some specialty leaves out")
    yield from figure_faults(shared, ("every_specialty",))
    for section, number, row in rows:
        path = (section, number)
        yield from figure_faults(row, path)
        if section == "specialties":
            paths = {key: _home(section, number, row, shared, (key,)) for key in {**shared, **row}}
            yield from rule_faults({**shared, **row}, paths)
            yield from _others_rules({**shared, **row}, paths, known)
        else:
            yield from name_faults(row, path, known.slugs | own)
        if section == "ladders":
            yield from climb_faults(row, path)


def _tables(table: Mapping[str, Any], section: str) -> list[tuple[int, dict[str, Any]]]:
    rows = table.get(section)
    return [(number, row) for number, row in enumerate(rows if isinstance(rows, list) else []) if isinstance(row, dict)]


def _others_rules(specialty: Mapping[str, Any], paths: Mapping[str, Path], known: Known) -> Iterator[Fault]:
    for number, rule in _tables(specialty, "conditions"):
        owner = known.rules.get(str(rule.get("id")))
        if owner:
            wrong = f"pack {owner} has a rule {rule['id']} too"
            yield Fault(path=(*paths["conditions"], number, "id"), wrong=wrong, allowed="an id of the pack's own")


def _home(section: str, number: int, raw: Any, shared: Mapping[str, Any], inner: Path) -> Path:
    """Return where a key was written: what all specialties share stands at `every_specialty`."""
    if section == "specialties" and inner and inner[0] in shared and inner[0] not in raw:
        return ("every_specialty", *inner)
    return (section, number, *inner)


def _fault(path: Path, value: object, allowed: str) -> Fault:
    if value is ABSENT:
        return missing(path, allowed)
    if allowed.startswith("one of the keys "):
        if type(value) is int and value >= _LIKE_MONEY:
            unit = "money, if it is that, without its unit"
            return Fault(path=path, wrong=f"{value} is {unit}", allowed=f"a key that ends in _usd; {allowed}")
        return _unknown(path, allowed, allowed.removeprefix("one of the keys ").split(", "))
    return not_allowed(path, value, allowed)


def _claims(section: str, number: int, row: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    for place, key, word in CLAIMS:
        owner = known.claims.get((place, row[key])) if place == section else None
        if owner:
            yield Fault(
                path=(section, number, key),
                wrong=f"pack {owner} claims the {word} {row[key]} too",
                allowed="one pack for each",
            )
