"""What packs bring to the income model goes before the built-in figures, and is held to the same checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.income import read_scenario
from plugins.host import load, playbook_content
from plugins.income import load_tables
from tests.unit.money.scenarios import given, path

if TYPE_CHECKING:
    from pathlib import Path

    from core.income import Scenario

HEADER = 'version = "1.0.0"\ntitle = "Ours"\norigin = "house"\n'
PAY = '[[field_pay]]\nspecialty = "anesthesiology"\np10_usd = 300000\np50_usd = 500000\np90_usd = 800000\n'
SAID = 'source = "our alumni survey"\nyear = 2025\n'
LEVER = (
    '[[levers]]\nid = "far-north"\nkind = "geography"\nlabel = "North"\nlow_pct = 90\nmid_pct = 110\nhigh_pct = 150\n'
)


def brought(folder: Path, text: str) -> tuple[dict[str, Any], list[str]]:
    (folder / "ours").mkdir()
    (folder / "ours" / "pack.toml").write_text(HEADER + text, "utf-8")
    loaded = load([folder])
    return playbook_content("ours", loaded.packs), [str(fault) for fault in loaded.faults]


def read(playbook: dict[str, Any], **practice: Any) -> Scenario:
    return read_scenario(given(path(**practice)), load_tables(), playbook)


def test_the_pay_that_a_pack_brings_goes_before_the_built_in_one(tmp_path: Path) -> None:
    playbook, faults = brought(tmp_path, PAY + SAID)

    scenario = read(playbook)
    track = scenario.paths[0].last.track

    assert faults == []
    assert track.median_usd == 500_000
    assert track.p90_usd / track.p10_usd == pytest.approx(8 / 3)
    assert (track.figures[0].source, track.figures[0].year) == ("our alumni survey", 2025)
    assert read(playbook, basis="employees").paths[0].last.track.median_usd == 421_900  # the survey, when asked for
    assert scenario.figures_digest != load_tables().digest


def test_older_pay_is_carried_to_the_dollars_of_the_model(tmp_path: Path) -> None:
    playbook, _ = brought(tmp_path, PAY + SAID.replace("2025", "2017"))

    # Source: CPI-U annual means, 245.1 in 2017 and 322.0 in 2025
    assert read(playbook).paths[0].last.track.median_usd == pytest.approx(500_000 * 322.0 / 245.1)


def test_a_scenario_may_name_a_lever_that_a_pack_brings(tmp_path: Path) -> None:
    playbook, faults = brought(tmp_path, LEVER + SAID)

    place = read(playbook, place="far-north").paths[0].last.place

    assert faults == []
    assert (place.low, place.mid, place.high, place.source) == (0.9, 1.1, 1.5, "our alumni survey")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            PAY.replace("300000", "600000") + SAID,
            (
                "plugin ours, rungwise_income_fields: anesthesiology.p90_usd: 800000 is not allowed "
                "(p10 not above p50 or p90)"
            ),
        ),
        (
            PAY.replace("anesthesiology", "alchemy") + SAID,
            (
                "plugin ours, rungwise_income_fields: alchemy.specialty: 'alchemy' is not allowed "
                "(the slug of a specialty that some pack declares)"
            ),
        ),
        (
            LEVER.replace("low_pct = 90", "low_pct = 200") + SAID,
            (
                "plugin ours, rungwise_income_levers: far-north.low_pct: 200 is not allowed "
                "(low not above mid, mid not above high)"
            ),
        ),
        (
            LEVER + "year = 2025\n",
            "plugin ours, rungwise_income_levers: far-north.source is missing (text, not empty)",
        ),
    ],
)
def test_a_row_that_is_not_right_is_left_out_and_named(text: str, line: str, tmp_path: Path) -> None:
    playbook, faults = brought(tmp_path, text)

    assert faults == [line]
    assert load_tables().joined(playbook) is load_tables()
