"""Which statements count: filter first, then the newest of each person (playbook §4)."""

# ruff: noqa: FBT001 - pytest hands the columns of a table over by name
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.unit.decision.cases import AS_OF, EARLIER, result, says

LATER = EARLIER + dt.timedelta(days=1)
UROLOGY: dict[str, Any] = {"specialty": "urology"}


@pytest.mark.parametrize("role", ["pd", "apd"])
def test_directors_and_their_associates_count(role: str) -> None:
    assert result(says(3, role=role)).outcome == "REAPPLY"


@pytest.mark.parametrize("role", ["faculty", "school_advisor"])
def test_nobody_else_in_the_field_opens_the_node(role: str) -> None:
    assert result(says(4, role=role)).missing == ("statement",)


def test_a_statement_of_the_as_of_date_counts_and_one_of_the_next_day_does_not() -> None:
    assert result(says(3, date=AS_OF)).outcome == "REAPPLY"
    assert result(says(3, date=AS_OF + dt.timedelta(days=1))).missing == ("statement",)


def test_a_withdrawn_statement_is_as_if_never_made() -> None:
    assert result(says(4, withdrawn=True)).missing == ("statement",)
    assert result(says(1), says(4, date=LATER, withdrawn=True)).decided_by == ("PIVOT.champion",)
    assert result(says(4), says(1, date=LATER, withdrawn=True)).outcome == "REAPPLY"


def test_the_newest_statement_of_a_person_counts_whatever_the_order_recorded() -> None:
    assert result(says(4), says(1, date=LATER)).outcome == "PIVOT_NOW"
    assert result(says(1, date=LATER), says(4)).outcome == "PIVOT_NOW"


def test_on_equal_dates_the_later_in_the_list_counts() -> None:
    assert result(says(1), says(4)).outcome == "REAPPLY"
    assert result(says(4), says(1)).outcome == "PIVOT_NOW"


def test_the_best_of_several_people_counts() -> None:
    assert result(says(0, by="A"), says(3, by="B"), says(1, by="C")).outcome == "REAPPLY"


def test_a_later_word_of_the_same_person_in_another_role_or_field_hides_nothing() -> None:
    assert result(says(4), says(0, date=LATER, role="faculty")).outcome == "REAPPLY"
    assert result(says(4), says(0, date=LATER, specialty="pmr")).outcome == "REAPPLY"


def test_a_later_untrusted_word_of_the_same_person_hides_nothing() -> None:
    heard = says(4, trusted=True, **UROLOGY), says(0, date=LATER, trusted=False, **UROLOGY)

    assert result(*heard, **UROLOGY).outcome == "REAPPLY"


@pytest.mark.parametrize("trusted", [None, False, True])
def test_trust_plays_no_part_outside_ent_plastics_and_urology(trusted: bool | None) -> None:
    assert result(says(3, trusted=trusted)).outcome == "REAPPLY"
    assert result(says(1, trusted=trusted)).outcome == "PIVOT_NOW"
