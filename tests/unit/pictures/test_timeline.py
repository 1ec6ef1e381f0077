import datetime as dt
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pictures.drawn import HOSTILE, SVG, assert_sound, drawings, lines, parse, spots, table, words
from web.pictures.calendar_scale import Scale, choose
from web.pictures.timeline import Kind, TimelineEvent, TimelinePicture, TimelineWindow, timeline

START = dt.date(2026, 3, 16)
TODAY = dt.date(2026, 6, 16)


def event(after: int, label: str, kind: Kind = "recorded", weight: int = 1) -> TimelineEvent:
    return TimelineEvent(on=START + dt.timedelta(days=after), label=label, kind=kind, weight=weight)


YEAR = (
    event(0, "Did not match", weight=5),
    event(3, "Prelim seat", weight=4),
    event(17, "Opinion: faculty"),
    event(24, "Late entry: 4th interview", "late"),
    event(49, "Opinion: PM&R program director", weight=3),
    event(92, "Recommendation: pivot now", weight=4),
    event(40, "Statement drafted", "missed"),
    event(96, "Decide the path", "planned", 3),
    event(107, "Prelim year starts", "planned"),
    event(192, "Applications open", "planned"),
    event(368, "Match Day", "planned", 3),
)


def picture(*events: TimelineEvent, today: dt.date = TODAY, prefix: str = "t") -> TimelinePicture:
    return TimelinePicture(prefix=prefix, today=today, events=events)


def crossed(svg: object) -> list[tuple[str, float]]:
    """Labels that the line of another flag runs through."""
    found = []
    flags = [d for d in lines(svg, "ax") if "H" not in d]  # type: ignore[arg-type]
    for spot in spots(svg):  # type: ignore[arg-type]
        for d in flags:
            x, rest = d[1:].split(" ")
            top, foot = (float(part) for part in rest.split("V"))
            if spot.left + 1 < float(x) < spot.right - 1 and top < spot.foot and spot.top < foot:
                found.append((spot.text, float(x)))
    return found


def test_a_year_is_sound_and_labels_everything_that_matters() -> None:
    markup = timeline(picture(*YEAR))
    assert_sound(markup)
    wide, small = drawings(markup)
    for svg in (wide, small):
        texts = [s.text for s in spots(svg)]
        for label in ("Did not match", "Prelim seat", "Recommendation: pivot now", "Decide the path", "Match Day"):
            assert label in texts
    assert crossed(wide) == []


days = st.integers(min_value=0, max_value=12 * 365)
labels = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cn")), min_size=1, max_size=40)
kinds = st.sampled_from(("recorded", "late", "planned", "missed"))
many = st.lists(st.builds(event, days, labels, kinds, st.integers(1, 5)), min_size=1, max_size=200)


