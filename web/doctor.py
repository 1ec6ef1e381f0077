"""The doctor: checks every setting and file that carries a promise, one line each, and changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from core.errors import RungwiseError
from core.journal.keys import FORMAT as KEYS_FORMAT
from core.journal.keys import Keys, master_key
from core.journal.sqlite import APPLICATION_ID, connect
from core.journal.store import FORMAT as JOURNAL_FORMAT
from core.journal.verify import Walk
from projections.store import FORMAT as VIEWS_FORMAT
from web.access.store import REVISION
from web.house import open_house, system_clock
from web.serve import package_clashes
from web.verify import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from web.house import House
    from web.settings import Settings

__all__ = ["Finding", "examine"]

Level = Literal["ok", "warn", "fail"]
DISK_FAIL_BYTES = 200 * 1024**2
DISK_WARN_BYTES = 1024**3
LAG_WARN_EVENTS = 10_000  # about a tenth of a second's work for the runner
CLOCK_SLACK = timedelta(minutes=5)

# Each store with its format and the durability it is opened with.
_STORES: dict[str, tuple[int | None, Literal["NORMAL", "FULL"]]] = {
    "journal.db": (JOURNAL_FORMAT, "FULL"),
    "keys.db": (KEYS_FORMAT, "FULL"),
    "access.db": (None, "FULL"),  # migrated by revision
    "views.db": (VIEWS_FORMAT, "NORMAL"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    level: Level
    what: str
    sentence: str


def examine(settings: Settings, env: Mapping[str, str], *, deep: bool = False) -> Iterator[Finding]:
    """Check everything; yields one finding a check.

    Args:
        settings: names the folder.
        env: where the master key may be named.
        deep: also open every event.
    """
    clashes = package_clashes()
    yield _finding("packages", not clashes, f"{', '.join(clashes)} owns a package of ours", "none of ours is shared")
    folder = settings.data_dir
    if not (folder / "journal.db").exists():
        yield Finding(level="fail", what="store", sentence=f"{folder} holds no store; scripts/run creates one")
        return
    yield from _files(folder)
    yield _key(folder, env)
    sound = True
    for name, (known, synchronous) in _STORES.items():
        if name == "views.db" and not (folder / name).exists():  # a restored store starts without
            yield Finding(level="warn", what=name, sentence="not made yet: the next start makes it from the journal")
            continue
        found = _database(folder / name, known, synchronous)
        sound = sound and found.level != "fail"
        yield found
    yield _disk(folder)
    if not sound:
        yield Finding(level="fail", what="contents", sentence="not looked at: a store cannot be opened")
        return
    try:
        with closing(open_house(settings, env)) as house:
            yield from _contents(house, deep=deep)
    except RungwiseError as error:
        yield Finding(level="fail", what="contents", sentence=str(error))


def _files(folder: Path) -> Iterator[Finding]:
    open_files = [path.name for path in [folder, *sorted(folder.iterdir())] if _readable_by_others(path)]
    inside = not _readable_by_others(folder)
    level: Level = "ok" if inside or not open_files else "fail"
    told = "only the owner can look in" if inside else f"others can read {', '.join(open_files)}: chmod go-rwx {folder}"
    yield Finding(level=level, what="file permissions", sentence=told)


def _readable_by_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _key(folder: Path, env: Mapping[str, str]) -> Finding:
    try:
        with closing(Keys(folder / "keys.db", master_key(folder, env, create=False))):
            pass  # it opens: only now may anything be said about another copy of the key
    except RungwiseError as error:
        return Finding(level="fail", what="master key", sentence=f"{error}; remove no key file before this is mended")
    if env.get("RUNGWISE_MASTER_KEY") or env.get("RUNGWISE_MASTER_KEY_FILE"):
        named = "named in the environment, and it opens keys.db"
        beside = (folder / "master.key").exists() and not _is_the_named(folder, env)
        told = f"{named}; a master.key lies in the store's folder too: move it to where copies of the key are kept"
        return Finding(level="warn" if beside else "ok", what="master key", sentence=told if beside else named)
    told = "lies in the store's folder: who copies it can read it (RUNGWISE_MASTER_KEY_FILE names another place)"
    return Finding(level="warn", what="master key", sentence=told)


def _is_the_named(folder: Path, env: Mapping[str, str]) -> bool:
    """Say whether the environment names the very file in the folder: then it is the only key, and stays."""
    named = env.get("RUNGWISE_MASTER_KEY_FILE")
    if not named or env.get("RUNGWISE_MASTER_KEY"):
        return False
    return folder.joinpath(named).resolve() == (folder / "master.key").resolve()


def _database(path: Path, known: int | None, synchronous: Literal["NORMAL", "FULL"]) -> Finding:
    try:
        with closing(connect(path, synchronous=synchronous)) as db:  # asserts the settings
            owner = db.execute("PRAGMA application_id").fetchone()[0]
            found = db.execute("PRAGMA user_version").fetchone()[0]
            sound = db.execute("PRAGMA quick_check").fetchone()[0]
            if known is None:
                known, found = int(REVISION), int(db.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except RungwiseError as error:  # says already what to do
        return Finding(level="fail", what=path.name, sentence=str(error))
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        return Finding(level="fail", what=path.name, sentence=f"cannot be read ({error}); restore it from a backup")
    if owner != APPLICATION_ID:
        return Finding(level="fail", what=path.name, sentence=f"is not a Rungwise store (application id {owner})")
    if sound != "ok":
        told = " ".join(sound.split())  # SQLite tells it over several lines
        return Finding(level="fail", what=path.name, sentence=f"is damaged ({told}); restore it from a backup")
    if found > known:
        return Finding(level="fail", what=path.name, sentence=f"has format {found}, this program knows up to {known}")
    older = f"format {found}, brought to {known} at the next start"
    same = f"sound, format {found}, write-ahead log, synchronous {synchronous}"
    return Finding(level="warn" if found < known else "ok", what=path.name, sentence=older if found < known else same)


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    level: Level = "fail" if free < DISK_FAIL_BYTES else "warn" if free < DISK_WARN_BYTES else "ok"
    return Finding(level=level, what="free disk", sentence=f"{free / 1024**3:.1f} GiB")


def _contents(house: House, *, deep: bool) -> Iterator[Finding]:
    state = house.runner.status()
    behind: Level = "fail" if state.state == "degraded" else "warn" if state.lag > LAG_WARN_EVENTS else "ok"
    told = state.error or f"at {state.position} of {state.head} ({state.state})"
    lacking = f"; {', '.join(state.degraded)} went on without {len(state.parked)} events" if state.parked else ""
    yield Finding(level=behind, what="read models", sentence=told + lacking)
    institution = house.desk.institution()
    zone = ZoneInfo(institution.settings["time_zone"])
    yield Finding(level="ok", what="time zone", sentence=f"{zone.key}, now {house.clock().astimezone(zone):%a %H:%M}")
    yield _clock(house)
    packs = len(house.desk.playbook().content["packs"])
    yield Finding(level="ok", what="playbook", sentence=f"{institution.playbook_digest} with {packs} packs in force")
    if deep:
        yield _every_event(house)


def _clock(house: House) -> Finding:
    log = house.desk.journal
    newest = log.read_log(max(log.head() - 1, 0), 1)
    ahead = bool(newest) and newest[0].event.recorded_at > house.clock() + CLOCK_SLACK
    told = (
        "the newest event lies in the future: this machine's clock went back" if ahead else f"{system_clock():%c} UTC"
    )
    return Finding(level="fail" if ahead else "ok", what="clock", sentence=told)


def _every_event(house: House) -> Finding:
    folder, events = house.settings.data_dir, 0
    try:
        with closing(Walk(folder, {}, reached=remembered(folder), keys=house.desk.journal.keys)) as walk:
            found = [one.sentence for one in walk.findings() if one.level == "finding"]
            events = walk.rows
    except RungwiseError as error:
        found = [str(error)]
    more = f"; and {len(found) - 1} more, which rungwise log verify lists" if len(found) > 1 else ""
    return _finding("events", not found, f"{found[0]}{more}" if found else "", f"all {events} open")


def _finding(what: str, good: bool, bad_words: str, good_words: str) -> Finding:  # noqa: FBT001 - a check's outcome
    return Finding(level="ok" if good else "fail", what=what, sentence=good_words if good else bad_words)
