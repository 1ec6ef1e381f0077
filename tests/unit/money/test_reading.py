"""A scenario is read whole or refused with one clear line per fault: field, value, what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from core.income import BadScenario, ladder_path, read_scenario
from core.income.paths import Training
from core.income.pay import LocumsPay
from core.income.read_paths import Known
from plugins.income import load_tables
from tests.unit.money.scenarios import faults_of, given, path, playbook, scenario

LOANS = {"balance_usd": 200_000, "rate_pct": 7}
KNOWN = Known(tables=load_tables(), playbook=playbook())


def with_steps(*some: Any) -> dict[str, Any]:
    return given({"name": "one", "steps": list(some)})


def with_practice(**more: Any) -> dict[str, Any]:
    return given(path(**more))


RESIDENCY = {"kind": "residency", "specialty": "pathology"}
PRACTICE = {"kind": "practice"}
LAST = {"kind": "practice", "specialty": "pathology"}

REFUSED = {
    "negative years": (
        with_steps({**RESIDENCY, "years": -3}, PRACTICE),
        "paths[0].steps[0].years: -3 is not allowed (a whole number from 1 to 10)",
    ),
    "half years": (
        with_steps({**RESIDENCY, "years": 2.5}, PRACTICE),
        "paths[0].steps[0].years: 2.5 is not allowed (a whole number from 1 to 10)",
    ),
    "p10 above p90": (
        with_practice(pay={"p10_usd": 500_000, "p50_usd": 400_000, "p90_usd": 300_000}),
        "paths[0].steps[1].pay.p10_usd: 'p10 500000, p50 400000, p90 300000' is not allowed (p10 not above p50 or p90)",
    ),
    "a rate of 600": (
        given(loans={**LOANS, "rate_pct": 600}),
        "loans.rate_pct: 600 is not allowed (a number from 0 to 25 percent a year)",
    ),
    "a fraction for a rate": (
        given(loans={**LOANS, "rate_pct": 0.0794}),
        "loans.rate_pct: 0.0794 is not allowed (percent, such as 7.94, up to 25; 0 for a loan without interest)",
    ),
    "an empty path": (
        with_steps(),
        "paths[0].steps: [] is not allowed (a list of 1 to 12 steps, the last of them practice)",
    ),
    "no paths": (
        given() | {"paths": []},
        "paths: [] is not allowed (a list of 1 to 10 paths, each with steps or a ladder)",
    ),
    "no practice": (
        with_steps(RESIDENCY),
        "paths[0].steps: 'no practice at the end' is not allowed (a last step of kind practice)",
    ),
    "a fellowship that is not open": (
        with_steps(RESIDENCY, {"kind": "fellowship", "specialty": "cardiology"}, PRACTICE),
        (
            "paths[0].steps[1].specialty: 'cardiology' is not allowed (a program that pathology opens; "
            "cardiology asks for internal-medicine or med-peds before it)"
        ),
    ),
    "a fellowship before any residency": (
        with_steps({"kind": "fellowship", "specialty": "sleep-medicine"}, PRACTICE),
        (
            "paths[0].steps[0].specialty: 'sleep-medicine' is not allowed (a fellowship after a residency; no "
            "residency comes before it)"
        ),
    ),
    "a practice nobody trained for": (
        with_steps(RESIDENCY, {**PRACTICE, "specialty": "dermatology"}),
        "paths[0].steps[1].specialty: 'dermatology' is not allowed (a field that the path trains for: pathology)",
    ),
    "an unknown specialty": (
        with_steps({"kind": "residency", "specialty": "anesthesiolgy", "years": 4}, {**PRACTICE, "salary": {"usd": 1}}),
        (
            "paths[0].steps[0].specialty: 'anesthesiolgy' is not allowed (the slug of a known specialty; near to it is "
            "anesthesiology)"
        ),
    ),
    "an unknown ladder": (
        given({"ladder": "ORTHO.anes-pian"}),
        "paths[0].ladder: 'ORTHO.anes-pian' is not allowed (a ladder of the playbook; near to it is ORTHO.anes-pain)",
    ),
    "an unknown key": (
        given(lones=LOANS),
        (
            "lones: {'balance_usd': 200000, 'rate_pct': 7} is not allowed (keys: seed, draws, start_year, "
            "career_years, persistence, taxes, loans, paths)"
        ),
    ),
    "a state that is none": (
        given(taxes={"state": "ZZ"}),
        f"taxes.state: 'ZZ' is not allowed (one of {', '.join(load_tables().states)})",
    ),
    "a tax year that is not known": (
        given(taxes={"year": 1999}),
        "taxes.year: 1999 is not allowed (a tax year that is known: 2025, 2026)",
    ),
    "true for a number": (
        given(loans={**LOANS, "balance_usd": True}),
        "loans.balance_usd: True is not allowed (a number from 0 to 20,000,000 USD)",
    ),
    "not a number": (
        given(loans={**LOANS, "balance_usd": float("nan")}),
        "loans.balance_usd: nan is not allowed (a number from 0 to 20,000,000 USD)",
    ),
    "two paths of one name": (
        given(path("one"), path("one")),
        "paths[1].name: 'one' is not allowed (a name of its own)",
    ),
    "two ways to be paid": (
        with_practice(salary={"usd": 1}, locums={"hours": 1, "usd_per_hour": 1}),
        "paths[0].steps[1].locums: 'a second way to be paid' is not allowed (one of salary, units, locums)",
    ),
    "low above high": (
        with_practice(place={"low": 1.2, "mid": 1, "high": 1.1}),
        (
            "paths[0].steps[1].place: 'low 1.2, mid 1, high 1.1' is not allowed (ratios from 0.1 to 5, low not "
            "above mid, mid not above high)"
        ),
    ),
    "employees of a field the survey does not have": (
        with_practice(field="urology", basis="employees"),
        "paths[0].steps[1].basis: 'employees' is not allowed (one that has a row of urology; best always has)",
    ),
    "PSLF with payments that do not count": (
        given(loans={**LOANS, "plan": "tiered-standard", "pslf": True}),
        "loans.pslf: True is not allowed (false with the tiered standard plan, whose payments do not count)",
    ),
    "training after practice": (
        with_steps({**LAST, "years": 2}, RESIDENCY, LAST),
        "paths[0].steps[1].kind: 'residency' is not allowed (practice: nothing else comes after a practice)",
    ),
    "a whole life of training": (
        with_steps(*[{"kind": "gap-year", "years": 9}] * 3, LAST),
        "paths[0].steps: '27 years before practice' is not allowed (at most 25)",
    ),
    "a working life that ends before one of the paths begins": (
        given(
            path("one"), {"name": "two", "steps": [{"kind": "gap-year", "years": 3}, *path()["steps"]]}, career_years=3
        ),
        "career_years: 3 is not allowed (more than 3: the paths begin that far apart)",
    ),
    "no table": (3, "scenario: 3 is not allowed (a table)"),
}

ASKED = {
    "the loan rate": (
        given(loans={"balance_usd": 200_000}),
        (
            "loans.rate_pct: missing (the yearly rate of your loan papers, 0 to 25 percent; published: 7.94 "
            "graduate and 8.94 PLUS in 2025-26)"
        ),
    ),
    "the locums rate": (
        with_practice(model="locums", locums={"hours": 1_800}),
        (
            "paths[0].steps[1].locums.usd_per_hour: missing (a number from 1 to 5,000 USD; no checked public rate is "
            "known)"
        ),
    ),
    "the years of a program that is not known": (
        given({"ladder": "RADS.gs-vascular"}, {"ladder": "ORTHO.gs-bariatric"}),
        "paths[1].steps[1].years: missing (a whole number from 1 to 10)",
    ),
    "pay that nobody published": (
        with_steps({"kind": "residency", "specialty": "med-peds"}, PRACTICE),
        "paths[0].steps[1].pay: missing (p10_usd, p50_usd and p90_usd a year; no public figure of med-peds is known)",
    ),
    "the seed": (given() | {"seed": None}, "seed: missing (a whole number from 0 to 9223372036854775807)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_named_with_field_value_and_what_is_allowed(case: str) -> None:
    data, line = REFUSED[case]

    assert faults_of(data) == [line]


@pytest.mark.parametrize("case", ASKED)
def test_what_only_the_person_can_know_is_asked_for(case: str) -> None:
    data, line = ASKED[case]

    with pytest.raises(BadScenario) as refusal:
        read_scenario(data, load_tables(), playbook())

    assert [str(fault) for fault in refusal.value.faults] == [line]
    assert refusal.value.faults[0].asked


def test_all_faults_come_at_once() -> None:
    data = given(path("one", model="none"), {"name": "two"}, draws=1, loans={"balance_usd": -1})

    assert [fault.split(":")[0] for fault in faults_of(data)] == [
        "draws",
        "loans.balance_usd",
        "paths[0].steps[1].model",
        "paths[1].steps",
    ]


def test_a_buy_in_that_nobody_gave_counts_as_none_and_is_asked() -> None:
    one = scenario(path(model="private", partnership={"after_years": 2}), taxes={"state": "OH"})

    partner = one.paths[0].last.partnership
    assert partner is not None
    assert (partner.buy_in_usd, partner.ratio) == (0, 1)
    assert [(question.field, question.counted) for question in one.questions] == [
        ("paths[0].steps[1].partnership.buy_in_usd", "no buy-in"),
        ("paths[0].steps[1].partnership.ratio", "the same pay"),
    ]


def test_a_contract_needs_no_public_figure_of_the_field() -> None:
    way = {"name": "one", "steps": [{**PRACTICE, "specialty": "med-peds", "salary": {"usd": 300_000}}]}

    assert scenario(way).paths[0].last.sigma == 0


def test_without_a_balance_no_rate_is_asked_for() -> None:
    assert scenario(loans={"balance_usd": 0}).world.loan is None


@pytest.mark.parametrize("ladder_id", sorted(KNOWN.ladders))
def test_every_ladder_is_a_path_in_one_call(ladder_id: str) -> None:
    ladder = KNOWN.ladders[ladder_id]
    way = ladder_path(ladder, KNOWN.tables)

    lines = faults_of(given(way))

    # the only thing a ladder may lack is the length of a program that no checked source gives
    assert all(line.endswith(".years: missing (a whole number from 1 to 10)") for line in lines)
    assert bool(lines) == (ladder.training_years is None)
    if not lines:
        assert scenario(way).paths[0].years_before_practice == ladder.training_years


def test_a_ladder_by_name_is_the_same_as_its_steps() -> None:
    by_name = scenario({"ladder": "ORTHO.anes-pain", "practice": {"model": "private"}})
    by_call = scenario(ladder_path(KNOWN.ladders["ORTHO.anes-pain"], KNOWN.tables, practice={"model": "private"}))

    assert by_name.paths == by_call.paths
    assert [getattr(step, "field", "practice") for step in by_name.paths[0].steps] == [
        "anesthesiology",
        "pain-anes",
        "practice",
    ]


def test_a_ladder_takes_the_playbooks_own_range_with_it() -> None:
    ballpark = scenario({"ladder": "ORTHO.anes-pain"}).paths[0].ballpark

    assert ballpark is not None
    assert (ballpark.low_usd, ballpark.high_usd, ballpark.open_top, ballpark.source) == (
        500_000,
        800_000,
        True,
        "playbook ballpark",
    )


@pytest.mark.parametrize(
    ("way", "usd"),
    [
        (path(field="dermatology"), (600_000, 600_000)),
        ({**path(field="family-medicine"), "playbook_track": "TRACK.fm-rural"}, (300_000, 500_000)),
        (path(field="neurology"), None),
    ],
)
def test_the_playbooks_pay_stands_beside_a_path(way: dict[str, Any], usd: tuple[int, int] | None) -> None:
    ballpark = scenario(way).paths[0].ballpark

    assert (ballpark and (ballpark.low_usd, ballpark.high_usd)) == usd


def test_a_stint_is_the_same_work_elsewhere_before_the_move() -> None:
    *_, stint, after = scenario(path(place="CA", stint={"years": 4})).paths[0].steps

    assert (stint.years, after.years) == (4, None)
    assert [stint.place.label, after.place.label] == ["Rural or high-need region", "CA"]  # type: ignore[union-attr]


def test_an_advanced_position_may_be_shorter_after_a_prelim_year() -> None:
    way = {
        "name": "one",
        "steps": [{"kind": "prelim"}, {"kind": "residency", "specialty": "anesthesiology", "years": 3}, PRACTICE],
    }
    one = scenario(way).paths[0]

    assert one.years_before_practice == 4
    training = [step for step in one.steps if isinstance(step, Training)]
    assert training[1].stipends_usd[0] == 70_499  # program year 2


def test_an_academic_radiologist_has_the_lever_of_the_field_and_others_that_of_surgeons() -> None:
    ratios = {
        field: scenario(path(field=field, model="academic")).paths[0].last.model_lever.mid
        for field in ("radiology-diagnostic", "general-surgery", "family-medicine")
    }

    # Sources: JACR 2024 (MGMA data); Lopez et al. 2015
    assert ratios == {"radiology-diagnostic": 0.77, "general-surgery": 0.9, "family-medicine": 0.9}


def test_every_figure_behind_a_path_has_a_source() -> None:
    one = scenario({"ladder": "ORTHO.anes-pain", "practice": {"place": "OH"}}, loans=LOANS)

    figures = [*one.figures, *(figure for step in one.paths[0].steps for figure in step.figures)]
    assert len(figures) > 8
    assert [figure for figure in figures if not figure.source.strip()] == []
    undated = {figure.source for figure in figures if figure.year is None}
    assert undated <= {"given", "house assumption"}


def test_nothing_unverified_is_a_default() -> None:
    assert scenario(path(model="private")).paths[0].last.partnership is None
    assert {row["kind"] for row in load_tables().lever_rows.values()} == {"geography", "practice", "procedures"}
    assert load_tables().state_pay("VT") is None  # an outlier, not to be used
    assert isinstance(scenario(path(locums={"hours": 1, "usd_per_hour": 1})).paths[0].last.pay, LocumsPay)
    assert "bariatric-mis" not in load_tables().programs


def test_every_residency_whose_pay_is_known_is_a_path() -> None:
    tables = load_tables()
    fields = [slug for slug, one in tables.programs.items() if one.kind == "residency" and slug in tables.fields]

    assert len(fields) > 20
    assert faults_of(given(path("first"))) == []
    for field in fields:
        if tables.programs[field].after is None:
            assert faults_of(given(path(field, field=field))) == []
