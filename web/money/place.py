"""What every money page starts from: the journey, the playbook, the public figures, and numbers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, url_for
from marshmallow import ValidationError

from core.errors import NotFound
from core.journey.scenarios import ScenarioSaved
from web.edge import house
from web.fields import Labelled
from web.journey.record import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from web.journey.record import Record

__all__ = ["Number", "at", "blueprint", "content", "dollars", "read_only", "saved"]

blueprint = Blueprint("money", "web.money")


class Number(Labelled):
    """A number with decimals between two limits."""

    def __init__(self, label: str, *, low: float = 0, high: float, **more: Any) -> None:
        super().__init__(label, f"a number from {low:g} to {high:,g}", **more)
        self.low, self.high = low, high

    def read(self, value: Any) -> float:
        """Return what was typed, checked."""
        text = str(value).strip().removesuffix("%").strip().replace(",", "")
        digits = text.replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:  # noqa: PLR2004 - beyond is no amount
            raise self.wrong(value)
        number = float(text)
        if not self.low <= number <= self.high:
            raise ValidationError(f"{text} is too {'low' if number < self.low else 'high'}: {self.allowed}.")
        return number


def content() -> Mapping[str, Any]:
    """Return the content of the playbook in force."""
    return house().desk.institution().playbook or {"packs": []}


def read_only(journey_id: UUID) -> Record:
    """Read a journey for a page that computes and writes nothing."""
    with house().views.read() as db:
        return read(db, journey_id)


def at(record: Record, endpoint: str, **values: Any) -> str:
    """Return the address of a money page of the same journey."""
    return url_for(f"money.{endpoint}", journey_id=record.journey_id, **values)


def saved(record: Record, scenario_id: str, kind: str) -> ScenarioSaved:
    """Return a saved scenario whole, as it lies in the journal.

    Raises:
        NotFound: there is none of this kind.
    """
    for one in record.sheet.scenarios:
        if one.scenario_id == scenario_id and one.kind == kind:
            event = house().desk.journal.stream(record.journey_id, one.said.version)[-1]
            if isinstance(event, ScenarioSaved):
                return event
    raise NotFound("there is no such scenario on this journey")


def dollars(usd: float) -> str:
    """Write an amount: "$412,000", "-$9,000"."""
    return f"{'-' if usd < 0 else ''}${abs(round(usd)):,}"
