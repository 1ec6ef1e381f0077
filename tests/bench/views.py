"""What the read models cost: following the journal against the stock way, making them again against raw rows."""

from __future__ import annotations

import gc
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from core.journal.sqlite import connect
from projections import rebuild
from projections.files import in_use
from projections.folding import _move
from projections.registry import MODELS
from projections.rows import mark_of, upsert
from projections.runner import Runner
from projections.store import Views, create, open_views
from projections.timeline import TIMELINE
from projections.working import Working, fold
from tests.bench import Figure, big
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from core.journal.store import Journal

DISK = "/var/tmp"  # noqa: S108 - on a disk where /tmp lies in memory, and there a commit would cost nothing
STUDENTS = 600
STOCK_EVENTS = {"FULL": 1500, "NORMAL": 6000}  # the rival's first events; its rows are few then, so it gains
READ_AHEAD = 500
EVENTS = 1_000_000
RAW_BATCH = 2_000


def measure_catch_up() -> list[Figure]:
    """Fold a journal from its first event, as the runner does and with a transaction for each event."""
    figures = []
    with TemporaryDirectory(dir=DISK) as name, closing(big.grow(Path(name), students=STUDENTS)) as journal:
        bounds: tuple[tuple[Literal["FULL", "NORMAL"], int], ...] = (("FULL", 15), ("NORMAL", 4))
        for synchronous, bound in bounds:
            ours_us = _runner_us(journal, synchronous)
            stock_us = _stock_us(journal, synchronous, STOCK_EVENTS[synchronous])
            how = (
                f"all views, SQLite synchronous={synchronous} on both sides: {journal.head()} events at "
                f"{ours_us:.0f} us each, against the same folds in one transaction per event, {stock_us:.0f} us each"
            )
            title = f"catchup_vs_stock_{synchronous.lower()}"
            figures.append(Figure(name=title, value=stock_us / ours_us, unit="x", bound=bound, better="more", how=how))
    return figures


def _fresh(journal: Journal, synchronous: Literal["FULL", "NORMAL"]) -> Views:
    """Return empty read models of the given durability."""

    def opener(path: Path) -> sqlite3.Connection:
        db = connect(path, synchronous=synchronous)
        db.execute("PRAGMA secure_delete = ON")
        return db

    with closing(open_views(journal.path.parent, journal, fresh=True)) as made:
        return Views(made.path, opener=opener)


def _runner_us(journal: Journal, synchronous: Literal["FULL", "NORMAL"]) -> float:
    with closing(_fresh(journal, synchronous)) as views:
        started = time.perf_counter()
        Runner(journal, views).catch_up()
        return (time.perf_counter() - started) / journal.head() * 1e6


def _stock_us(journal: Journal, synchronous: Literal["FULL", "NORMAL"], count: int) -> float:
    """Fold like the stock runner, but with all that is not the transaction as good as ours.

    It reads ahead, keeps the same working set between two events, and is not held up by a search for cycles either.
    """
    work, position, done = Working(), 0, 0
    gc.disable()
    with closing(_fresh(journal, synchronous)) as views:
        started = time.perf_counter()
        while done < count:
            ahead, _ = journal.read_on(position, READ_AHEAD)
            for one in ahead:
                with views.write() as db:
                    work.begin(db, position)
                    fold(work, MODELS, (one,))
                    for model in MODELS:
                        model.finish(work)
                    mark = mark_of(one.event.originator_id, one.event.originator_version)
                    _move(db, position, one.position, mark, None)
                position = one.position
                work.end(position)
            done += len(ahead)
        spent_s = time.perf_counter() - started
    gc.enable()
    return spent_s / done * 1e6


def measure_rebuild() -> list[Figure]:
    """Make all views of a million events again with the command for it, then read and write as many raw rows."""
    with TemporaryDirectory(dir=DISK) as name:
        folder = Path(name)
        events = _first_million(folder)
        open_house(Settings(data_dir=folder), {}, create=True).close()
        ours_s, mb = _rebuilt(folder)
        read_s, written_s = _raw_read_s(folder), _raw_upserts_s(folder)
    raw_s = read_s + written_s
    how = (
        f"{events} events through all views by `rungwise views rebuild` in {ours_s:.1f} s, against reading the rows of "
        f"the journal ({read_s:.1f} s) and raw upserts of as many rows as wide as the timeline's ({written_s:.1f} s)"
    )
    return [
        Figure(name="rebuild_vs_raw", value=ours_s / raw_s, unit="x", bound=10, better="less", how=how),
        Figure(
            name="rebuild_mb",
            value=mb,
            unit="MB",
            bound=250,
            better="less",
            how=f"the most memory that `rungwise views rebuild` ever held while it took {events} events",
        ),
    ]


def _first_million(folder: Path) -> int:
    """Copy the journal of the big store and leave out what comes later; return how many events it has."""
    whole = big.grown(big.STUDENTS)
    for path in whole.iterdir():
        if path.is_file() and not path.name.startswith(("views", "one-cohort")):
            shutil.copy(path, folder / path.name)
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as db:
        db.execute("DELETE FROM stored_events WHERE rowid > ?", (EVENTS,))
        (events,) = db.execute("SELECT count(*) FROM stored_events").fetchone()
    assert events == EVENTS
    return int(events)


_COMMAND = """
import json, re, sys, time
started = time.perf_counter()
from web.cli import main
code = main(["views", "rebuild", "--data", sys.argv[1]])
kib = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(json.dumps({"code": code, "s": time.perf_counter() - started, "mb": kib * 1024 / 1e6}))
"""


def _rebuilt(folder: Path) -> tuple[float, float]:
    """Return how long the command took, and its peak of memory [MB]."""
    done = subprocess.run([sys.executable, "-c", _COMMAND, str(folder)], capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert said["code"] == 0, done.stdout
    return said["s"], said["mb"]


def _raw_read_s(folder: Path) -> float:
    started, last = time.perf_counter(), 0
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        query = "SELECT rowid, * FROM stored_events WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while rows := db.execute(query, (last, RAW_BATCH)).fetchall():
            last = rows[-1][0]
    return time.perf_counter() - started


def _raw_upserts_s(folder: Path) -> float:
    """Write the timeline's rows, in the order of the journal, into an empty file with the settings of a rebuild."""
    file, spent_s = folder / "raw.db", 0.0
    with closing(open_house(Settings(data_dir=folder), {})) as house:
        create(file, house.desk.journal)
    with (
        closing(rebuild._open_hidden(file)) as db,
        closing(sqlite3.connect(in_use(folder / "views.db"))) as source,
    ):
        rows = source.execute("SELECT * FROM timeline ORDER BY position")
        while some := rows.fetchmany(rebuild.BATCH):
            started = time.perf_counter()
            db.execute("BEGIN")
            db.executemany(upsert(TIMELINE), some)
            db.execute("COMMIT")
            spent_s += time.perf_counter() - started
    return spent_s
