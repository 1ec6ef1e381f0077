import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from tests.unit.pictures.drawn import HOSTILE, SVG, assert_sound, canvas, drawings, parse, table, words
from web.pictures.flow import FlowBand, FlowBar, FlowPicture, FlowStage, flow

KINDS = ("reapply", "contested", "unknown", "pivot")


def stage(name: str, counts: list[int], bands: dict[tuple[int, int], int] | None = None) -> FlowStage:
    bars = tuple(
        FlowBar(key=f"{i}", label=f"{name} {i}", students=n, href=f"/{name}?k={i}&x", kind=KINDS[i % 4])
        for i, n in enumerate(counts)
        if n
    )
    made = tuple(
        FlowBand(start=f"{a}", end=f"{b}", students=n, href=f"/{name}?from={a}&to={b}")
        for (a, b), n in (bands or {}).items()
    )
    return FlowStage(name=name, bars=bars, bands=made)


def straight(*columns: list[int]) -> FlowPicture:
    """A flow whose bands follow from filling each column with the people of the one before, in order."""
    stages = []
    for i, counts in enumerate(columns):
        after = columns[i + 1] if i + 1 < len(columns) else []
        left, bands = list(after), {}
        for a, number in enumerate(counts):
            rest = number
            for b in range(len(left)):
                taken = min(rest, left[b])
                if taken:
                    bands[a, b] = taken
                    rest, left[b] = rest - taken, left[b] - taken
        stages.append(stage(f"Stage{i}", counts, bands))
    return FlowPicture(prefix="f", stages=tuple(stages), title="From here to there")


MOCKUP = straight([14, 21, 12, 7], [9, 5, 10, 30], [11, 19, 24], [8, 15, 17, 14])
LARGE = straight([5000, 9000, 5999, 1], [20000 - 3, 1, 1, 1], [12000, 7990, 4, 3, 2, 1], [1, 19990, 4, 4, 1])
SIZES = {
    "one": straight([1], [0, 1], [0, 0, 1], [1]),
    "mockup": MOCKUP,
    "three hundred": straight([150, 80, 60, 10], [100, 100, 80, 15, 5], [290, 4, 3, 2, 1], [60, 60, 60, 60, 60]),
    "twenty thousand": LARGE,
}


def links(drawing: ET.Element) -> list[ET.Element]:
    return list(drawing.iter(f"{SVG}a"))


def bars(drawing: ET.Element) -> list[tuple[float, float, float]]:
    """Left edge, top and height of each bar."""
    return [
        (float(e.get("x", "")), float(e.get("y", "")), float(e.get("height", "")))
        for e in drawing.iter(f"{SVG}rect")
        if e.get("class") == "fl" and e.get("width") == "12"
    ]


@pytest.mark.parametrize("name", SIZES)
def test_a_flow_of_any_size_is_sound_in_both_widths(name: str) -> None:
    markup, _ = flow(SIZES[name])
    assert_sound(markup)
    assert [(d.get("class"), d.get("width")) for d in drawings(markup)] == [("w", "904"), ("s", "324")]
    assert canvas(drawings(markup)[0])[1] <= 230


def test_nobody_draws_nothing() -> None:
    assert flow(straight([0], [0])) == ("", "")


def test_one_person_is_a_small_picture_and_not_a_wall() -> None:
    wide = drawings(flow(SIZES["one"])[0])[0]
    assert {high for _, _, high in bars(wide)} == {24}
    assert canvas(wide)[1] < 80


@pytest.mark.parametrize("name", SIZES)
def test_every_bar_and_every_band_is_a_named_link_and_stands_in_the_table_with_the_same_address(name: str) -> None:
    picture = SIZES[name]
    markup, _ = flow(picture)
    wide, small = drawings(markup)
    in_bars = [bar.href for s in picture.stages for bar in s.bars]
    every = sorted(in_bars + [band.href for s in picture.stages for band in s.bands])
    assert sorted(link.get("href", "") for link in links(wide)) == every
    assert sorted(link.get("href", "") for link in links(small)) == sorted(in_bars)
    for link in links(wide):
        assert re.match(r"[\d,]+ ", link.get("aria-label", ""))
    for link in links(small):
        seen = words(link)
        assert link.get("aria-label", "").startswith(seen), "who speaks to the page says what it shows"
    in_table = [a.get("href", "") for a in parse(markup).iter("a") if "details" not in a.tag]
    assert sorted(in_table) == every
    assert len(table(markup)) == len(every)


