"""The timeline: one row for each event, in plain words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.journal.topics import TOPICS
from core.journey import assessments, contacts, decisions, feedback, milestones, placements
from core.journey.journey import Journey, correct_details
from core.people import packs, plugins, proposals
from projections import timeline
from projections.model import JOURNEY_TOPICS
from projections.registry import MODELS
from projections.wording import WRITERS
from tests import builders as b
from tests.playbooks import minimal_content
from tests.readmodel.school import TODAY, School


def test_every_event_of_a_journey_has_its_words() -> None:
    assert set(WRITERS) == {topic.event for topic in TOPICS.values() if topic.root is Journey}


def test_every_topic_is_folded_by_a_read_model_or_its_pages_ask_the_institution_itself() -> None:
    held = {part.__name__ for part in (packs, plugins, proposals)}  # few, and in the state of the institution
    asked = {name for name, topic in TOPICS.items() if topic.event.__module__ in held}
    assert set().union(*(model.topics for model in MODELS)) == set(TOPICS) - asked


RUIZ = "Rosa Ruiz"
MILESTONE = b.planned("m", title="Call the lab", due_on=date(2026, 6, 20))
TOLD = {
    "a fact": (
        [b.fact("interviews_offered", 4)],
        ("Fact recorded: Interviews offered", "4 · from ERAS"),
    ),
    "a newer value of a fact": (
        [b.fact("interviews_offered", 4), b.fact("interviews_offered", 5)],
        ("Fact recorded: Interviews offered", "5, before 4 · from ERAS"),
    ),
    "the student's own word": (
        [b.fact("financial_pressure", value=True, on_behalf=True)],
        (
            "Fact recorded: Another year is a serious money burden",
            "yes · from ERAS · the student's word, written down by the team",
        ),
    ),
    "a confirmation": ([b.fact("red_flags", []), b.confirmed("red_flags")], ("Fact confirmed: Red flags", "none")),
    "a dispute": (
        [b.fact("step2", 238), b.disputed("step2", "it is 239")],
        ("Fact disputed: Step 2 CK", "238 · it is 239"),
    ),
    "a correction": (
        [
            b.fact("publications", 2),
            lambda j, at: assessments.correct_fact(j, "publications", 3, source="CV", reason="one came out", stamp=at),
        ],
        ("Fact corrected: Publications", "2 → 3 · one came out"),
    ),
    "weaknesses": (
        [b.weaknesses(b.weakness(months=1), b.weakness("letters", None))],
        ("Weaknesses assessed", "research: 1 month, letters: unknown · from two opinions"),
    ),
    "no weaknesses": ([b.weaknesses()], ("Weaknesses assessed", "none found · from two opinions")),
    "a profile": ([b.profile("mixed", "borderline")], ("Profile: mixed borderline", "")),
    "a first recommendation": (
        [b.recommended("INDETERMINATE")],
        ("Recommendation: not yet decidable", "the first one"),
    ),
    "another recommendation": (
        [b.recommended("INDETERMINATE"), b.recommended("PIVOT_NOW")],
        ("Recommendation: pivot now", "replaces “not yet decidable”"),
    ),
    "a request": (
        [b.asked("a", b.pd("Dr. A. Sandpiper"))],
        ("Opinion asked for", "Dr. A. Sandpiper, orthopedic surgery · answer agreed by April 9, 2026"),
    ),
    "an opinion": (
        [b.heard("a", b.pd("Dr. A. Sandpiper"), b.said(1))],
        ("Opinion recorded", "Dr. A. Sandpiper, orthopedic surgery · champion grade 1 of 5"),
    ),
    "full backing": (
        [b.heard("a", b.pd("Dr. A. Sandpiper"), b.said(4, saw_full_file=True))],
        ("Opinion recorded", "Dr. A. Sandpiper, orthopedic surgery · champion grade 5 of 5"),
    ),
    "a refusal": (
        [b.asked("a"), lambda j, at: feedback.decline_opinion(j, "a", dated=TODAY, why="no time", stamp=at)],
        ("Opinion declined", "Dr. Ibis, orthopedic surgery · no time"),
    ),
    "a withdrawal": (
        [b.heard("a"), b.withdrawn("a")],
        ("Opinion withdrawn", "Dr. Ibis, orthopedic surgery · changed my mind"),
    ),
    "trust": (
        [b.heard("a"), lambda j, at: feedback.mark_trust(j, "a", trusted=False, stamp=at)],
        ("Not trusted by the student", "Dr. Ibis, orthopedic surgery"),
    ),
    "an override": (
        [b.path_ready(without="research"), b.overridden("pivot")],
        (
            "Gate overridden: pivot to another specialty",
            "A deadline falls before the facts can be had · rank list is due · missing: Research in the dream field",
        ),
    ),
    "a decision": (
        [b.path_ready(), b.recommended("REAPPLY"), b.decided(b.pivot(reason_code="money", reason="Loans"))],
        (
            "Decision: pivot to another specialty",
            "Anesthesiology · against the recommendation · Money · Loans",
        ),
    ),
    "a reversal": (
        [
            b.path_ready(),
            b.recommended("PIVOT_NOW"),
            b.decided(b.pivot()),
            lambda j, at: decisions.reverse_decision(j, "d-1", reason="New letter", stamp=at),
        ],
        ("Decision reversed: pivot to another specialty", "New letter"),
    ),
    "dissent": (
        [
            b.path_ready(),
            b.recommended("PIVOT_NOW"),
            b.decided(b.pivot()),
            lambda j, at: decisions.dissent(j, "d-1", why="Too early", stamp=at),
        ],
        ("Advisor dissents", "Pivot to another specialty · Too early"),
    ),
    "a plan": ([MILESTONE], ("Milestone planned: Call the lab", "by June 20, 2026 · team")),
    "a new date": (
        [
            MILESTONE,
            lambda j, at: milestones.reschedule_milestone(j, "m", due_on=date(2026, 7, 1), reason="holiday", stamp=at),
        ],
        ("Milestone moved: Call the lab", "to July 1, 2026 · holiday"),
    ),
    "a milestone": (
        [MILESTONE, lambda j, at: milestones.complete_milestone(j, "m", evidence="mail of May 3", stamp=at)],
        ("Milestone reached: Call the lab", "mail of May 3"),
    ),
    "a missed one": (
        [MILESTONE, lambda j, at: milestones.miss_milestone(j, "m", today=date(2026, 7, 1), stamp=at)],
        ("Milestone missed: Call the lab", "was due June 20, 2026"),
    ),
    "a practice": (
        [
            lambda j, at: placements.record_placement(
                j, "practice", specialty="anesthesiology", place="Coast", income_usd=650_000, stamp=at
            )
        ],
        ("Placement: practice", "Coast · Anesthesiology · $650,000 a year"),
    ),
    "a conversation": ([b.talked()], ("Call with the student", "We spoke")),
    "a note": (
        [lambda j, at: contacts.add_note(j, visibility="shared", body="Well done", stamp=at)],
        ("Note shared with the student", "Well done"),
    ),
    "a ladder": (
        [lambda j, at: contacts.choose_ladder(j, "X.y", title="Pain medicine", playbook="sha256:0", stamp=at)],
        ("Ladder chosen", "Pain medicine"),
    ),
    "details": (
        [lambda j, at: correct_details(j, {"specialty": "urology", "name": "Rob"}, reason="typo", stamp=at)],
        ("Details corrected", "name, dream field · typo"),
    ),
}


@pytest.mark.parametrize(("steps", "told"), TOLD.values(), ids=TOLD)
def test_an_event_is_told_in_plain_words(school: School, steps: list[b.Step], told: tuple[str, str]) -> None:
    entry = school.entries(school.student(*steps))[-1]

    assert (entry.title, entry.detail) == told
    assert entry.actor_name == RUIZ


def test_the_timeline_begins_with_the_miss(school: School) -> None:
    entry = school.entries(school.student())[0]

    assert (entry.title, entry.detail) == ("Journey opened", "Did not match: orthopedic surgery · NRMP 2026")
    assert (entry.version, entry.position, entry.topic) == (1, school.journal.head(), "journey.created")


def test_no_title_calls_a_person_or_a_result_a_failure() -> None:
    words = re.compile(r"fail|risk|weak candidate|score of", re.IGNORECASE)
    told = [text for _, (title, detail) in TOLD.values() for text in (title, detail)]
    assert [text for text in told if words.search(text)] == []


def test_the_assigned_advisor_is_named_as_they_are_called_now(school: School) -> None:
    one = school.student(lambda j, at: contacts.assign_advisor(j, str(school.ruiz.id), team="east", stamp=at))

    assert school.entries(one)[-1].detail == "Rosa Ruiz · team east"


def test_what_was_recorded_more_than_a_week_late_says_so(school: School) -> None:
    one = school.student()
    for on in (date(2026, 3, 25), date(2026, 3, 24), None):
        school.add(one, b.fact("step2", 200 + (on.day if on else 0)), on=on)

    assert [(entry.happened_on, entry.late) for entry in school.entries(one)[1:]] == [
        (date(2026, 3, 25), False),
        (date(2026, 3, 24), True),
        (None, False),
    ]


def test_a_specialty_is_named_as_the_playbook_of_that_day_names_it(school: School) -> None:
    before = school.student()
    content = minimal_content(label="renamed")
    for pack in content["packs"]:
        for specialty in pack["specialties"]:
            specialty["name"] = specialty["name"].replace("Orthopedic surgery", "Bones and joints")
    school.publish(content)
    after = school.student(student_ref="S-101")

    assert "orthopedic surgery" in school.entries(before)[0].detail
    assert "bones and joints" in school.entries(after)[0].detail


def test_a_long_text_is_cut_and_the_whole_of_it_stands_on_the_journey_page(school: School) -> None:
    one = school.student(lambda j, at: contacts.add_note(j, visibility="team", body="long " * 300, stamp=at))

    detail = school.entries(one)[-1].detail
    assert len(detail) <= 300
    assert detail.endswith("…")
    assert len(school.sheet(one).notes[0].body) == len("long " * 300) - 1


def test_the_newest_come_first_and_pages_go_on(school: School) -> None:
    one = school.student([b.fact("publications", number) for number in range(4)])
    school.runner.catch_up()

    with school.views.read() as db:
        pages = [timeline.page(db, one, number=number, size=2) for number in (1, 2, 3)]
    assert [[entry.version for entry in page.entries] for page in pages] == [[5, 4], [3, 2], [1]]
    assert (pages[0].total, pages[0].pages) == (5, 3)


def test_the_events_behind_a_rule_are_found_by_their_versions(school: School) -> None:
    one = school.student(b.fact("step2", 238), b.fact("visa", "j1"))
    school.student(b.fact("step2", 250), student_ref="S-101")
    school.runner.catch_up()

    with school.views.read() as db:
        found = timeline.at(db, one, [2, 99])
    assert [(version, entry.detail) for version, entry in found.items()] == [(2, "238 · from ERAS")]


def test_nothing_of_the_bodies_is_kept_for_events_whose_state_says_it_all() -> None:
    assert set(timeline.BODIES) < JOURNEY_TOPICS
