"""The one next thing, as a pure function of a journey and a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from core.journey.hold import GATES, PATH_KINDS, Gate
from core.journey.milestones import Milestone
from projections.sheet import (
    JourneySheet,
    Moment,
    SheetDecision,
    SheetFact,
    SheetLadder,
    SheetOpinion,
    SheetPlacement,
    SheetRecommendation,
)
from web.journey.next_thing import next_thing

TODAY = date(2026, 6, 16)
DECIDE = "PLAN.3.decide"


def moment(version: int = 1, on: date | None = None) -> Moment:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return Moment(version=version, recorded_at=at, happened_on=on, late=False, actor="a", actor_name="Abel")


def gates(*missing: str) -> dict[str, Gate]:
    return {
        kind: Gate(decision=kind, known=(), missing=missing if kind in PATH_KINDS else (), disputed=())
        for kind in GATES
    }


def milestone(
    code: str = DECIDE, due: date = date(2026, 6, 20), status: Any = "planned", title: str = "Decide the path"
) -> Milestone:
    return Milestone(
        milestone_id=code, code=code, title=title, due_on=due, source="playbook", status=status, version=2, actor="a"
    )


def said(
    outcome: str = "PIVOT_NOW", version: int = 5, missing: tuple[str, ...] = (), **more: Any
) -> SheetRecommendation:
    result = {"outcome": outcome, "missing": list(missing), "would_decide": [], "rules": []} | more
    return SheetRecommendation(result=result, playbook="p", engine="1", evidence_version=version, said=moment(version))


def decision(
    version: int = 9, *, relation: str = "agrees", kind: str = "pivot", stance: str | None = "concurs"
) -> SheetDecision:
    return SheetDecision(
        decision_id="d",
        kind=kind,
        mode=None,
        specialty=None,
        specialty_name=None,
        relation=relation,
        recommendation_version=5,
        reason_code=None,
        reason="",
        remedies=(),
        stance=stance,
        stance_text="",
        stance_said=None,
        reversed_reason=None,
        reversed_said=None,
        version=version,
        said=moment(version),
    )


def opinion(status: str = "requested", due: date = date(2026, 6, 19), **changes: Any) -> SheetOpinion:
    given: dict[str, Any] = {
        "opinion_id": "o",
        "status": status,
        "by": "Dr. Ibis",
        "role": "pd",
        "specialty": "ortho",
        "specialty_name": "Orthopedic surgery",
        "related": False,
        "due_on": due,
        "dated": None,
        "grade": None,
        "saw_full_file": False,
        "trusted": None,
        "next_cycle": "",
        "advice": "not_said",
        "killed": "",
        "reasons": (),
        "why": "",
        "version": 3,
        "said": moment(3),
    }
    return SheetOpinion(**(given | changes))


def sheet(**changes: Any) -> JourneySheet:
    given: dict[str, Any] = {
        "journey_id": UUID(int=1),
        "version": 10,
        "position": 10,
        "name": "Priya Heron",
        "match_system": "nrmp",
        "match_day": date(2026, 3, 20),
        "learned_on": date(2026, 3, 16),
        "specialty": "ortho",
        "specialty_name": "Orthopedic surgery",
        "advisor_id": "a",
        "gates": gates(),
        "milestones": (milestone(),),
        "recommendation": said(),
        "last_contact_on": date(2026, 6, 15),
    }
    return JourneySheet(**(given | changes))


def test_an_erased_journey_has_nothing_to_open() -> None:
    found = next_thing(JourneySheet(journey_id=UUID(int=1), version=3, position=3, erased=True), TODAY)
    assert found.lead == "This record was erased"
    assert not found.endpoint


def test_between_learning_the_status_and_match_day_soap_comes_first_and_names_what_its_gate_lacks() -> None:
    lacking = {**gates("step2"), "soap_take_part": Gate(decision="x", known=(), missing=("visa",), disputed=())}
    found = next_thing(sheet(gates=lacking), date(2026, 3, 17))
    assert found.lead == "Decide with Priya about SOAP by Friday, March 20, in 3 days"
    assert "visa" in found.why
    assert next_thing(sheet(gates=lacking), date(2026, 3, 21)).endpoint != "journey.decision"


@pytest.mark.parametrize("system", ["aua", "sf"])
def test_other_match_systems_have_no_soap(system: str) -> None:
    assert "SOAP" not in next_thing(sheet(match_system=system), date(2026, 3, 17)).lead


def test_a_disputed_fact_comes_before_everything_that_needs_it() -> None:
    fact = SheetFact(
        name="step2",
        value=238,
        source="x",
        confirmed=False,
        disputed="It is 248.",
        on_behalf=True,
        changed_version=4,
        said=moment(),
    )
    found = next_thing(sheet(facts={"step2": fact}, gates=gates("research")), TODAY)
    assert found.lead == "Resolve the disputed fact: Step 2 CK"
    assert "“It is 248”" in found.why
    assert (found.endpoint, found.values) == ("journey.fact", {"name": "step2"})


def test_a_journey_without_an_advisor_needs_one() -> None:
    assert next_thing(sheet(advisor_id=None), TODAY).endpoint == "journey.assign"


def test_missing_facts_of_one_group_lead_to_that_group_and_name_the_near_deadline() -> None:
    found = next_thing(sheet(gates=gates("interviews_offered", "interviews_accepted")), TODAY)
    assert found.lead == "Complete the inventory with Priya"
    assert "interviews offered and interviews accepted" in found.why
    assert "The path is to be decided by Saturday, June 20, in 4 days." in found.why
    assert found.values == {"group": "applications"}


def test_missing_facts_of_several_groups_lead_to_the_inventory() -> None:
    found = next_thing(sheet(gates=gates("step2", "research", "red_flags", "class_standing")), TODAY)
    assert found.endpoint == "journey.inventory"
    assert "and 1 more" in found.why


def test_opinions_that_nobody_was_asked_for_are_asked_for() -> None:
    found = next_thing(sheet(gates=gates("opinion_dream_field", "opinion_related_field")), TODAY)
    assert found.lead == "Ask for two outside opinions"
    assert found.endpoint == "journey.ask_opinion"


def test_only_the_opinion_that_was_not_asked_for_is_asked_for() -> None:
    lacking = gates("opinion_dream_field", "opinion_related_field")
    found = next_thing(sheet(gates=lacking, opinions=(opinion(),)), TODAY)
    assert found.lead == "Ask for an outside opinion of a program director in a related field"


def test_an_answer_that_did_not_come_by_the_agreed_day_is_asked_for_again() -> None:
    late = opinion(due=date(2026, 6, 13))
    found = next_thing(sheet(gates=gates("opinion_dream_field"), opinions=(late,)), TODAY)
    assert found.lead == "Ask Dr. Ibis again, or record that no answer came"
    assert "3 days ago" in found.why


def test_what_the_rules_lack_is_asked_for_while_they_cannot_decide() -> None:
    lacking = said("INDETERMINATE", missing=("financial_pressure",))
    found = next_thing(sheet(recommendation=lacking), TODAY)
    assert found.lead == "Ask Priya whether another year is a serious money burden"
    assert found.values["group"] == "plans"


def test_what_the_rules_lack_does_not_matter_once_they_decided() -> None:
    found = next_thing(sheet(recommendation=said("PIVOT_NOW", missing=("financial_pressure",))), TODAY)
    assert found.lead == "Decide the path with Priya by Saturday, June 20, in 4 days"
    assert found.why == "The rules say pivot now. Everything a decision needs is recorded."


def test_an_unmarked_statement_in_a_field_of_trust_asks_whether_the_student_trusts_its_author() -> None:
    answers = [{"fact": "statement", "if": {"by": "Dr. Ibis", "trusted": True}, "outcome": "REAPPLY", "words": "x"}]
    found = next_thing(sheet(recommendation=said("INDETERMINATE", missing=("statement",), would_decide=answers)), TODAY)
    assert found.lead == "Ask Priya whether they trust Dr. Ibis"


def test_while_the_last_answer_is_awaited_that_is_said_with_its_day() -> None:
    found = next_thing(sheet(gates=gates("opinion_dream_field"), opinions=(opinion(),)), TODAY)
    assert found.lead == "Wait for Dr. Ibis, until Friday, June 19, in 3 days"


@pytest.mark.parametrize(
    ("due", "lead"),
    [
        (date(2026, 6, 16), "Decide the path with Priya by Tuesday, June 16, today"),
        (date(2026, 6, 15), "Decide the path with Priya: it was due Monday, June 15, yesterday"),
        (date(2027, 1, 2), "Decide the path with Priya by Saturday, January 2, 2027, in 200 days"),
    ],
)
def test_the_day_of_the_decision_is_said_as_people_say_it(due: date, lead: str) -> None:
    assert next_thing(sheet(milestones=(milestone(due=due),)), TODAY).lead == lead


def decided(**changes: Any) -> JourneySheet:
    given: dict[str, Any] = {
        "decisions": (decision(),),
        "milestones": (milestone(status="completed"),),
        "ladder": SheetLadder(ladder="L", title="A ladder", playbook="p", said=moment()),
    }
    return sheet(**(given | changes))


def test_a_recommendation_that_changed_after_the_decision_is_read_together() -> None:
    found = next_thing(decided(recommendation=said("REAPPLY", version=12)), TODAY)
    assert found.lead == "Read the new recommendation with Priya: reapply"


def test_a_newer_recommendation_that_agrees_as_before_is_no_news() -> None:
    assert "new recommendation" not in next_thing(decided(recommendation=said(version=12)), TODAY).lead


def test_a_decision_nobody_took_a_stance_on_asks_for_one() -> None:
    found = next_thing(decided(decisions=(decision(stance=None),)), TODAY)
    assert found.lead == "Say what you think of Priya's decision"


def test_after_the_decision_the_oldest_overdue_milestone_comes_first() -> None:
    late = (milestone("b", date(2026, 6, 1), title="Call the lab"), milestone("a", date(2026, 5, 1), "missed", "Rest"))
    found = next_thing(decided(milestones=late), TODAY)
    assert found.lead == "Rest: it was due Friday, May 1, 46 days ago"
    assert "1 more milestone" in found.why


def test_a_near_milestone_comes_before_keeping_in_touch_and_a_far_one_after() -> None:
    near, far = milestone("n", date(2026, 6, 30), title="Call"), milestone("f", date(2026, 9, 30), title="Write")
    quiet = date(2026, 6, 1)
    assert next_thing(decided(milestones=(near,), last_contact_on=quiet), TODAY).lead.startswith("Call by")
    assert next_thing(decided(milestones=(far,), last_contact_on=quiet), TODAY).lead == "Talk with Priya"
    assert next_thing(decided(milestones=(far,)), TODAY).lead.startswith("Write by")


def test_a_pivot_without_a_ladder_chooses_one() -> None:
    assert next_thing(decided(ladder=None), TODAY).endpoint == "journey.ladders"


def test_without_any_milestone_ahead_one_is_planned() -> None:
    assert next_thing(decided(), TODAY).endpoint == "journey.plan_milestone"


def test_in_practice_nothing_is_due() -> None:
    practice = SheetPlacement(
        kind="practice",
        specialty="pain",
        specialty_name="Pain medicine",
        place="A group",
        income_usd=650_000,
        said=moment(on=date(2025, 7, 1)),
    )
    late = milestone("late", date(2025, 3, 1))
    shown = decided(placements=(practice,), ended=practice, milestones=(late,), last_contact_on=date(2025, 1, 1))
    found = next_thing(shown, TODAY)
    assert (found.lead, found.endpoint) == ("This journey ended: practice, Pain medicine", "")
    assert found.why.startswith("A group, as of Tuesday, July 1, 2025.")
