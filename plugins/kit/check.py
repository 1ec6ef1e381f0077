"""The check of a pack's text: everything that is wrong with it, each with its line, before anybody proposes it.

A pack that is published is read by the same rules (`plugins.boundary`), which leave a bad row out; the check says so
beforehand, and finds what is well written and yet wrong: a climb nobody can go, a rule that never decides.
"""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from core.claims import ALLOWED, CLAIMS, known_names, named
from core.people.packs import PACK_MAX, PACK_NAME
from plugins.boundary import ABSENT, read_row, read_shape, row_key
from plugins.data_pack import FILE, HEADER, READABLE, SECTIONS, wrong_first_keys
from plugins.host import SECTIONS as HOOKS
from plugins.kit.climbs import climb_faults, figure_faults
from plugins.kit.findings import Fault, Finding, key_of, missing, not_allowed, path_of
from plugins.kit.fixtures import FixtureRow
from plugins.kit.known import Known
from plugins.kit.lines import line_at, lines_of
from plugins.kit.rules import rule_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from plugins.kit.lines import Path

__all__ = ["Finding", "Known", "check"]

#: A number as large as this under an unknown key is money rather than a year or a score.
_LIKE_MONEY: Final = 10_000
#: How the reader of TOML says that a text in quotes has no end.
_UNCLOSED: Final = re.compile(r"""(?:Illegal|Found invalid) character '\\n'|Unterminated string|Expected "('+)\"""")
#: What to do about a specialty that no pack declares.
_OWN: Final = "or declare it with a [[specialties]] of its own in this pack"
#: What `PACK_NAME` allows, in words.
NAME_WORDS: Final = "lower-case letters, digits, _ and -, beginning with a letter, such as ophthalmology"


def check(name: str, text: str, known: Known) -> list[Finding]:
    """Check a pack.

    Args:
        name: the pack's name.
        text: what its pack.toml says.
        known: what the other packs hold.

    Returns:
        What is wrong, in the order of the lines; nothing when the pack may be proposed.
    """
    if len(text) > PACK_MAX:
        wrong, allowed = f"it has {len(text):,} characters", f"at most {PACK_MAX:,}"
        return [Finding(file=FILE, line=1, key="", wrong=wrong, allowed=allowed)]
    try:
        table, lines = tomllib.loads(text), lines_of(text)
    except (ValueError, RecursionError) as error:  # the second: lists in lists in lists
        return [_not_toml(error, text)]
    sense = list(_sense(table, known))
    told = {fault.path for fault in sense}  # what makes no sense is said instead of what is out of shape
    shape = [
        fault
        for fault in (*_named(name), *_first_keys(table), *_rows(table, known), *_fixtures(table))
        if fault.path not in told
    ]
    findings = [
        Finding(file=FILE, line=line_at(lines, one.path), key=key_of(one.path), wrong=one.wrong, allowed=one.allowed)
        for one in dict.fromkeys([*shape, *sense])
    ]
    return sorted(findings, key=lambda finding: finding.line)


def _not_toml(error: Exception, text: str) -> Finding:
    """Take the line out of what the reader of TOML says; without one it is the end of the file."""
    said = re.search(r" \(at line (\d+), column \d+\)", str(error))
    line = int(said[1]) if said else text.count("\n") + 1
    words = str(error).replace(said[0], "") if said else str(error)
    if unclosed := _UNCLOSED.match(words):
        if quote := unclosed[1]:  # none follows, so the last one is where the text begins
            line = text.count("\n", 0, text.rindex(quote)) + 1
        many = quote == "'''" or words.startswith("Unterminated")  # a text that may go over lines
        words = f"a text in quotes is not closed{'' if many else ' in this line'}"
    return Finding(file=FILE, line=line, key="", wrong=words[:1].lower() + words[1:], allowed=READABLE)


def _named(name: str) -> Iterator[Fault]:
    if not PACK_NAME.fullmatch(name):
        yield not_allowed(("name of the pack",), name, NAME_WORDS)


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
    own = known_names([{section: _named_rows(table, section) for section in ("specialties", "ladders", "milestones")}])
    names = {kind: known.names[kind] | own[kind] for kind in own}
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
            yield from _unknown_names(section, number, row, names)


def _sense(table: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    """Find what is well written and yet wrong, also in rows that are out of shape."""
    shared = table.get("every_specialty", {})
    shared = shared if isinstance(shared, dict) else {}
    rows = [(section, number, row) for section in HOOKS for number, row in _tables(table, section)]
    specialties = [row for section, _, row in rows if section == "specialties"]
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
        elif section == "ladders":
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


def _fixtures(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Check the shape of the fixtures, and that each says which specialty it is of."""
    own = [row["slug"] for row in _named_rows(table, "specialties")]
    names: set[object] = set()
    rows = table.get("fixtures", [])
    for number, raw in enumerate(rows if isinstance(rows, list) else []):
        row, wrong = read_shape(FixtureRow(), raw)
        for key, value, allowed in wrong:
            yield _fault(("fixtures", number, *path_of(key)), value, allowed)
        if row is None:
            continue
        if "specialty" not in row and len(own) != 1:
            several = f"with several specialties each fixture names its own: one of {', '.join(own)}"
            none = "without a specialty in this pack each fixture names one"
            yield missing(("fixtures", number, "specialty"), several if own else none)
        if row["name"] in names:
            yield Fault(path=("fixtures", number, "name"), wrong="a second fixture of this name", allowed="one of each")
        names.add(row["name"])


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


def _named_rows(table: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    """Return the rows that have a name, whatever else is wrong with them."""
    key = "slug" if section == "specialties" else "id"
    return [row for _, row in _tables(table, section) if isinstance(row.get(key), str)]


def _unknown_names(
    section: str, number: int, row: Mapping[str, Any], names: Mapping[str, frozenset[str]]
) -> Iterator[Fault]:
    """Find what names nothing that any pack has; such a row would be left out of the playbook."""
    for key, kind, name in named(section, row):
        if name not in names[kind]:
            near = get_close_matches(name, names[kind], n=1)
            hint = f"; near to it is {near[0]}" if near else ""
            hint += f"; {_OWN}" if kind == "specialty" else ""
            yield not_allowed((section, number, *path_of(key)), name, ALLOWED[kind] + hint)


def _claims(section: str, number: int, row: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    for place, key, word in CLAIMS:
        owner = known.claims.get((place, row[key])) if place == section else None
        if owner:
            yield Fault(
                path=(section, number, key),
                wrong=f"pack {owner} claims the {word} {row[key]} too",
                allowed="one pack for each",
            )