@settings(max_examples=40, deadline=None)
@given(events=many, span=st.sampled_from((1, 12, 144)), now=st.integers(-60, 12 * 366))
def test_labels_never_touch_from_one_to_two_hundred_events_over_a_month_to_twelve_years(
    events: list[TimelineEvent], span: int, now: int
) -> None:
    squeezed = [
        TimelineEvent(
            on=START + dt.timedelta(days=(e.on - START).days * span // 144), label=e.label, kind=e.kind, weight=e.weight
        )
        for e in events
    ]
    shown = TimelinePicture(prefix="h", today=START + dt.timedelta(days=now * span // 144), events=tuple(squeezed))
    markup = timeline(shown)
    assert_sound(markup)
    assert crossed(drawings(markup)[0]) == []
    assert len(table(markup)) == len(events)


def test_what_finds_no_room_is_counted_and_still_stands_in_the_table() -> None:
    events = tuple(event(n // 3, f"Fact number {n} recorded", weight=1 + n % 4) for n in range(120))
    markup = timeline(picture(*events))
    wide, _ = drawings(markup)
    texts = [s.text for s in spots(wide)]
    named = sum(text.startswith("Fact num") for text in texts)
    assert any(f"and {120 - named} more in the table" in text for text in texts)
    assert sorted(row[1] for row in table(markup)) == sorted(e.label for e in events)


def test_the_heaviest_labels_stay_and_the_next_plan_always_does() -> None:
    light = [event(n, f"A note of the advising team {n}") for n in range(60)]
    markup = timeline(picture(*light, event(30, "Matched", weight=9), event(93, "Decide the path", "planned")))
    texts = [s.text for s in spots(drawings(markup)[0])]
    assert "Matched" in texts
    assert "Decide the path" in texts


@pytest.mark.parametrize(("kind", "mark"), [("recorded", "rg"), ("late", "rg late"), ("missed", "rg missed")])
def test_each_kind_has_its_own_rung_and_word(kind: Kind, mark: str) -> None:
    markup = timeline(picture(event(0, "Something", kind)))
    wide, small = drawings(markup)
    assert lines(wide, mark)
    assert lines(small, mark)
    assert table(markup)[0][2] == {"recorded": "recorded", "late": "recorded late", "missed": "missed"}[kind]


def test_a_plan_is_a_hollow_rung_and_the_next_one_is_oak() -> None:
    wide, _ = drawings(timeline(picture(event(100, "Next", "planned"), event(200, "Later", "planned"))))
    kinds = [e.get("class") for e in wide.iter(f"{SVG}rect")]
    assert kinds.count("bx next") == 1
    assert "bx" in kinds


def test_a_scale_that_is_not_even_says_so_and_an_even_one_does_not() -> None:
    first_year = [event(12 * n, f"Recorded in year one {n}") for n in range(30)]
    later = [event(365 * n, f"Year {n}", weight=3) for n in range(2, 12)]
    crowded = timeline(picture(*first_year, *later, today=START + dt.timedelta(days=4100)))
    assert "crowded quarters are drawn wider" in words(drawings(crowded)[0])
    assert "drawn wider" not in words(drawings(timeline(picture(*YEAR[:3])))[0])


def test_a_stretched_scale_is_not_tried_where_it_could_not_keep_enough_labels_more() -> None:
    tried: list[Scale] = []

    def place(kept: int, scale: Scale) -> range:
        tried.append(scale)
        return range(kept)

    days = [START + dt.timedelta(days=n) for n in range(100)]
    for kept, scales in ((100, 1), (87, 1), (86, 2)):
        tried.clear()
        choose(days, days, (0.0, 900.0), partial(place, kept))
        assert len(tried) == scales, kept


def test_days_stand_in_order_whatever_the_scale() -> None:
    events = [event(n * n, f"Step {n}") for n in range(60)]
    wide, _ = drawings(timeline(picture(*events, today=START + dt.timedelta(days=3600))))
    at = {s.text: s.left for s in spots(wide)}
    named = [at[f"Step {n}"] for n in range(60) if f"Step {n}" in at]
    assert named == sorted(named)
    assert len(named) > 10


def test_today_is_marked_once_in_words() -> None:
    for svg in drawings(timeline(picture(*YEAR))):
        assert sum(s.text.startswith("today, Tue") for s in spots(svg)) == 1


def test_late_entries_say_when_they_were_recorded() -> None:
    late = TimelineEvent(
        on=START, label="Fourth interview", kind="late", recorded_on=dt.date(2026, 4, 9), detail="Chen"
    )
    assert table(timeline(picture(late))) == [["Mar 16, 2026", "Fourth interview", "recorded late Apr 9, 2026", "Chen"]]


def test_windows_are_named_where_their_names_have_room() -> None:
    week = TimelineWindow(start=START, end=START + dt.timedelta(days=7), label="week 1")
    close = TimelineWindow(start=START + dt.timedelta(days=2), end=START + dt.timedelta(days=9), label="days 3 to 10")
    shown = TimelinePicture(prefix="w", today=TODAY, events=YEAR, windows=(week, close))
    wide, _ = drawings(timeline(shown))
    assert [s.text for s in spots(wide)].count("week 1") == 1
    assert_sound(timeline(shown))


def test_a_journey_without_events_still_shows_today_and_says_so() -> None:
    markup = timeline(picture())
    assert_sound(markup)
    assert "nothing is recorded yet" in words(parse(markup))


def test_hostile_text_stays_text() -> None:
    nasty = TimelineEvent(on=START, label=HOSTILE, detail=HOSTILE)
    window = TimelineWindow(start=START, end=TODAY, label=HOSTILE)
    shown = TimelinePicture(prefix="x", today=TODAY, events=(nasty,), windows=(window,), title=HOSTILE, reading=HOSTILE)
    root = parse(timeline(shown))
    assert root.find(".//script") is None


def test_the_same_input_gives_the_same_picture_whatever_the_order() -> None:
    assert timeline(picture(*YEAR)) == timeline(picture(*reversed(YEAR)))
