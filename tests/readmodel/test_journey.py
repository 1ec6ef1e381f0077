"""The journey page: everything it shows, from the read model alone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from core.advising.desk import Desk, advise
from core.decision.recommendation import evaluate
from core.errors import GateClosed
from core.journey import assessments, contacts, decisions, feedback, placements
from core.journey.evidence import evidence_of
from core.journey.hold import GATES, check_gate
from core.journey.journey import Journey, Target
from projections import journey
from projections.standing import _STATE
from tests import builders as b
from tests.readmodel.school import TODAY, School


def test_the_state_that_is_kept_is_all_that_events_build_up() -> None:
    """A new attribute of the aggregate must be kept too, or be named here with the reason."""
    not_kept = {"commands", "erased", "imported"}  # ids of commands; a tombstone of its own; the import compares them

    begun = Journey.__new__(Journey)
    Journey.__init__(begun)

    assert set(vars(begun)) - not_kept == set(_STATE)


def test_an_unknown_journey_has_no_sheet(school: School) -> None:
    school.runner.catch_up()
    with school.views.read() as db:
        assert journey.sheet(db, UUID(int=1)) is None


def test_the_head_says_who_which_miss_and_at_which_version(school: School) -> None:
    ruiz = str(school.ruiz.id)
    one = school.student(
        lambda j, at: contacts.assign_advisor(j, ruiz, team="east", stamp=at), b.talked(), email="robin@school.example"
    )

    sheet = school.sheet(one)

    assert (sheet.journey_id, sheet.version, sheet.position) == (one, 3, school.journal.head())
    assert (sheet.name, sheet.student_ref, sheet.email) == ("Robin Vale", "S-100", "robin@school.example")
    assert (sheet.cycle, sheet.match_status, sheet.match_day) == (2026, "unmatched", date(2026, 3, 20))
    assert (sheet.specialty_name, sheet.advisor_name, sheet.conversations) == ("Orthopedic surgery", "Rosa Ruiz", 1)
    assert sheet.target == Target(cohort="2026", advisor=ruiz, team="east")
    assert sheet.last_contact_on == date(2026, 4, 1)


def test_a_fact_says_who_recorded_it_when_and_from_where_and_whether_late(school: School) -> None:
    one = school.student(b.fact("step2", 230))
    school.add(one, b.fact("step2", 238, source="score report"), on=date(2026, 3, 24))
    school.add(one, b.fact("visa", "j1"), on=date(2026, 3, 25))
    school.add(one, b.confirmed("step2"), actor=str(school.steward.id))

    facts = school.sheet(one).facts

    step2 = facts["step2"]
    assert (step2.value, step2.source, step2.confirmed) == (238, "score report", True)
    assert (step2.said.actor_name, step2.said.happened_on) == ("Rosa Ruiz", date(2026, 3, 24))
    assert step2.changed_version == 5
    assert step2.said.late  # eight days
    assert not facts["visa"].said.late  # seven days


def test_a_disputed_fact_carries_the_reason_until_it_is_corrected(school: School) -> None:
    one = school.student(b.fact("red_flags", ["visa"]), b.disputed("red_flags", "settled last year"))
    assert school.sheet(one).facts["red_flags"].disputed == "settled last year"

    school.add(
        one,
        lambda j, at: assessments.correct_fact(j, "red_flags", [], source="student", reason="was settled", stamp=at),
    )

    fact = school.sheet(one).facts["red_flags"]
    assert (fact.value, fact.disputed) == ((), None)


def test_weaknesses_not_assessed_are_told_apart_from_none_found(school: School) -> None:
    one = school.student()
    assert school.sheet(one).weaknesses is None

    school.add(one, b.weaknesses())
    found = school.sheet(one).weaknesses
    assert found is not None
    assert (found.weaknesses, found.source, found.said.version) == ((), "two opinions", 2)

    school.add(one, b.weaknesses(b.weakness(months=9)))
    found = school.sheet(one).weaknesses
    assert found is not None
    assert found.weaknesses == (b.weakness(months=9),)


def test_opinions_stand_with_what_became_of_them(school: School) -> None:
    answer = b.said(4, saw_full_file=True, next_cycle="Come to us", killed="Research", reasons=("research", "step2"))
    other = b.said(2, advice="related", reasons=("research",))
    one = school.student(
        b.asked("a", b.pd("Dr. Ibis")),
        b.asked("b", b.pd("Dr. Egret")),
        b.asked("c", b.pd("Dr. Heron")),
        b.heard("a", b.pd("Dr. Ibis"), answer),
        b.heard("d", b.related_pd(), other),
        lambda j, at: feedback.decline_opinion(j, "b", dated=TODAY, why="no answer", stamp=at),
        lambda j, at: feedback.mark_trust(j, "a", trusted=True, stamp=at),
    )

    sheet = school.sheet(one)

    asked, heard, related, declined = sheet.opinions  # in the order in which they were answered
    assert [o.status for o in sheet.opinions] == ["requested", "received", "received", "declined"]
    assert (heard.grade, heard.shown, heard.trusted, heard.next_cycle) == (4, 5, True, "Come to us")
    assert (heard.said.version, heard.version) == (5, 8)  # said once, marked as trusted later
    assert (declined.grade, declined.shown, declined.why) == (0, 0, "no answer")
    assert (asked.due_on, asked.grade, asked.shown) == (date(2026, 4, 9), None, None)
    assert (related.specialty_name, related.related) == ("Anesthesiology", True)
    assert sheet.shared_reasons == (("research", 2),)
    assert sheet.opinions_counted == 2

    school.add(one, b.withdrawn("a"))
    heard = school.sheet(one).opinions[1]
    assert (heard.status, heard.why) == ("withdrawn", "changed my mind")


def test_the_recommendation_is_shown_whole_with_the_one_before(school: School) -> None:
    desk = Desk(journal=school.journal, clock=lambda: school.now)
    one = school.student()
    first = school.sheet(one)
    assert (first.recommendation, first.previous) == (None, None)

    school.add(one, lambda j, at: advise(desk, j, at))
    school.add(one, b.fact("interviews_offered", 2), lambda j, at: advise(desk, j, at))

    sheet = school.sheet(one)
    aggregate = school.journal.get(Journey, one)
    assert sheet.recommendation is not None
    assert sheet.recommendation.result == aggregate.recommendation
    assert sheet.recommendation.result == evaluate(evidence_of(aggregate, as_of=TODAY), desk.playbook()).to_dict()
    assert sheet.recommendation.outcome == "PIVOT_NOW"
    assert sheet.recommendation.said.version == aggregate.recommendation_version
    assert sheet.recommendation.playbook == desk.playbook().digest
    assert sheet.previous is not None
    assert sheet.previous.outcome == "INDETERMINATE"
    assert sheet.profile == aggregate.profile


def test_a_decision_shows_its_reason_the_advisors_stance_and_its_reversal(school: School) -> None:
    against = b.pivot(reason_code="money", reason="Loans")
    one = school.student(
        b.path_ready(),
        b.recommended("REAPPLY"),
        b.decided(against),
        lambda j, at: decisions.concur(j, "d-1", note="fine", stamp=at),
        lambda j, at: decisions.dissent(j, "d-1", why="You have a champion", stamp=at),
    )

    (decision,) = school.sheet(one).decisions
    assert (decision.kind, decision.relation, decision.specialty_name) == ("pivot", "differs", "Anesthesiology")
    assert (decision.reason_code, decision.reason) == ("money", "Loans")
    assert (decision.stance, decision.stance_text) == ("dissents", "You have a champion")
    assert decision.stance_said is not None
    assert decision.stance_said.version > decision.said.version
    assert decision.reversed_said is None

    school.add(one, lambda j, at: decisions.reverse_decision(j, "d-1", reason="New letter", stamp=at))
    school.add(one, b.weaknesses(b.weakness()), b.decided(b.reapply(decision_id="d-2")))

    newest, reversed_one = school.sheet(one).decisions
    assert (newest.decision_id, newest.remedies) == ("d-2", b.reapply().remedies)
    assert reversed_one.reversed_reason == "New letter"
    assert reversed_one.reversed_said is not None


def test_the_gates_stand_as_the_command_will_judge_them(school: School) -> None:
    one = school.student(b.path_ready(without="research"), b.disputed("step2"), b.overridden("leave_medicine"))
    aggregate = school.journal.get(Journey, one)

    sheet = school.sheet(one)

    assert sheet.gates == {kind: check_gate(aggregate, kind) for kind in GATES}
    with pytest.raises(GateClosed) as refused:
        decisions.record_decision(aggregate, b.pivot(reason_code="money", reason="x"), stamp=school.stamp())
    assert refused.value.missing == sheet.gates["pivot"].missing == ("research",)
    assert refused.value.disputed == sheet.gates["pivot"].disputed == ("step2",)
    (override,) = sheet.overrides
    assert (override.decision, override.code) == ("leave_medicine", "deadline")
    assert (override.missing, override.disputed) == (("research",), ("step2",))
    assert override.said.actor_name == "Rosa Ruiz"


def test_milestones_placements_notes_contacts_and_the_ladder_are_there(school: School) -> None:
    one = school.student(
        b.planned("b", due_on=date(2026, 7, 1)),
        b.planned("a", due_on=date(2026, 5, 1)),
        lambda j, at: placements.record_placement(
            j,
            "preliminary_surgery",
            specialty="general-surgery",
            place="Larkfield",
            stamp=at,
            starts_on=date(2026, 7, 1),
        ),
        lambda j, at: placements.record_placement(
            j, "practice", specialty="anesthesiology", place="Coast", income_usd=650_000, stamp=at
        ),
        lambda j, at: contacts.add_note(j, visibility="team", body="First", stamp=at),
        lambda j, at: contacts.add_note(j, visibility="shared", body="Second", stamp=at),
        b.talked(),
        lambda j, at: contacts.choose_ladder(j, "ORTHO.anes-pain", title="Pain", playbook="sha256:0", stamp=at),
    )

    sheet = school.sheet(one)

    assert [m.milestone_id for m in sheet.milestones] == ["a", "b"]
    assert [(p.kind, p.income_usd) for p in sheet.placements] == [("preliminary_surgery", None), ("practice", 650_000)]
    assert sheet.placements[0].specialty_name == "General surgery"  # no pack names it: shown by its slug, in words
    assert sheet.placements[0].said.happened_on == date(2026, 7, 1)
    assert [(n.visibility, n.body) for n in sheet.notes] == [("shared", "Second"), ("team", "First")]
    assert [(c.channel, c.summary) for c in sheet.contacts] == [("call", "We spoke")]
    assert sheet.ladder is not None
    assert (sheet.ladder.ladder, sheet.ladder.title) == ("ORTHO.anes-pain", "Pain")


def test_a_journey_is_found_by_reference_in_any_case_and_by_a_part_of_the_name(school: School) -> None:
    old = school.student(cycle=2025, match_day=date(2025, 3, 21))
    new = school.student()
    school.student(student_ref="S-1000", name="Another 50% Person")
    school.runner.catch_up()

    with school.views.read() as db:
        assert [one.journey_id for one in journey.by_reference(db, " s-100 ")] == [new, old]
        assert [one.cycle for one in journey.by_reference(db, "S-100", 2025)] == [2025]
        assert journey.by_reference(db, "S-10") == ()
        assert [one.journey_id for one in journey.find(db, "VALE", ["2026"])] == [new]
        assert [one.name for one in journey.find(db, "50%", ["2026"])] == ["Another 50% Person"]
        assert journey.find(db, "a%p", ["2026"]) == ()  # a sign of the search language is only a sign
        assert journey.find(db, "vale", []) == ()
