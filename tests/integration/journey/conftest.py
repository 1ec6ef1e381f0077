"""One student of the small school, opened through the use cases, and a quick way to record what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from core.advising import assessments, feedback, journeys, members
from core.advising.assessments import AssessWeaknesses, RecordFact
from core.advising.feedback import ReceiveOpinion
from core.advising.journeys import AssignAdvisor, OpenJourney
from core.advising.members import PublishPlaybook
from core.journey.feedback import Reviewer, Said
from core.journey.journey import NewJourney, StoredWeakness
from plugins.host import load_packs, playbook_content
from projections import journey as journey_view
from tests.integration.conftest import id_of

if TYPE_CHECKING:
    from uuid import UUID

    from projections.sheet import JourneySheet
    from web.house import House

ORTHO = "orthopaedic-surgery"
INVENTORY: dict[str, Any] = {
    "step2": 238,
    "class_standing": "second_quartile",
    "research": "limited",
    "red_flags": [],
    "applications_sent": 62,
    "interviews_offered": 4,
    "interviews_accepted": 4,
    "interviews_attended": 4,
    "interviews_ranked": 4,
}


@dataclass
class Student:
    """A journey, and shorthands for what is done to it; the lead does it."""

    house: House
    journey_id: UUID
    done: int = field(default=0)

    @property
    def url(self) -> str:
        return f"/journeys/{self.journey_id}"

    def told(self) -> dict[str, Any]:
        self.done += 1
        return {"command_id": f"setup-{self.journey_id}-{self.done}", "journey_id": self.journey_id}

    def lead(self) -> Any:
        return self.house.desk.principal(id_of(self.house, "lead"))

    def facts(self, **values: object) -> None:
        lead = self.lead()
        for name, value in values.items():
            command = RecordFact(**self.told(), name=name, value=value, source="ERAS export")
            assessments.record_fact(self.house.desk, lead, command)
        self.follow()

    def opinion(self, by: str = "Dr. Ibis", grade: int | None = 3, **changes: Any) -> str:
        who: dict[str, Any] = {"role": "pd", "specialty": ORTHO, "related": False}
        who |= {key: changes.pop(key) for key in tuple(changes) if key in who}
        said: dict[str, Any] = {"dated": date(2026, 6, 1), "saw_full_file": False, "next_cycle": "Go on."}
        opinion_id = f"opinion-{by.rsplit(maxsplit=1)[-1].lower()}"
        command = ReceiveOpinion(
            **self.told(),
            opinion_id=opinion_id,
            reviewer=Reviewer(by=by, **who),
            said=Said(champion_grade=grade, **(said | changes)),
        )
        feedback.receive_opinion(self.house.desk, self.lead(), command)
        self.follow()
        return opinion_id

    def weaknesses(self, *months: int | None) -> None:
        listed = tuple(StoredWeakness(kind="research", remedy="Two projects", months=one) for one in months)
        command = AssessWeaknesses(**self.told(), weaknesses=listed, source="the opinions")
        assessments.assess_weaknesses(self.house.desk, self.lead(), command)
        self.follow()

    def everything(self, grade: int = 3, *, money: bool = False) -> None:
        """Record all that a decision needs."""
        self.facts(**INVENTORY, financial_pressure=money)
        self.opinion("Dr. Ibis", grade)
        self.opinion("Dr. Kestrel", 4, specialty="anesthesiology", related=True)
        self.weaknesses(12)

    def follow(self) -> None:
        """Wait until the pages know all of it."""
        follow(self.house)

    def sheet(self) -> JourneySheet:
        """Read the journey as the pages do, once the read models have all of it."""
        self.follow()
        with self.house.views.read() as db:
            found = journey_view.sheet(db, self.journey_id)
        assert found is not None
        return found


def follow(house: House) -> None:
    """Wait until the read models have everything that was written."""
    assert house.runner.wait_for(house.desk.journal.head(), 10)


def open_student(house: House, specialty: str = ORTHO, *, advisor: str | None = "advisor", **changes: Any) -> Student:
    """Open a journey; given to the advisor unless told otherwise."""
    given: dict[str, Any] = {
        "student_ref": f"LF-{specialty}",
        "name": "Priya Heron",
        "cycle": 2026,
        "match_system": "nrmp",
        "match_status": "unmatched",
        "match_day": date(2026, 3, 20),
        "learned_on": date(2026, 3, 16),
        "specialty": specialty,
    }
    lead = house.desk.principal(id_of(house, "lead"))
    command = OpenJourney(command_id=f"open-{specialty}", new=NewJourney(**(given | changes)))
    receipt = journeys.open_journey(house.desk, lead, command)
    student = Student(house, receipt.stream)
    if advisor is not None:
        assign = AssignAdvisor(**student.told(), advisor_id=id_of(house, advisor))
        journeys.assign_advisor(house.desk, lead, assign)
    student.follow()
    return student


@pytest.fixture
def priya(school: House) -> Student:
    """A student of orthopedics, just opened and given to the advisor; the playbook is the small one of the tests."""
    return open_student(school)


@pytest.fixture
def packed(school: House) -> House:
    """The school with the playbook that the built-in packs make."""
    steward = school.desk.principal(id_of(school, "steward"))
    command = PublishPlaybook(command_id="packs", content=playbook_content("2026", load_packs()), note="with packs")
    members.publish_playbook(school.desk, steward, command)
    follow(school)
    return school


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(html: str) -> str:
    """The text of a page as a reader sees it: tags away, spaces joined."""
    parser = _Text()
    parser.feed(html)
    return " ".join(" ".join(parser.parts).split())
