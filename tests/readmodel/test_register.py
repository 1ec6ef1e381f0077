"""The decisions register, the activity of a cohort, and the numbers that a cohort is looked at by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.errors import InvalidValue
from core.journey import contacts, decisions, placements
from core.journey.recommendations import issue_recommendation
from projections import activity, overview, register
from projections.board import Filters
from projections.register import COUNTS, Wanted
from tests import builders as b
from tests.readmodel.school import TODAY, School

PIVOT = b.pivot(reason_code="money", reason="My loans.")
EVERYBODY = Filters()


def decisions_of(school: School, **wanted: Any) -> register.RegisterPage:
    school.runner.catch_up()
    with school.views.read() as db:
        return register.page(db, "2026", Wanted(**wanted))


def activity_of(school: School, before: int | None = None, after: int | None = None, **wanted: Any) -> Any:
    school.runner.catch_up()
    with school.views.read() as db:
        return activity.page(db, "2026", activity.Wanted(**wanted), before=before, after=after)


def seen_by(school: School, query: Any, filters: Filters = EVERYBODY, **more: Any) -> Any:
    school.runner.catch_up()
    with school.views.read() as db:
        return query(db, "2026", filters, TODAY, **more)


def dissent(why: str = "Try once more.") -> b.Step:
    return lambda j, at: decisions.dissent(j, "d-1", why=why, stamp=at)


def concur() -> b.Step:
    return lambda j, at: decisions.concur(j, "d-1", note="", stamp=at)


def reverse() -> b.Step:
    return lambda j, at: decisions.reverse_decision(j, "d-1", reason="A seat came up.", stamp=at)


def given_to(member: Any) -> b.Step:
    return lambda j, at: contacts.assign_advisor(j, str(member.id), team=None, stamp=at)


def placed(kind: str, specialty: str = "pmr") -> b.Step:
    return lambda j, at: placements.record_placement(j, kind, specialty=specialty, place="City", stamp=at)


def walked(outcome: str, *path: str, verdict: str = "holds", rule: str = "REAPPLY.fix") -> b.Step:
    result = {"outcome": outcome, "path": list(path), "rules": [{"id": rule, "verdict": verdict, "why": ""}]}
    return lambda j, at: issue_recommendation(j, result | {"playbook": "sha256:0", "engine": "1"}, stamp=at)


def test_a_decision_stands_beside_what_the_rules_said_when_it_was_made(school: School) -> None:
    school.student(b.path_ready(), b.recommended("REAPPLY"), b.decided(PIVOT), b.recommended("PIVOT_NOW"))

    (row,) = decisions_of(school).rows

    assert (row.outcome, row.kind, row.relation) == ("REAPPLY", "pivot", "differs")
    assert (row.reason_code, row.reason, row.specialty) == ("money", "My loans.", "anesthesiology")
    assert (row.name, row.student_ref, row.dream_field) == ("Robin Vale", "S-100", "Orthopedic surgery")
    assert (row.actor_name, row.decided_on) == ("Rosa Ruiz", date(2026, 4, 1))
    assert (row.override_code, row.stance, row.reversed_at, row.advisor_name) == (None,) * 4


def test_the_day_of_a_decision_is_the_schools_not_that_of_greenwich(school: School) -> None:
    school.now = school.now.replace(hour=2)  # nine in the evening before, in Chicago
    school.student(b.path_ready(), b.recommended("PIVOT_NOW"), b.decided(PIVOT))
    assert decisions_of(school).rows[0].decided_on == date(2026, 3, 31)


def test_an_override_is_named_only_where_the_gate_was_still_closed(school: School) -> None:
    school.student(b.overridden("pivot"), b.decided(PIVOT))
    school.student(
        b.path_ready(without="step2"), b.overridden("pivot"), b.fact("step2", 238), b.decided(PIVOT), student_ref="S-2"
    )

    later, first = decisions_of(school).rows

    assert (first.override_code, first.override_text, first.override_by) == (
        "deadline",
        "rank list is due",
        "Rosa Ruiz",
    )
    assert later.override_code is None
    assert [row.student_ref for row in decisions_of(school, gate="overridden").rows] == ["S-100"]


@pytest.mark.parametrize("between", [False, True])
def test_what_was_said_to_a_decision_later_stands_with_it_in_one_pass_or_in_two(
    school: School, *, between: bool
) -> None:
    journey = school.student(b.path_ready(), b.recommended("PIVOT_NOW"), b.decided(PIVOT))
    if between:
        decisions_of(school)
    school.add(journey, dissent(), concur(), reverse())

    (row,) = decisions_of(school).rows

    assert (row.stance, row.stance_by, row.stance_text) == ("concurs", "Rosa Ruiz", "")
    assert (row.reversed_reason, row.reversed_by) == ("A seat came up.", "Rosa Ruiz")
    assert row.reversed_at is not None


def test_a_soap_decision_is_judged_by_its_own_gate(school: School) -> None:
    soap = decisions.NewDecision(decision_id="s-1", kind="soap_take_part")
    school.student(b.soap_ready(), b.recommended("PIVOT_NOW"), b.decided(soap))
    assert [row.kind for row in decisions_of(school, relation="own_gate").rows] == ["soap_take_part"]


@pytest.fixture
def many(school: School) -> School:
    """Six decisions, of every kind that the counts tell apart."""
    ready = b.path_ready()
    school.student(ready, b.recommended("PIVOT_NOW"), b.decided(PIVOT), student_ref="A")
    school.student(ready, b.recommended("REAPPLY"), b.decided(PIVOT), dissent(), student_ref="B")
    school.student(ready, b.recommended("CONTESTED"), b.decided(PIVOT), concur(), student_ref="C")
    school.student(b.overridden("pivot"), b.decided(PIVOT), dissent(), reverse(), student_ref="D")
    school.student(ready, b.recommended("REAPPLY"), b.decided(PIVOT), given_to(school.ruiz), student_ref="E")
    soap = decisions.NewDecision(decision_id="s-1", kind="soap_take_part")
    school.student(b.soap_ready(), b.decided(soap), student_ref="F")
    return school


def test_the_newest_decision_comes_first(many: School) -> None:
    assert [row.student_ref for row in decisions_of(many).rows] == ["F", "E", "D", "C", "B", "A"]


def test_each_number_is_what_a_click_on_it_gives_whatever_else_is_set(many: School) -> None:
    lifted = {"relation", "gate", "stance", "state"}
    for set_already in (
        {},
        {"stance": "dissents"},
        {"kind": "pivot", "state": "standing"},
        {"advisor": "none"},
        {"relation": "differs", "gate": "passed"},
    ):
        found = decisions_of(many, **set_already)
        for name, click in COUNTS.items():
            clicked = {k: v for k, v in set_already.items() if click or k not in lifted} | dict(
                [click] if click else []
            )
            assert found.counts[name] == decisions_of(many, **clicked).total, (set_already, name)
    assert decisions_of(many).counts == {
        "decisions": 6,
        "against": 2,
        "contested": 1,
        "not_decidable": 1,
        "overridden": 1,
        "dissents": 2,
        "unheard": 3,
        "reversed": 1,
    }


def test_filters_combine_and_a_period_holds_both_its_days(many: School) -> None:
    def refs(**wanted: Any) -> list[str]:
        return [row.student_ref for row in decisions_of(many, **wanted).rows]

    assert refs(relation="differs", stance="dissents") == ["B"]
    assert refs(advisor=str(many.ruiz.id)) == ["E"]
    assert refs(kind="soap_take_part") == ["F"]
    day = date(2026, 4, 1)
    assert len(refs(since=day, until=day)) == 6
    assert refs(since=date(2026, 4, 2)) == refs(until=date(2026, 3, 31)) == []


def test_a_filter_that_is_not_there_is_refused_in_one_sentence(school: School) -> None:
    for name in ("relation", "stance", "gate", "state", "kind"):
        with pytest.raises(InvalidValue, match=f"{name}: 'maybe' is not allowed"):
            decisions_of(school, **{name: "maybe"})
    with pytest.raises(InvalidValue):
        activity_of(school, kind="maybe")


def test_of_an_erased_journey_nothing_is_left(many: School) -> None:
    decisions_of(many)
    many.erase("B")

    assert [row.student_ref for row in decisions_of(many).rows] == ["F", "E", "D", "C", "A"]
    assert "B" not in {deed.student_ref for deed in activity_of(many).deeds}
    assert decisions_of(many).recorded == 5


def test_the_activity_tells_deeds_with_what_followed_from_them(school: School) -> None:
    journey = school.student()
    facts_at = school.stamp()

    def with_consequence(j: Any, at: Any) -> None:
        b.fact("step2", 238)(j, facts_at)
        b.recommended("PIVOT_NOW")(j, facts_at)

    school.add(journey, with_consequence, b.path_ready(without="step2"), b.decided(PIVOT))

    told = activity_of(school).deeds

    assert told[0].title == "Decision: pivot to another specialty"
    assert (told[0].actor_name, told[0].name) == ("Rosa Ruiz", "Robin Vale")
    assert told[-1].title == "Journey opened"
    step2 = next(deed for deed in told if "Step 2" in deed.title)
    assert step2.followed == ("Recommendation: pivot now",)
    assert not [deed for deed in told if deed.title.startswith(("Recommendation", "Profile", "Gate passed"))]


def test_the_activity_is_narrowed_by_person_kind_and_day(school: School) -> None:
    school.student(b.talked())
    other = str(school.steward.id)
    school.add(school.student(student_ref="S-2"), b.talked(), actor=other)

    assert [deed.student_ref for deed in activity_of(school, actor=other).deeds] == ["S-2"]
    assert len(activity_of(school, kind="contacts").deeds) == 2
    assert len(activity_of(school, day=date(2026, 4, 1)).deeds) == 4
    assert activity_of(school, day=date(2026, 4, 2)).deeds == ()


def test_the_activity_has_pages_both_ways_that_no_new_deed_shifts(school: School) -> None:
    journey = school.student(*[b.talked()] * 120)
    first = activity_of(school)
    second = activity_of(school, before=first.deeds[-1].position)
    school.add(journey, b.talked())
    third = activity_of(school, before=second.deeds[-1].position)
    back = activity_of(school, after=second.deeds[0].position)

    assert [len(one.deeds) for one in (first, second, third)] == [50, 50, 21]
    assert (first.newer, first.older, third.newer, third.older) == (False, True, True, False)
    assert back.deeds == first.deeds
    assert back.newer
    positions = [deed.position for one in (first, second, third) for deed in one.deeds]
    assert positions == sorted(positions, reverse=True)
    assert activity_of(school, after=school.journal.head()).deeds == ()


def flow_of(school: School, **filters: Any) -> set[tuple[Any, ...]]:
    found = seen_by(school, overview.flow, Filters(**filters))
    return {(one.profile, one.recommendation, one.decision, one.placed, one.students) for one in found}


def test_the_flow_counts_those_who_went_the_same_way(school: School) -> None:
    for number in range(3):
        school.student(b.profile(), b.recommended("PIVOT_NOW"), student_ref=f"P{number}")
    school.student(b.path_ready(), b.recommended("PIVOT_NOW"), b.decided(PIVOT), placed("categorical"), student_ref="D")
    school.student(student_ref="N")

    assert flow_of(school) == {
        ("borderline", "PIVOT_NOW", None, None, 3),
        ("borderline", "PIVOT_NOW", "pivot", "other", 1),
        (None, None, None, None, 1),
    }
    assert flow_of(school, recommendation="PIVOT_NOW", decision="none") == {("borderline", "PIVOT_NOW", None, None, 3)}
    assert flow_of(school, q="zebra") == set()


@pytest.mark.parametrize(
    ("kind", "specialty", "group"),
    [
        ("research_year", b.ORTHO, "research"),
        ("soap_place", "pmr", "seat"),
        ("transitional_year", b.ORTHO, "seat"),
        ("preliminary_surgery", "general-surgery", "seat"),
        ("matched", b.ORTHO, "dream"),
        ("training_begun", "anesthesiology", "other"),
        ("practice", b.ORTHO, "dream"),
    ],
)
def test_a_placement_is_a_year_on_the_way_or_a_field_to_stay_in(
    school: School, kind: str, specialty: str, group: str
) -> None:
    school.student(placed(kind, specialty))
    assert {way[3] for way in flow_of(school)} == {group}
    assert len(school.board(filters=Filters(placement=group)).rows) == 1
    assert len(school.board(filters=Filters(placement="none")).rows) == 0


@pytest.mark.parametrize(
    ("path", "rule", "verdict", "end"),
    [
        (("TREE.start", "TREE.interviews"), "REAPPLY.interviews", "fails", "interviews-no"),
        (("TREE.start", "TREE.interviews", "TREE.pd"), "REAPPLY.pd", "missing", "pd-missing"),
        (("TREE.start", "TREE.interviews", "TREE.pd", "TREE.fixable"), "REAPPLY.fix", "holds", "fixable-yes"),
        ((), "REAPPLY.fix", "holds", None),
        (("TREE.start", "TREE.pd"), "REAPPLY.pd", "something new", None),
    ],
)
def test_the_end_of_the_walk_through_the_tree_is_known_and_kept(
    school: School, path: tuple[str, ...], rule: str, verdict: str, end: str | None
) -> None:
    journey = school.student(walked("PIVOT_NOW", *path, rule=rule, verdict=verdict))
    assert [(one.end, one.students) for one in seen_by(school, overview.ends)] == [(end, 1)]
    school.add(journey, b.talked())
    assert [(one.end, one.recommendation) for one in seen_by(school, overview.ends)] == [(end, "PIVOT_NOW")]
    assert len(school.board(filters=Filters(end=end or "none")).rows) == 1


def test_ladders_are_counted_by_dream_field_and_lead_to_their_people(school: School) -> None:
    def chosen(ladder: str) -> b.Step:
        return lambda j, at: contacts.choose_ladder(j, ladder, title="A ladder", playbook="sha256:0", stamp=at)

    ready = (b.path_ready(), b.recommended("PIVOT_NOW"), b.decided(PIVOT))
    school.student(chosen("ORTHO.anes-pain"), student_ref="A")
    school.student(*ready, chosen("ORTHO.anes-pain"), student_ref="B")
    school.student(*ready, student_ref="C")

    found = [(one.ladder, one.students, one.pivoting) for one in seen_by(school, overview.ladders)]

    assert found == [("ORTHO.anes-pain", 2, 1), (None, 1, 1)]
    assert len(school.board(filters=Filters(ladder="ORTHO.anes-pain")).rows) == 2
    assert len(school.board(filters=Filters(ladder="none", path="pivot")).rows) == 1
