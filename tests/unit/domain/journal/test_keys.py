"""One key for each subject, wrapped by one master key; a missing, wrong or malformed key gets one clear sentence."""

from __future__ import annotations

import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from core.errors import InvalidValue, StoreError
from core.journal import keys
from core.journal.keys import Keys, master_key
from core.journal.store import open_journal
from core.journey.journey import Journey
from tests.unit.domain.journal.conftest import Store
from tests.unit.domain.journal.test_stored_form import ByHand

if TYPE_CHECKING:
    from pathlib import Path

HEX = "ab" * 32


def test_the_master_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = master_key(tmp_path, {}, create=True)
    assert len(made) == 32
    assert master_key(tmp_path, {}, create=True) == made
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600


def test_the_environment_goes_before_a_named_file_and_that_before_the_folders_own(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("cd" * 32)
    (tmp_path / "named").write_text("ef" * 32 + "\n")
    named = {"RUNGWISE_MASTER_KEY_FILE": str(tmp_path / "named")}
    assert master_key(tmp_path, {}, create=False) == b"\xcd" * 32
    assert master_key(tmp_path, named, create=False) == b"\xef" * 32
    assert master_key(tmp_path, {**named, "RUNGWISE_MASTER_KEY": HEX.upper()}, create=False) == b"\xab" * 32


@pytest.mark.parametrize("text", ["", " ", "ab" * 31, "ab" * 33, "xy" * 32, HEX + "\n" + HEX])
def test_a_malformed_master_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidValue, match="64 hexadecimal digits") as refusal:
        master_key(tmp_path, {"RUNGWISE_MASTER_KEY": text}, create=True)
    assert text.strip() == "" or text not in str(refusal.value)
    (tmp_path / "master.key").write_text(text)
    with pytest.raises(InvalidValue, match=r"master\.key"):
        master_key(tmp_path, {}, create=False)


def test_a_missing_master_key_file_keeps_the_store_closed(store: Store, tmp_path: Path) -> None:
    store.journal.close()
    (store.folder / "master.key").unlink()
    for create in (False, True):
        with pytest.raises(StoreError, match=r"master\.key cannot be read .* the store stays closed"):
            open_journal(store.folder, {}, create=create)
    assert not (store.folder / "master.key").exists()
    with pytest.raises(StoreError, match="elsewhere cannot be read"):
        master_key(tmp_path, {"RUNGWISE_MASTER_KEY_FILE": str(tmp_path / "elsewhere")}, create=True)
    (tmp_path / "elsewhere").write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="elsewhere cannot be read"):
        master_key(tmp_path, {"RUNGWISE_MASTER_KEY_FILE": str(tmp_path / "elsewhere")}, create=True)


def test_the_wrong_master_key_does_not_open_the_store(store: Store) -> None:
    store.journal.close()
    with pytest.raises(StoreError, match=r"the master key does not open keys\.db: it belongs to another store"):
        open_journal(store.folder, {"RUNGWISE_MASTER_KEY": HEX})


def test_a_missing_keys_file_is_named(store: Store) -> None:
    store.begin()
    store.journal.close()
    (store.folder / "keys.db").unlink()
    for create in (False, True):
        with pytest.raises(StoreError, match=r"keys\.db is missing: without it nothing in journal\.db can be read"):
            open_journal(store.folder, {}, create=create)
    assert not (store.folder / "keys.db").exists()


def test_keys_older_than_the_journal_are_found_out(store: Store, tmp_path: Path) -> None:
    store.begin()
    store.journal.close()
    shutil.copy(store.folder / "keys.db", tmp_path / "older")
    journal = store.reopen()
    later = store.begin(student_ref="S-200")
    journal.close()
    shutil.copy(tmp_path / "older", store.folder / "keys.db")
    journal = store.reopen()
    with pytest.raises(StoreError, match="not of one store or one day"):
        journal.get(Journey, later.id)


def test_keys_of_another_store_under_the_same_master_key_are_found_out_at_the_start(tmp_path: Path) -> None:
    env = {"RUNGWISE_MASTER_KEY": HEX}
    one = Store(tmp_path / "one", env)
    other = Store(tmp_path / "other", env)
    one.begin()
    one.journal.close()
    other.begin()
    other.journal.close()
    shutil.copy(other.folder / "keys.db", one.folder / "keys.db")
    with pytest.raises(StoreError, match="not of one store or one day"):
        open_journal(one.folder, env)


def test_a_damaged_key_is_named(store: Store) -> None:
    journey = store.begin()
    store.journal.close()
    store.sql("UPDATE subject_key SET wrapped = zeroblob(40)", file="keys.db")
    with pytest.raises(StoreError, match=r"a key in keys\.db does not open under the master key"):
        open_journal(store.folder, {}).get(Journey, journey.id)


def test_two_journeys_of_one_student_share_a_key_and_two_students_do_not(store: Store) -> None:
    one, same, other = store.begin(), store.begin(match_system="aua"), store.begin(student_ref="S-200")
    key_of = {
        stream.id: bytes(state)[1:17]
        for stream in (one, same, other)
        for (state,) in store.sql("SELECT state FROM stored_events WHERE originator_id = ?", stream.id.hex)
    }
    assert key_of[one.id] == key_of[same.id] != key_of[other.id]
    assert store.sql("SELECT count(*) FROM subject_key WHERE subject LIKE 'student:%'", file="keys.db") == [(2,)]


def test_no_key_stands_in_clear_in_any_file_but_the_master_key(store: Store) -> None:
    store.begin()
    by_hand = ByHand(store)
    store.journal.close()
    stored = b"".join((store.folder / name).read_bytes() for name in ("keys.db", "journal.db"))
    assert not any(key in stored for key in (*by_hand.keys.values(), by_hand.master))


def test_a_bounded_number_of_ciphers_is_held_and_the_others_are_made_ready_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "HELD", 2)
    store = Keys(tmp_path / "keys.db", bytes.fromhex(HEX), create=True)
    ids = [store.of_subject(f"student {number}")[0] for number in range(5)]
    sealed = [store.by_id(one).encrypt(bytes(12), b"word", None) for one in ids]  # type: ignore[union-attr]

    assert len(store._by_id) == len(store._by_subject) == 2
    assert [store.of_subject(f"student {number}")[0] for number in range(5)] == ids
    for one, what in zip(ids, sealed, strict=True):
        cipher = store.by_id(one)
        assert cipher is not None
        assert cipher.decrypt(bytes(12), what, None) == b"word"
    store.close()
