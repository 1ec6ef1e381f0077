"""The built-in public figures of the income model, one TOML file a topic; see docs/income.md."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from core.income.tables import Tables

TOPICS = ("pay", "training", "levers", "states", "taxes", "loans")
"""The files in `data/`, without their suffix."""

_DATA = Path(__file__).with_name("data")


@cache
def load_tables() -> Tables:
    """Read the built-in figures."""
    return Tables.from_content({topic: tomllib.loads((_DATA / f"{topic}.toml").read_text("utf-8")) for topic in TOPICS})
