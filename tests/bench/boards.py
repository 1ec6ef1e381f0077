"""board_growth and board_all_ms: a board costs what is on it, not what else the store holds."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import time
from contextlib import closing, redirect_stderr
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Self

from core.advising.due import run_due
from core.advising.members import GrantRole, grant_role
from core.people.member import member_id
from projections import board, overview
from projections.board import Filters
from projections.files import in_use
from projections.kept import Present
from projections.store import Views
from tests.bench import Figure, big
from web.app import create_app
from web.house import _OFFSET, DEMO_START, open_house, system_clock
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.advising.desk import Desk

REPEATS = 60
STEWARD, LEAD = "sundqvist@larkfield.example", "okafor@larkfield.example"


@cache
def store(students: int) -> Path:
    """Return the folder of a store with so many students, in cohorts of 200 and 2,000; made once for all figures."""
    folder = big.grown(students)
    settings = Settings(data_dir=folder)
    with closing(open_house(settings, {}, create=True)) as house:
        house.runner.catch_up()
        # it is the day up to which its students lived, or the first tick would have years of milestones to mark
        house.access.keep_setting(_OFFSET, str((DEMO_START - system_clock()).total_seconds()))
    with closing(open_house(settings, {})) as house:
        with house.views.read() as db:
            overdue = board.overdue_journeys(db, house.desk.today())
        run_due(house.desk, now=house.clock(), journeys=overdue)
        house.runner.catch_up()
    return folder


def grant(desk: Desk, email: str, role: str, cohort: str) -> str:
    """Give a member of the demonstration's school a role in a cohort; return the member's id."""
    keys = desk.journal.keys
    who = str(member_id(keys, email))
    steward = desk.principal(str(member_id(keys, STEWARD)))
    command = GrantRole(command_id=f"bench-{email}-{cohort}", member_id=who, role=role, cohort=cohort)
    grant_role(desk, steward, command)
    return who


def measure_growth() -> list[Figure]:
    """Ask for the board of the same 200 students in a small store and in a big one, in turns."""
    with _Asking(store(big.SMALL_STUDENTS)) as small, _Asking(store(big.STUDENTS)) as large:
        times = [(small.board_ms(), large.board_ms()) for _ in range(REPEATS)][REPEATS // 6 :]
    small_ms, large_ms = (statistics.median(one) for one in zip(*times, strict=True))
    how = (
        f"a whole board page of a cohort of {big.SMALL_STUDENTS}, nothing kept from the page before: {large_ms:.1f} ms "
        f"in a store of {big.STUDENTS} students, {small_ms:.1f} ms in one of {big.SMALL_STUDENTS}"
    )
    return [Figure(name="board_growth", value=large_ms / small_ms, unit="x", bound=1.3, better="less", how=how)]


class _Asking:
    """A browser before one store, in this process."""

    def __init__(self, folder: Path) -> None:
        self._house = open_house(Settings(data_dir=folder), {})
        lead = grant(self._house.desk, LEAD, "lead", big.SMALL_COHORT)
        self._house.runner.catch_up()
        self._browser = create_app(self._house).test_client()
        self._browser.set_cookie("rungwise", self._house.access.sessions.open(lead))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._house.close()

    def board_ms(self) -> float:
        self._house.once.of("nothing")  # drops what is kept
        started = time.perf_counter()
        with redirect_stderr(StringIO()):  # the log of the requests
            answer = self._browser.get(f"/cohorts/{big.SMALL_COHORT}")
        spent_ms = (time.perf_counter() - started) * 1000
        assert answer.status_code == 200, answer.status
        return spent_ms


def measure_all() -> list[Figure]:
    """Put all students of the big store into one cohort, in a copy of its read models, and read their board."""
    folder = store(big.STUDENTS)
    copy = folder / "one-cohort.db"
    shutil.copy(in_use(folder / "views.db"), copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        db.execute("UPDATE board SET cohort = ? WHERE cohort IS NOT NULL", (big.SMALL_COHORT,))
    with closing(open_house(Settings(data_dir=folder), {})) as house, closing(Views(copy)) as views:
        today = house.desk.today()

        def read() -> int:
            with views.read() as db:
                present = Present(db, big.SMALL_COHORT)
                found = board.page(db, big.SMALL_COHORT, today=today, present=present)
                overview.flow(db, big.SMALL_COHORT, Filters(), today, present)
                return found.students

        students = read()
        value = statistics.median(_ms(read) for _ in range(REPEATS // 2))
    how = (
        f"median of {REPEATS // 2}: the rows of the first page, all counts, the lists and the flow of {students} "
        "students on one board, with what Python makes of them; nothing kept from the page before"
    )
    return [Figure(name="board_all_ms", value=value, unit="ms", bound=60, better="less", how=how)]


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
