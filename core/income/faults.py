"""What is wrong with a scenario, and what only the person asking can know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InvalidValue, RungwiseError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One reason why a scenario cannot be computed; its text is fit to be shown to a person.

    Attributes:
        field: where it stands, such as "paths[0].steps[1].years".
        value: what stood there; nothing where `asked` is true.
        allowed: what is allowed, in words.
        asked: True = the figure was left out, no public source has it, and it is never invented.
    """

    field: str
    value: object
    allowed: str
    asked: bool = False

    def __str__(self) -> str:
        if self.asked:
            return f"{self.field}: missing ({self.allowed})"
        return str(InvalidValue(self.field, self.value, self.allowed))


class BadScenario(RungwiseError):  # noqa: N818 - categories read as what happened
    """A scenario cannot be computed; `faults` has one clear line for each thing that is wrong or missing."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A figure that nobody gave and that is counted as nothing until somebody does.

    Attributes:
        field: where it belongs in the scenario.
        ask: the question, for a person.
        counted: what is counted meanwhile.
    """

    field: str
    ask: str
    counted: str
