"""Ladders are read from a playbook's stored content, and steered by what draws the student."""

from __future__ import annotations

from typing import Any

import pytest

from core.ladders import Door, Guidance, Ladder, guidance_for, ladders_for, steered, tracks_in
from plugins.boundary import checked

RUNG = {"slug": "a", "name": "A", "kind": "residency", "years": 4, "years_source": "x", "door": "open", "reason": "r"}


def _content(*rows: dict[str, Any]) -> dict[str, Any]:
    ladders, faults = checked(
        "p", "rungwise_ladders", [{"from": ["urology"], "title": "T", "rungs": [RUNG], **row} for row in rows]
    )
    assert faults == []
    pack = {"name": "p", "title": "Pack", "origin": "house", "specialties": [], "ladders": ladders, "tracks": []}
    return {"packs": [pack, {"name": "empty", "title": "Empty", "origin": "source", "specialties": []}]}


def _one(**row: Any) -> Ladder:
    (ladder,) = ladders_for(_content({"id": "U.a", **row}), "urology")
    return ladder


def test_only_the_ladders_of_the_missed_specialty_are_given_in_their_order() -> None:
    content = _content(
        {"id": "U.b"}, {"id": "D.a", "from": ["dermatology"]}, {"id": "U.a", "from": ["urology", "dermatology"]}
    )

    assert [ladder.id for ladder in ladders_for(content, "urology")] == ["U.b", "U.a"]
    assert [ladder.id for ladder in ladders_for(content, "dermatology")] == ["D.a", "U.a"]
    assert ladders_for(content, "neurology") == ()


def test_a_ladder_knows_its_pack_and_that_it_is_a_house_pack() -> None:
    ladder = _one()

    assert (ladder.pack, ladder.house) == ("Pack", True)


@pytest.mark.parametrize(
    ("doors", "whole"),
    [
        (["open", "open"], Door.OPEN),
        (["open", "narrow"], Door.NARROW),
        (["narrow", "open"], Door.NARROW),
        (["nearly-closed", "narrow"], Door.NEARLY_CLOSED),
    ],
)
def test_a_ladder_is_as_open_as_its_narrowest_door(doors: list[str], whole: Door) -> None:
    assert _one(rungs=[{**RUNG, "door": door} for door in doors]).door is whole


def test_a_door_is_read_as_words() -> None:
    assert [door.words for door in Door] == ["open", "narrow", "nearly closed"]


def test_years_to_practice_count_training_only_and_are_unknown_when_one_step_is() -> None:
    practice = {**RUNG, "kind": "practice", "years": None, "years_source": None}
    unknown = {**practice, "kind": "fellowship"}

    assert _one(rungs=[RUNG, {**RUNG, "kind": "fellowship", "years": 1}, practice]).training_years == 5
    assert _one(rungs=[RUNG, {**practice, "kind": "focus"}]).training_years == 4
    assert _one(rungs=[RUNG, unknown, practice]).training_years is None


def test_pay_and_published_figures_stand_apart() -> None:
    pay = {"low_usd": 1, "high_usd": 2, "open_top": True, "source": "playbook ballpark"}
    published = {"what": "all", "measure": "mean", "usd": 3, "source": "a survey", "year": 2017}
    ladder = _one(pay=pay, sourced_pay=[published])

    assert ladder.pay is not None
    assert (ladder.pay.low_usd, ladder.pay.high_usd, ladder.pay.year) == (1, 2, None)
    assert [(one.usd, one.low_usd, one.year) for one in ladder.sourced_pay] == [(3, None, 2017)]


def test_a_drive_puts_the_usual_pivot_first_then_what_serves_it_and_leaves_nothing_out() -> None:
    content = _content(
        {"id": "U.plain"},
        {"id": "U.serves", "drives": ["pay"]},
        {"id": "U.usual", "drives": ["pay", "procedures"], "recommended_for": ["pay"]},
        {"id": "U.other", "drives": ["lifestyle"]},
    )
    ladders = ladders_for(content, "urology")

    assert [ladder.id for ladder in steered(ladders, "pay")] == ["U.usual", "U.serves", "U.plain", "U.other"]
    assert [ladder.id for ladder in steered(ladders, "imaging")] == [ladder.id for ladder in ladders]
    assert steered(ladders, None) == ladders


def test_a_playbook_without_tracks_has_none() -> None:
    assert tracks_in(_content({"id": "U.a"})) == ()


def test_guidance_on_a_specialty_that_no_pack_declares_is_empty() -> None:
    assert guidance_for(_content({"id": "U.a"}), "urology") == Guidance(
        typical_miss=None, questions=(), notes=(), rates=()
    )
