from itertools import product

import pytest

from tests.unit.pictures.drawn import HOSTILE, assert_sound, drawings, lines, parse, spots, table, words
from web.pictures.tree import Answer, Outcome, TreePicture, TreeStep, decision_tree

QUESTIONS = (
    "Any interview offers in orthopedic surgery?",
    "Does a program director of the field say: reapply?",
    "Can the main weaknesses be fixed in 12 months?",
)
YES: Answer = "yes"
NOT: Answer = "not_reached"


def walk(outcome: Outcome, *answers: Answer, prefix: str = "t", **more: object) -> TreePicture:
    facts = ("4 offered; 3 are needed", "best grade 1 of 5; 3 is needed", "research 12 months; letters 6")
    steps = tuple(
        TreeStep(question=q, answer=a, fact="" if a == "not_reached" else f)
        for q, a, f in zip(QUESTIONS, answers, facts, strict=True)
    )
    return TreePicture(prefix=prefix, outcome=outcome, steps=steps, start_fact="March 20, 2026", **more)  # type: ignore[arg-type]


WALKS = [
    walk("PIVOT_NOW", "no", NOT, NOT),
    walk("PIVOT_NOW", YES, "no", NOT),
    walk("PIVOT_NOW", YES, YES, "no"),
    walk("REAPPLY", YES, YES, YES),
    walk("CONTESTED", YES, YES, YES, note="another year is a serious money burden"),
    walk("INDETERMINATE", "missing", NOT, NOT),
    walk("INDETERMINATE", YES, "missing", NOT),
    walk("INDETERMINATE", YES, YES, "missing"),
    walk("INDETERMINATE", YES, YES, YES, note="money situation is missing"),
    walk("PIVOT_NOW", YES, YES, YES, beside=("Step 2 is far below the cutoff", "Step 2 230; cutoff 240")),
    walk("PIVOT_NOW", "missing", NOT, NOT, beside=("No program director will champion you", "grade 1; 3 is needed")),
]


@pytest.mark.parametrize("picture", WALKS)
def test_every_walk_is_sound_in_both_widths(picture: TreePicture) -> None:
    markup = decision_tree(picture)
    assert_sound(markup)
    assert [d.get("class") for d in drawings(markup)] == ["w", "s"]
    assert [d.get("width") for d in drawings(markup)] == ["904", "324"]


@pytest.mark.parametrize("picture", WALKS)
def test_the_table_holds_every_question_with_its_answer_and_the_result(picture: TreePicture) -> None:
    rows = table(decision_tree(picture))
    assert [row[1] for row in rows[1:4]] == list(QUESTIONS)
    assert rows[-1][0] == "Result"
    for step, row in zip(picture.steps, rows[1:4], strict=True):
        assert step.fact in row[2]
    if picture.beside is not None:
        assert list(picture.beside) == rows[4][1:3]


@pytest.mark.parametrize(
    ("picture", "taken"),
    [
        (walk("PIVOT_NOW", "no", NOT, NOT), 2),
        (walk("PIVOT_NOW", YES, YES, "no"), 4),
        (walk("REAPPLY", YES, YES, YES), 4),
        (walk("CONTESTED", YES, YES, YES), 4),
        (walk("INDETERMINATE", YES, "missing", NOT), 2),
        (walk("PIVOT_NOW", YES, YES, YES, beside=("a rule", "its fact")), 5),
    ],
)
def test_the_thick_line_is_as_long_as_the_path_in_both_widths(picture: TreePicture, taken: int) -> None:
    wide, small = drawings(decision_tree(picture))
    assert len(lines(wide, "pt on")) == len(lines(small, "pt on")) == taken


def test_a_missing_answer_ends_the_path_with_a_question_mark_in_a_dashed_box() -> None:
    for drawing in drawings(decision_tree(walk("INDETERMINATE", YES, "missing", NOT))):
        assert [s.text for s in spots(drawing)].count("?") == 1
        assert len(lines(drawing, "pt ask")) == 1
        assert any("on open" in (e.get("class") or "") for e in drawing.iter())


def test_the_outcome_that_came_out_is_the_only_bold_one() -> None:
    for picture in WALKS:
        for drawing in drawings(decision_tree(picture)):
            bold = [e for e in drawing.iter() if (e.get("class") or "").startswith("bx out on")]
            assert len(bold) == 1


def test_the_description_says_the_walk_with_its_numbers() -> None:
    desc = words(drawings(decision_tree(WALKS[1]))[0])
    assert "Yes: 4 offered; 3 are needed." in desc
    assert "No: best grade 1 of 5; 3 is needed." in desc
    assert "Result: pivot now." in desc


def test_hostile_text_stays_text() -> None:
    steps = tuple(TreeStep(question=HOSTILE, answer=a, fact=HOSTILE) for a in ("yes", "no", "not_reached"))
    picture = TreePicture(
        prefix="h",
        outcome="PIVOT_NOW",
        steps=steps,
        start=HOSTILE,
        start_fact=HOSTILE,
        note=HOSTILE,
        title=HOSTILE,
        reading=HOSTILE,
    )
    root = parse(decision_tree(picture))
    assert root.find(".//script") is None
    assert "<script>alert(1)</script>" in words(root)


def test_very_long_texts_stay_inside_and_apart() -> None:
    long = "an uncommonly long sentence about a question that goes on " * 6
    for answers, outcome in (
        (("yes", "yes", "yes"), "CONTESTED"),
        (("yes", "missing", "not_reached"), "INDETERMINATE"),
    ):
        steps = tuple(TreeStep(question=long, answer=a, fact=long) for a in answers)  # type: ignore[arg-type]
        picture = TreePicture(prefix="l", outcome=outcome, steps=steps, start=long, start_fact=long, note=long)  # type: ignore[arg-type]
        assert_sound(decision_tree(picture))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_tree_may_have_one_to_four_questions(count: int) -> None:
    for answers in product(("yes", "no"), repeat=count):
        steps = tuple(TreeStep(question="Is it so?", answer=a) for a in answers)  # type: ignore[arg-type]
        outcome: Outcome = "REAPPLY" if "no" not in answers else "PIVOT_NOW"
        assert_sound(decision_tree(TreePicture(prefix="n", outcome=outcome, steps=steps)))


def test_two_trees_on_a_page_share_no_id_and_the_same_input_gives_the_same_picture() -> None:
    one, two = (
        decision_tree(walk("REAPPLY", YES, YES, YES, prefix="a")),
        decision_tree(walk("REAPPLY", YES, YES, YES, prefix="b")),
    )
    ids = [e.get("id") for m in (one, two) for e in parse(m).iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert one == decision_tree(walk("REAPPLY", YES, YES, YES, prefix="a"))
