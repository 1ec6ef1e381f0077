"""verify_vs_raw: a walk of `rungwise log verify` over the demonstration against reading the same rows raw."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from core.advising.desk import Desk
from core.journal.store import open_journal
from core.journal.verify import Walk
from tests.bench import Figure
from web import demo

ROUNDS = 15


def measure() -> list[Figure]:
    """Take turns; the best round of each side counts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(open_journal(folder, {}, create=True)) as journal:
            desk = Desk(journal=journal, clock=lambda: datetime(2026, 6, 16, 14, tzinfo=UTC))
            demo.load(desk, lambda _member, _password: None)
        verify_s, raw_s, rows = float("inf"), float("inf"), 0
        for _ in range(ROUNDS):
            start = time.perf_counter()
            read = _raw(folder / "journal.db")
            raw_s = min(raw_s, time.perf_counter() - start)
            start = time.perf_counter()
            with closing(Walk(folder, {})) as walk:
                found = list(walk.findings())
            verify_s = min(verify_s, time.perf_counter() - start)
            rows = walk.rows
            assert (found, read) == ([], rows), found
    how = (
        f"{rows} events of the demonstration, best of {ROUNDS} rounds with opening on both sides: "
        f"{rows / verify_s:,.0f} rows a second verified, {rows / raw_s:,.0f} read raw"
    )
    return [Figure(name="verify_vs_raw", value=raw_s / verify_s, unit="x", bound=0.05, better="more", how=how)]


def _raw(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return len(db.execute("SELECT rowid, * FROM stored_events ORDER BY rowid").fetchall())
