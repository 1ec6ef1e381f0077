"""What an address of the explorer asks for, and the playbook it is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import Blueprint, request, url_for

from core.errors import InvalidValue
from core.journey.inventory import FACTS
from core.values import one_of
from web.edge import house
from web.journey.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DRIVES", "Asked", "blueprint", "content", "packs_of"]

blueprint = Blueprint("explorer", "web.explorer", url_prefix="/ladders")
DRIVES: Final = {drive: label.lower() for drive, label in FACTS["drive"].choices.items()}
"""What draws a student to a field, within a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks for.

    Args:
        specialty: slug of the missed field.
        drives: what the climbs shown have to serve, all of it.
        picks: ids of the ladders to compare.
        journey: for whom, or None.
    """

    specialty: str
    drives: tuple[str, ...]
    picks: tuple[str, ...]
    journey: UUID | None

    @classmethod
    def read(cls, specialty: str) -> Asked:
        """Read the address at hand.

        Raises:
            InvalidValue: a drive or a journey that there cannot be.
        """
        text = request.args.get("journey", "").strip()
        try:
            journey = UUID(text) if text else None
        except ValueError:
            raise InvalidValue("journey", text, "the id of a journey") from None
        drives = request.args.getlist("drive")
        picks = dict.fromkeys(one.strip() for one in request.args.getlist("pick"))
        return cls(
            specialty=specialty,
            drives=tuple(dict.fromkeys(one_of("drive", one, tuple(DRIVES)) for one in drives)),
            picks=tuple(one for one in picks if one),
            journey=journey,
        )

    def href(self, **changed: Any) -> str:
        """Return the address of this page with something changed; None or empty takes it out."""
        held = {"drive": self.drives, "pick": self.picks, "journey": self.journey} | changed
        given = {name: value for name, value in held.items() if value}
        return url_for("explorer.field", specialty=self.specialty, **given)

    @property
    def drive_words(self) -> str:
        """The drives within a sentence."""
        return listed([DRIVES[one] for one in self.drives])


def content() -> Mapping[str, Any]:
    """Return the content of the playbook in force."""
    return house().desk.institution().playbook or {"packs": []}


def packs_of(book: Mapping[str, Any], specialty: str) -> tuple[str, ...]:
    """Return title and version of the packs that hold ladders of a specialty."""
    return tuple(
        f"{pack['title']} {pack['version']}"
        for pack in book["packs"]
        if any(specialty in row["from"] for row in pack.get("ladders", ()))
    )
