"""The institution with its settings and the playbook in force; its cohorts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.errors import InvalidValue
from core.people.institution import (
    change_setting,
    cohort_id,
    create_cohort,
    create_institution,
    publish_playbook,
    record_import,
)
from tests.builders import FixedKeys, stamp
from tests.scenario import Scenario, event, given_root


class Keys(FixedKeys):
    institution = UUID(int=7)


KEYS: Any = Keys()


def school(time_zone: str = "America/Chicago") -> Scenario:
    return given_root(create_institution(" Test School ", time_zone, keys=KEYS, stamp=stamp()))


def test_an_institution_begins_with_name_zone_and_a_support_contact() -> None:
    root = school().root
    assert root.id == UUID(int=7)
    assert root.settings["name"] == "Test School"
    assert root.zone.key == "America/Chicago"
    assert "988" in root.settings["support_contact"]


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "America", "/UTC", "x" * 300, "UTC\x00"])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(InvalidValue, match="time_zone"):
        school(zone)
    school().when(change_setting, "time_zone", zone).then_refused(InvalidValue, "time_zone")


def test_a_changed_setting_takes_effect_and_the_same_value_is_quiet() -> None:
    scenario = school()
    root = scenario.when(change_setting, "time_zone", " America/Denver ").then(
        event("institution.setting-changed", name="time_zone", value="America/Denver")
    )
    assert root.zone.key == "America/Denver"
    scenario.when(change_setting, "time_zone", "America/Denver").then_nothing()


def test_an_unknown_or_empty_setting_is_refused() -> None:
    school().when(change_setting, "color", "red").then_refused(InvalidValue, "setting: 'color'")
    school().when(change_setting, "name", " ").then_refused(InvalidValue, "name")


def test_a_published_playbook_is_in_force_whole_and_by_its_digest() -> None:
    scenario = school()
    content = {"label": "2026.1", "packs": []}
    root = scenario.when(publish_playbook, content, digest="sha256:1", note=" first ").then(
        event("institution.playbook-published", content=content, digest="sha256:1", label="2026.1", note="first")
    )
    assert (root.playbook, root.playbook_digest) == (content, "sha256:1")
    scenario.when(publish_playbook, content, digest="sha256:1", note="again").then_nothing()


def test_each_cycle_is_one_cohort() -> None:
    assert cohort_id(KEYS, 2026) == cohort_id(KEYS, 2026) != cohort_id(KEYS, 2027)
    assert given_root(create_cohort(2026, keys=KEYS, stamp=stamp())).root.cycle == 2026


def test_an_import_is_recorded_with_what_it_did() -> None:
    counts = {"new": 3, "changed": 2, "unchanged": 1, "by_hand": 4, "faulty": 5}
    scenario = given_root(create_cohort(2026, keys=KEYS, stamp=stamp()))
    cohort = scenario.when(record_import, file_name="a.csv", file_digest="sha256:2", counts=counts).then(
        event("cohort.roster-imported", file_name="a.csv", rows_new=3, rows_changed=2, rows_unchanged=1, rows_by_hand=4)
    )
    assert cohort.imports == 1
