"""A small institution in a folder: a journal with people in it, its read models, and a runner between them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from core.decision.playbook import Playbook
from core.journal.root import Stamp
from core.journal.store import open_journal
from core.journey.journey import Journey, open_journey, student_subject
from core.people import institution as i
from core.people import member as m
from projections import board, journey, timeline
from projections.registry import MODELS
from projections.runner import Runner, digest
from projections.store import open_views
from tests.builders import Step, new_journey
from tests.playbooks import minimal_content

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from uuid import UUID

TODAY = date(2026, 6, 16)
START = datetime(2026, 4, 1, 15, 0, tzinfo=UTC)


class School:
    """Everything a test of the read models needs; `with School(folder) as school`."""

    def __init__(self, folder: Path, *, batch: int = 2000) -> None:
        self.folder = folder
        self.now = START
        self.journal = open_journal(folder, {}, create=True)
        self.views = open_views(folder, self.journal)
        self.runner = Runner(self.journal, self.views, batch=batch, poll_s=0.02)
        self.commands = 0
        self.institution = i.create_institution("Larkfield", "America/Chicago", keys=self.keys, stamp=self.stamp())
        self.publish(minimal_content())
        self.steward = self.member("Sam Steward", "sam@larkfield.example")
        self.ruiz = self.member("Rosa Ruiz", "ruiz@larkfield.example", team="east")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.stop()
        self.views.close()
        self.journal.close()

    @property
    def keys(self) -> Any:
        return self.journal.keys

    def stamp(self, on: date | None = None, actor: str | None = None) -> Stamp:
        """A stamp of a new command, a minute after the one before."""
        self.commands += 1
        self.now += timedelta(minutes=1)
        who = actor or (str(self.ruiz.id) if hasattr(self, "ruiz") else "setup")
        return Stamp(actor=who, command_id=f"command-{self.commands}", recorded_at=self.now, happened_on=on)

    def publish(self, content: dict[str, Any]) -> None:
        playbook = Playbook.from_content(content)
        i.publish_playbook(
            self.institution, playbook.content, digest=playbook.digest, note="as tested", stamp=self.stamp()
        )
        self.journal.save(self.institution)

    def member(self, name: str, email: str, team: str | None = None) -> m.Member:
        made = m.create_member(name, email, team=team, keys=self.keys, stamp=self.stamp())
        self.journal.save(made)
        return made

    def cohort(self, cycle: int = 2026) -> i.Cohort:
        made = i.create_cohort(cycle, keys=self.keys, stamp=self.stamp())
        self.journal.save(made)
        return made

    def student(self, *steps: Step | Iterable[Step], **changes: Any) -> UUID:
        """Open a journey to which these steps happen, each a command of its own."""
        opened = open_journey(new_journey(**changes), keys=self.keys, stamp=self.stamp())
        return self._carry_out(opened, steps)

    def add(self, journey_id: UUID, *steps: Step | Iterable[Step], **stamped: Any) -> UUID:
        """Let more happen to a journey."""
        return self._carry_out(self.journal.get(Journey, journey_id), steps, **stamped)

    def _carry_out(self, root: Journey, steps: Iterable[Step | Iterable[Step]], **stamped: Any) -> UUID:
        for step in steps:
            for one in [step] if callable(step) else step:
                one(root, self.stamp(**stamped))
        self.journal.save(root)
        return root.id

    def erase(self, student_ref: str = "S-100") -> None:
        self.keys.destroy(student_subject(self.keys, student_ref), self.now)

    def board(self, cohort: str = "2026", **wanted: Any) -> board.BoardPage:
        self.runner.catch_up()
        with self.views.read() as db:
            return board.page(db, cohort, **({"today": TODAY} | wanted))

    def row(self, **wanted: Any) -> board.BoardRow:
        """The one row of the board."""
        (found,) = self.board(**wanted).rows
        return found

    def sheet(self, journey_id: UUID) -> journey.JourneySheet:
        self.runner.catch_up()
        with self.views.read() as db:
            found = journey.sheet(db, journey_id)
        assert found is not None
        return found

    def entries(self, journey_id: UUID) -> tuple[timeline.Entry, ...]:
        """The timeline, oldest first."""
        self.runner.catch_up()
        with self.views.read() as db:
            return timeline.page(db, journey_id).entries[::-1]

    def digests(self) -> dict[str, str]:
        return {model.name: digest(self.views, model.name) for model in MODELS}
