"""A scenario: what a student wants compared, read from plain data with every fault named at once.

The plain data is what `docs/scenario.toml` shows, what a form fills in and what a saved scenario stores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.income.faults import BadScenario, Question
from core.income.figures import Figure
from core.income.loans import Loan, Plan
from core.income.read_paths import Known, read_path
from core.income.rows import USD_MAX, Row
from core.income.simulate import World
from core.income.whole import fits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.income.faults import Fault
    from core.income.paths import Path
    from core.income.tables import Tables

PATHS_MAX: Final = 10
DRAWS: Final = 10_000
DRAWS_MAX: Final = 200_000
CAREER_YEARS: Final = 30
"""Attending years of the path that begins first. Source: playbook PLAN.12.longgame."""
PERSISTENCE: Final = 0.9
"""How much of a year's luck stays to the next: a house assumption, no public figure (docs/income.md)."""
RATE_MAX_PCT: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Paths to compare, and the world they share; everything is a number now.

    Attributes:
        seed: of the random numbers; the same seed gives the same result.
        draws: futures of each path.
        figures: what all paths stand on, with sources.
        questions: figures that nobody gave and that count as nothing.
        figures_digest: of the public tables that were used.
    """

    seed: int
    draws: int
    world: World
    paths: tuple[Path, ...]
    figures: tuple[Figure, ...]
    questions: tuple[Question, ...]
    price_year: int
    figures_digest: str


def read_scenario(given: object, tables: Tables, playbook: Mapping[str, Any]) -> Scenario:
    """Read a scenario.

    Args:
        given: plain data as `docs/scenario.toml` has it.
        tables: the public figures.
        playbook: the content of a playbook, for its specialties, ladders and rough pay.

    Raises:
        BadScenario: with every fault; one that is `asked` is a figure that only the person asking can know.
    """
    faults: list[Fault] = []
    questions: list[Question] = []
    tables = tables.joined(playbook)
    row = Row(given, "", faults)
    if faults:
        raise BadScenario(faults)
    seed = row.whole("seed", 0, 2**63 - 1)
    draws = row.whole("draws", 100, DRAWS_MAX, DRAWS)
    start_year = row.whole("start_year", 2000, 2100, tables.tax_years[-1])
    career_years = row.whole("career_years", 1, 50, CAREER_YEARS)
    persistence = row.number("persistence", 0, 1, PERSISTENCE)
    taxes = _read_taxes(row.table("taxes"), tables, questions)
    loan = _read_loan(row.table("loans"), tables) if row.has("loans") else None
    row.take("loans")
    known = Known(tables=tables, playbook=playbook)
    what = f"a list of 1 to {PATHS_MAX} paths, each with steps or a ladder"
    paths = [read_path(one, known, questions) for one in row.rows("paths", 1, PATHS_MAX, what)]
    names = [path.name for path in paths if path]
    for number, name in enumerate(names):
        if name and name in names[:number]:
            row.wrong(f"paths[{number}].name", name, "a name of its own")
    row.done()
    if faults:
        raise BadScenario(faults)
    whole = tuple(path for path in paths if path is not None)
    before = [path.years_before_practice for path in whole]
    if max(before) >= min(before) + career_years:
        row.wrong(
            "career_years", career_years, f"more than {max(before) - min(before)}: the paths begin that far apart"
        )
        raise BadScenario(faults)
    years = min(before) + career_years
    for number, path in enumerate(whole):
        if path.model is not None:
            place = Row({}, row.at(f"paths[{number}].income_model"), faults)
            fits(place, path.model, years=years, fixed=path.years_before_practice)
    if faults:
        raise BadScenario(faults)
    world = World(
        years=years,
        start_year=start_year,
        persistence=persistence,
        taxes=tables.taxes(*taxes),
        loan=loan,
        rules=tables.rules,
    )
    return Scenario(
        seed=seed,
        draws=draws,
        world=world,
        paths=whole,
        figures=_figures(world),
        questions=tuple(questions),
        price_year=tables.price_year,
        figures_digest=tables.digest,
    )


def _read_taxes(row: Row, tables: Tables, questions: list[Question]) -> tuple[int, str, str]:
    years = tables.tax_years
    year = row.take("year", years[-1])
    if type(year) is not int or year not in years:
        row.wrong("year", year, f"a tax year that is known: {', '.join(map(str, years))}")
        year = years[-1]
    status = row.one_of("status", ("single", "joint"), "single")
    state = row.one_of("state", tables.states, "") if row.has("state") else ""
    row.take("state")
    if not state:
        ask = "In which state will you pay taxes?"
        questions.append(Question(field=row.at("state"), ask=ask, counted="the median of the states"))
    row.done()
    return year, status, state


def _read_loan(row: Row, tables: Tables) -> Loan | None:
    balance = row.number("balance_usd", 0, USD_MAX, unit=" USD")
    plan = Plan(row.one_of("plan", tuple(Plan), Plan.STANDARD))
    rate = 0.0
    if row.has("rate_pct"):
        rate = row.number("rate_pct", 0, RATE_MAX_PCT, unit=" percent a year")
        if 0 < rate < 0.25:  # noqa: PLR2004 - no student loan was ever that cheap: a fraction was meant as percent
            row.wrong("rate_pct", rate, f"percent, such as 7.94, up to {RATE_MAX_PCT}; 0 for a loan without interest")
    elif balance:
        told = tables.loan_data["published_rates"]
        newest = max(key for key in told if key != "source")
        rates = f"{told[newest]['graduate_unsubsidized']} graduate and {told[newest]['plus']} PLUS in {newest}"
        row.ask("rate_pct", f"the yearly rate of your loan papers, 0 to {RATE_MAX_PCT} percent; published: {rates}")
    row.take("rate_pct")
    loan = Loan(
        balance_usd=balance,
        rate=rate / 100,
        plan=plan,
        pslf=row.flag("pslf", default=False),
        wait=row.flag("wait", default=not plan.by_income),
        new_borrower=row.flag("new_borrower", default=True),
        household=row.whole("household", 1, 20, 1),
        dependents=row.whole("dependents", 0, 20, 0),
        months_counted=row.whole("months_counted", 0, 360, 0),
        income_before_usd=row.usd("income_before_usd", 0.0),
    )
    if loan.pslf and plan is Plan.TIERED:
        row.wrong("pslf", loan.pslf, "false with the tiered standard plan, whose payments do not count")
    row.done()
    return loan if balance else None


def _figures(world: World) -> tuple[Figure, ...]:
    taxes, rules, loan = world.taxes, world.rules, world.loan
    where = taxes.state or "median of the states"
    found = [
        Figure(
            what=f"federal tax, FICA and additional Medicare, {taxes.status}",
            value=taxes.year,
            unit="tax year",
            source=taxes.source,
            year=taxes.year,
        ),
        Figure(
            what=f"state income tax, {where}, of 400,000 USD",
            value=round(taxes.local.exact(400_000)),
            unit="USD a year",
            source=taxes.local_source,
            year=taxes.local_year,
            note="single filer, wages only, standard deduction; in between, straight lines",
        ),
        Figure(
            what="luck that stays from one year to the next",
            value=world.persistence,
            unit="share",
            source="house assumption",
            year=None,
        ),
    ]
    if loan:
        found += [
            Figure(what="loans today", value=loan.balance_usd, unit="USD", source="given", year=None),
            Figure(what="loan rate", value=round(loan.rate * 100, 6), unit="percent a year", source="given", year=None),
            Figure(
                what=f"rules of repayment, {loan.plan}",
                value=rules.year,
                unit="year",
                source=rules.source,
                year=rules.year,
            ),
        ]
    return tuple(found)
