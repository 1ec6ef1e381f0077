"""Repeats, false conflicts, two people at once: one command has one effect, and nobody's change is lost silently."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from eventsourcing.persistence import IntegrityError

from core.advising.assessments import RecordFact, record_fact
from core.advising.contacts import AddNote, add_note
from core.advising.decisions import RecordDecision, record_decision
from core.advising.desk import Desk
from core.advising.feedback import ReceiveOpinion, receive_opinion
from core.advising.journeys import AssignAdvisor, OpenJourney, assign_advisor, open_journey
from core.advising.members import AddMember, Found, GrantRole, add_member, found, grant_role
from core.errors import Conflict, InvalidValue, NotAllowed, NotFound
from core.journal.root import Event
from core.journal.store import open_journal
from core.journey.journey import ChangedMeanwhile, journey_id
from tests.builders import INVENTORY, TODAY, new_journey, pd, pivot, related_pd, said
from tests.playbooks import minimal_content
from tests.scenario import Clock, Team, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

ROOT = Path(__file__).parents[4]
NOTE: dict[str, Any] = {"visibility": "team", "body": "spoken"}


@contextmanager
def ambiguous_commit(desk: Desk, times: int = 1) -> Iterator[list[int]]:
    """Let the store write, and then report a conflict: what the library does after a retried, ambiguous COMMIT."""
    recorder: Any = desk.journal._store.recorder
    insert = recorder.insert_events
    calls: list[int] = []

    def stores_and_raises(*args: Any, **kwargs: Any) -> Any:
        calls.append(len(calls))
        done = insert(*args, **kwargs)
        if len(calls) <= times:
            raise IntegrityError
        return done

    recorder.insert_events = stores_and_raises
    try:
        yield calls
    finally:
        recorder.insert_events = insert


class TestRepeats:
    def test_a_repeated_command_has_one_effect_and_says_so(self, team: Team) -> None:
        stream = team.open()
        first = team.do(add_note, AddNote, command_id="n", journey_id=stream, **NOTE)
        again = team.do(add_note, AddNote, command_id="n", journey_id=stream, **NOTE)
        assert (first.repeated, again.repeated, again.version) == (False, True, first.version)
        assert team.topics(stream).count("contact.note-added") == 1

    def test_a_repeat_in_another_process_has_no_second_effect(self, team: Team) -> None:
        stream = team.open()
        team.do(add_note, AddNote, command_id="n", journey_id=stream, **NOTE)
        other = team.second_desk()
        with closing(other.journal):
            again = add_note(other, team.advisor, AddNote(command_id="n", journey_id=stream, **NOTE))
        assert again.repeated
        assert team.topics(stream).count("contact.note-added") == 1

    def test_a_repeat_with_other_content_is_still_a_repeat(self, team: Team) -> None:
        stream = team.open()
        team.do(add_note, AddNote, command_id="n", journey_id=stream, **NOTE)
        assert team.do(add_note, AddNote, command_id="n", journey_id=stream, visibility="team", body="other").repeated

    def test_the_same_id_on_another_journey_is_another_command(self, team: Team) -> None:
        one, other = team.open(), team.open(student_ref="S-200")
        team.do(add_note, AddNote, command_id="n", journey_id=one, **NOTE)
        assert not team.do(add_note, AddNote, command_id="n", journey_id=other, **NOTE).repeated

    def test_a_repeat_is_answered_to_those_alone_who_may_ask(self, team: Team) -> None:
        stream = team.open()
        team.do(add_note, AddNote, command_id="n", journey_id=stream, **NOTE)
        with refused(NotAllowed):
            team.do(add_note, AddNote, team.stranger, command_id="n", journey_id=stream, **NOTE)

    @pytest.mark.parametrize("command_id", ["", "x" * 101])
    def test_a_command_has_an_id_of_a_sensible_length(self, team: Team, command_id: str) -> None:
        with refused(InvalidValue, "command_id"):
            team.do(add_note, AddNote, command_id=command_id, journey_id=team.open(), **NOTE)

    def test_opening_a_journey_twice_is_a_conflict_and_repeating_the_command_is_not(self, team: Team) -> None:
        command = OpenJourney(command_id="o", new=new_journey())
        first = open_journey(team.desk, team.lead, command)
        assert open_journey(team.desk, team.lead, command).repeated
        with refused(Conflict, "this journey exists already"):
            open_journey(team.desk, team.lead, OpenJourney(command_id="p", new=new_journey(student_ref=" s-100 ")))
        assert first.stream == journey_id(team.desk.journal.keys, "S-100", 2026, "nrmp")


class TestFalseConflicts:
    def test_a_change_that_was_stored_all_the_same_is_answered_as_done(self, team: Team) -> None:
        stream = team.open()
        with ambiguous_commit(team.desk) as calls:
            receipt = team.do(add_note, AddNote, journey_id=stream, **NOTE)
        assert (len(calls), receipt.repeated, receipt.position) == (1, True, team.desk.journal.head())
        assert team.topics(stream).count("contact.note-added") == 1

    def test_a_journey_whose_opening_was_stored_all_the_same_is_answered_as_done(self, team: Team) -> None:
        team.open(student_ref="S-1")
        with ambiguous_commit(team.desk) as calls:
            receipt = open_journey(team.desk, team.lead, OpenJourney(command_id="o", new=new_journey()))
        assert (len(calls), receipt.repeated) == (1, True)
        assert team.topics(receipt.stream).count("journey.created") == 1

    def test_the_first_journey_of_a_cycle_opens_although_its_cohort_is_reported_as_a_conflict(self, team: Team) -> None:
        with ambiguous_commit(team.desk, times=2) as calls:
            receipt = open_journey(team.desk, team.lead, OpenJourney(command_id="o", new=new_journey()))
        assert len(calls) == 2  # the cohort, then the journey
        assert team.journey(receipt.stream).name == "Robin Vale"

    def test_a_member_whose_beginning_was_stored_all_the_same_is_answered_as_done(self, team: Team) -> None:
        with ambiguous_commit(team.desk):
            command = AddMember(command_id="m", name="Dr. New", email="new@school.example")
            receipt = add_member(team.desk, team.steward, command)
        assert receipt.repeated
        assert team.desk.principal(str(receipt.stream)).name == "Dr. New"

    def test_a_store_whose_founding_was_stored_all_the_same_is_answered_as_done(self, tmp_path: Path) -> None:
        command = Found(
            command_id="f",
            name="S",
            time_zone="UTC",
            steward_name="A",
            steward_email="a@school.example",
            playbook=minimal_content(),
        )
        desk = Desk(journal=open_journal(tmp_path, {}, create=True), clock=Clock())
        with closing(desk.journal), ambiguous_commit(desk):
            receipt = found(desk, command)
            assert receipt.repeated
            assert desk.principal(str(receipt.stream)).grants == {("steward", None)}
            with refused(Conflict, "this store is set up already"):
                found(desk, replace(command, steward_email="b@school.example"))


class TestTwoPeople:
    def race(self, team: Team, mine: Any, theirs: Any) -> None:
        """Let somebody in another process be first, between this desk's load and save."""
        save = team.desk.journal.save
        other = team.second_desk()

        def second(*roots: Any) -> int:
            team.desk.journal.save = save  # type: ignore[method-assign]
            theirs(other)
            return save(*roots)

        team.desk.journal.save = second  # type: ignore[method-assign]
        with closing(other.journal):
            mine(team.desk)

    def test_different_facts_at_once_are_both_kept(self, team: Team) -> None:
        stream = team.open()
        seen = team.journey(stream).version
        fact: dict[str, Any] = {"journey_id": stream, "source": "ERAS", "seen": seen}
        self.race(
            team,
            lambda d: record_fact(d, team.advisor, RecordFact(command_id="a", name="step2", value=238, **fact)),
            lambda d: record_fact(
                d, team.colleague, RecordFact(command_id="b", name="research", value="limited", **fact)
            ),
        )
        facts = team.journey(stream).facts
        assert {name: (f.value, f.actor) for name, f in facts.items()} == {
            "step2": (238, team.advisor.member_id),
            "research": ("limited", team.colleague.member_id),
        }

    def test_the_same_fact_at_once_shows_the_second_both_versions_and_lets_them_choose(self, team: Team) -> None:
        stream = team.open()
        fact: dict[str, Any] = {
            "journey_id": stream,
            "name": "step2",
            "source": "ERAS",
            "seen": team.journey(stream).version,
        }
        with pytest.raises(ChangedMeanwhile) as clash:
            self.race(
                team,
                lambda d: record_fact(d, team.advisor, RecordFact(command_id="a", value=248, **fact)),
                lambda d: record_fact(d, team.colleague, RecordFact(command_id="b", value=238, **fact)),
            )
        both = clash.value
        assert (both.theirs, both.yours, both.who) == ("238", "248", team.colleague.member_id)
        assert team.journey(stream).facts["step2"].value == 238
        chosen = {**fact, "seen": both.version}
        team.do(record_fact, RecordFact, command_id="a", value=248, **chosen)
        assert team.journey(stream).facts["step2"].value == 248

    def test_two_path_decisions_at_once_leave_one_standing(self, team: Team) -> None:
        stream = ready_to_pivot(team)
        first = pivot(reason_code="money", reason="two loans")
        second = pivot(decision_id="d-2", reason_code="family", reason="near home")
        with refused(Conflict, "a decision stands already"):
            self.race(
                team,
                lambda d: record_decision(
                    d, team.advisor, RecordDecision(command_id="a", journey_id=stream, decision=first)
                ),
                lambda d: record_decision(
                    d, team.colleague, RecordDecision(command_id="b", journey_id=stream, decision=second)
                ),
            )
        assert list(team.journey(stream).decisions) == ["d-2"]

    def test_somebody_who_loses_the_race_for_ever_is_told_that_nothing_was_saved(self, team: Team) -> None:
        stream = team.open()
        head = team.desk.journal.head()

        def always_second(*_: Any) -> int:
            raise Conflict("second again")

        team.desk.journal.save = always_second  # type: ignore[method-assign]
        with refused(Conflict, "many people are changing this record"):
            team.do(add_note, AddNote, journey_id=stream, **NOTE)
        assert team.desk.journal.head() == head


