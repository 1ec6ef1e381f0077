"""Pictures of compared paths: every path keeps its letter, texts stay apart, the table says the same."""

from __future__ import annotations

import pytest

from tests.unit.pictures.drawn import HOSTILE, assert_sound, drawings, lines, parse, table, words
from web.pictures.paths import Course, fans, hills, nice
from web.pictures.paths import lines as sums
from web.pictures.portions import costs, shares


def course(letter: str, name: str = "Anesthesiology, then pain", worth: int = 5_000_000, years: int = 36) -> Course:
    gross = [(70_000,) * 3] * 5 + [(300_000, 450_000, 700_000)] * (years - 5)
    added = [
        (60_000 * year,) * 3 if year < 5 else (200_000 * year, 280_000 * year, 400_000 * year) for year in range(years)
    ]
    hill = [worth + 100_000 * step for step in range(-9, 10)]
    return Course(
        letter=letter,
        name=name,
        gross=gross,
        cumulative=added,
        waiting=1 if letter == "A" else 0,
        training=5,
        worth=(hill[1], hill[9], hill[17]),
        hill=hill,
    )


FOUR = [course(letter, worth=5_000_000 + 300_000 * i) for i, letter in enumerate("ABCD")]


@pytest.mark.parametrize("courses", [FOUR, FOUR[:1]])
def test_every_picture_is_sound(courses: list[Course]) -> None:
    for picture in (fans("f", courses), sums("l", courses, "r"), hills("h", courses, "r")):
        assert_sound(picture)


def test_hostile_names_stay_text() -> None:
    hostile = [course("A", HOSTILE), course("B", HOSTILE)]
    for picture in (fans("f", hostile), sums("l", hostile, "r"), hills("h", hostile, "r")):
        assert parse(picture).find(".//script") is None
        assert "<script>alert(1)</script>" in words(parse(picture))


def test_each_path_has_a_fan_of_its_own_with_its_name_and_last_median() -> None:
    drawn = drawings(fans("f", FOUR))
    assert len(drawn) == 4
    for one, svg in zip(FOUR, drawn, strict=True):
        assert f"{one.letter}: {one.name}" in words(svg)
        assert "450" in words(svg)


def test_only_a_path_that_waits_says_gap() -> None:
    assert ["gap" in words(svg).split() for svg in drawings(fans("f", FOUR))] == [True, False, False, False]


def test_the_table_beside_the_fans_says_the_same() -> None:
    rows = table(fans("f", FOUR[:1]))
    assert rows[0] == ["A, year 1", "70k", "70k", "70k"]
    assert ["A, year 10", "300k", "450k", "700k"] in rows


def test_lines_differ_by_more_than_color() -> None:
    for svg in drawings(sums("l", FOUR, "r")):
        assert [len(lines(svg, f"st line-{letter}")) for letter in "abcd"] == [1, 1, 1, 1]


def test_lines_that_end_at_one_place_keep_their_letters_apart() -> None:
    assert_sound(sums("l", [course(letter) for letter in "ABCD"], "r"))


def test_a_path_without_chance_is_a_needle_and_no_fault() -> None:
    sure = Course(
        letter="A",
        name="Salary",
        gross=[(300_000,) * 3] * 30,
        cumulative=[(200_000 * y,) * 3 for y in range(30)],
        waiting=0,
        training=1,
        worth=(4_000_000,) * 3,
        hill=[4_000_000] * 19,
    )
    assert_sound(hills("h", [sure], "r"))


def test_shares_name_the_specialty_and_the_rest() -> None:
    picture = shares("s", [("Specialty", 0.4), ("Practice type", 0.35), ("Place", 0.25), ("Side ventures", 0.0)], "r")
    assert_sound(picture)
    assert table(picture)[0] == ["Specialty", "40%"]
    assert "how one practices 60%" in words(drawings(picture)[0])


@pytest.mark.parametrize("first", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_shares_of_any_size_keep_their_words_apart(first: float) -> None:
    assert_sound(shares("s", [("Specialty", first), ("Practice type", 1 - first)], "r"))


def test_money_that_comes_in_is_hollow_and_the_sum_stands_last() -> None:
    picture = costs("c", "A", [("Given up", 260_000), ("Earned", -20_000)], 240_000, "r")
    assert_sound(picture)
    assert [row[1] for row in table(picture)] == ["260k", "-20k", "240k"]
    hollow = [e for e in drawings(picture)[0].iter("{http://www.w3.org/2000/svg}rect") if e.get("class") == "bx"]
    assert len(hollow) == 1


@pytest.mark.parametrize(("most", "step"), [(700, 200), (1900, 500), (11.2, 5), (0.2, 1)])
def test_an_axis_has_round_steps(most: float, step: float) -> None:
    assert nice(most) == step
