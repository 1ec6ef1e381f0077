"""A pack without code as a plugin: it answers the same hooks as code does, so that everything goes one way."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from core.errors import InvalidValue
from rungwise import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "pack.toml"
READABLE = "a readable TOML file in UTF-8"
HEADER = ("version", "title", "origin")
ORIGINS = ("source", "house")
SECTIONS = (
    "every_specialty",
    "specialties",
    "ladders",
    "tracks",
    "pay",
    "field_pay",
    "levers",
    "milestones",
    "inventory_fields",
    "calendars",
    "evidence",
    "fixtures",
)
"""What a pack may hold beside its first keys; fixtures are the pack's own tests and never enter a playbook."""


class DataPack:
    """A pack without code.

    `every_specialty` holds the keys that all its specialties share; what a specialty says itself goes before.

    Args:
        name: the pack's name.
        text: what its pack.toml says.

    Raises:
        InvalidValue: the text is not TOML, or its first keys or sections are not those of a pack.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._table = _read(text, f"pack {name}, {FILE}")
        self.version: str = self._table["version"]
        self.title: str = self._table["title"]
        self.origin: str = self._table["origin"]

    @classmethod
    def at(cls, folder: Path) -> DataPack:
        """Read the pack of a folder, whose name is the pack's name.

        Raises:
            InvalidValue: there is no readable pack.toml in it, or it is not that of a pack.
        """
        try:
            text = (folder / FILE).read_text("utf-8-sig")  # some editors put a mark in front
        except (OSError, ValueError) as error:
            raise InvalidValue(f"pack {folder.name}, {FILE}", str(error), READABLE) from error
        return cls(folder.name, text)

    @hookimpl
    def rungwise_specialties(self) -> Any:
        """Return the specialties, each with what all of them share."""
        shared = self._table.get("every_specialty", {})
        rows = self._table.get("specialties", [])
        if not isinstance(rows, list):
            return rows
        return [{**shared, **row} if isinstance(row, dict) else row for row in rows]

    @hookimpl
    def rungwise_ladders(self) -> Any:
        """Return the ladders as they stand in the file."""
        return self._table.get("ladders", [])

    @hookimpl
    def rungwise_income_tracks(self) -> Any:
        """Return the income tracks as they stand in the file."""
        return self._table.get("tracks", [])

    @hookimpl
    def rungwise_pay(self) -> Any:
        """Return the pay rows as they stand in the file."""
        return self._table.get("pay", [])

    @hookimpl
    def rungwise_income_fields(self) -> Any:
        """Return the pay of fields as it stands in the file."""
        return self._table.get("field_pay", [])

    @hookimpl
    def rungwise_income_levers(self) -> Any:
        """Return the levers as they stand in the file."""
        return self._table.get("levers", [])

    @hookimpl
    def rungwise_milestones(self) -> Any:
        """Return the milestones as they stand in the file."""
        return self._table.get("milestones", [])

    @hookimpl
    def rungwise_inventory_fields(self) -> Any:
        """Return the inventory fields as they stand in the file."""
        return self._table.get("inventory_fields", [])

    @hookimpl
    def rungwise_calendars(self) -> Any:
        """Return the cycle dates as they stand in the file."""
        return self._table.get("calendars", [])

    @hookimpl
    def rungwise_evidence(self) -> Any:
        """Return the base rates as they stand in the file."""
        return self._table.get("evidence", [])


def _read(text: str, what: str) -> dict[str, Any]:
    """Read the text and check what is not a hook's answer: its header and the names of its sections."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # the second: lists in lists in lists
        raise InvalidValue(what, str(error), READABLE) from error
    for key, value, allowed in wrong_first_keys(table):
        raise InvalidValue(what if value == key else f"{what}: {key}", value, allowed)
    return table


def wrong_first_keys(table: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield what is wrong with what is no hook's answer: the first keys and the names of the sections.

    Args:
        table: a parsed pack.toml.

    Yields:
        The key, the value there (None = missing; the key itself where it is unknown) and what is allowed.
    """
    for key in table:
        if key not in (*HEADER, *SECTIONS):
            yield key, key, f"keys: {', '.join((*HEADER, *SECTIONS))}"
    for key in HEADER:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            yield key, value, "text, not empty"
        elif key == "origin" and value not in ORIGINS:
            yield key, value, " or ".join(ORIGINS)
    if not isinstance(table.get("every_specialty", {}), dict):
        yield "every_specialty", table["every_specialty"], "a table"
