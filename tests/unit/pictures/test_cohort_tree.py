import pytest

from tests.unit.pictures.drawn import HOSTILE, SVG, assert_sound, drawings, lines, parse, spots, table, words
from web.pictures.cohort_tree import CohortStep, CohortTree, Group, cohort_tree

QUESTIONS = ("Enough interview offers?", "Does a program director say reapply?", "Weaknesses fixable in time?")


def group(students: int, name: str) -> Group:
    return Group(students=students, href=f"/board?{name}" if students else "")


def tree(
    no: tuple[int, int, int], unknown: tuple[int, int, int], reapply: int, contested: int, beside: int = 0
) -> CohortTree:
    steps = tuple(
        CohortStep(question=q, no=group(n, f"no{i}"), unknown=group(u, f"unknown{i}"))
        for i, (q, n, u) in enumerate(zip(QUESTIONS, no, unknown, strict=True))
    )
    return CohortTree(
        prefix="t",
        steps=steps,
        reapply=group(reapply, "reapply"),
        contested=group(contested, "contested"),
        beside=group(beside, "beside"),
        pivot=group(sum(no) + beside, "pivot"),
    )


TREES = {
    "a cohort": tree((4, 7, 1), (1, 4, 2), 11, 3, 2),
    "one": tree((0, 0, 0), (1, 0, 0), 0, 0),
    "twenty thousand": tree((4000, 7000, 1000), (1000, 1, 999), 5000, 1000),
}


@pytest.mark.parametrize("name", TREES)
def test_a_tree_of_any_size_is_sound_in_both_widths(name: str) -> None:
    markup = cohort_tree(TREES[name])
    assert_sound(markup)
    assert [drawing.get("role") for drawing in drawings(markup)] == ["group", "group"]


def test_nobody_draws_nothing() -> None:
    assert cohort_tree(tree((0, 0, 0), (0, 0, 0), 0, 0)) == ""


def test_at_each_step_stands_who_came_to_it_who_went_on_and_who_did_not() -> None:
    for drawing in drawings(cohort_tree(TREES["a cohort"])):
        said = {spot.text for spot in spots(drawing)}
        assert {"35 students", "yes 30", "no 4", "yes 19", "no 7", "yes 16", "no 1"} <= said
        assert any(text.startswith("35 asked; 1 not known") for text in said)


def test_every_number_of_people_is_a_named_link_and_nobody_leads_nowhere() -> None:
    wide, small = drawings(cohort_tree(TREES["a cohort"]))
    expected = {f"/board?{name}{i}" for name in ("no", "unknown") for i in range(3)}
    expected |= {"/board?reapply", "/board?contested", "/board?pivot"}
    for drawing in (wide, small):
        links = list(drawing.iter(f"{SVG}a"))
        assert {link.get("href") for link in links} == expected
        assert all(link.get("aria-label") for link in links)
    alone = drawings(cohort_tree(TREES["one"]))[0]
    assert [link.get("href") for link in alone.iter(f"{SVG}a")] == ["/board?unknown0"]


def test_a_way_that_somebody_went_is_thick_and_the_others_stay_dashed() -> None:
    wide = drawings(cohort_tree(TREES["one"]))[0]
    assert len(lines(wide, "pt on")) == 1, "only from the start to the first question"
    assert len(lines(wide, "pt")) == 7


def test_the_table_holds_every_end_with_its_people() -> None:
    rows = table(cohort_tree(TREES["a cohort"]))
    assert [row[2] for row in rows] == [
        *("4 students", "1 student", "7 students", "4 students", "1 student", "2 students"),
        *("11 students", "3 students", "2 students", "14 students"),
    ]
    assert table(cohort_tree(TREES["one"]))[0][2] == "nobody"


def test_the_description_says_the_numbers() -> None:
    said = words(drawings(cohort_tree(TREES["twenty thousand"]))[0])
    assert "Of 20,000 students." in said
    assert "Enough interview offers? no: 4,000." in said


def test_whom_no_box_shows_is_said_under_the_picture() -> None:
    beside, pivot = Group(students=8, href="/b"), Group(students=23, href="/p")
    nobody = Group(students=0, href="")
    step = CohortStep(question="Q?", no=Group(students=20, href="/n"), unknown=nobody)
    made = cohort_tree(
        CohortTree(prefix="u", steps=(step,), reapply=nobody, contested=nobody, beside=beside, pivot=pivot)
    )
    assert "For 8 of the 8 with a yes throughout another rule or a missing fact decides." in made
    assert "A no ended 20 walks; Pivot now counts whom the rules tell to pivot in the end." in made


def test_hostile_text_stays_text() -> None:
    step = CohortStep(question=HOSTILE, no=Group(students=1, href='/"><script>'), unknown=Group(students=0, href=""))
    nobody = Group(students=0, href="")
    made = CohortTree(prefix="h", steps=(step,), reapply=nobody, contested=nobody, beside=nobody, pivot=nobody)
    assert parse(cohort_tree(made)).find(".//script") is None
