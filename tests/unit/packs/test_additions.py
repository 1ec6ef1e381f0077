"""What packs add to plan, inventory, calendar and evidence: bad rows are left out alone, and names must exist."""

# ruff: noqa: E501 - one case a line reads as a table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.values import PROTECTED, protected
from plugins.boundary import checked
from plugins.host import load

if TYPE_CHECKING:
    from pathlib import Path

MISSED = ["dermatology"]
GOOD: dict[str, dict[str, Any]] = {
    "rungwise_milestones": {"id": "SPACE.letter", "specialties": MISSED, "title": "Win a letter", "months": 7, "source": "our team"},
    "rungwise_inventory_fields": {"id": "SPACE.hours", "specialties": MISSED, "label": "Hours in flight", "why": "Programs ask.", "kind": "number"},
    "rungwise_calendars": {"id": "SPACE.day", "date": "2026-09-23", "source": "the board", "cycle": 2027, "codes": ["PLAN.12.strategic"]},
    "rungwise_evidence": {
        "id": "SPACE.rate", "specialties": MISSED, "what": "matched later", "population": "our graduates", "first_year": 2011, "last_year": 2020,
        "count": 9, "n": 12, "low_pct": 47, "high_pct": 91, "interval": "95%, Wilson, from the counts", "source": "our survey", "license": "our own",
    },
}  # fmt: skip
PLAN, FIELD, DATE, RATE = GOOD
FILLED: dict[str, dict[str, Any]] = {
    PLAN: {"branch": "everyone"},
    FIELD: {"low": None, "high": None, "choices": []},
    DATE: {"match_system": None, "specialties": []},
    RATE: {"ladders": [], "note": None},
}
BAD = {
    "for nobody": (PLAN, {"specialties": []}, "SPACE.letter.specialties: [] is not allowed (a list of slugs, not empty)"),
    "an id of the playbook": (PLAN, {"id": "YEAR.letter"}, "YEAR.letter.id: 'YEAR.letter' is not allowed (an id of the pack's own, such as"),
    "an id that is too long": (PLAN, {"id": "SPACE." + "a" * 35}, "is not allowed (an id of at most 40 characters)"),
    "a title of two lines": (PLAN, {"title": "Win\na letter"}, "SPACE.letter.title: 'Win\\na letter' is not allowed (text of 1 to 200 characters on one line)"),
    "a title that steers a terminal": (PLAN, {"title": "Win \x1b[2J"}, "is not allowed (text of 1 to 200 characters on one line)"),
    "a title that is too long": (PLAN, {"title": "w" * 201}, "is not allowed (text of 1 to 200 characters on one line)"),
    "space around a title": (PLAN, {"title": " Win a letter"}, "is not allowed (text of 1 to 200 characters on one line)"),
    "an unknown branch": (PLAN, {"branch": "gap"}, "branch: 'gap' is not allowed (one of everyone, reapply, pivot)"),
    "no months": (PLAN, {"months": 0}, "months: 0 is not allowed (a whole number from 1 to 60)"),
    "advised by nobody": (PLAN, {"source": None}, "source: None is not allowed (text of 1 to 60 characters on one line)"),
    "an unknown kind": (FIELD, {"kind": "date"}, "kind: 'date' is not allowed (one of number, yes_no, choice, several, text)"),
    "bounds of a text": (FIELD, {"kind": "text", "low": 3}, "low: 3 is not allowed (left out, unless the kind is number)"),
    "bounds upside down": (FIELD, {"low": 9, "high": 3}, "high: 3 is not allowed (a whole number from 9, which is low)"),
    "a choice of nothing": (FIELD, {"kind": "choice"}, "choices is missing (a list of different answers, without none)"),
    "a choice of one thing twice": (FIELD, {"kind": "choice", "choices": ["Army", "army"]}, "is not allowed (a list of different answers"),
    "none among several": (FIELD, {"kind": "several", "choices": ["Army", "None"]}, "is not allowed (a list of different answers, without none)"),
    "answers of a number": (FIELD, {"choices": ["Army"]}, "is not allowed (left out, unless the kind is choice or several)"),
    "no reason to ask": (FIELD, {"why": ""}, "why: '' is not allowed (text of 1 to 200 characters on one line)"),
    "a protected attribute": (FIELD, {"label": "Age at graduation"}, "label: 'Age at graduation' is not allowed (nothing that asks for age, a protected attribute)"),
    "a protected attribute as id": (FIELD, {"id": "SPACE.birth-year"}, "id: 'SPACE.birth-year' is not allowed (nothing that asks for age"),
    "a protected attribute as reason": (FIELD, {"why": "It tells the religion."}, "why: 'It tells the religion.' is not allowed (nothing that asks for religion"),
    "a protected attribute as answer": (FIELD, {"kind": "choice", "choices": ["Fit", "Disabled"]}, "is not allowed (no answer that is a protected attribute)"),
    "a day that is none": (DATE, {"date": "2026-02-30"}, "date: '2026-02-30' is not allowed (a date such as 2026-01-31)"),
    "a day of another cycle": (DATE, {"date": "2025-09-23"}, "date: '2025-09-23' is not allowed (a date in 2026 or 2027)"),
    "a cycle as text": (DATE, {"cycle": "2027"}, "cycle: '2027' is not allowed (a whole number from 2000 to 2100)"),
    "a day that bounds nothing": (DATE, {"codes": []}, "codes: [] is not allowed (a list of milestones, not empty)"),
    "an unknown match": (DATE, {"match_system": "carms"}, "match_system: 'carms' is not allowed (one of nrmp, aua, sf)"),
    "an id that is too long for a day": (DATE, {"id": "SPACE." + "a" * 25}, "is not allowed (an id of at most 30 characters)"),
    "more than were counted": (RATE, {"count": 13, "high_pct": 100}, "count: 13 is not allowed (a whole number from 0 to 12, which is n)"),
    "nobody counted": (RATE, {"n": 0}, "n: 0 is not allowed (a whole number from 1 to 10000000)"),
    "an interval without the share": (RATE, {"low_pct": 80}, "low_pct: 80 is not allowed (low_pct to high_pct must hold the share itself, 75.0)"),
    "years upside down": (RATE, {"last_year": 2010}, "last_year: 2010 is not allowed (a year from 2011, which is first_year)"),
}  # fmt: skip
MUST = {"population", "first_year", "last_year", "count", "n", "low_pct", "high_pct", "interval", "source", "license"}


