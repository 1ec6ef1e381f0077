"""evaluate_ms and flips_ms: the decision engine over every journey of the demonstration."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.advising.desk import Desk
from core.decision.recommendation import evaluate
from core.journal.store import open_journal
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from tests.bench import Figure
from web import demo

if TYPE_CHECKING:
    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook

ROUNDS = 20
AS_OF = date(2026, 6, 16)


def measure() -> list[Figure]:
    """Evaluate every journey of the demonstration, without and with flips; the best of the rounds counts for each."""
    with tempfile.TemporaryDirectory() as folder:
        playbook, evidence = _demonstration(Path(folder))
    plain = [_best_ms(one, playbook, flips=False) for one in evidence]
    whole = [_best_ms(one, playbook, flips=True) for one in evidence]
    how = f"{len(evidence)} journeys of the demonstration, best of {ROUNDS} each: "
    return [
        Figure(
            name="evaluate_ms",
            value=statistics.median(plain),
            unit="ms",
            bound=0.3,
            better="less",
            how=f"{how}median without flips, worst {max(plain):.3f} ms",
        ),
        Figure(
            name="flips_ms",
            value=max(whole),
            unit="ms",
            bound=20,
            better="less",
            how=f"{how}worst with flips, median {statistics.median(whole):.3f} ms",
        ),
    ]


def _demonstration(folder: Path) -> tuple[Playbook, list[Evidence]]:
    journal = open_journal(folder, {}, create=True)
    desk = Desk(journal=journal, clock=lambda: datetime(2026, 6, 16, 14, tzinfo=UTC))
    demo.load(desk, lambda _member, _password: None)
    first = [row.event for row in journal.read_log(0, 1_000_000) if row.event.originator_version == 1]
    journeys = [journal.get(Journey, one.originator_id) for one in first if isinstance(one, Journey.Created)]
    playbook = desk.playbook()
    found = [evidence_of(journey, as_of=AS_OF) for journey in journeys]
    journal.close()
    return playbook, found


def _best_ms(evidence: Evidence, playbook: Playbook, *, flips: bool) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        evaluate(evidence, playbook, flips=flips)
        best = min(best, time.perf_counter() - start)
    return best * 1e3
