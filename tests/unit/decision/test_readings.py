"""Where the source's own words disagree: the literal reading says what the rules say with any offer as a handful."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from core.decision.tree import literal_outcome
from tests.unit.decision.cases import PLAYBOOK, result, says

ANY = PLAYBOOK.with_overrides({"handful_min": 1}, None)


@pytest.mark.parametrize("offers", [None, 0, 3, 7])
def test_where_the_readings_agree_there_is_no_other_one(offers: int | None) -> None:
    assert literal_outcome(result(says(4), interviews_offered=offers).to_dict()) is None


GIVEN: tuple[tuple[Any, ...], ...] = tuple(
    product(
        (1, 2),
        (None, 1, 4),
        ((), (None,), (18,), (30,)),
        (True, False, None),
        ("orthopaedic-surgery", "dermatology"),
    )
)


@pytest.mark.parametrize(("offers", "grade", "months", "money", "slug"), GIVEN)
def test_the_literal_reading_says_what_the_rules_say_when_one_offer_is_a_handful(
    *, offers: int, grade: int | None, months: tuple[int | None, ...], money: bool | None, slug: str
) -> None:
    said = () if grade is None else (says(grade, specialty=slug),)
    given: dict[str, Any] = {"interviews_offered": offers, "months": months, "specialty": slug}
    given["financial_pressure"] = money
    built = result(*said, **given).to_dict()
    assert built["outcome"] == "PIVOT_NOW"
    assert literal_outcome(built) == result(*said, playbook=ANY, **given).outcome