@pytest.mark.parametrize("hook", GOOD)
def test_a_good_row_passes_with_every_key_filled_in(hook: str) -> None:
    assert checked("space", hook, [GOOD[hook]]) == ([GOOD[hook] | FILLED[hook]], [])


@pytest.mark.parametrize(("hook", "change", "sentence"), BAD.values(), ids=BAD)
def test_a_bad_row_is_left_out_alone_and_says_why(hook: str, change: dict[str, Any], sentence: str) -> None:
    other = GOOD[hook] | {"id": "SPACE.other"}
    rows, (fault, *_) = checked("space", hook, [GOOD[hook] | change, other])
    assert [row["id"] for row in rows] == ["SPACE.other"]
    assert sentence in str(fault)


@pytest.mark.parametrize("key", sorted(MUST))
def test_a_base_rate_without_its_counts_interval_years_source_or_license_is_left_out(key: str) -> None:
    rows, (fault, *_) = checked("space", RATE, [{name: one for name, one in GOOD[RATE].items() if name != key}])
    assert (rows, key in fault.field) == ([], True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Race", "race"),
        ("SPACE.ethnicity", "ethnicity"),
        ("Gender", "sex"),
        ("date_of_birth", "age"),
        ("Country of birth", "national origin"),
        ("Religious practice", "religion"),
        ("Disability", "disability"),
        ("Average of the clerkship grades", None),
        ("Stage of the project", None),
        ("Embraced feedback", None),
    ],
)
def test_a_protected_attribute_is_known_by_its_words(words: str, found: str | None) -> None:
    assert protected(words) == found