def test_a_picture_with_links_is_no_image_which_would_hide_them_from_a_screen_reader() -> None:
    assert {drawing.get("role") for drawing in drawings(flow(MOCKUP)[0])} == {"group"}


@pytest.mark.parametrize("name", SIZES)
def test_a_bar_is_as_high_as_its_people_and_its_label_has_room_for_a_finger(name: str) -> None:
    picture = SIZES[name]
    drawn = bars(drawings(flow(picture)[0])[0])
    people = [bar.students for s in picture.stages for bar in s.bars]
    each = max(high / n for (_, _, high), n in zip(drawn, people, strict=True) if high > 2)
    for (_, _, high), number in zip(drawn, people, strict=True):
        assert high == pytest.approx(max(2.0, number * each), rel=0.02, abs=0.15)
    for x in {x for x, _, _ in drawn}:
        middles = [y + high / 2 for left, y, high in drawn if left == x]
        assert all(below - above >= 23.9 for above, below in pairwise(middles))


def test_bands_leave_and_enter_a_bar_one_below_the_other_and_take_the_color_of_where_they_go() -> None:
    wide = drawings(flow(MOCKUP)[0])[0]
    shapes = [(e.get("class", ""), e.get("d", "")) for e in wide.iter(f"{SVG}path")]
    first = [s for s in shapes if s[1].startswith("M12 ")]
    tops = [(float(d.split("C")[0].split()[1]), float(d.rsplit(" ", 1)[1].rstrip("Z"))) for _, d in first]
    for (_, foot), (top, _) in pairwise(tops):
        assert top >= foot - 0.1, "no two bands leave on top of each other"
    assert {kind for kind, _ in first} == {f"lk k-{kind}" for kind in KINDS}


def test_a_single_person_among_twenty_thousand_is_still_drawn() -> None:
    wide, small = drawings(flow(LARGE)[0])
    assert min(high for _, _, high in bars(wide)) == 2
    stacked = [float(e.get("width", "")) for e in small.iter(f"{SVG}rect") if e.get("height") == "14"]
    assert min(stacked) >= 4
    hair = [e.get("d", "") for e in wide.iter(f"{SVG}path")]
    for d in hair:
        top = float(d.split("C")[0].split()[1])
        assert float(d.rsplit(" ", 1)[1].rstrip("Z")) - top >= 0.98


def test_numbers_are_written_as_people_write_them() -> None:
    markup, _ = flow(LARGE)
    said = words(drawings(markup)[0])
    assert "Of 20,000 students." in said
    assert "9,000 Stage0 1" in said
    assert ["Stage0 3", "Stage0", "1 student"] in table(markup)


def test_a_picture_for_phones_alone_draws_one_stacked_bar_a_stage() -> None:
    both, alone = flow(straight([3, 2], [1, 4]))
    (only,) = drawings(alone)
    assert only.get("class") == "s"
    rows = {e.get("y") for e in only.iter(f"{SVG}rect") if e.get("height") == "14"}
    assert len(rows) == 2
    assert len(links(only)) == 4
    assert table(alone) == table(both)
    assert_sound(alone)


def test_both_pictures_stand_on_one_page_without_sharing_an_id() -> None:
    both, alone = (re.findall(r' id="([^"]+)"', markup) for markup in flow(MOCKUP))
    assert len({*both, *alone}) == len(both) + len(alone) == 6


def test_hostile_labels_and_addresses_stay_text() -> None:
    bar = FlowBar(key="a", label=HOSTILE, students=2, href='/x?q="><script>alert(1)</script>', kind="pivot")
    markup, _ = flow(FlowPicture(prefix="h", stages=(FlowStage(name=HOSTILE, bars=(bar,)),), title=HOSTILE))
    assert parse(markup).find(".//script") is None
    assert "<script>alert(1)</script>" in words(drawings(markup)[0])


def test_labels_that_are_too_long_end_in_an_ellipsis_inside_the_picture() -> None:
    long = "an uncommonly long name of a place where people went " * 3
    bars = tuple(FlowBar(key=str(i), label=long, students=5 - i, href="/") for i in range(4))
    stages = tuple(FlowStage(name=f"S{i}", bars=bars) for i in range(4))
    for markup in flow(FlowPicture(prefix="l", stages=stages, title="Long")):
        assert_sound(markup)


def test_the_same_people_give_the_same_picture() -> None:
    assert flow(MOCKUP) == flow(MOCKUP)
