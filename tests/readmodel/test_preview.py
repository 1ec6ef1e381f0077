"""The preview of a playbook: every past journey judged by it, by number and never by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.decision import Playbook, evaluate
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from projections.preview import Preview, preview
from tests import builders as b
from tests.asked import asking
from tests.playbooks import minimal_content, pack, specialty
from tests.readmodel.school import TODAY, School

if TYPE_CHECKING:
    from uuid import UUID

BEFORE = Playbook.from_content(minimal_content())
STRICTER = minimal_content(parameters={"handful_min": 5})


def of(school: School, content: dict[str, Any]) -> Preview:
    school.runner.catch_up()
    with school.views.read() as db:
        return preview(db, BEFORE, Playbook.from_content(content), TODAY)


def student(school: School, number: int, offers: int = 4, **changes: Any) -> UUID:
    """Somebody of whom the rules know all they ask for, and who was advised to try again."""
    known = [b.weaknesses(b.weakness()), b.fact("financial_pressure", value=False)]
    return school.student(
        b.path_ready(), known, b.fact("interviews_offered", offers), student_ref=f"S-{number}", **changes
    )


def test_who_would_be_advised_otherwise_is_listed_with_the_rule_and_the_others_are_not(school: School) -> None:
    student(school, 1)
    student(school, 2, offers=9)
    found = of(school, STRICTER)
    assert (found.journeys, found.touched) == (2, 2)
    [row] = found.rows
    assert (row.number, row.cohort, row.specialty) == (1, "2026", b.ORTHO)
    assert (row.compared.before, row.compared.now) == ("REAPPLY", "PIVOT_NOW")
    assert row.compared.rules[0].name == "PIVOT.interviews"


def test_a_row_says_what_the_two_playbooks_say_of_the_journey_itself(school: School) -> None:
    streams = [student(school, number, offers) for number, offers in enumerate((0, 2, 3, 4, 5, 16))]
    now = Playbook.from_content(STRICTER)
    expected = []
    for stream in streams:
        seen = evidence_of(school.journal.get(Journey, stream), as_of=TODAY)
        pair = tuple(evaluate(seen, one, flips=False).outcome for one in (BEFORE, now))
        expected += [pair] if len(set(pair)) > 1 else []
    found = of(school, STRICTER)
    assert sorted((row.compared.before, row.compared.now) for row in found.rows) == sorted(expected) != []
    assert [row.number for row in found.rows] == list(range(1, len(expected) + 1))


def test_nobody_can_be_named_by_a_row(school: School) -> None:
    stream = student(school, 1, name="Robin Vale")
    shown = repr(of(school, STRICTER).rows)
    assert "REAPPLY" in shown
    for telling in ("S-1", "Robin", "Vale", str(stream), stream.hex):
        assert telling not in shown


def test_only_journeys_of_a_specialty_on_which_the_playbooks_differ_are_judged(school: School) -> None:
    student(school, 1)
    student(school, 2, specialty="dermatology")
    found = of(school, minimal_content(parameters={f"{b.ORTHO}:handful_min": 5}))
    assert (found.journeys, found.touched, len(found.rows)) == (2, 1, 1)
    assert of(school, minimal_content(label="renamed")) == Preview(journeys=2, touched=0, rows=())


def test_a_journey_whose_specialty_the_playbook_does_not_know_is_listed_as_such(school: School) -> None:
    student(school, 1)
    [row] = of(school, minimal_content(packs=[pack("one", specialty("urology"))])).rows
    assert (row.specialty, row.compared.before, row.compared.now) == (b.ORTHO, "REAPPLY", None)


def test_an_erased_journey_is_not_among_them(school: School) -> None:
    student(school, 1)
    school.erase("S-1")
    school.runner.rebuild()
    assert of(school, STRICTER) == Preview(journeys=0, touched=0, rows=())


def test_a_preview_asks_two_queries_however_many_there_are(school: School) -> None:
    for number in range(12):
        student(school, number)
        school.runner.catch_up()
        with asking(school.views) as asked, school.views.read() as db:
            preview(db, BEFORE, Playbook.from_content(STRICTER), TODAY)
        assert len(asked) == 2
