"""A cohort of six students in six situations, and boards of any size."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.advising import assessments, contacts, decisions, feedback, members, milestones, roster
from core.journey.decisions import NewDecision
from core.journey.feedback import Reviewer, Said
from core.journey.journey import StoredWeakness, journey_id
from tests.integration.conftest import COHORT, NOW, TickingClock, id_of
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from flask.testing import FlaskClient

    from core.advising.desk import Receipt
    from core.people.access import Principal
    from web.house import House

COLUMNS = (
    "student_ref,name,specialty,match_system,match_day,learned_on,advisor_email,step2,class_standing,research,red_flags,"
    "applications_sent,interviews_offered,interviews_accepted,interviews_attended,interviews_ranked,financial_pressure"
)
NRMP = "nrmp,2026-03-20,2026-03-16"
KNOWN = "second_quartile,limited,none,70,{n},{n},{n},{n},no"
# Ada is complete and told to pivot; Ben may reapply, but pivots; Cem is contested; Dee's offers are not known;
# Eva missed in urology, in February; Fay's name is a formula, and nobody advises her.
STUDENTS = (
    f"S-1,Ada Heron,ortho,{NRMP},abel@school.example,238,{KNOWN.format(n=4)}",
    f"S-2,Ben Lark,neurosurgery,{NRMP},cora@school.example,251,{KNOWN.format(n=7)}",
    f"S-3,Cem Finch,rad onc,{NRMP},cora@school.example,247,{KNOWN.format(n=7)[:-2]}yes",
    f"S-4,Dee Plover,derm,{NRMP},abel@school.example,,,,,,,,,,",
    "S-5,Eva Teal,urology,aua,2026-02-02,2026-02-02,cora@school.example,244," + KNOWN.format(n=5),
    f"S-6,=cmd|<b>Fay</b>,ENT,{NRMP},,,,,,,,,,,",
)


class Team:
    """What the lead does, in one line each."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.commands = house.desk.journal.head()  # no two teams of one store make the same command id

    @property
    def lead(self) -> Principal:
        return self.house.desk.principal(id_of(self.house, "lead"))

    def of(self, ref: str, system: str = "nrmp") -> UUID:
        return journey_id(self.house.desk.journal.keys, ref, int(COHORT), system)

    def command(self) -> str:
        self.commands += 1
        return f"team-{self.commands}"

    def does(self, receipt: Receipt) -> None:
        """The board shows it from now on."""
        assert self.house.runner.catch_up() >= receipt.position

    def imports(self, *rows: str) -> None:
        content = "\n".join((COLUMNS, *rows)).encode()
        command = roster.ImportRoster(
            command_id=self.command(), cycle=int(COHORT), file_name="roster.csv", content=content
        )
        self.does(roster.apply(self.house.desk, self.lead, command))

    def hears(self, ref: str, by: str, specialty: str, grade: int | None, *, related: bool = False) -> None:
        said = Said(dated=date(2026, 4, 2), champion_grade=grade, saw_full_file=True, next_cycle="Apply broadly.")
        command = feedback.ReceiveOpinion(
            command_id=self.command(),
            journey_id=self.of(ref),
            opinion_id=by,
            reviewer=Reviewer(by=by, role="pd", specialty=specialty, related=related),
            said=said,
        )
        self.does(feedback.receive_opinion(self.house.desk, self.lead, command))

    def assesses(self, ref: str) -> None:
        command = assessments.AssessWeaknesses(
            command_id=self.command(),
            journey_id=self.of(ref),
            weaknesses=(StoredWeakness(kind="research", remedy="a project", months=6),),
            source="meeting",
        )
        self.does(assessments.assess_weaknesses(self.house.desk, self.lead, command))

    def talks(self, ref: str, on: date) -> None:
        command = contacts.LogContact(
            command_id=self.command(), journey_id=self.of(ref), channel="meeting", summary="We talked.", happened_on=on
        )
        self.does(contacts.log_contact(self.house.desk, self.lead, command))

    def completes(self, ref: str, milestone: str) -> None:
        command = milestones.CompleteMilestone(
            command_id=self.command(), journey_id=self.of(ref), milestone_id=milestone, evidence="They told me."
        )
        self.does(milestones.complete_milestone(self.house.desk, self.lead, command))

    def disputes(self, ref: str, fact: str) -> None:
        command = assessments.DisputeFact(
            command_id=self.command(), journey_id=self.of(ref), name=fact, reason="There were two."
        )
        self.does(assessments.dispute_fact(self.house.desk, self.lead, command))

    def decides(self, ref: str, kind: str, specialty: str | None) -> None:
        decision = NewDecision(
            decision_id="path", kind=kind, specialty=specialty, reason_code="calling", reason="I want to."
        )
        command = decisions.RecordDecision(command_id=self.command(), journey_id=self.of(ref), decision=decision)
        self.does(decisions.record_decision(self.house.desk, self.lead, command))

    def dissents(self, ref: str) -> None:
        command = decisions.Dissent(
            command_id=self.command(), journey_id=self.of(ref), decision_id="path", why="Try once more."
        )
        self.does(decisions.dissent(self.house.desk, self.lead, command))

    def overrides(self, ref: str, kind: str) -> None:
        command = decisions.OverrideGate(
            command_id=self.command(), journey_id=self.of(ref), decision=kind, code="deadline", why="It is Friday."
        )
        self.does(decisions.override_gate(self.house.desk, self.lead, command))

    def joins(self, role: str, cohort: str) -> None:
        """Somebody of PEOPLE gets the same role in a further cohort."""
        desk, steward = self.house.desk, self.house.desk.principal(id_of(self.house, "steward"))
        command = members.GrantRole(
            command_id=self.command(), member_id=id_of(self.house, role), role=role, cohort=cohort
        )
        self.does(members.grant_role(desk, steward, command))


