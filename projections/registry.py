"""Every read model, in the order in which they fold; an explicit list, nothing is discovered."""

from __future__ import annotations

from projections import board_table, people_tables, recommended, register, standing, timeline

__all__ = ["MODELS"]

MODELS = (
    people_tables.MODEL,
    timeline.MODEL,  # early, for its many rows take much room
    standing.MODEL,
    recommended.MODEL,
    board_table.MODEL,
    register.MODEL,
)
