"""Days, names and rules as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.decision.rules import read_case, verdicts
from tests.playbooks import minimal_playbook
from tests.unit.decision.cases import evidence
from web.journey.words import RULES, WARNINGS, called, clock_time, due, listed, lowered, rule_sentence, since, weekday

TODAY = date(2026, 6, 16)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Priya Heron", "Priya"),
        ("Heron, Priya", "Priya"),
        ("Cher", "Cher"),
        (" , ", "the student"),
        ("", "the student"),
    ],
)
def test_a_student_is_called_by_the_first_name(name: str, first: str) -> None:
    assert called(name) == first


def test_a_date_carries_its_weekday_and_its_year_only_when_it_is_another() -> None:
    assert weekday(date(2026, 6, 20), TODAY) == "Saturday, June 20"
    assert weekday(date(2027, 3, 20), TODAY) == "Saturday, March 20, 2027"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 6, 20), "in 4 days"),
        (date(2026, 6, 17), "tomorrow"),
        (date(2026, 6, 16), "today"),
        (date(2026, 6, 15), "yesterday"),
        (date(2026, 6, 14), "2 days ago"),
    ],
)
def test_how_far_a_day_is(on: date, words: str) -> None:
    assert due(on, TODAY) == words


def test_how_long_ago_counts_in_years_from_two_on() -> None:
    assert since(date(2024, 6, 16), TODAY) == "2 years ago"
    assert since(date(2025, 6, 16), TODAY) == "365 days ago"
    assert since(None, TODAY) == ""


def test_a_time_of_day_is_told_in_the_institutions_zone() -> None:
    noon = datetime(2026, 6, 16, 17, 5, tzinfo=UTC)
    assert clock_time(noon, ZoneInfo("America/Chicago")) == "12:05 PM"
    assert clock_time(noon, ZoneInfo("Asia/Tokyo")) == "2:05 AM"


def test_lists_and_labels_read_as_a_sentence() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""
    assert [lowered(one) for one in ("Step 2 CK", "COMLEX Level 1", "Class standing")] == [
        "Step 2 CK",
        "COMLEX Level 1",
        "class standing",
    ]


def test_every_rule_of_the_engine_has_a_sentence_of_its_own() -> None:
    found = verdicts(read_case(evidence(), minimal_playbook()))
    assert set(found) <= set(RULES)


def test_a_packs_own_condition_is_said_in_the_packs_words() -> None:
    assert rule_sentence("DERM.move", "derm", {"DERM.move": "willing to move."}) == "Willing to move"
    assert rule_sentence("GONE.rule", "derm", {}) == "A condition of the pack that was in force"


def test_every_warning_is_explained() -> None:
    codes = {"thin-interviews", "below-cutoff", "cutoff-unknown", "above-published-range", "shotgun", "blank-year"}
    assert set(WARNINGS) == codes | {"literal-any"}
