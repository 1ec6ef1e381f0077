"""Hand-over: many journeys to another advisor, each by itself, nothing lost, nothing done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from core.advising import handover
from core.advising.handover import HANDED_MAX, Handed, HandOver, hand_over
from core.advising.journeys import AssignAdvisor, assign_advisor
from core.advising.members import ChangeTeam, change_team
from core.errors import InvalidValue, NotAllowed, StoreError
from core.journey.contacts import NoteAdded
from core.journey.journey import student_subject
from tests.scenario import refused

if TYPE_CHECKING:
    from core.advising.handover import HandedOver
    from tests.scenario import Team

NOTE = "Rosa is on leave from Monday."
ASSIGNED = ["contact.advisor-assigned", "contact.note-added"]


def hands(team: Team, *journeys: Handed, who: Any = None, **changes: Any) -> HandedOver:
    given = {"command_id": team.id(), "cohort": "2026", "advisor_id": team.stranger.member_id, "note": NOTE}
    return hand_over(team.desk, who or team.lead, HandOver(**(given | changes), journeys=journeys))


def held(team: Team, journey: UUID) -> Handed:
    return Handed(journey_id=journey, holder=team.journey(journey).advisor)


def test_each_journey_gets_the_advisor_and_a_note_that_says_from_whom_in_one_save(team: Team) -> None:
    journeys = [team.open(student_ref=f"S-{number}") for number in range(3)]
    versions = [team.journey(one).version for one in journeys]

    done = hands(team, *(held(team, one) for one in journeys))

    assert (done.done, done.already, done.kept) == (tuple(journeys), (), ())
    assert done.receipt is not None
    for journey, version in zip(journeys, versions, strict=True):
        assert team.topics(journey, after=version) == ASSIGNED
        assert team.journey(journey).advisor == team.stranger.member_id
        assert team.journey(journey).team == "south"
        (note,) = [e for e in team.desk.journal.stream(journey) if isinstance(e, NoteAdded)]
        assert (note.body, note.visibility) == (f"Handed over from Dr. Advisor to Dr. Stranger: {NOTE}", "team")
        assert note.actor == team.lead.member_id


def test_sending_it_again_does_nothing_twice(team: Team) -> None:
    journey = team.open()
    first = held(team, journey)
    for _ in range(2):
        done = hands(team, first, command_id="once")
        assert done.done == (journey,)
    assert done.receipt is not None
    assert done.receipt.repeated
    assert team.topics(journey).count("contact.note-added") == 1


def test_who_has_this_advisor_already_gets_no_note(team: Team) -> None:
    journey = team.open(advisor=team.stranger)
    version = team.journey(journey).version
    done = hands(team, held(team, journey))
    assert (done.done, done.already, done.receipt) == ((), (journey,), None)
    assert team.topics(journey, after=version) == []


def test_the_same_journey_ticked_twice_is_handed_over_once(team: Team) -> None:
    one = held(team, team.open())
    assert len(hands(team, one, one).done) == 1


def test_one_that_somebody_else_gave_away_meanwhile_stays_and_says_to_whom(team: Team) -> None:
    mine, other = team.open(student_ref="S-1"), team.open(student_ref="S-2")
    shown = held(team, mine), held(team, other)
    team.do(assign_advisor, AssignAdvisor, team.lead, journey_id=mine, advisor_id=team.colleague.member_id)

    done = hands(team, *shown)

    assert done.done == (other,)
    (kept,) = done.kept
    assert (kept.handed.journey_id, kept.reason) == (mine, "given to Dr. Colleague since you looked")
    assert team.journey(mine).advisor == team.colleague.member_id


def test_a_journey_of_another_cohort_an_unknown_and_an_erased_one_stay_and_the_rest_goes(team: Team) -> None:
    good = team.open(student_ref="S-1")
    erased = team.open(student_ref="S-2")
    shown = [held(team, good), held(team, erased), Handed(journey_id=UUID(int=7), holder=None)]
    keys = team.desk.journal.keys
    keys.destroy(student_subject(keys, "S-2"), team.clock.now)

    done = hands(team, *shown)

    assert done.done == (good,)
    assert [one.handed for one in done.kept] == shown[1:]
    assert all(one.reason for one in done.kept)


@pytest.mark.parametrize("who", ["advisor", "steward", "stranger"])
def test_only_a_lead_of_the_cohort_hands_over(team: Team, who: str) -> None:
    journey = team.open()
    with refused(NotAllowed, "may not assign an advisor"):
        hands(team, held(team, journey), who=getattr(team, who))
    assert team.journey(journey).advisor == team.advisor.member_id


def test_nobody_too_many_no_note_and_who_may_not_advise_are_refused_before_anything_is_written(team: Team) -> None:
    one = held(team, team.open())
    head = team.desk.journal.head()
    with refused(InvalidValue, "1 to 200 journeys at once"):
        hands(team)
    with refused(InvalidValue, "1 to 200 journeys at once"):
        hands(team, *[one] * (HANDED_MAX + 1))
    with refused(InvalidValue, "note: '' is not allowed"):
        hands(team, one, note=" ")
    with refused(InvalidValue, "a member with the role advisor or lead in cohort 2026"):
        hands(team, one, advisor_id=team.steward.member_id)
    assert team.desk.journal.head() == head


def test_an_advisor_who_changed_team_takes_the_journeys_along(team: Team) -> None:
    journey = team.open(advisor=team.stranger)
    team.do(change_team, ChangeTeam, team.steward, member_id=team.stranger.member_id, team="west")
    assert hands(team, held(team, journey)).done == (journey,)
    assert team.journey(journey).team == "west"


def test_a_store_that_fails_half_way_keeps_what_was_done_and_tells_the_rest(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    journeys = [team.open(student_ref=f"S-{number}") for number in range(3)]
    shown = [held(team, one) for one in journeys]
    whole = handover._hand_over
    calls: list[object] = []

    def full(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise StoreError("the disk is full")
        return whole(*args)

    monkeypatch.setattr(handover, "_hand_over", full)
    done = hands(team, *shown, command_id="c")
    assert (len(done.done), [one.reason for one in done.kept]) == (2, ["the disk is full"])

    monkeypatch.undo()
    again = hands(team, *shown, command_id="c")
    assert again.done == tuple(journeys)
    assert [team.topics(one).count("contact.note-added") for one in journeys] == [1, 1, 1]
