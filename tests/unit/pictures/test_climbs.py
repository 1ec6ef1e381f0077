import pytest
from markupsafe import Markup

from tests.unit.pictures.drawn import HOSTILE, assert_sound, drawings, lines, parse, spots, table, words
from web.pictures.climbs import Climb, ClimbsPicture, Stage, climbs


def residency(name: str, years: float | None, door: str = "open") -> Stage:
    return Stage(name=name, kind="residency", years=years, door=door)


def fellowship(name: str, years: float | None, door: str = "open", reason: str = "") -> Stage:
    return Stage(name=name, kind="fellowship", years=years, door=door, reason=reason)


PAIN = Climb(
    title="Anesthesiology → pain medicine",
    stages=(
        residency("Anesthesiology", 4),
        fellowship("Pain medicine", 1),
        Stage(name="High-volume private practice", kind="practice"),
    ),
    pay="$500k to $800k+",
    pay_source="playbook ballpark",
    facts=(("Procedures", "high"),),
    standing=0,
)
SHUT = Climb(
    title="General surgery → orthopedic fellowship",
    stages=(
        residency("General surgery", 5),
        fellowship("Orthopedic fellowship", 1, "nearly-closed", "once a path, not to be relied on"),
    ),
)
CARDIOLOGY = Climb(
    title="IM → cardiology → interventional cardiology",
    stages=(
        residency("Internal medicine", 3),
        fellowship("Cardiovascular disease", 3),
        fellowship("Interventional cardiology", 1),
    ),
)
UNKNOWN = Climb(
    title="FM → aesthetics",
    stages=(residency("Family medicine", 3), Stage(name="Cosmetics and aesthetics", kind="focus", years=None)),
)
EIGHT = (PAIN, SHUT, CARDIOLOGY, UNKNOWN, PAIN, SHUT, CARDIOLOGY, UNKNOWN)


def picture(*ladders: Climb, prefix: str = "c") -> Markup:
    return climbs(ClimbsPicture(prefix=prefix, climbs=ladders, title="Ladders after orthopedic surgery"))


def rung_heights(markup: Markup, index: int = 0) -> list[float]:
    """Heights of the thick rungs over the lowest one."""
    svg = drawings(markup)[index]
    rungs = [
        float(e.get("d", "").split()[1].split("H")[0]) for e in svg.iter() if (e.get("class") or "").startswith("rg")
    ]
    return [rungs[0] - y for y in rungs]


def test_eight_climbs_are_sound_and_each_has_its_drawing() -> None:
    markup = picture(*EIGHT)
    assert_sound(markup)
    assert len(drawings(markup)) == 8


def test_all_climbs_share_one_scale_of_years() -> None:
    markup = picture(PAIN, CARDIOLOGY)
    pain, cardiology = rung_heights(markup, 0), rung_heights(markup, 1)
    year = cardiology[-1] / 7
    assert pain == pytest.approx([0, 4 * year, 5 * year], abs=0.2)


def test_a_thin_rung_stands_for_each_year_without_a_stage() -> None:
    (svg,) = drawings(picture(PAIN))
    rows = "".join(d for d in lines(svg, "rl") if d.count("H68"))
    assert rows.count("H68") == 3


def test_above_a_nearly_closed_door_rails_and_rungs_are_broken() -> None:
    (svg,) = drawings(picture(SHUT))
    assert len(lines(svg, "rg off")) == 1
    assert len(lines(svg, "rg goal off")) == 1
    assert lines(svg, "rl off")
    (open_way,) = drawings(picture(PAIN))
    assert not lines(open_way, "rl off")


def test_unknown_years_are_drawn_broken_and_said_never_guessed() -> None:
    markup = picture(UNKNOWN)
    (svg,) = drawings(markup)
    assert lines(svg, "rl off")
    assert "? years, focus" in [s.text for s in spots(svg)]
    assert "years not recorded, focus" in words(svg)
    assert "at least 3 years to practice" in words(parse(markup))
    assert table(markup)[1][2] == "not recorded"


def test_the_rung_the_student_stands_on_is_the_only_oak_one() -> None:
    standing, nobody = drawings(picture(PAIN, CARDIOLOGY))
    assert len(lines(standing, "rg on")) == 1
    assert lines(nobody, "rg on") == []


def test_a_climb_without_a_practice_gets_one_on_top() -> None:
    assert [row[1] for row in table(picture(SHUT))] == [
        "General surgery, residency",
        "Orthopedic fellowship, fellowship",
        "Practice",
    ]


def test_the_table_holds_every_rung_with_years_door_reason_and_pay() -> None:
    rows = table(picture(PAIN, SHUT))
    assert rows[0] == ["Anesthesiology → pain medicine", "Anesthesiology, residency", "4", "open", "", ""]
    assert rows[2][5] == "$500k to $800k+ (playbook ballpark)"
    assert rows[4][3:5] == ["nearly closed", "once a path, not to be relied on"]
    assert rows[5][5] == "no range recorded"


def test_labels_of_rungs_a_few_months_apart_move_up_instead_of_touching() -> None:
    crowded = Climb(
        title="Many steps", stages=tuple(fellowship(f"A step with a long name {n}", 0.25) for n in range(6))
    )
    assert_sound(picture(crowded, CARDIOLOGY))


def test_long_names_and_kinds_stay_inside_their_drawing() -> None:
    long = Climb(
        title="PM&R → interventional spine",
        stages=(
            residency("Physical medicine and rehabilitation (PM&R)", 4),
            fellowship("Interventional spine (pain medicine fellowship, PM&R entry)", None),
            Stage(name="Interventional spine practice", kind="practice"),
        ),
    )
    markup = picture(long, SHUT)
    assert_sound(markup)
    assert "(pain medicine" in [s.text for s in spots(drawings(markup)[0])]


def test_hostile_text_stays_text_and_only_a_slot_is_markup() -> None:
    nasty = Climb(
        title=HOSTILE,
        stages=(residency(HOSTILE, 2), fellowship(HOSTILE, 1, HOSTILE, HOSTILE)),
        pay=HOSTILE,
        pay_source=HOSTILE,
        facts=((HOSTILE, HOSTILE),),
        note=HOSTILE,
        slot=Markup("<b id='mine'>Choose</b>"),
    )
    root = parse(picture(nasty))
    assert root.find(".//script") is None
    assert root.find(".//b[@id='mine']") is not None


def test_no_climbs_give_an_empty_frame_and_the_same_input_the_same_picture() -> None:
    assert drawings(picture()) == []
    assert picture(*EIGHT) == picture(*EIGHT)
