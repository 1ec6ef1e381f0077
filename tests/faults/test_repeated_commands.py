"""Commands that are sent again, at the same moment, by impatient people and by programs that heard no answer."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from core.advising.contacts import AddNote, LogContact, add_note, log_contact
from core.advising.desk import Desk
from core.journal.store import Journal, open_journal
from core.people.access import Principal
from tests.readmodel.school import START, School

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS, MOST, JOURNEYS, THREADS = 500, 5, 25, 4
LEAD = Principal(member_id="lead", name="Lena Lead", team=None, grants=frozenset({("lead", "2026")}))


class _KnowsNoCommand(set[str]):
    def __contains__(self, _: object) -> bool:
        return False


class _Forgetful(Journal):
    """A journal whose aggregates do not remember the commands they carried out."""

    def get(self, *wanted: Any, **more: Any) -> Any:
        root: Any = super().get(*wanted, **more)
        root.commands = _KnowsNoCommand()
        return root


def effects_of_repeated_commands(folder: Path, *, forgetful: bool = False) -> tuple[int, int, Counter[str]]:
    """Send 500 commands one to five times each through two stores open at once, each with four threads.

    Returns:
        How many were sent, how many answers said that it was done now, and the events of each command.
    """
    with School(folder) as school:
        journeys = [school.student(student_ref=f"S-{number}") for number in range(JOURNEYS)]
    journals = [open_journal(folder, {}) for _ in range(2)]
    if forgetful:
        for journal in journals:
            journal.__class__ = _Forgetful
    desks = [Desk(journal=journal, clock=lambda: START) for journal in journals]

    def send(desk: Desk, number: int) -> bool:
        place: Any = {"command_id": f"c-{number}", "journey_id": journeys[number % JOURNEYS]}
        if number % 2:
            return not add_note(desk, LEAD, AddNote(**place, visibility="team", body="Spoke")).repeated
        return not log_contact(desk, LEAD, LogContact(**place, channel="call", summary="Spoke")).repeated

    chance = random.Random(500)  # noqa: S311 - no secret
    sent = [number for number in range(COMMANDS) for _ in range(chance.randint(1, MOST))]
    sent = [number for _, number in sorted((number + chance.uniform(0, 8), number) for number in sent)]
    pools = [ThreadPoolExecutor(THREADS) for _ in desks]
    answers = [pools[i % 2].submit(send, desks[i % 2], number) for i, number in enumerate(sent)]
    done = sum(answer.result() for answer in answers)
    for pool in pools:
        pool.shutdown()
    log: Any = journals[0].read_log(0, 1_000_000)
    effects = Counter(one.event.command_id for one in log if one.event.command_id.startswith("c-"))
    for journal in journals:
        journal.close()
    return len(sent), done, effects


def test_five_hundred_commands_sent_up_to_five_times_have_five_hundred_effects(folder: Path) -> None:
    sent, done, effects = effects_of_repeated_commands(folder)

    assert sent > 2 * COMMANDS
    assert (done, len(effects), effects.total()) == (COMMANDS, COMMANDS, COMMANDS)


def test_control_without_the_look_up_of_the_command_every_repeat_has_an_effect(folder: Path) -> None:
    sent, _, effects = effects_of_repeated_commands(folder, forgetful=True)

    assert effects.total() == sent > COMMANDS
