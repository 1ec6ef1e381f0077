"""A folder with a `pack.toml` as a plugin: it answers the same hooks as code does, so that everything goes one way."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from core.errors import InvalidValue
from rungwise import hookimpl

if TYPE_CHECKING:
    from pathlib import Path

FILE = "pack.toml"
HEADER = ("version", "title", "origin")
SECTIONS = ("every_specialty", "specialties", "ladders", "tracks", "pay", "field_pay", "levers")


class DataPack:
    """A pack without code.

    Its name is the folder's name. `every_specialty` holds the keys that all its specialties share; what a specialty
    says itself goes before.

    Args:
        folder: the folder that holds the pack.toml.

    Raises:
        InvalidValue: the file is not TOML, or its first keys or sections are not those of a pack.
    """

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self._table = _read(folder / FILE, f"pack {self.name}, {FILE}")
        self.version: str = self._table["version"]
        self.title: str = self._table["title"]
        self.origin: str = self._table["origin"]

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


def _read(path: Path, what: str) -> dict[str, Any]:
    """Read the file and check what is not a hook's answer: its header and the names of its sections."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidValue(what, str(error), "a readable TOML file in UTF-8") from error
    for key in table:
        if key not in (*HEADER, *SECTIONS):
            raise InvalidValue(what, key, f"keys: {', '.join((*HEADER, *SECTIONS))}")
    for key in HEADER:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise InvalidValue(f"{what}: {key}", value, "text, not empty")
    if table["origin"] not in ("source", "house"):
        raise InvalidValue(f"{what}: origin", table["origin"], "source or house")
    if not isinstance(table.get("every_specialty", {}), dict):
        raise InvalidValue(f"{what}: every_specialty", table["every_specialty"], "a table")
    return table
