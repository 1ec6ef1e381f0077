"""The demonstration: a fictional school with 160 students in three cycles, made only through the use cases.

Forty stories are written out in `stories-*.toml`, one line a deed; the others are lines of the tables `cohort-*.csv`,
of which `arcs.py` makes the same steps. `script.py` puts all of it in the order of time, `deeds.py` does one deed.
Every deed has a fixed command id, so loading twice writes nothing the second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.people.member import member_id
from plugins.host import load_packs
from web.demo.deeds import Stage, perform
from web.demo.script import last_deed, read_school, read_script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any

    from core.advising.desk import Desk
    from core.journal.store import Journal

__all__ = ["PASSWORD", "SignIn", "load", "sign_ins"]

PASSWORD = "larkfield-demo"  # noqa: S105 - of every member of the demonstration; shown at start, guards nothing
_BATCH = 2000  # events read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody who can sign in to the demonstration: what they are, who, and under which address."""

    role: str
    name: str
    email: str


def sign_ins() -> tuple[SignIn, ...]:
    """Return who can sign in, each with `PASSWORD`."""
    people = read_school()["people"].values()
    return tuple(SignIn(role=one["role"], name=one["name"], email=one["email"]) for one in people if "role" in one)


def load(desk: Desk, set_password: Callable[[str, str], None], packs: Sequence[dict[str, Any]] | None = None) -> bool:
    """Load the demonstration into an empty store; one that was interrupted goes on where it stopped.

    The read models are not touched: bring them up to the journal afterwards.

    Args:
        desk: of the store; meanwhile its clock stands where the story is.
        set_password: takes a member's id and a password.
        packs: what the playbooks hold; None = what the host loads.

    Returns:
        Whether anything was written.

    Raises:
        Conflict: the store belongs to another institution.
    """
    # The last deed is the institution's own, so its stream alone tells whether the story was told to the end.
    last = last_deed()
    if desk.journal.has(desk.journal.keys.institution) and last.command_id in desk.institution().commands:
        return False
    script = read_script()
    stage = Stage(desk=desk, school=script.school, packs=load_packs() if packs is None else list(packs))
    done = _commands(desk.journal)
    clock = _ScriptedClock(script.deeds[0].at)
    own_clock, desk.clock = desk.clock, clock
    try:
        with desk.journal.alone():
            for deed in script.deeds[:-1]:
                clock.now = deed.at
                if deed.command_id not in done:
                    perform(stage, deed)
        for one in sign_ins():  # before the last deed: a store that holds it is complete
            set_password(str(member_id(desk.journal.keys, one.email)), PASSWORD)
        clock.now = last.at
        perform(stage, last)
    finally:
        desk.clock = own_clock
    return True


def _commands(journal: Journal) -> set[str]:
    """Return the ids of all commands in a journal; what was erased names none."""
    found: set[str] = set()
    after = 0
    while batch := journal.read_log(after, _BATCH):
        found.update(getattr(one.event, "command_id", "") for one in batch)
        after = batch[-1].position
    return found


class _ScriptedClock:
    """A clock that stands where the story is."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
