"""preview_10000_s: what another playbook would change for 10,000 past students."""

from __future__ import annotations

import time
from contextlib import closing

from core.advising.desk import Desk
from core.decision.playbook import Playbook
from core.journal.store import open_journal
from projections.preview import preview
from projections.store import open_views
from tests.bench import Figure, big
from tests.bench.boards import store
from web.house import DEMO_START

JOURNEYS = 10_000


def measure() -> list[Figure]:
    """Judge every journey of the big store by the playbook in force and by a stricter one."""
    with closing(open_journal(store(big.STUDENTS), {})) as journal:
        desk = Desk(journal=journal, clock=lambda: DEMO_START)
        before = desk.playbook()
        now = Playbook.from_content(before.content | {"label": "stricter", "parameters": {"handful_min": 6}})
        with closing(open_views(journal.path.parent, journal)) as views, views.read() as db:
            started = time.perf_counter()
            found = preview(db, before, now, desk.today())
            spent_s = time.perf_counter() - started
    assert found.touched > JOURNEYS
    how = (
        f"{found.touched} journeys judged by the playbook in force and by a stricter one in {spent_s:.1f} s: "
        f"{len(found.rows)} would be advised otherwise; nothing kept from before"
    )
    value = spent_s * JOURNEYS / found.touched
    return [Figure(name="preview_10000_s", value=value, unit="s", bound=10, better="less", how=how)]
