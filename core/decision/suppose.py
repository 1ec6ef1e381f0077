"""Suppose: the same student with other facts, statements, remedies, parameters or dates; nothing is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from core.decision.content import read_day
from core.decision.evidence import FACTS, TOP_GRADE, Statement, Weakness
from core.decision.playbook import DEFAULTS
from core.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook

__all__ = ["NEW_SPEAKER", "suppose"]

#: Who says what one more program director would say.
NEW_SPEAKER: Final = "one more program director"
_HEADS: Final = "as_of, cutoff, facts, parameters, statement, statements, weakness, weaknesses"


def suppose(evidence: Evidence, playbook: Playbook, changes: Mapping[str, Any]) -> tuple[Evidence, Playbook]:
    """Return evidence and playbook with other values, all in plain data, so that they can be stored and read back.

    Args:
        evidence: as it stands.
        playbook: in force.
        changes: `as_of` (a day) · `facts/<name>` (None = not recorded) · `statements/<number>/grade` (0 to 5 as people
            see it; None = withdrawn), `…/trusted`, `…/date` · `statement` (the grade of one more program director of
            the dream field whom the student trusts) · `weaknesses/<number>/months` (None = not known) · `weakness`
            (the months of one more) · `weaknesses` (an empty list: assessed, none found) · `parameters/<name>` ·
            `cutoff` (a Step 2 score; None = none is loaded). Numbers count from 0.

    Raises:
        InvalidValue: something that cannot be changed, or a value that is not allowed.
    """
    parameters: dict[str, int] = {}
    cutoffs: dict[str, int] | None = None
    for path in sorted(changes, key=_order):
        head, _, rest = path.partition("/")
        value = changes[path]
        if head == "parameters" and rest in DEFAULTS:
            parameters[f"{evidence.specialty}:{rest}"] = value
        elif path == "cutoff":
            cutoffs = {} if value is None else {evidence.specialty: value}
        elif head in _CHANGES:
            evidence = _CHANGES[head](evidence, rest, value)
        else:
            raise InvalidValue("change", path, f"one of {_HEADS}")
    return evidence, playbook.with_overrides(parameters, cutoffs)


def _order(path: str) -> tuple[bool, str]:
    """The day comes first, for one more statement is of that day; what replaces a whole list comes before its parts."""
    return path != "as_of", path


def _as_of(evidence: Evidence, _: str, value: Any) -> Evidence:
    day = read_day(value) if isinstance(value, str) else None
    if day is None:
        raise InvalidValue("as_of", value, "a date such as 2026-05-01")
    return replace(evidence, as_of=day)


def _fact(evidence: Evidence, name: str, value: Any) -> Evidence:
    if name not in FACTS:
        raise InvalidValue("facts", name, ", ".join(FACTS))
    plain = tuple(value) if isinstance(value, list) else value
    return replace(evidence, facts={**evidence.facts, name: plain})


def _statements(evidence: Evidence, rest: str, value: Any) -> Evidence:
    number, part = _place("statements", rest, len(evidence.statements))
    said = evidence.statements[number]
    if part == "grade" and value is None:
        changed = replace(said, withdrawn=True)
    elif part == "grade":
        changed = replace(said, **_grade(value))
    elif part == "trusted":
        changed = replace(said, trusted=value)
    elif part == "date" and (day := read_day(value)) is not None:
        changed = replace(said, date=day)
    else:
        raise InvalidValue("statements", part, "grade, trusted or date with a value of it")
    every = (*evidence.statements[:number], changed, *evidence.statements[number + 1 :])
    return replace(evidence, statements=every)


def _one_more_statement(evidence: Evidence, _: str, value: Any) -> Evidence:
    said = Statement(
        by=NEW_SPEAKER,
        specialty=evidence.specialty,
        role="pd",
        date=evidence.as_of,
        trusted=True,
        **_grade(value),
    )
    return replace(evidence, statements=(*evidence.statements, said))


def _grade(shown: Any) -> dict[str, Any]:
    if not isinstance(shown, int) or not 0 <= shown <= TOP_GRADE + 1:
        raise InvalidValue("grade", shown, f"0 to {TOP_GRADE + 1}")
    return {"champion_grade": min(shown, TOP_GRADE), "saw_full_file": shown > TOP_GRADE}


def _weaknesses(evidence: Evidence, rest: str, value: Any) -> Evidence:
    if not rest:
        return replace(evidence, weaknesses=())
    held = evidence.weaknesses or ()
    number, _ = _place("weaknesses", rest, len(held))
    return replace(evidence, weaknesses=(*held[:number], replace(held[number], months=value), *held[number + 1 :]))


def _one_more_weakness(evidence: Evidence, _: str, value: Any) -> Evidence:
    return replace(evidence, weaknesses=(*(evidence.weaknesses or ()), Weakness(kind="other", months=value)))


def _place(what: str, rest: str, count: int) -> tuple[int, str]:
    number, _, part = rest.partition("/")
    if not number.isdecimal() or int(number) >= count:
        raise InvalidValue(what, number, f"a number from 0 to {count - 1}" if count else "none is recorded")
    return int(number), part


_CHANGES: Final[Mapping[str, Callable[[Evidence, str, Any], Evidence]]] = {
    "as_of": _as_of,
    "facts": _fact,
    "statements": _statements,
    "statement": _one_more_statement,
    "weaknesses": _weaknesses,
    "weakness": _one_more_weakness,
}
