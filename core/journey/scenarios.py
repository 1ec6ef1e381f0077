"""Scenarios: a question of "what if" that was worth keeping, with what went in, what made the answer, and the answer.

The stored answer is what is shown when a scenario is opened again, whatever the program has become since.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from core.errors import InvalidValue
from core.journal.root import Root, Stamp
from core.values import NAME_MAX, one_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journey.journey import Journey

__all__ = ["BYTES_MAX", "KINDS", "ScenarioSaved", "save_scenario"]

#: What a scenario can be about.
KINDS: Final[Mapping[str, str]] = {
    "income": "Paths compared by income",
    "contract": "Offers compared",
    "what_if": "Other facts, other outcome",
}
BYTES_MAX: Final = 200_000
"""Of inputs and answer together, as JSON: some seven comparisons of four paths. House limit."""


class ScenarioSaved(Root.Event):
    """A scenario was saved; `seed` is None where nothing is drawn, `playbook` where none was looked at."""

    TOPIC: ClassVar[str] = "scenario.saved"
    scenario_id: str
    kind: str
    name: str
    inputs: dict[str, Any]
    model: str
    seed: int | None
    playbook: str | None
    result: dict[str, Any]

    def apply(self, journey: Journey) -> None:
        """Change nothing: what might be is no state of the journey."""


def save_scenario(
    journey: Journey,
    scenario_id: str,
    *,
    kind: str,
    name: str,
    inputs: dict[str, Any],
    model: str,
    seed: int | None,
    playbook: str | None,
    result: dict[str, Any],
    stamp: Stamp,
) -> None:
    """Save a scenario.

    Args:
        journey: changed in place.
        scenario_id: made from the command, so that a repeat saves nothing twice.
        kind: a key of `KINDS`.
        name: how people call it.
        inputs: everything that was given, in plain data.
        model: version of what made the answer.
        seed: of its random numbers.
        playbook: digest of the playbook it looked at.
        result: the answer, in plain data.
        stamp: who, by which command, when.

    Raises:
        InvalidValue: unknown kind, no name, or more than can be kept.
    """
    size = len(json.dumps([inputs, result], allow_nan=False))
    if size > BYTES_MAX:
        raise InvalidValue("scenario", f"{size:,} bytes", f"at most {BYTES_MAX:,} bytes with its result")
    journey.record(
        ScenarioSaved,
        stamp,
        scenario_id=scenario_id,
        kind=one_of("kind", kind, KINDS),
        name=text("name", name, NAME_MAX),
        inputs=inputs,
        model=text("model", model, NAME_MAX),
        seed=seed,
        playbook=playbook,
        result=result,
    )