@pytest.fixture(scope="session")
def peopled(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The school's store with the six students, made once; copy it, do not open it."""
    folder: Path = shutil.copytree(founded, tmp_path_factory.mktemp("cohort") / "data")
    with closing(open_house(Settings(data_dir=folder), {}, clock=TickingClock(NOW))) as house:
        live(Team(house))
        house.runner.catch_up()
    return folder


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the school's store, closed: with students where the test asks for the cohort."""
    made = "peopled" if "cohort" in request.fixturenames else "founded"
    return shutil.copytree(request.getfixturevalue(made), tmp_path / "data")


@pytest.fixture
def team(school: House) -> Team:
    return Team(school)


@pytest.fixture
def cohort(team: Team) -> Team:
    """The team of the six students."""
    return team


def live(team: Team) -> None:
    """What happened to the six."""
    team.imports(*STUDENTS)
    team.assesses("S-1")
    team.hears("S-1", "Dr Sandpiper", "orthopaedic-surgery", 1)
    team.hears("S-1", "Dr Dipper", "anesthesiology", None, related=True)
    team.talks("S-1", date(2026, 6, 14))
    team.completes("S-1", "WEEK1.tell")
    for ref, specialty in (("S-2", "neurosurgery"), ("S-3", "radiation-oncology")):
        team.assesses(ref)
        team.hears(ref, "Dr Ruff", specialty, 4)
        team.hears(ref, "Dr Dipper", "anesthesiology", None, related=True)
    team.decides("S-2", "pivot", "anesthesiology")
    team.dissents("S-2")
    team.talks("S-2", date(2026, 5, 20))
    team.disputes("S-3", "research")
    team.overrides("S-4", "pivot")


@pytest.fixture
def lena(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    """The lead's browser."""
    return client_of("lead")


@pytest.fixture
def abel(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    """The browser of the advisor of Ada and Dee."""
    return client_of("advisor")
