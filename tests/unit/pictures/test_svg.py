import pytest
from markupsafe import Markup

from web.pictures.svg import SECOND, clean, door, door_name, fit, num, width, wrap


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (3.04, "3"), (3.25, "3.2"), (904, "904")])
def test_a_coordinate_has_at_most_one_decimal(value: float, text: str) -> None:
    assert num(value) == text


def test_markup_quotes_and_control_characters_are_made_harmless() -> None:
    assert clean("<b a=\"x\" c='y'>&\x00\x0b\ud800") == "&lt;b a=&#34;x&#34; c=&#39;y&#39;&gt;&amp;   "


def test_markup_stays_markup_beside_a_text_of_the_same_letters() -> None:
    assert [clean("<b>"), clean(Markup("<b>")), clean("<b>")] == ["&lt;b&gt;", "<b>", "&lt;b&gt;"]


# Source: measured in a browser with Liberation Sans 2.1, the widths of Arial, at 13 px.
@pytest.mark.parametrize(
    ("text", "arial", "arial_bold"),
    [
        ("Any interview offers in orthopedic surgery?", 245.4, 269.4),
        ("Complex general surgical oncology", 202.3, 219.6),
        ("Match Day", 62.1, 65.0),
        ("MMWW WILLIAM McWilliams", 172.6, 179.7),
    ],
)
def test_the_guessed_width_errs_on_the_wide_side_by_less_than_a_seventh(
    text: str, arial: float, arial_bold: float
) -> None:
    assert arial < width(text) < arial * 8 / 7
    assert arial_bold < width(text, bold=True) < arial_bold * 8 / 7


def test_accents_take_no_room_and_east_asian_letters_take_a_square() -> None:
    assert width("é") == width("e") == width("e\u0301")
    assert width("山") == 13


def test_a_text_that_fits_is_not_touched_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert fit("Match Day", 80) == "Match Day"
    short = fit("Opinion: physical medicine program director", 120)
    assert short.endswith("…")
    assert width(short) <= 120


def test_a_text_wraps_at_words_and_the_last_line_takes_what_is_left() -> None:
    lines = wrap("Does a program director say: reapply?", 120, 3)
    assert " ".join(lines) == "Does a program director say: reapply?"
    assert all(width(line) <= 120 for line in lines)
    assert wrap("one two three four five six seven", 60, 2)[1].endswith("…")
    assert wrap("", 100) == []


def test_a_word_wider_than_the_line_is_shortened_not_spilled() -> None:
    assert all(width(line, SECOND) <= 60 for line in wrap("otorhinolaryngology", 60, 2, SECOND))


@pytest.mark.parametrize("written", ["nearly closed", "nearly-closed", "Nearly_Closed", "no such door", ""])
def test_a_door_nobody_knows_reads_as_nearly_closed(written: str) -> None:
    assert door_name(written) == "nearly closed"


def test_the_three_doors_look_different() -> None:
    assert len({door(name) for name in ("open", "narrow", "nearly closed")}) == 3
