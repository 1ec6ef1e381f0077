"""Three faults in ten minutes quarantine a plugin, for every process and over a restart, until a steward lifts it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tests.unit.edge.conftest import KEY, Clock
from web.access.store import Access, open_access

if TYPE_CHECKING:
    from pathlib import Path


def test_the_third_fault_within_ten_minutes_is_the_last(access: Access, clock: Clock) -> None:
    assert [access.quarantine.blame("space", "d1", f"fault {n}") for n in (1, 2)] == [False, False]
    clock.now += 599
    assert access.quarantine.blame("space", "d1", "fault 3")
    assert access.quarantine.held() == {("space", "d1"): clock.now}
    assert [one.what for one in access.quarantine.faults()] == ["fault 3", "fault 2", "fault 1"]


def test_three_faults_in_more_than_ten_minutes_are_none_too_many(access: Access, clock: Clock) -> None:
    for _ in range(9):
        assert not access.quarantine.blame("space", "d1", "slow")
        clock.now += 301
    assert access.quarantine.held() == {}


def test_faults_of_another_plugin_or_of_other_files_do_not_count(access: Access) -> None:
    for plugin, digest in (("space", "d1"), ("moon", "d1"), ("space", "d2"), ("moon", "d2")):
        assert not access.quarantine.blame(plugin, digest, "wrong")
        assert not access.quarantine.blame(plugin, digest, "wrong")
    assert access.quarantine.held() == {}


def test_the_quarantine_outlives_a_restart_and_is_that_of_every_process(access: Access, tmp_path: Path) -> None:
    for _ in range(3):
        access.quarantine.blame("space", "d1", "wrong")
    with closing(open_access(tmp_path / "access.db", KEY)) as other:
        assert ("space", "d1") in other.quarantine.held()
        other.quarantine.lift("space")
    assert access.quarantine.held() == {}


def test_lifting_counts_anew(access: Access) -> None:
    for _ in range(3):
        access.quarantine.blame("space", "d1", "wrong")
    access.quarantine.lift("space")
    assert access.quarantine.faults() == []
    assert not access.quarantine.blame("space", "d1", "wrong")
    assert not access.quarantine.blame("space", "d1", "wrong")
    assert access.quarantine.blame("space", "d1", "wrong")


def test_a_fault_is_kept_for_a_month(access: Access, clock: Clock) -> None:
    access.quarantine.blame("space", "d1", "old")
    clock.now += 31 * 24 * 3600
    access.quarantine.blame("space", "d1", "new")
    assert [one.what for one in access.quarantine.faults()] == ["new"]
