"""The roster: preview, confirmation, and an import that never overwrites what a person corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.advising.assessments import ConfirmFact, CorrectFact, RecordFact, confirm_fact, correct_fact, record_fact
from core.advising.contacts import AddNote, add_note
from core.advising.journeys import (
    AssignAdvisor,
    CorrectDetails,
    OpenJourney,
    assign_advisor,
    correct_details,
    open_journey,
)
from core.advising.members import DeactivateMember, deactivate_member
from core.advising.roster import ImportRoster, RosterPlan, RowPlan, apply, preview
from core.errors import Conflict, InvalidValue, NotAllowed
from core.journey.journey import journey_id, student_subject
from core.people.institution import Cohort, cohort_id
from tests.builders import NOW, new_journey
from tests.scenario import refused
from tests.unit.domain.advising.test_desk import ambiguous_commit

if TYPE_CHECKING:
    from uuid import UUID

    from core.advising.desk import Receipt
    from core.journey.journey import Journey
    from tests.scenario import Team

HEADER = "student_ref,name,specialty,match_day,learned_on,email,advisor_email,step2,interviews_offered,red_flags"
ROBIN = "S-100,Robin Vale,ortho,2026-03-20,2026-03-16,r@s.example,advisor@school.example,238,4,none"
WREN = "S-200,Wren Hale,derm,2026-03-20,2026-03-16,,,,,"
TWO = f"{HEADER}\n{ROBIN}\n{WREN}\n"


def command(team: Team, text: str, **fields: Any) -> ImportRoster:
    given: dict[str, Any] = {
        "command_id": team.id(),
        "cycle": 2026,
        "file_name": "roster.csv",
        "content": text.encode(),
    }
    return ImportRoster(**(given | fields))


def look(team: Team, text: str) -> RosterPlan:
    return preview(team.desk, team.lead, command(team, text))


def load(team: Team, text: str, **fields: Any) -> Receipt:
    return apply(team.desk, team.lead, command(team, text, **fields))


def stream(team: Team, reference: str = "S-100", system: str = "nrmp") -> UUID:
    return journey_id(team.desk.journal.keys, reference, 2026, system)


def robin(team: Team) -> Journey:
    return team.journey(stream(team))


def row(plan: RosterPlan, reference: str = "S-100") -> RowPlan:
    [found] = [one for one in plan.rows if one.reference == reference]
    return found


def cell(**changes: str) -> str:
    """The file of Robin alone with other cells."""
    cells = dict(zip(HEADER.split(","), ROBIN.split(","), strict=True)) | changes
    return f"{HEADER}\n{','.join(cells.values())}\n"


class TestNew:
    def test_a_preview_says_what_would_happen_and_writes_nothing(self, team: Team) -> None:
        head = team.desk.journal.head()
        keys = team.desk.journal.keys.in_use()
        plan = look(team, TWO)
        assert plan.counts == {"new": 2, "changed": 0, "unchanged": 0, "by_hand": 0, "faulty": 0}
        assert plan.writes == 2
        assert (plan.rows[0].line, plan.rows[0].name, plan.rows[0].outcome) == (2, "Robin Vale", "new")
        assert team.desk.journal.head() == head
        assert team.desk.journal.keys.in_use() == keys
        assert not team.desk.journal.has(stream(team))

    def test_a_new_row_becomes_a_journey_with_facts_advisor_and_recommendation(self, team: Team) -> None:
        receipt = load(team, TWO)
        journey = robin(team)
        assert not receipt.repeated
        assert {name: (f.value, f.source) for name, f in journey.facts.items()} == {
            "step2": (238, "roster"),
            "interviews_offered": (4, "roster"),
            "red_flags": ((), "roster"),
        }
        assert (journey.advisor, journey.team) == (team.advisor.member_id, "north")
        assert journey.recommendation is not None
        assert len(journey.milestones) == 4
        assert team.journey(stream(team, "S-200")).specialty == "dermatology"

    def test_the_whole_import_is_one_transaction_with_its_record_in_the_cohort(self, team: Team) -> None:
        load(team, TWO, command_id="whole")
        cohort = cohort_id(team.desk.journal.keys, 2026)
        assert team.topics(cohort) == ["cohort.created", "cohort.roster-imported"]
        imported = team.desk.journal.stream(cohort)[-1]
        assert (imported.file_name, imported.rows_new) == ("roster.csv", 2)  # type: ignore[union-attr]
        log = [one.event for one in team.desk.journal.read_log(0, 1000)]
        of_the_import = [event for event in log if getattr(event, "command_id", None) == "whole"]
        assert log[-len(of_the_import) :] == of_the_import

    def test_an_import_that_fails_to_be_written_leaves_nothing_and_can_be_repeated(self, team: Team) -> None:
        head = team.desk.journal.head()
        recorder: Any = team.desk.journal._store.recorder
        insert = recorder.insert_events

        def full_disk(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        recorder.insert_events = full_disk
        with pytest.raises(OSError, match="No space"):
            load(team, TWO, command_id="again")
        recorder.insert_events = insert
        assert team.desk.journal.head() == head
        assert not load(team, TWO, command_id="again").repeated
        assert robin(team).name == "Robin Vale"

    def test_two_misses_of_one_student_in_one_file_are_two_journeys(self, team: Team) -> None:
        text = f"{HEADER},match_system\n{ROBIN},nrmp\n{ROBIN.replace('2026-03-20', '2026-02-02')},aua\n"
        load(team, text)
        assert (robin(team).match_system, team.journey(stream(team, system="aua")).match_system) == ("nrmp", "aua")


class TestAgain:
    def test_importing_twice_changes_nothing(self, team: Team) -> None:
        load(team, TWO)
        head = team.desk.journal.head()
        plan = look(team, TWO)
        assert plan.counts == {"new": 0, "changed": 0, "unchanged": 2, "by_hand": 0, "faulty": 0}
        assert load(team, TWO, confirmed=plan.digest).repeated
        assert team.desk.journal.head() == head

    def test_a_repeated_command_imports_once(self, team: Team) -> None:
        first = load(team, TWO, command_id="once")
        assert (first.repeated, load(team, TWO, command_id="once").repeated) == (False, True)
        assert load(team, cell(step2="250"), command_id="once").repeated
        assert robin(team).facts["step2"].value == 238

    def test_an_import_that_was_stored_all_the_same_is_answered_as_done(self, team: Team) -> None:
        with ambiguous_commit(team.desk) as calls:
            assert load(team, TWO).repeated
        assert len(calls) == 1
        assert team.desk.journal.get(Cohort, cohort_id(team.desk.journal.keys, 2026)).imports == 1
        assert team.topics(stream(team)).count("journey.created") == 1

    def test_a_changed_cell_is_a_changed_row_and_brings_a_new_recommendation(self, team: Team) -> None:
        load(team, TWO)
        before = robin(team).version
        text = cell(interviews_offered="2", name="Robin Vail")
        assert row(look(team, text)).changes == (("name", "Robin Vale", "Robin Vail"), ("interviews_offered", "4", "2"))
        load(team, text)
        assert team.topics(stream(team), after=before) == [
            "journey.details-corrected",
            "assessment.fact-recorded",
            "assessment.profile-classified",
            "decision.recommendation-issued",
        ]
        assert (robin(team).name, robin(team).facts["interviews_offered"].value) == ("Robin Vail", 2)

    def test_a_cell_that_was_empty_before_is_a_change_from_nothing(self, team: Team) -> None:
        load(team, TWO)
        text = f"{HEADER}\n{WREN.replace(',,,,,', ',w@s.example,lead@school.example,240,,', 1)}\n"
        assert row(look(team, text), "S-200").changes == (
            ("email", "nothing", "w@s.example"),
            ("step2", "not recorded", "240"),
            ("advisor_email", "nobody", "lead@school.example"),
        )
        load(team, text)
        assert team.journey(stream(team, "S-200")).advisor == team.lead.member_id

    def test_an_emptied_cell_says_nothing(self, team: Team) -> None:
        load(team, TWO)
        assert row(look(team, cell(step2="", email="", advisor_email=""))).outcome == "unchanged"

    def test_a_corrected_match_day_moves_the_day_to_decide_along(self, team: Team) -> None:
        load(team, TWO)
        load(team, cell(match_day="2026-03-19"))
        assert str(robin(team).milestones["PLAN.3.decide"].due_on) == "2026-06-19"


class TestByHand:
    def test_a_fact_that_a_person_corrected_is_kept_and_listed(self, team: Team) -> None:
        load(team, TWO)
        correction = {"name": "step2", "value": 248, "source": "transcript", "reason": "typing error"}
        team.do(correct_fact, CorrectFact, journey_id=stream(team), **correction)
        head = team.desk.journal.head()
        for text in (TWO, cell(step2="240")):
            plan = row(look(team, text))
            assert plan.outcome == "by_hand"
            assert plan.kept[0][0::2] == ("step2", "248")
            load(team, text)
        assert (robin(team).facts["step2"].value, team.desk.journal.head()) == (248, head)

    def test_a_fact_that_the_student_confirmed_is_kept_and_listed(self, team: Team) -> None:
        load(team, TWO)
        team.do(confirm_fact, ConfirmFact, journey_id=stream(team), name="step2")
        plan = row(look(team, cell(step2="240")))
        assert (plan.outcome, plan.kept) == ("by_hand", (("step2", "240", "238"),))

    def test_a_fact_that_a_person_recorded_first_is_kept(self, team: Team) -> None:
        made = open_journey(team.desk, team.lead, OpenJourney(command_id="o", new=new_journey())).stream
        team.do(record_fact, RecordFact, team.lead, journey_id=made, name="step2", value=250, source="student")
        load(team, cell(email="", advisor_email=""))
        assert robin(team).facts["step2"].value == 250

    @pytest.mark.parametrize(
        ("detail", "by_hand", "in_the_file"),
        [
            ("name", "Robin Vail", "Robin Vale"),
            ("email", "robin@s.example", "r@s.example"),
            ("specialty", "dermatology", "orthopaedic-surgery"),
            ("match_day", date(2026, 3, 21), "2026-03-20"),
            ("learned_on", date(2026, 3, 17), "2026-03-16"),
        ],
    )
    def test_a_detail_that_a_person_corrected_is_kept_and_listed(
        self, team: Team, detail: str, by_hand: Any, in_the_file: str
    ) -> None:
        load(team, TWO)
        change = {"changes": {detail: by_hand}, "reason": "the student said so"}
        team.do(correct_details, CorrectDetails, journey_id=stream(team), **change)
        plan = row(look(team, TWO))
        assert (plan.outcome, plan.kept) == ("by_hand", ((detail, in_the_file, str(by_hand)),))
        load(team, TWO)
        assert getattr(robin(team), detail) == by_hand

    def test_a_value_that_the_file_now_agrees_with_is_no_longer_listed(self, team: Team) -> None:
        load(team, TWO)
        correction = {"name": "step2", "value": 248, "source": "transcript", "reason": "typing error"}
        team.do(correct_fact, CorrectFact, journey_id=stream(team), **correction)
        assert row(look(team, cell(step2="248"))).outcome == "unchanged"

    def test_another_advisor_in_the_file_is_listed_and_not_assigned(self, team: Team) -> None:
        load(team, TWO)
        assign = {"journey_id": stream(team), "advisor_id": team.colleague.member_id}
        team.do(assign_advisor, AssignAdvisor, team.lead, **assign)
        assert row(look(team, TWO)).kept == (("advisor_email", "advisor@school.example", "colleague@school.example"),)
        load(team, TWO)
        assert robin(team).advisor == team.colleague.member_id

    def test_a_row_may_be_changed_in_one_cell_and_kept_in_another(self, team: Team) -> None:
        load(team, TWO)
        correction = {"name": "step2", "value": 248, "source": "transcript", "reason": "typing error"}
        team.do(correct_fact, CorrectFact, journey_id=stream(team), **correction)
        text = cell(interviews_offered="5")
        plan = row(look(team, text))
        assert (plan.outcome, len(plan.changes), len(plan.kept)) == ("changed", 1, 1)
        load(team, text)
        facts = robin(team).facts
        assert (facts["step2"].value, facts["interviews_offered"].value) == (248, 5)


class TestFaulty:
    def test_a_faulty_row_is_left_out_and_the_others_are_written(self, team: Team) -> None:
        text = f"{HEADER}\n{ROBIN.replace('238', '999')}\n{WREN}\n"
        plan = look(team, text)
        assert plan.counts == {"new": 1, "changed": 0, "unchanged": 0, "by_hand": 0, "faulty": 1}
        fault = ("step2", "999", "a whole number from 1 to 300, or comlex_only, or not_taken")
        assert (row(plan).line, row(plan).faults) == (2, (fault,))
        load(team, text)
        assert not team.desk.journal.has(stream(team))
        assert team.journey(stream(team, "S-200")).name == "Wren Hale"

    @pytest.mark.parametrize(
        ("email", "allowed"),
        [
            ("nobody@school.example", "a member of the advising team"),
            ("steward@school.example", "a member with the role advisor or lead in cohort 2026"),
        ],
    )
    def test_an_advisor_who_cannot_advise_is_a_fault(self, team: Team, email: str, allowed: str) -> None:
        assert row(look(team, cell(advisor_email=email))).faults == (("advisor_email", email, allowed),)

    def test_an_advisor_who_left_is_a_fault(self, team: Team) -> None:
        team.do(deactivate_member, DeactivateMember, team.steward, member_id=team.advisor.member_id)
        assert row(look(team, TWO)).outcome == "faulty"

    @pytest.mark.parametrize("match_system", ["nrmp", "aua"])
    def test_an_erased_student_is_a_fault_of_their_row_alone(self, team: Team, match_system: str) -> None:
        load(team, TWO)
        team.desk.journal.keys.destroy(student_subject(team.desk.journal.keys, "S-100"), NOW)
        text = f"{HEADER},match_system\n{ROBIN},{match_system}\n{WREN.replace('S-200', 'S-300')},\n"
        plan = look(team, text)
        assert row(plan).faults == (("student_ref", "S-100", "a student whose record was not erased"),)
        load(team, text)
        assert team.journey(stream(team, "S-300")).name == "Wren Hale"

    def test_every_way_to_write_a_specialty_is_known(self, team: Team) -> None:
        for name in ("ortho", "ORTHO", "orthopaedic-surgery", "Orthopedic surgery"):
            assert row(look(team, cell(specialty=name))).outcome == "new", name

    def test_a_file_that_cannot_be_read_is_refused_whole(self, team: Team) -> None:
        with refused(InvalidValue, "column: 'shoe_size'"):
            load(team, f"{HEADER},shoe_size\n{ROBIN},44")


class TestConfirmation:
    def test_a_confirmed_preview_is_written_as_shown(self, team: Team) -> None:
        plan = look(team, TWO)
        assert not load(team, TWO, confirmed=plan.digest).repeated

    def test_a_stale_preview_is_refused_and_nothing_is_written(self, team: Team) -> None:
        load(team, TWO)
        text = cell(step2="240")
        plan = look(team, text)
        correction = {"name": "step2", "value": 248, "source": "transcript", "reason": "typing error"}
        team.do(correct_fact, CorrectFact, journey_id=stream(team), **correction)
        head = team.desk.journal.head()
        with refused(Conflict, "the records changed since this preview was made; nothing was written"):
            load(team, text, confirmed=plan.digest)
        assert team.desk.journal.head() == head

    def test_a_preview_of_another_file_is_no_confirmation(self, team: Team) -> None:
        plan = look(team, TWO)
        with refused(Conflict):
            load(team, TWO.replace("238", "239"), confirmed=plan.digest)

    def test_a_change_that_the_file_does_not_touch_does_not_make_a_preview_stale(self, team: Team) -> None:
        load(team, TWO)
        text = cell(step2="240")
        plan = look(team, text)
        team.do(add_note, AddNote, journey_id=stream(team), visibility="team", body="spoke")
        load(team, text, confirmed=plan.digest)
        assert robin(team).facts["step2"].value == 240

    def test_somebody_who_was_first_between_decision_and_save_is_not_overwritten(self, team: Team) -> None:
        load(team, TWO)
        save = team.desk.journal.save
        correction = {"name": "step2", "value": 248, "source": "transcript", "reason": "typing error"}

        def second(*roots: Any) -> int:
            team.desk.journal.save = save  # type: ignore[method-assign]
            team.do(correct_fact, CorrectFact, journey_id=stream(team), **correction)
            return save(*roots)

        team.desk.journal.save = second  # type: ignore[method-assign]
        load(team, cell(step2="240", interviews_offered="5"))
        facts = robin(team).facts
        assert (facts["step2"].value, facts["interviews_offered"].value) == (248, 5)

    def test_only_a_lead_of_the_cohort_looks_and_imports(self, team: Team) -> None:
        for use_case in (preview, apply):
            for who in (team.advisor, team.steward):
                with refused(NotAllowed, "import a roster into this cohort"):
                    use_case(team.desk, who, command(team, TWO))
            with refused(NotAllowed):
                use_case(team.desk, team.lead, replace(command(team, TWO), cycle=2025))