def ready_to_pivot(team: Team) -> UUID:
    stream = team.open()
    for name, value in INVENTORY.items():
        team.do(record_fact, RecordFact, journey_id=stream, name=name, value=value, source="ERAS")
    for opinion, reviewer in (("a", pd()), ("b", related_pd())):
        answer = said(3, dated=TODAY)
        team.do(receive_opinion, ReceiveOpinion, journey_id=stream, opinion_id=opinion, reviewer=reviewer, said=answer)
    return stream


def effects(team: Team, stream: UUID) -> list[str]:
    return [
        event.command_id
        for event in team.desk.journal.stream(stream)
        if isinstance(event, Event) and event.TOPIC == "contact.note-added"
    ]


def test_four_threads_with_fifty_commands_each_on_one_journey_have_two_hundred_effects(team: Team) -> None:
    stream = team.open()
    failures: list[Exception] = []

    def work(thread: int) -> None:
        for number in range(50):
            command = AddNote(command_id=f"{thread}-{number}", journey_id=stream, **NOTE)
            try:
                add_note(team.desk, team.advisor, command)
            except Exception as error:  # noqa: BLE001 - whatever it was, the test names it
                failures.append(error)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert sorted(effects(team, stream)) == sorted(f"{t}-{n}" for t in range(4) for n in range(50))


