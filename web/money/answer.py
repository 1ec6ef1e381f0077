"""The answer of a comparison for a page: the table with what is no money beside, pictures, and why.

Made from plain data alone, so that a saved scenario is shown as it was saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from web.pictures.paths import LETTERS, Course, fans, hills, lines, millions, thousands
from web.pictures.portions import costs, shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from core.ladders import Ladder

__all__ = ["Answer", "PathRow", "Why", "answer", "beside"]

_PART: Final = {
    "specialty": "Specialty",
    "practice": "Practice type",
    "place": "Place",
    "procedures": "Procedure mix",
    "ventures": "Side ventures",
}
_UNKNOWN: Final = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A figure behind a path, as a row; `year` in words."""

    what: str
    value: str
    unit: str
    source: str
    year: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRow:
    """A path as a row of the table, every amount in words.

    Args:
        training: gap, training and practice years in words.
        pay: p10, p50, p90 of the year that stands for full pay.
        playbook: the rough pay; "" = the playbook gives none. `sourced` stands beside it, `apart` is the difference.
        worth: median present value at 3 percent; `stressed` at 5 percent.
        against: how often it is worth more than path A; "" for A itself.
        reaching: how much of the field reaches the playbook's low end.
        why: what it stands on.
    """

    letter: str
    name: str
    training: str
    door: str
    call: str
    lifestyle: str
    clinic: str
    full_year: int
    pay: tuple[str, str, str]
    playbook: str
    sourced: str
    apart: str
    reaching: str
    worth: str
    worth_span: str
    stressed: str
    debt_free: str
    against: str
    passes: str
    notes: tuple[str, ...]
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything a page shows of a comparison; pictures are safe markup, `sources` are for paper."""

    rows: tuple[PathRow, ...]
    fans: Markup
    lines: Markup
    hills: Markup
    shares: Markup | None
    costs: tuple[tuple[str, Markup], ...]
    shared: tuple[Why, ...]
    sources: tuple[str, ...]
    model: str
    seed: int
    draws: str
    price_year: int
    years: int


def beside(ladder: Ladder | None) -> dict[str, Any]:
    """Return what is no money of a path, in plain data that is stored with the result."""
    if ladder is None:
        return {"door": None, "call": None, "lifestyle": None, "clinic": None}
    return {
        "door": ladder.door.words,
        "call": ladder.call,
        "lifestyle": ladder.lifestyle,
        "clinic": ladder.clinic_share,
    }


def answer(result: Mapping[str, Any], prefix: str = "m") -> Answer:
    """Make a comparison ready for a page.

    Args:
        result: plain data: the comparison, and `beside` for each path.
        prefix: starts every id of its pictures.
    """
    courses = [_course(one, letter) for one, letter in zip(result["paths"], LETTERS, strict=False)]
    split = [(_PART[one["decision"]], one["shapley"]) for one in result["split"]["shares"]]
    return Answer(
        rows=tuple(_row(result, i) for i in range(len(courses))),
        fans=fans(f"{prefix}-fan", courses),
        lines=lines(f"{prefix}-sum", courses, _crossing(result)),
        hills=hills(f"{prefix}-npv", courses, _overlap(courses, result["years"])),
        shares=shares(f"{prefix}-split", split, _split_words(result["split"])) if any(s for _, s in split) else None,
        costs=tuple(
            (letter, _cost(f"{prefix}-gap-{letter.lower()}", letter, one["gap_cost"]))
            for one, letter in zip(result["paths"], LETTERS, strict=False)
            if one["gap_cost"]
        ),
        shared=tuple(map(_why, result["figures"])),
        sources=_sources(result),
        model=result["model_version"],
        seed=result["seed"],
        draws=f"{result['draws']:,}",
        price_year=result["price_year"],
        years=result["years"],
    )


def _sources(result: Mapping[str, Any]) -> tuple[str, ...]:
    """Return each source of the comparison once, with its year: on paper nothing can be opened."""
    figures = [*result["figures"], *(figure for one in result["paths"] for figure in one["figures"])]
    told = [f"{one['source']}{', ' + str(one['year']) if one['year'] else ''}" for one in figures]
    return tuple(dict.fromkeys(one for one in told if one != "given"))


def _course(one: Mapping[str, Any], letter: str) -> Course:
    worth = one["worth"][0]
    return Course(
        letter=letter,
        name=one["name"],
        gross=one["gross"],
        cumulative=one["cumulative"],
        waiting=one["gap_years"],
        training=one["years_to_practice"],
        worth=(worth["p10_usd"], worth["p50_usd"], worth["p90_usd"]),
        hill=worth["hill"],
    )


def _row(result: Mapping[str, Any], number: int) -> PathRow:
    one, letter = result["paths"][number], LETTERS[number]
    at_3, at_5 = one["worth"][:2]
    apart = result["beside"][number]
    chance = result["beats"][number][0] if number else None
    passed = result["break_even"][number][0] if number else None
    return PathRow(
        letter=letter,
        name=one["name"],
        training=_training(one),
        door=apart["door"] or "",
        call=apart["call"] or _UNKNOWN,
        lifestyle=apart["lifestyle"] or _UNKNOWN,
        clinic=apart["clinic"] or _UNKNOWN,
        full_year=one["mature_year"],
        pay=tuple(thousands(usd) for usd in one["mature_pay"]),  # type: ignore[arg-type] # three of them
        **_ballpark(one["beside"]),
        worth=millions(at_3["p50_usd"]),
        worth_span=f"{millions(at_3['p10_usd'])} to {millions(at_3['p90_usd'])}",
        stressed=millions(at_5["p50_usd"]),
        debt_free=_debt_free(one["debt_free"][1]),
        against="" if chance is None else f"{round(chance * 100)} of 100",
        passes="" if not number else f"year {passed}" if passed else "not by the end",
        notes=tuple(one["notes"]),
        why=tuple(map(_why, one["figures"])),
    )


def _training(one: Mapping[str, Any]) -> str:
    waiting = one["gap_years"]
    training = one["years_to_practice"] - waiting
    return f"{waiting} + {training} years" if waiting else f"{training} years"


def _ballpark(told: Mapping[str, Any] | None) -> dict[str, str]:
    if told is None:
        return {"playbook": "", "sourced": "", "apart": "", "reaching": ""}
    rough = told["playbook"]
    low, high = thousands(rough["low_usd"]), thousands(rough["high_usd"]) + "+" * rough["open_top"]
    less, more = told["low_less_sourced_usd"], told["high_less_sourced_usd"]
    apart = _signed(less) if less == more else f"{_signed(less)} to {_signed(more)}"
    return {
        "playbook": low + "+" * rough["open_top"] if rough["low_usd"] == rough["high_usd"] else f"{low}-{high}",
        "sourced": thousands(told["sourced_usd"]),
        "apart": apart,
        "reaching": f"{round(told['field_reaching_low'] * 100)} of 100 in the field reach {low}",
    }


def _signed(usd: int) -> str:
    return f"{'+' if usd >= 0 else '-'}{thousands(abs(usd))}"


def _debt_free(year: int | None) -> str:
    return "no debt" if year == 0 else "not by the end" if year is None else f"year {year}"


def _why(one: Mapping[str, Any]) -> Why:
    value, unit = one["value"], one["unit"]
    return Why(
        what=one["what"],
        value=f"{value:,.0f}" if "USD" in unit else f"{value:g}",
        unit=unit,
        source=one["source"],
        year=str(one["year"]) if one["year"] else "no year given",
        note=one["note"] or "",
    )


def _crossing(result: Mapping[str, Any]) -> str:
    told = []
    for number in range(1, len(result["paths"])):
        year = result["break_even"][number][0]
        letter = LETTERS[number]
        if year == 1:
            told.append(f"{letter} is ahead of A all the way")
        elif year:
            told.append(f"{letter} is ahead of A from year {year} on")
        else:
            told.append(f"{letter} ends below A")
    ends = f"At the median, in million dollars, years from today: {'; '.join(told)}." if told else ""
    return f"{ends} The ranges beside are wide."


def _overlap(courses: Sequence[Course], years: int) -> str:
    lowest, highest = max(one.worth[0] for one in courses), min(one.worth[2] for one in courses)
    first = f"All {years} years, taken to today at 3 % a year. Dot: median. Line: p10 to p90."
    return f"{first} The hills overlap: which path pays more is far from sure." if lowest < highest else first


def _split_words(split: Mapping[str, Any]) -> str:
    return (
        "Shares of what the decisions explain between these paths (Shapley effects; they add up to all of it). "
        f"Luck that no decision explains is {split['luck']:.0%} of the whole spread."
    )


def _cost(prefix: str, letter: str, gap: Mapping[str, Any]) -> Markup:
    parts = [
        ("Attending pay given up, after tax", gap["pay_given_up_usd"]),
        (f"Paid {'more' if gap['loans_usd'] > 0 else 'less'} on loans that wait", gap["loans_usd"]),
        ("Applications and moving", gap["costs_usd"]),
        ("Earned meanwhile, after tax", -gap["earned_usd"]),
    ]
    span = f"8 of 10 futures lie between {thousands(gap['p10_usd'])} and {thousands(gap['p90_usd'])}"
    against = "Against the same path without waiting, in dollars of today at 3 % a year"
    reading = f"{against}; the average, {span}. Hollow: money that comes in."
    return costs(prefix, letter, [part for part in parts if part[1]], gap["total_usd"], reading)
