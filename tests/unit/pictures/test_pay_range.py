from xml.etree import ElementTree as ET

from tests.unit.pictures.drawn import HOSTILE, SVG, assert_sound, drawings, lines, parse, table, words
from web.pictures.climbs import Climb, ClimbsPicture, Stage, climbs
from web.pictures.pay_range import PaySpan, top_of

ROUGH = PaySpan(words="$500k-$800k+, ballpark", low_usd=500_000, high_usd=800_000, rough=True, open_top=True)
CLOSED = PaySpan(words="$400k-$700k, ballpark", low_usd=400_000, high_usd=700_000, rough=True)
MEDIAN = PaySpan(words="median $422k, BLS 2025", low_usd=300_000, high_usd=600_000, middle_usd=422_000)
MEAN = PaySpan(words="mean $616k, tax records 2017", middle_usd=616_000)


def bars(*paid: tuple[PaySpan, ...]) -> list[ET.Element]:
    """The pay drawings of climbs that pay these."""
    made = tuple(
        Climb(title=f"Climb {n}", stages=(Stage(name="A", kind="residency", years=3),), pay="some", spans=spans)
        for n, spans in enumerate(paid)
    )
    markup = climbs(ClimbsPicture(prefix="c", climbs=made))
    assert_sound(markup)
    return [svg for svg in drawings(markup) if svg.get("class") == "pay-range"]


def shapes(svg: ET.Element, kind: str) -> list[ET.Element]:
    return [one for one in svg.iter(f"{SVG}rect") if one.get("class") == kind]


def test_a_ballpark_is_an_outline_and_a_published_figure_a_filled_bar_with_its_middle() -> None:
    (svg,) = bars((CLOSED, MEDIAN))
    assert (len(shapes(svg, "bx")), len(shapes(svg, "fl k-unknown")), len(lines(svg, "md"))) == (1, 1, 1)


def test_a_range_that_reads_and_more_has_no_edge_at_the_right() -> None:
    (svg,) = bars((ROUGH,))
    assert shapes(svg, "bx") == []
    assert len(lines(svg, "bx open")) == 1


def test_where_only_the_middle_is_known_no_range_is_drawn() -> None:
    (svg,) = bars((MEAN,))
    assert shapes(svg, "fl k-unknown") == []
    assert len(lines(svg, "md")) == 1


def test_all_climbs_that_are_compared_share_one_scale_of_dollars() -> None:
    low, high = bars((MEDIAN,), (MEDIAN, ROUGH))
    assert lines(low, "md") == lines(high, "md")


def test_every_figure_is_told_in_words_under_the_bars_and_in_the_table() -> None:
    (svg,) = bars((ROUGH, MEDIAN))
    assert "Rough: $500k-$800k+, ballpark. Published: median $422k, BLS 2025." in words(svg)
    climb = Climb(title="A", stages=(Stage(name="A", kind="residency", years=3),), spans=(MEDIAN, MEAN))
    markup = climbs(ClimbsPicture(prefix="c", climbs=(climb,)))
    assert '<p class="src">median $422k, BLS 2025</p><p class="src">mean $616k, tax records 2017</p>' in markup
    assert table(markup)[-1][-1] == "published figures only; median $422k, BLS 2025; mean $616k, tax records 2017"


def test_a_climb_without_figures_has_no_bars_and_hostile_words_stay_words() -> None:
    assert bars((), ()) == []
    assert top_of(()) == 0
    nasty = (PaySpan(words=HOSTILE, middle_usd=100_000), PaySpan(words="nothing known"))
    climb = Climb(title="A", stages=(Stage(name="A", kind="residency", years=3),), spans=nasty)
    assert parse(climbs(ClimbsPicture(prefix="c", climbs=(climb,)))).find(".//script") is None
