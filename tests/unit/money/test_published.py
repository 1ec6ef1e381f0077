"""The model survives what was published: odds, lifetime gaps, a further year of training, the worked example."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.income import compare
from core.income.numbers import present_values
from core.income.paths import Practice
from core.income.simulate import typical_pay
from plugins.income import load_tables
from tests.unit.money.scenarios import PUBLISHED, draws_of, path, scenario, steps

if TYPE_CHECKING:
    from core.income import Scenario

TABLES = load_tables()
LIFETIME, GROUPS = PUBLISHED["lifetime_2004"], PUBLISHED["groups"]
#: From the mean of 2004 and 2005 to the model's dollars.
CARRIED = (TABLES.carried(1, 2004) + TABLES.carried(1, 2005)) / 2
WORKING_YEARS = 39  # from graduation at 26 to 65, as in the published models


@pytest.mark.parametrize(
    ("basis", "first", "second", "odds"), [(basis, *row) for basis, rows in PUBLISHED["odds"].items() for row in rows]
)
def test_the_odds_that_one_field_out_earns_another(basis: str, first: str, second: str, odds: float) -> None:
    paths = [
        {"name": field, "steps": [{"kind": "practice", "specialty": field, "basis": basis}]}
        for field in (first, second)
    ]
    both = scenario(*paths, draws=20_000)

    ours, theirs = (draws_of(both, number).gross[5] for number in (0, 1))

    assert float((ours > theirs).mean()) == pytest.approx(odds, abs=0.05)


@cache
def career(field: str, basis: str) -> float:
    """Present value at 3 % of a typical career's gross pay: middling luck, so the tail of a few owners is not in it."""
    climb = steps(field, basis=basis)
    program = TABLES.programs[field]
    trained = program.years + (TABLES.programs[climb[0]["specialty"]].years if program.kind == "fellowship" else 0)
    one = scenario({"name": field, "steps": climb}, career_years=WORKING_YEARS - trained)
    return worth_of(one)


def worth_of(one: Scenario) -> float:
    yearly = [
        typical_pay(step) if isinstance(step, Practice) else step.stipends_usd[within]  # type: ignore[union-attr]
        for step, within in one.paths[0].timeline(one.world.years)
    ]
    return float(present_values(np.array(yearly)[:, None], 0.03)[0])


def gap(field: str) -> float:
    """Over family medicine, carried back to the published dollars."""
    return (career(field, "best") - career("family-medicine", "best")) / CARRIED


@cache
def group(name: str) -> float:
    """A group of fields: employees as the wage survey has them, owners as the tax records have them."""
    fields = GROUPS[name].items()
    whole = sum(people for _, (people, _) in fields)
    mixed = {
        field: (1 - owners / 100) * career(field, "best") + owners / 100 * career(field, "tax-records")
        for field, (_, owners) in fields
    }
    return sum(mixed[field] * people for field, (people, _) in fields) / whole


@pytest.mark.parametrize(
    ("field", "published"),
    [
        ("neurosurgery", "neurosurgery"),
        ("hematology-oncology", "medical_oncology"),
        ("radiation-oncology", "radiation_oncology"),
    ],
)
def test_a_lifetime_gap_is_within_one_and_a_half_of_the_published_one(field: str, published: str) -> None:
    assert 1 / 1.5 <= gap(field) / LIFETIME[published] <= 1.5


def test_neurosurgery_keeps_the_largest_gap_and_family_medicine_the_least() -> None:
    assert gap("neurosurgery") > max(gap("hematology-oncology"), gap("radiation-oncology")) > 0


@pytest.mark.parametrize(("name", "bound"), [("surgery", 1.5), ("other", 1.51), ("medical_subspecialties", 1.56)])
def test_a_groups_gap_over_primary_care_is_near_the_published_one(name: str, bound: float) -> None:
    # docs/income.md says why two groups lie a little beyond 1.5: the published group holds pediatric subspecialists
    ratio = (group(name) - group("primary_care")) / CARRIED / LIFETIME[name]

    assert 1 / bound <= ratio <= bound


def test_with_the_pediatric_subspecialists_the_groups_come_in_the_published_order() -> None:
    pediatric = career("pediatrics", "best") / 1.03**3  # as general pediatricians, three years later
    medical = 0.8 * group("medical_subspecialties") + 0.2 * pediatric
    base = group("primary_care")

    assert group("surgery") > medical > group("other") > base
    assert 1 / 1.5 <= (medical - base) / CARRIED / LIFETIME["medical_subspecialties"] <= 1.5


def test_the_published_order_of_two_fields_asks_for_other_pay_than_todays() -> None:
    # published 4 percent apart, with incomes of 2004-05; every later source has them the other way round
    pay = {"p10_usd": 400_000, "p50_usd": 580_000, "p90_usd": 840_000}
    as_published = scenario(path("then", field="hematology-oncology", pay=pay), career_years=WORKING_YEARS - 6)
    then = typical_pay(as_published.paths[0].last)

    assert career("radiation-oncology", "best") > career("hematology-oncology", "best")
    assert then == 580_000 > TABLES.track("hematology-oncology", basis="best", model="employed").median_usd
    assert worth_of(as_published) > career("radiation-oncology", "best")


def one_more(kind: str, years: int, field: str, usual: int) -> float:
    """Net present value of take-home at 3 %, over the same working life, with so many years more."""
    plain = {"name": "plain", "steps": steps(field)}
    if kind == "residency":
        longer = [{"kind": "residency", "specialty": field, "years": usual + years}, {"kind": "practice"}]
    else:
        longer = steps(field, {"kind": kind, "years": years})
    result = compare(scenario(plain, {"name": "longer", "steps": longer}, draws=20_000))
    return result.paths[1].worth[0].mean_usd - result.paths[0].worth[0].mean_usd


def test_one_more_year_of_residency_costs_about_what_was_published() -> None:
    ratio = one_more("residency", 1, "urology", 5) / PUBLISHED["extra_year"]["urology_residency"]

    assert 1 / 1.5 <= ratio <= 1.5


def test_two_research_years_in_surgery_cost_within_the_published_interval() -> None:
    published = PUBLISHED["extra_year"]

    cost = one_more("research-year", 2, "general-surgery", 5)

    assert published["two_research_years_low"] <= cost <= published["two_research_years_high"]


@pytest.mark.parametrize("model", ["employed", "private"])
def test_the_worked_example_lies_within_its_track(model: str) -> None:
    one = compare(scenario({"ladder": "ORTHO.anes-pain", "practice": {"model": model}})).paths[0]

    low, _, high = one.mature_pay
    assert one.mature_year == one.years_to_practice + 5  # "five years later": after the fellowship
    assert low <= PUBLISHED["case"]["pay_usd"] <= high


def test_a_family_physician_with_procedures_and_ventures_can_out_earn_an_academic_surgeon() -> None:
    # playbook FAQ.ceiling
    built = path("built", field="family-medicine", procedures=0.5, ventures=60_000, place="rural")
    ceiling = compare(scenario(built, path("academic", field="orthopaedic-surgery", model="academic")))
    plain = compare(
        scenario(
            path("plain", field="family-medicine"), path("academic", field="orthopaedic-surgery", model="academic")
        )
    )

    assert ceiling.beats[0][1] > 0.5 > plain.beats[0][1]  # type: ignore[operator]
