"""`access.db`: its tables, its settings, the throttle, sessions, pending uploads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import NotFound, StoreError
from tests.unit.edge.conftest import KEY, Clock
from web.access.store import REVISION, Access, open_access
from web.access.tables import METADATA
from web.access.throttle import LONGEST_WAIT_S

if TYPE_CHECKING:
    from pathlib import Path


def test_the_migrations_make_exactly_the_tables(access: Access, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'access.db'}", poolclass=sa.NullPool)
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), METADATA) == []


def test_the_program_knows_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "web/access/migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_every_connection_is_durable(access: Access) -> None:
    with access._db.write() as db:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)):
            assert db.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_newer_file_is_refused_with_both_numbers(access: Access, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "access.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreError, match="revision 0999, this program knows up to 0003: use the newer program"):
        open_access(tmp_path / "access.db", KEY)


def test_the_wait_grows_with_each_wrong_try_up_to_a_quarter_of_an_hour_and_is_forgotten(
    access: Access, clock: Clock
) -> None:
    waits = []
    for _ in range(40):
        wait = access.throttle.take({"account": 5})
        waits.append(wait)
        clock.now += wait + 0.001
    assert waits[:9] == pytest.approx([0, 0, 0, 0, 0, 1, 0, 2, 0], abs=0.01)
    assert waits[-1] == pytest.approx(LONGEST_WAIT_S, abs=0.01)
    clock.now += 3601
    assert access.throttle.take({"account": 5}) == 0
    assert access.throttle.take({"account": 5}) == 0


def test_a_right_sign_in_gives_the_tries_back(access: Access) -> None:
    for _ in range(4):
        access.throttle.take({"account": 5, "address": 20})
    access.throttle.give_back("account", "address")
    for _ in range(5):
        assert access.throttle.take({"account": 5, "address": 20}) == 0


def test_one_account_that_waits_does_not_make_another_wait(access: Access) -> None:
    for _ in range(6):
        access.throttle.take({"one": 5})
    assert access.throttle.take({"one": 5}) > 0
    assert access.throttle.take({"other": 5}) == 0


def test_a_session_is_found_by_its_token_only(access: Access) -> None:
    token = access.sessions.open("m1")
    assert access.sessions.member_of(token, idle_hours=8, hours=24) == "m1"
    assert access.sessions.member_of(token + "x", idle_hours=8, hours=24) is None
    assert access.sessions.open("m1") != token


def test_an_upload_is_its_senders_alone_sealed_and_kept_two_hours(access: Access, clock: Clock, tmp_path: Path) -> None:
    upload = access.uploads.keep("m1", "roster.csv", b"Ada\x00Lovelace")
    kept = access.uploads.get(upload, "m1")
    assert (kept.file_name, kept.data) == ("roster.csv", b"Ada\x00Lovelace")
    for path in tmp_path.iterdir():
        assert b"Lovelace" not in path.read_bytes()
    with pytest.raises(NotFound):
        access.uploads.get(upload, "m2")
    clock.now += 2 * 3600 + 1
    with pytest.raises(NotFound, match="kept for two hours"):
        access.uploads.get(upload, "m1")


def test_a_dropped_upload_is_gone(access: Access) -> None:
    upload = access.uploads.keep("m1", "roster.csv", b"a")
    access.uploads.drop(upload)
    with pytest.raises(NotFound):
        access.uploads.get(upload, "m1")


def test_a_setting_is_kept_and_replaced(access: Access) -> None:
    assert access.setting("x") is None
    access.keep_setting("x", "1")
    access.keep_setting("x", "2")
    assert access.setting("x") == "2"
