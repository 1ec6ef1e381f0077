"""The shapes of what live hooks return: they are checked like rows of a pack, and shown or computed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError, validates_schema

from plugins import kinds
from plugins.shapes import MAY, MUST, Row

if TYPE_CHECKING:
    from marshmallow import Schema

__all__ = ["INCOME_MODEL", "LIVE", "PANELS", "PANELS_MAX", "SHAPES", "PanelRowShape", "PanelShape"]

PANELS: Final = "rungwise_panels"
INCOME_MODEL: Final = "rungwise_income_model"
LIVE: Final = (PANELS, INCOME_MODEL)
"""The hooks that are asked while a page is made."""
PANELS_MAX: Final = 6
"""Panels that one plugin may show on a page; more would bury what the page is for."""
_ROWS_MAX: Final = 20
_TITLE_MAX: Final = 80  # characters
_TEXT_MAX: Final = 600


class PanelRowShape(Row):
    """Shape of `rungwise.PanelRow`."""

    label = kinds.brief(_TITLE_MAX, **MUST)
    value = kinds.brief(_TEXT_MAX, **MUST)
    note = kinds.brief(_TEXT_MAX, **MAY)


class PanelShape(Row):
    """Shape of `rungwise.Panel`."""

    title = kinds.brief(_TITLE_MAX, **MUST)
    text = kinds.brief(_TEXT_MAX, **MAY)
    rows = kinds.tables(PanelRowShape)
    source = kinds.brief(_TEXT_MAX, **MAY)

    @validates_schema
    def _short(self, row: dict[str, Any], **_: Any) -> None:
        if len(row["rows"]) > _ROWS_MAX:
            raise ValidationError(f"at most {_ROWS_MAX} rows", "rows")


SHAPES: Final[dict[str, type[Schema]]] = {PANELS: PanelShape}
"""The shape of one row of a live hook's answer; what an income model says is checked where it is computed with."""
