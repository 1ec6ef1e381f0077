"""Killing the process that folds, at any moment: the rows are those of a rebuild."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.journal.store import open_journal
from projections import folding
from projections.registry import MODELS
from projections.runner import Runner
from projections.store import open_views
from tests import builders as b
from tests.faults.killing import Child, Connection
from tests.readmodel.school import School

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projections.model import ReadModel

KILLS, REBUILDS = 50, 10  # the last ten while the rows are made again, or just after
BATCH = 8  # events a transaction; so few that forty lives do not reach the end


def follow(pipe: Connection, folder: Path, *, remake: bool, position_first: bool) -> None:
    """Fold for ever; before each read model writes, and after each pass, say so and wait for the word to go on."""

    def stop_here() -> None:
        pipe.send_bytes(b"")
        pipe.recv_bytes()

    def finish(model: ReadModel, work: Any) -> None:
        stop_here()
        model.finish(work)

    models = tuple(replace(model, finish=partial(finish, model)) for model in MODELS)
    if position_first:
        models = write_the_rows_after_the_position(models)
    journal = open_journal(folder, {})
    runner = Runner(journal, open_views(folder, journal), models, batch=BATCH)
    if remake:
        runner.rebuild()
    while True:
        runner.catch_up()
        stop_here()


def write_the_rows_after_the_position(models: tuple[ReadModel, ...]) -> tuple[ReadModel, ...]:
    """Spoil the runner: the position is kept first, the rows of the pass in a transaction of their own."""
    late: list[Callable[[], None]] = []
    move = folding._move

    def apart(db: Any, *moved: Any) -> None:
        move(db, *moved)
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("BEGIN IMMEDIATE")
        while late:
            late.pop(0)()

    folding._move = apart  # type: ignore[assignment]

    def put_off(model: ReadModel, work: Any) -> None:
        late.append(partial(model.finish, work))

    return tuple(replace(model, finish=partial(put_off, model)) for model in models)


def kill_again_and_again(school: School, kills: int, *, rebuilds: int = 0, position_first: bool = False) -> int:
    """Let a process fold and kill it, so many times, while events are added; return how often it had more to do."""
    for number in range(2 * kills):
        school.student(b.path_ready(), b.recommended("REAPPLY"), b.talked(), student_ref=f"S-{number}")
    chance, in_work = random.Random(50), 0  # noqa: S311 - no secret
    for kill in range(kills):
        school.add(school.student(student_ref=f"L-{kill}"), b.talked(), b.recommended("PIVOT_NOW"))
        remake = kill >= kills - rebuilds
        child = Child(follow, school.folder, remake=remake, position_first=position_first)
        for _ in range(chance.randint(1, 12 if remake else 60)):
            child.hear()
            child.go_on()
        child.hear()
        if chance.random() < 0.5:
            child.go_on()  # and the kill comes wherever it is by then
        child.kill()
        in_work += school.views.position() < school.journal.head()
    return in_work


def live_and_rebuilt(school: School) -> tuple[dict[str, str], dict[str, str]]:
    """The digests of the rows that grew through all kills, and of the same rows made again."""
    school.runner.catch_up()
    live = school.digests()
    school.runner.rebuild()
    return live, school.digests()


def test_fifty_kills_of_the_projector_leave_the_rows_of_a_rebuild(folder: Path) -> None:
    with School(folder) as school:
        assert kill_again_and_again(school, KILLS, rebuilds=REBUILDS) > KILLS / 2

        live, rebuilt = live_and_rebuilt(school)

        assert live == rebuilt
        assert school.runner.status().state == "current"
        assert len(list(school.folder.glob("views-*.db"))) == 1, "nothing of an interrupted rebuild is left"


def test_control_a_position_kept_before_the_rows_loses_events(folder: Path) -> None:
    with School(folder) as school:
        kill_again_and_again(school, 10, position_first=True)

        live, rebuilt = live_and_rebuilt(school)

        assert live != rebuilt
