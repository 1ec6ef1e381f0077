"""The demonstration: a fictional school with 40 students, made only through the use cases.

The TOML and CSV files beside this file hold what people did, one line a deed; `script.py` puts all of it in the order of
time, `deeds.py` does one deed. Every deed has a fixed command id, so loading twice writes nothing the second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.journey.journey import Journey
from core.people.member import member_id
from plugins.host import load_packs
from web.demo.deeds import Stage, perform
from web.demo.script import read_school, read_script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any

    from core.advising.desk import Desk
    from web.demo.script import Deed

__all__ = ["PASSWORD", "SignIn", "load", "sign_ins"]

PASSWORD = "larkfield-demo"  # noqa: S105 - of every member of the demonstration; shown at start, guards nothing


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
        desk: of the store; its clock stands at the times of the story meanwhile.
        set_password: takes a member's id and a password.
        packs: what the playbook holds; None = what the host loads.

    Returns:
        Whether anything was written.

    Raises:
        Conflict: the store belongs to another institution.
    """
    script = read_script()
    stage = Stage(desk=desk, school=script.school, packs=load_packs() if packs is None else list(packs))
    if _is_complete(stage, script.deeds[-1]):
        return False
    for one in sign_ins():
        set_password(str(member_id(desk.journal.keys, one.email)), PASSWORD)
    clock = _ScriptedClock(script.deeds[0].at)
    desk.clock, own_clock = clock, desk.clock
    try:
        for deed in script.deeds:
            clock.now = deed.at
            perform(stage, deed)
    finally:
        desk.clock = own_clock
    return True


def _is_complete(stage: Stage, last: Deed) -> bool:
    """Say whether the last deed of the story is in the store."""
    if last.journey is None:
        return False
    stream = stage.journey_id(last.journey)
    return stage.desk.journal.has(stream) and last.command_id in stage.desk.journal.get(Journey, stream).commands


class _ScriptedClock:
    """A clock that stands where the story is."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
