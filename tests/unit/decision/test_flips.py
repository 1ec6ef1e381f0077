"""Flips: the smallest sets of changes to known facts that give another outcome (DESIGN §5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from core.decision import Playbook
from tests.playbooks import minimal_content, pack, specialty
from tests.unit.decision.cases import EARLIER, PLAYBOOK, result, says, with_cutoff

if TYPE_CHECKING:
    from core.decision import Recommendation, Statement

GRADE = "statements/Dr. Sandpiper/champion_grade"
FILE = "statements/Dr. Sandpiper/saw_full_file"
TRUST = "statements/Dr. Sandpiper/trusted"
UROLOGY: dict[str, Any] = {"specialty": "urology"}

Changes = list[tuple[str, Any, Any]]


def flips(recommendation: Recommendation, outcome: str) -> list[Changes]:
    return [
        [(change.fact, change.before, change.to) for change in flip.changes]
        for flip in recommendation.flips
        if flip.outcome == outcome
    ]


def flipped(*statements: Statement, **changes: Any) -> Recommendation:
    return result(*statements, flips=True, **changes)


def test_the_worked_example_flips_with_one_higher_grade() -> None:
    found = flipped(says(1), interviews_offered=4)

    assert flips(found, "REAPPLY") == [[(GRADE, 1, 3)]]
    assert flips(found, "CONTESTED") == [[(GRADE, 1, 3), ("financial_pressure", False, True)]]
    assert flips(found, "INDETERMINATE") == []


def test_a_flip_is_said_in_plain_words() -> None:
    found = flipped(says(1), months=(6, 18))

    (words,) = (flip.words for flip in found.flips if flip.outcome == "REAPPLY")
    assert words == (
        "with the statement of Dr. Sandpiper at grade 3 instead of 1 and the remedy for research in 12 months "
        "instead of 18, the result would be: reapply"
    )


def test_past_interviews_and_a_passed_step_2_cannot_change() -> None:
    assert flipped(says(4), interviews_offered=2).flips == ()

    far_below = flipped(says(4), step2=240, playbook=with_cutoff(250))
    assert flips(far_below, "REAPPLY") == [[(FILE, False, True)]]


def test_each_reason_to_pivot_must_go() -> None:
    found = flipped(says(2), months=(13, 12, 30), financial_pressure=True)

    remedies = [("weaknesses/0/months", 13, 12), ("weaknesses/2/months", 30, 12)]
    assert flips(found, "CONTESTED") == [[(GRADE, 2, 3), *remedies]]
    assert flips(found, "REAPPLY") == [[(GRADE, 2, 3), *remedies, ("financial_pressure", True, False)]]


def test_any_one_reason_is_enough_to_pivot() -> None:
    found = flipped(says(3), months=(6, 12), financial_pressure=True)

    assert flips(found, "PIVOT_NOW") == [
        [(GRADE, 3, 2)],
        [("weaknesses/1/months", 12, 13)],
        [("weaknesses/0/months", 6, 13)],
    ]
    assert flips(found, "REAPPLY") == [[("financial_pressure", True, False)]]


def test_all_champions_must_step_back_before_none_is_left() -> None:
    found = flipped(says(3, by="A"), says(4, by="B"), says(1, by="C"), weaknesses=())

    assert flips(found, "PIVOT_NOW") == [[("statements/A/champion_grade", 3, 2), ("statements/B/champion_grade", 4, 2)]]


def test_one_champion_is_enough_and_the_nearest_comes_first() -> None:
    found = flipped(*(says(grade, by=by) for by, grade in zip("ABCDEF", (0, 1, 2, 0, 1, 0), strict=True)))

    assert flips(found, "REAPPLY") == [
        [("statements/C/champion_grade", 2, 3)],
        [("statements/B/champion_grade", 1, 3)],
        [("statements/E/champion_grade", 1, 3)],
        [("statements/A/champion_grade", 0, 3)],
        [("statements/D/champion_grade", 0, 3)],
    ]


def test_full_backing_may_take_a_grade_and_the_file() -> None:
    found = flipped(says(3), step2=240, playbook=with_cutoff(250))

    assert flips(found, "REAPPLY") == [[(GRADE, 3, 4), (FILE, False, True)]]


def test_losing_full_backing_pivots_below_a_cutoff() -> None:
    found = flipped(says(4, saw_full_file=True), step2=240, weaknesses=(), playbook=with_cutoff(250))

    assert flips(found, "PIVOT_NOW") == [[(FILE, True, False)], [(GRADE, 4, 3)]]


def test_having_seen_the_file_is_no_flip_where_nothing_turns_on_it() -> None:
    assert all(FILE not in str(flip) for flip in flipped(says(1)).flips)


def test_statements_that_do_not_count_are_no_flips() -> None:
    others = says(4, by="W", withdrawn=True), says(4, by="R", specialty="pmr"), says(4, by="F", role="faculty")

    assert flipped(says(1), *others).flips == flipped(says(1)).flips


def test_only_the_counting_statement_of_a_person_is_changed() -> None:
    found = flipped(says(4), says(2, date=EARLIER + dt.timedelta(days=1)))

    assert flips(found, "REAPPLY") == [[(GRADE, 2, 3)]]


def test_a_mark_of_trust_can_change_where_trust_is_asked_for() -> None:
    assert flips(flipped(says(3, trusted=False, **UROLOGY), **UROLOGY), "REAPPLY") == [[(TRUST, False, True)]]
    assert flips(flipped(says(3, trusted=True, **UROLOGY), **UROLOGY), "INDETERMINATE") == [[(TRUST, True, False)]]
    assert all(TRUST not in str(flip) for flip in flipped(says(3, trusted=True)).flips)


def test_marking_a_low_grade_as_trusted_needs_the_grade_as_well() -> None:
    found = flipped(says(2, trusted=False, **UROLOGY), **UROLOGY)

    assert flips(found, "PIVOT_NOW") == [[(TRUST, False, True)], [("weaknesses/0/months", 12, 13)]]
    assert flips(found, "REAPPLY") == [[(TRUST, False, True), (GRADE, 2, 3)]]


def test_a_mark_that_was_never_made_is_missing_and_so_no_flip() -> None:
    found = flipped(says(4, trusted=None, **UROLOGY), weaknesses=(), **UROLOGY)

    assert found.flips == ()
    assert ("statement", {"by": "Dr. Sandpiper", "trusted": True}, "REAPPLY") in [
        (answer.fact, answer.given, answer.outcome) for answer in found.would_decide
    ]


def test_a_mark_of_trust_is_not_offered_where_it_could_mean_two_statements() -> None:
    twice = says(4, trusted=True, **UROLOGY), says(4, trusted=True, date=EARLIER + dt.timedelta(days=1), **UROLOGY)

    assert flips(flipped(*twice, **UROLOGY), "INDETERMINATE") == []


def test_derm_conditions_flip_both_ways_by_the_nearest_value() -> None:
    derm: dict[str, Any] = {"specialty": "dermatology", "weaknesses": ()}
    champion = says(4, specialty="dermatology")

    assert flips(flipped(champion, research_plan_months=6, willing_to_move_anywhere=False, **derm), "REAPPLY") == [
        [("willing_to_move_anywhere", False, True), ("research_plan_months", 6, 12)]
    ]
    assert flips(flipped(champion, research_plan_months=30, **derm), "REAPPLY") == [[("research_plan_months", 30, 24)]]
    assert flips(flipped(champion, research_plan_months=22, **derm), "PIVOT_NOW") == [
        [("statements/Dr. Sandpiper/champion_grade", 4, 3)],
        [("willing_to_move_anywhere", True, False)],
        [("research_plan_months", 22, 25)],
    ]
    assert flips(flipped(champion, research_plan_months=13, **derm), "PIVOT_NOW")[-1] == [
        ("research_plan_months", 13, 11)
    ]


def test_with_a_fact_missing_a_pivot_can_only_become_undecided() -> None:
    found = flipped(says(1), financial_pressure=None)

    assert {flip.outcome for flip in found.flips} == {"INDETERMINATE"}
    assert flips(found, "INDETERMINATE") == [[(GRADE, 1, 3)]]


def test_a_packs_condition_on_any_fact_that_can_change_flips_too() -> None:
    conditions = [
        {"id": "POD.money", "fact": "financial_pressure", "equals": False, "sentence": "Money is no burden."},
        {"id": "POD.research", "fact": "research", "equals": "multiple", "sentence": "You have several projects."},
        {"id": "POD.few", "fact": "applications", "max": 30, "sentence": "You apply with care."},
        {"id": "POD.score", "fact": "step2", "min": 240, "sentence": "Your score is high."},
    ]
    podiatry = pack("podiatry", specialty("podiatry", conditions=conditions))
    book = Playbook.from_content(minimal_content(packs=[podiatry]))
    known: dict[str, Any] = {"specialty": "podiatry", "research": "limited", "applications": 40, "playbook": book}

    found = flipped(says(3, specialty="podiatry"), financial_pressure=True, **known)
    assert found.decided_by == ("POD.money", "POD.research", "POD.few")
    assert flips(found, "REAPPLY") == [
        [("financial_pressure", True, False), ("research", "limited", "multiple"), ("applications", 40, 30)]
    ]
    assert flips(found, "CONTESTED") == []
    met = flipped(
        says(3, specialty="podiatry"), weaknesses=(), **(known | {"research": "multiple", "applications": 30})
    )
    assert met.outcome == "REAPPLY"
    assert "step2" not in str(met.flips)
    assert flipped(says(3, specialty="podiatry"), step2=239, **known).flips == ()


def test_unreachable_thresholds_are_no_flips() -> None:
    beyond = PLAYBOOK.with_overrides({"champion_min": 5, "max_fix_months": -1}, None)

    assert flipped(says(4), months=(0,), playbook=beyond).flips == ()


def test_without_flips_nothing_is_searched_and_the_rest_is_the_same() -> None:
    quick, whole = result(says(1)), flipped(says(1))

    assert (quick.flips, quick.would_decide) == ((), ())
    assert quick.to_dict() | {"flips": whole.to_dict()["flips"]} == whole.to_dict()
