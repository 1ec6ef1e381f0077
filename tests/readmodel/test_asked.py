"""What packs ask, in the words of the timeline: by the label that it had when it was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.journey.inventory import kinds_for
from projections import people
from projections.runner import Runner
from tests import builders as b
from tests.playbooks import minimal_content, pack
from tests.readmodel.school import School

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "BONE.away"


def asking(label: str) -> dict[str, Any]:
    """The content of a playbook whose pack asks one thing."""
    content = minimal_content(label=label)
    field = {"id": NAME, "specialties": [b.ORTHO], "label": label, "why": "It counts.", "kind": "number"}
    bone = pack("bone", inventory_fields=[field | {"low": None, "high": None, "choices": []}])
    return content | {"packs": [*content["packs"], bone]}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with School(tmp_path) as made:
        made.publish(asking("Away rotations"))
        yield made


def recorded(value: int) -> b.Step:
    return b.fact(NAME, value, kinds=kinds_for(asking("x"), b.ORTHO))


def test_a_fact_of_a_pack_is_told_by_its_label(school: School) -> None:
    entries = school.entries(school.student(recorded(2)))
    assert (entries[-1].title, entries[-1].detail) == ("Fact recorded: Away rotations", "2 · from ERAS")


def test_a_later_playbook_does_not_change_what_was_told_and_one_without_the_pack_tells_the_id(school: School) -> None:
    student = school.student(recorded(2))
    school.publish(asking("Rotations elsewhere"))
    school.add(student, recorded(3))
    school.publish(minimal_content())
    school.add(student, recorded(4))
    titles = [one.title for one in school.entries(student) if one.topic == "assessment.fact-recorded"]
    assert [title.removeprefix("Fact recorded: ") for title in titles] == [
        "Away rotations",
        "Rotations elsewhere",
        NAME,
    ]


def test_the_labels_survive_a_restart_and_a_rebuild_and_are_no_specialties(school: School) -> None:
    student = school.student(recorded(2))
    before = school.entries(student)
    school.runner.rebuild()
    assert school.entries(student) == before
    school.runner = Runner(school.journal, school.views, poll_s=0.02)
    school.add(student, recorded(3))
    with school.views.read() as db:
        assert NAME not in people.specialties(db)
    assert school.entries(student)[-1].title == "Fact recorded: Away rotations"