def test_the_protected_attributes_are_the_seven() -> None:
    assert set(PROTECTED) == {"race", "ethnicity", "sex", "age", "religion", "disability", "national origin"}


HEADER = 'version = "1.0.0"\ntitle = "Space medicine"\norigin = "house"\n'
TOML = {
    "milestones": '[[milestones]]\nid = "SPACE.letter"\nspecialties = ["SLUG"]\ntitle = "Win"\nmonths = 7\nsource = "us"\n',
    "inventory_fields": '[[inventory_fields]]\nid = "SPACE.hours"\nspecialties = ["SLUG"]\nlabel = "Hours"\nwhy = "So."\nkind = "number"\n',
    "calendars": '[[calendars]]\nid = "SPACE.day"\nspecialties = ["SLUG"]\ndate = 2026-09-23\nsource = "us"\ncycle = 2027\ncodes = ["PLAN.12.record"]\n',
    "evidence": '[[evidence]]\nid = "SPACE.rate"\nspecialties = ["SLUG"]\nladders = ["DERM.im-rheum"]\nwhat = "x"\npopulation = "x"\nfirst_year = 2011\n'
    'last_year = 2012\ncount = 1\nn = 2\nlow_pct = 10\nhigh_pct = 90\ninterval = "x"\nsource = "x"\nlicense = "x"\n',
}  # fmt: skip


def loaded(tmp_path: Path, text: str) -> tuple[dict[str, Any], list[str]]:
    (tmp_path / "space").mkdir()
    (tmp_path / "space" / "pack.toml").write_text(HEADER + text, "utf-8")
    made = load([tmp_path])
    return next(pack for pack in made.packs if pack["name"] == "space"), [str(fault) for fault in made.faults]


@pytest.mark.parametrize("section", TOML)
def test_a_row_stands_in_its_section_of_the_pack(tmp_path: Path, section: str) -> None:
    pack, faults = loaded(tmp_path, TOML[section].replace("SLUG", "dermatology"))
    assert (len(pack[section]), faults) == (1, [])


@pytest.mark.parametrize("section", TOML)
def test_a_row_for_a_specialty_that_no_pack_declares_is_left_out(tmp_path: Path, section: str) -> None:
    pack, (fault,) = loaded(tmp_path, TOML[section].replace("SLUG", "moon-surgery"))
    assert pack[section] == []
    assert "specialties[0]: 'moon-surgery' is not allowed (the slug of a specialty that some pack declares)" in fault


def test_a_base_rate_of_a_ladder_that_no_pack_has_is_left_out(tmp_path: Path) -> None:
    text = TOML["evidence"].replace("SLUG", "dermatology").replace("DERM.im-rheum", "DERM.to-the-moon")
    pack, (fault,) = loaded(tmp_path, text)
    assert pack["evidence"] == []
    assert "SPACE.rate.ladders[0]: 'DERM.to-the-moon' is not allowed (the id of a ladder of some pack)" in fault


def test_a_cycle_date_may_bound_milestones_of_packs_and_no_unknown_ones(tmp_path: Path) -> None:
    date = TOML["calendars"].replace("SLUG", "dermatology")
    both = TOML["milestones"].replace("SLUG", "dermatology") + date.replace("PLAN.12.record", "SPACE.letter")
    pack, faults = loaded(
        tmp_path, both + date.replace("SPACE.day", "SPACE.late").replace("PLAN.12.record", "PLAN.3.decide")
    )
    assert [row["id"] for row in pack["calendars"]] == ["SPACE.day"]
    assert (
        "SPACE.late.codes[0]: 'PLAN.3.decide' is not allowed (the id of a milestone of some pack, or one of PLAN.3"
        in faults[0]
    )
