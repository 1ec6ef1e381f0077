"""The shape of a pack's fixtures; the evaluate contract, which runs them, checks what they say of the evidence."""

from __future__ import annotations

from typing import Any, Final, get_args

from core.decision.profile import ROWS
from core.decision.rules import Verdict
from core.decision.tree import OUTCOMES
from plugins import kinds
from plugins.shapes import MUST, Row

_VERDICTS: Final = get_args(Verdict)


def _table() -> kinds.Checked:
    return kinds.Checked(lambda value: isinstance(value, dict), "a table")


def _verdicts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) and one in _VERDICTS for one in value.values())


class ExpectRow(Row):
    """What a fixture expects of the recommendation; only the outcome must be said."""

    outcome = kinds.one_of(OUTCOMES, **MUST)
    decided_by = kinds.listed(kinds.text())
    missing = kinds.listed(kinds.text())
    warnings = kinds.listed(kinds.text())
    row = kinds.one_of(ROWS)
    rules = kinds.Checked(_verdicts, f"a table of rule ids, each with one of {', '.join(_VERDICTS)}")


class FixtureRow(Row):
    """One fixture: evidence in the words of the evaluate contract, and what is expected of it."""

    name = kinds.text(**MUST)
    specialty = kinds.slug()
    as_of = kinds.Day(**MUST)
    facts = _table()
    weaknesses = kinds.listed(_table())
    statements = kinds.listed(_table())
    parameters = _table()
    cutoffs = _table()
    expect = kinds.table(ExpectRow, **MUST)


EXPECTED: Final = tuple(ExpectRow().fields)
"""What a fixture may expect."""
