"""What members keep for themselves in `access.db`: what they have looked at, and their filters."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from core.errors import InvalidValue, NotFound
from web.access.saved_filters import KEPT_MAX, SavedFilter
from web.access.store import Access, open_access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROBIN, WREN = UUID(int=1), UUID(int=2)


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    made = open_access(tmp_path / "access.db", bytes(32), create=True)
    yield made
    made.close()


def filter_of(member: str, name: str, *, ident: str = "", **changes: object) -> SavedFilter:
    fields = {"cohort": "2026", "shared": False, "query": "q=heron"} | changes
    return SavedFilter(id=ident or f"{member}-{name}", member_id=member, name=name, **fields)  # type: ignore[arg-type]


def names(access: Access, member: str, cohort: str = "2026") -> list[str]:
    return [one.name for one in access.saved_filters.for_member(member, cohort)]


def test_nothing_was_seen_before_somebody_looked(access: Access) -> None:
    assert access.looked.since("m1", "2026") == (0, {})


def test_a_journey_is_seen_by_its_reader_alone_as_far_as_they_ever_saw_it(access: Access) -> None:
    for position in (7, 9, 8):
        access.looked.at_journey("m1", ROBIN, position)
    assert access.looked.since("m1", "2026") == (0, {ROBIN.hex: 9})
    assert access.looked.since("m2", "2026") == (0, {})


def test_a_cohort_seen_as_a_whole_speaks_for_the_journeys_opened_before(access: Access) -> None:
    access.looked.at_journey("m1", ROBIN, 5)
    access.looked.at_journey("m1", WREN, 30)
    access.looked.at_cohort("m1", "2026", 20)
    access.looked.at_cohort("m1", "2026", 10)
    assert access.looked.since("m1", "2026") == (20, {WREN.hex: 30})
    assert access.looked.since("m1", "2025")[0] == 0


def test_looking_again_at_the_same_writes_nothing(access: Access, tmp_path: Path) -> None:
    access.looked.at_journey("m1", ROBIN, 5)
    with closing(sqlite3.connect(tmp_path / "access.db")) as db:
        before = db.execute("PRAGMA data_version").fetchone()
        access.looked.at_journey("m1", ROBIN, 5)
        assert db.execute("PRAGMA data_version").fetchone() == before
        access.looked.at_journey("m1", ROBIN, 6)
        assert db.execute("PRAGMA data_version").fetchone() != before


def test_only_what_may_be_lost_is_written_without_waiting_for_the_disk(access: Access) -> None:
    with access._db.jot() as light, access._db.read() as full:
        assert light.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        assert full.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_filter_is_its_members_unless_they_share_it(access: Access) -> None:
    access.saved_filters.keep(filter_of("m1", "Undecided"))
    access.saved_filters.keep(filter_of("m1", "dissents", shared=True))
    access.saved_filters.keep(filter_of("m2", "Mine"))
    assert names(access, "m1") == ["dissents", "Undecided"]
    assert names(access, "m2") == ["dissents", "Mine"]
    assert names(access, "m1", "2025") == []


def test_a_form_sent_twice_keeps_one_filter(access: Access) -> None:
    for _ in range(2):
        access.saved_filters.keep(filter_of("m1", "Undecided", ident="c1"))
    assert names(access, "m1") == ["Undecided"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "UNDECIDED", " undecided "])
def test_a_name_is_short_and_no_other_filter_of_theirs_has_it(access: Access, name: str) -> None:
    access.saved_filters.keep(filter_of("m1", "Undecided", ident="c1"))
    with pytest.raises(InvalidValue):
        access.saved_filters.keep(filter_of("m1", name, ident="c2"))
    access.saved_filters.keep(filter_of("m2", "Undecided", ident="c3"))


def test_a_filter_is_renamed_shared_and_deleted_by_its_member_alone(access: Access) -> None:
    access.saved_filters.keep(filter_of("m1", "Undecided", ident="c1"))
    access.saved_filters.change("m1", "2026", "c1", name="Not decided yet", shared=True)
    assert names(access, "m2") == ["Not decided yet"]
    with pytest.raises(NotFound):
        access.saved_filters.change("m2", "2026", "c1", name="Theirs", shared=False)
    assert access.saved_filters.delete("m2", ["c1"]) == 0
    assert access.saved_filters.delete("m1", ["c1"]) == 1
    assert names(access, "m1") == []


def test_there_is_an_end_to_what_a_member_can_keep(access: Access) -> None:
    for number in range(KEPT_MAX):
        access.saved_filters.keep(filter_of("m1", f"Filter {number}"))
    with pytest.raises(InvalidValue, match="delete one first"):
        access.saved_filters.keep(filter_of("m1", "One more"))


def test_a_name_typed_into_a_filter_lies_nowhere_in_clear(access: Access, tmp_path: Path) -> None:
    access.saved_filters.keep(filter_of("m1", "About Heron", ident="c1"))
    for path in tmp_path.iterdir():
        assert b"eron" not in path.read_bytes()


def test_who_leaves_takes_everything_along(access: Access) -> None:
    access.looked.at_journey("m1", ROBIN, 5)
    access.saved_filters.keep(filter_of("m1", "Undecided", shared=True))
    access.looked.forget("m1")
    access.saved_filters.forget("m1")
    assert access.looked.since("m1", "2026") == (0, {})
    assert names(access, "m2") == []
