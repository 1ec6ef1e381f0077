"""Findings of an auditor: they stand beside the record and change none of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import InvalidValue, NotFound
from core.journey.findings import ABOUT, LEVELS, record_finding
from tests.builders import decided, path_ready, pivot, recommended
from tests.scenario import event, given

DECIDED = (path_ready(), recommended("PIVOT_NOW"), decided(pivot()))
FOUND: dict[str, Any] = {"about": "opinions", "level": "repair", "words": "Both opinions are of one department."}


def test_a_finding_about_a_decision_is_recorded_and_the_decision_stays_as_it_is() -> None:
    before = given(*DECIDED)
    held = dict(before.root.decisions)
    after = before.when(record_finding, "d-1", **FOUND).then(
        event("audit.finding-recorded", decision_id="d-1", about="opinions", level="repair", text=FOUND["words"])
    )
    assert after.decisions == held


def test_a_finding_may_concern_the_whole_journey() -> None:
    given().when(record_finding, None, **FOUND).then(event("audit.finding-recorded", decision_id=None))


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_and_every_subject_can_be_recorded(about: str, level: str) -> None:
    given().when(record_finding, None, about=about, level=level, words="x").then(event("audit.finding-recorded"))


def test_a_decision_that_does_not_exist_has_no_findings() -> None:
    given().when(record_finding, "d-1", **FOUND).then_refused(NotFound, "there is no decision d-1")


@pytest.mark.parametrize(
    ("change", "said"), [({"about": "mood"}, "about"), ({"level": "bad"}, "level"), ({"words": " "}, "finding")]
)
def test_what_is_not_allowed_is_refused(change: dict[str, str], said: str) -> None:
    given().when(record_finding, None, **(FOUND | change)).then_refused(InvalidValue, said)