WRITER = """
import sys
from pathlib import Path
from uuid import UUID
from core.advising.contacts import AddNote, add_note
from core.advising.desk import Desk
from core.journal.store import open_journal
from tests.scenario import Clock
folder, stream, member = sys.argv[1:4]
desk = Desk(journal=open_journal(Path(folder), {}), clock=Clock())
who = desk.principal(member)
for number in range(20):
    for _ in range(2):
        add_note(desk, who, AddNote(command_id=f"n-{number}", journey_id=UUID(stream), visibility="team", body="x"))
"""


def test_two_processes_that_send_the_same_twenty_commands_twice_have_twenty_effects(team: Team) -> None:
    stream = team.open()
    command = [sys.executable, "-c", WRITER, str(team.folder), str(stream), team.advisor.member_id]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate()[1] for one in running] == ["", ""]
    assert sorted(effects(team, stream)) == sorted(f"n-{number}" for number in range(20))


class TestPeople:
    def test_somebody_unknown_or_gone_is_nobody(self, team: Team) -> None:
        for stranger in ("not an id", "99999999-9999-5999-8999-999999999999"):
            with refused(NotFound, "there is no member"):
                team.desk.principal(stranger)

    def test_a_journey_that_does_not_exist_is_not_found(self, team: Team) -> None:
        with refused(NotFound, "there is no journey"):
            team.do(add_note, AddNote, journey_id=team.desk.journal.keys.institution, **NOTE)

    def test_today_is_the_date_in_the_institutions_time_zone(self, team: Team) -> None:
        team.clock.now = team.clock.now.replace(hour=3)  # 22:00 of the day before in Chicago
        assert str(team.desk.today()) == "2026-03-31"

    def test_a_role_granted_in_another_process_counts_at_once(self, team: Team) -> None:
        other = team.second_desk()
        with closing(other.journal):
            grant = GrantRole(command_id="g", member_id=team.stranger.member_id, role="lead", cohort="2026")
            grant_role(other, team.steward, grant)
        assert ("lead", "2026") in team.desk.principal(team.stranger.member_id).grants

    def test_an_assigned_journey_opens_for_the_advisor_of_another_team(self, team: Team) -> None:
        stream = team.open()
        with refused(NotAllowed, "Dr. Stranger may not write on this journey"):
            team.do(add_note, AddNote, team.stranger, journey_id=stream, **NOTE)
        team.do(assign_advisor, AssignAdvisor, team.lead, journey_id=stream, advisor_id=team.stranger.member_id)
        team.do(add_note, AddNote, team.stranger, journey_id=stream, **NOTE)
        with refused(NotAllowed):
            team.do(add_note, AddNote, team.advisor, journey_id=stream, **NOTE)
