"""The profile of playbook §1: its table, its bands, and the 153 combinations of the printed rows."""

from __future__ import annotations

from itertools import product
from statistics import median

import pytest

from core.decision import Profile, classify
from tests.unit.decision.cases import evidence

NEAR, BORDER, UNDER = "near-competitive", "borderline", "undermatched"
SCORES = {NEAR: 250, BORDER: 238, UNDER: 220}
RESEARCH = {NEAR: "multiple", BORDER: "limited", UNDER: "minimal"}
#: The printed rows, literally: Step 2 and research by row, interviews from and to. Source: playbook §1.
PRINTED = {NEAR: (6, 15), BORDER: (3, 8), UNDER: (0, 4)}
#: The reading of the interview column, number by number. Source: playbook §1.
READING = (
    [{UNDER}] * 3 + [{UNDER, BORDER}] * 2 + [{BORDER}] + [{BORDER, NEAR}] * 3 + [{NEAR}] * 7 + [{NEAR}]
)  # 0-2, 3-4, 5, 6-8, 9-15, 16
CAUTION = {NEAR: 0, BORDER: 1, UNDER: 2}


def profile(step2: int | None, research: str | None, offers: int | None) -> Profile:
    return classify(evidence(step2=step2, research=research, interviews_offered=offers))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ((245, "multiple", 6), ("clear", NEAR, (), ())),
        ((238, "limited", 4), ("clear", BORDER, (), ())),
        ((229, "minimal", 0), ("clear", UNDER, (), ())),
        ((250, "multiple", 3), ("mixed", NEAR, ("interviews",), ())),
        ((228, "multiple", 8), ("mixed", BORDER, ("step2", "research"), ())),
        ((246, "minimal", 2), ("mixed", UNDER, ("step2",), ())),
        ((260, "multiple", 18), ("clear", NEAR, (), ("above-published-range",))),
    ],
)
def test_a_known_profile_is_the_playbooks_row(record: tuple[int, str, int], expected: tuple[object, ...]) -> None:
    found = profile(*record)

    assert (found.kind, found.row, found.dissent, found.findings) == expected
    assert found.reachable == (found.row,)


def test_a_missing_score_leaves_the_rows_that_are_still_reachable() -> None:
    found = profile(None, "limited", 4)

    assert (found.kind, found.row, found.reachable, found.dissent) == ("indeterminate", None, (BORDER, UNDER), ())
    assert found.dimensions == {"step2": (), "research": (BORDER,), "interviews": (BORDER, UNDER)}


@pytest.mark.parametrize(
    ("score", "row"),
    [(1, UNDER), (229, UNDER), (230, BORDER), (244, BORDER), (245, NEAR), (300, NEAR)],
)
def test_a_score_gives_one_row(score: int, row: str) -> None:
    assert profile(score, None, None).dimensions["step2"] == (row,)


@pytest.mark.parametrize("offers", range(17))
def test_a_number_of_offers_gives_the_bands_of_the_reading(offers: int) -> None:
    assert set(profile(None, None, offers).dimensions["interviews"]) == READING[offers]


def test_the_printed_rows_fit_21_of_153_combinations_and_each_of_them_is_clear() -> None:
    fits = []
    for step2, research, offers in product(PRINTED, PRINTED, range(17)):
        low, high = PRINTED[step2]
        if step2 == research and low <= offers <= high:
            fits.append((step2, research, offers))
            found = profile(SCORES[step2], RESEARCH[research], offers)
            assert (found.kind, found.row) == ("clear", step2)

    assert len(fits) == 21


def test_only_sixteen_offers_make_a_clear_profile_beyond_the_printed_rows() -> None:
    clear = [
        (step2, research, offers)
        for step2, research, offers in product(PRINTED, PRINTED, range(17))
        if profile(SCORES[step2], RESEARCH[research], offers).kind == "clear"
    ]

    assert len(clear) == 22
    assert (NEAR, NEAR, 16) in clear


@pytest.mark.parametrize("offers", range(17))
@pytest.mark.parametrize(("step2", "research"), list(product(PRINTED, PRINTED)))
def test_a_row_is_the_median_and_dissent_is_a_band_without_it(step2: str, research: str, offers: int) -> None:
    found = profile(SCORES[step2], RESEARCH[research], offers)

    mean = (CAUTION[step2] + CAUTION[research]) / 2
    near = min(READING[offers], key=lambda row: (abs(CAUTION[row] - mean), -CAUTION[row]))
    expected = median((CAUTION[step2], CAUTION[research], CAUTION[near]))
    assert found.row is not None
    assert CAUTION[found.row] == expected
    bands = {"step2": {step2}, "research": {research}, "interviews": READING[offers]}
    assert set(found.dissent) == {name for name, band in bands.items() if found.row not in band}


@pytest.mark.parametrize("offers", [None, *range(17)])
@pytest.mark.parametrize(("step2", "research"), list(product([None, *PRINTED], [None, *PRINTED])))
def test_reachable_rows_are_those_that_some_value_of_the_missing_facts_gives(
    step2: str | None, research: str | None, offers: int | None
) -> None:
    found = profile(step2 and SCORES[step2], research and RESEARCH[research], offers)

    rows = {
        profile(SCORES[one], RESEARCH[two], three).row
        for one in ([step2] if step2 else PRINTED)
        for two in ([research] if research else PRINTED)
        for three in ([offers] if offers is not None else range(17))
    }
    assert set(found.reachable) == rows
    assert (found.kind == "indeterminate") is (None in (step2, research, offers))


@pytest.mark.parametrize(("offers", "found"), [(15, ()), (16, ("above-published-range",))])
def test_sixteen_offers_are_above_the_published_range_whatever_the_rest(offers: int, found: tuple[str, ...]) -> None:
    assert profile(None, None, offers).findings == found
    assert profile(220, "minimal", offers).findings == found


def test_a_student_with_comlex_alone_has_no_step_2_row() -> None:
    found = classify(evidence(step2=None, research="limited", interviews_offered=5, comlex_only=True))

    assert found.kind == "indeterminate"
    assert found.reachable == (BORDER,)


def test_a_profile_reads_back_as_it_was_written() -> None:
    for found in (profile(228, "multiple", 18), profile(None, "limited", 4)):
        assert Profile.from_dict(found.to_dict()) == found
