"""Base rates: shown beside what they speak of, with count, n, interval, years and source; they decide nothing."""

from __future__ import annotations

from math import sqrt
from typing import Any

import pytest

from core.base_rates import BaseRate, rates_for
from core.ladders import guidance_for, ladders_for
from plugins.host import load_packs, playbook_content
from tests.playbooks import minimal_content, pack, specialty
from web.ladders import facts_of


def rate(**changes: Any) -> dict[str, Any]:
    """A base rate of a pack as a playbook holds it."""
    given: dict[str, Any] = {
        "id": "SPACE.rate",
        "specialties": ["space-medicine"],
        "ladders": [],
        "what": "matched in space medicine on a later try",
        "population": "our graduates",
        "first_year": 2011,
        "last_year": 2020,
        "count": 9,
        "n": 12,
        "low_pct": 47,
        "high_pct": 91,
        "interval": "95%, Wilson, from the counts",
        "source": "our survey, 2021",
        "license": "our own figures",
        "note": None,
    }
    return given | changes


RUNG = {"slug": "x", "name": "X", "kind": "residency", "years": None, "years_source": None, "door": "open"}
LADDER: dict[str, Any] = {
    "id": "SPACE.em",
    "from": ["space-medicine"],
    "title": "Emergency medicine",
    "rungs": [RUNG | {"reason": "It is open."}],
    "sourced_pay": [],
    "drives": [],
    "recommended_for": [],
} | dict.fromkeys(("pay", "procedure_density", "clinic_share", "call", "lifestyle", "note", "when"))


def space(*rates: dict[str, Any]) -> dict[str, Any]:
    made = pack("space", specialty("space-medicine"), ladders=[LADDER], evidence=list(rates), title="Space")
    return {"packs": [made]}


OF_LADDER = rate(id="SPACE.rate-em", ladders=["SPACE.em"])


def test_a_rate_belongs_to_the_specialty_or_to_the_ladder_it_names_and_to_nothing_else() -> None:
    content = space(rate(), OF_LADDER, rate(id="SKIN.rate", specialties=["dermatology"]))
    assert [one.id for one in rates_for(content, "space-medicine")] == ["SPACE.rate"]
    assert [one.id for one in rates_for(content, "space-medicine", "SPACE.em")] == ["SPACE.rate-em"]
    assert [one.id for one in guidance_for(content, "space-medicine").rates] == ["SPACE.rate"]
    assert [one.id for (ladder,) in [ladders_for(content, "space-medicine")] for one in ladder.rates] == [
        "SPACE.rate-em"
    ]
    assert rates_for(content, "urology") == ()


def test_a_specialty_that_no_pack_declares_still_has_the_rates_that_name_it() -> None:
    content = space(rate(specialties=["moon-medicine"]))
    assert [one.id for one in guidance_for(content, "moon-medicine").rates] == ["SPACE.rate"]


def test_a_playbook_from_before_packs_brought_rates_has_none() -> None:
    assert rates_for(minimal_content(), "dermatology") == ()


def test_no_percentage_stands_without_its_count_n_interval_years_and_source() -> None:
    (shown,) = rates_for(space(rate(note="Twelve people.")), "space-medicine")
    assert shown.words == "9 of 12 (75%) matched in space medicine on a later try"
    assert shown.behind == (
        "our graduates, 2011-2020; 47-91% (95%, Wilson, from the counts). "
        "Source: our survey, 2021; our own figures. Twelve people."
    )


def test_a_rate_of_one_year_names_it_once() -> None:
    (shown,) = rates_for(space(rate(first_year=2020)), "space-medicine")
    assert shown.behind.startswith("our graduates, 2020;")


def test_a_ladder_tells_the_rates_that_speak_of_it() -> None:
    (ladder,) = ladders_for(space(OF_LADDER), "space-medicine")
    told = dict(facts_of(ladder))["What happened to others"]
    assert told.startswith("9 of 12 (75%) matched in space medicine on a later try (our graduates, 2011-2020;")


def _shipped() -> list[BaseRate]:
    content = playbook_content("x", load_packs())
    slugs = {row["slug"] for one in content["packs"] for row in one["specialties"]}
    return [one for slug in sorted(slugs) for one in rates_for(content, slug)]


def test_the_shipped_rates_are_the_published_counts() -> None:
    assert {(one.id, one.count, one.n, one.years) for one in _shipped()} == {
        ("ORTHO.rate-one-institution", 47, 81, "2016-2019"),
        ("ORTHO.rate-one-program", 56, 141, "1994-2013"),
        ("EPU.rate-urology", 246, 730, "2008-2014"),
    }


@pytest.mark.parametrize("one", _shipped(), ids=lambda one: one.id)
def test_the_interval_of_a_shipped_rate_is_the_one_it_names(one: BaseRate) -> None:
    z, p = 1.959964, one.count / one.n  # Wilson score interval, 95%. Source: Wilson 1927, JASA 22, 209-212
    middle = (p + z * z / (2 * one.n)) / (1 + z * z / one.n)
    half = z * sqrt(p * (1 - p) / one.n + (z / (2 * one.n)) ** 2) / (1 + z * z / one.n)
    assert one.interval == "95%, Wilson, from the counts"
    assert (one.low_pct, one.high_pct) == (round(100 * (middle - half)), round(100 * (middle + half)))
