"""Composing a playbook: the content in force with one thing changed, so that nothing else changes with it.

An upgrade of the program therefore never changes a playbook: a pack comes in, as it is then, by a proposal of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.claims import ALLOWED, known_names, named, refuse_shared
from core.decision.playbook import DEFAULTS, GENERAL_PACK
from core.errors import Conflict, InvalidValue, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["compose"]

_PLAIN: Final = {
    "hyper_competitive": False,
    "trusted_statements_only": False,
    "parameters": {},
    "conditions": [],
    "questions": [],
    "cutoff": None,
    "typical_miss": None,
    "notes": [],
}


def compose(
    content: Mapping[str, Any], kind: str, subject: str, change: Mapping[str, Any], *, label: str
) -> dict[str, Any]:
    """Return the content of the playbook that a change makes.

    | kind | subject | change |
    |---|---|---|
    | pack, installed | name of the pack | pack: the pack as a playbook holds it |
    | withdrawal | name of the pack | nothing |
    | parameter | a parameter, or slug:parameter | value: a whole number; None = as the packs and the default say |
    | cutoff | slug of the specialty | cutoff: step2, source and date; None = as the pack says |

    Args:
        content: of the playbook in force.
        kind: one of the above.
        subject: what is changed.
        change: what it becomes.
        label: of the playbook, for people.

    Raises:
        InvalidValue: the change is not of its kind.
        NotFound: there is nothing of this name to take out.
        Conflict: nothing would change, or two packs would claim one thing; both are named.
    """
    made = {**content}
    if kind in ("pack", "installed"):
        made["packs"] = _with(content["packs"], subject, change["pack"])
    elif kind == "withdrawal":
        made["packs"] = _without(content["packs"], subject)
    elif kind == "parameter":
        if subject.rpartition(":")[2] not in DEFAULTS:
            raise InvalidValue("parameter", subject, f"the parameters are {', '.join(sorted(DEFAULTS))}")
        made["parameters"] = _put(content["parameters"], subject, _whole(subject, change.get("value")))
    elif kind == "cutoff":
        made["cutoffs"] = _put(content["cutoffs"], subject, change.get("cutoff"))
    else:
        raise InvalidValue("kind", kind, "pack, withdrawal, parameter, cutoff or installed")
    if made == content:
        raise Conflict(f"{subject}: nothing would change; the playbook in force says so already")
    return made | {"label": label}


def _with(packs: Sequence[Mapping[str, Any]], subject: str, pack: Mapping[str, Any]) -> list[dict[str, Any]]:
    if pack.get("name") != subject:
        raise InvalidValue("pack", pack.get("name"), f"the pack {subject}")
    return _settled(packs, [*(one for one in packs if one["name"] != subject), pack], subject)


def _without(packs: Sequence[Mapping[str, Any]], subject: str) -> list[dict[str, Any]]:
    if subject == GENERAL_PACK:
        raise Conflict("the general pack carries the names of all other specialties; it stays")
    if subject not in {pack["name"] for pack in packs}:
        raise NotFound(f"there is no pack {subject} in the playbook in force")
    return _settled(packs, [pack for pack in packs if pack["name"] != subject], subject)


def _settled(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], subject: str
) -> list[dict[str, Any]]:
    """Let the general pack yield what another claims and take back the names that no other carries any more.

    Without the names nobody could record anything more of a student who missed such a specialty.
    """
    ordered = sorted(now, key=lambda pack: (pack["name"] == GENERAL_PACK, pack["name"]))
    claimed = {row["slug"] for pack in ordered if pack["name"] != GENERAL_PACK for row in pack["specialties"]}
    known = {row["slug"]: row for pack in before for row in pack["specialties"]}
    made = []
    for pack in ordered:
        rows = pack["specialties"]
        if pack["name"] == GENERAL_PACK:
            rows = [row for row in rows if row["slug"] not in claimed]
            kept = claimed | {row["slug"] for row in rows}
            rows += [_plain(row) for slug, row in known.items() if slug not in kept]
        made.append({**pack, "specialties": rows})
    refuse_shared(made)
    _refuse_unknown(before, made, subject)
    return made


def _refuse_unknown(before: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]], subject: str) -> None:
    """Refuse a pack that names what no pack has, and a change by which another pack would."""
    was, known = known_names(before), known_names(made)
    for pack in made:
        for section, rows in pack.items():
            for row in rows if isinstance(rows, list) else ():
                for place, kind, name in named(section, row):
                    if name in known[kind] or (pack["name"] != subject and name not in was[kind]):
                        continue
                    what = f"pack {pack['name']}: {row.get('id') or row.get('specialty')}.{place}"
                    if pack["name"] == subject:
                        raise InvalidValue(what, name, ALLOWED[kind])
                    raise Conflict(f"{what} names the {kind} {name} of the pack {subject}, which would go with this")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A specialty by its names alone, as the general pack carries it."""
    return {"slug": row["slug"], "name": row["name"], "short": row["short"], **_PLAIN}


def _whole(subject: str, value: object) -> object:
    known = DEFAULTS[subject.rpartition(":")[2]]
    if value is not None and (
        not isinstance(value, int) or isinstance(value, bool) or not known.low <= value <= known.high
    ):
        raise InvalidValue(subject, value, f"a whole number from {known.low} to {known.high}")
    return value


def _put(values: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    kept = {key: one for key, one in values.items() if key != name}
    return kept if value is None else kept | {name: value}
