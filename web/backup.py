"""Backup and restore: all four stores and the files, consistently, while people write."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.errors import Conflict, InvalidValue, StoreError
from core.journal.keys import Keys, master_key
from core.journal.sqlite import connect
from web.serve import refuse_running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["STORES", "Manifest", "Restored", "backup", "restore"]

FORMAT = 1
MANIFEST = "manifest.json"
MASTER_KEY = "master.key"
FILES = "files"
# The order matters: keys may not be older than the journal (a key is made before its event). The read models stay out:
# they hold in clear what the journal seals, would outlive an erasure, and are made again at the first start.
STORES = ("journal.db", "keys.db", "access.db")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds.

    Args:
        format: of the backup itself.
        made_at: when, by the machine's clock [ISO 8601, UTC].
        institution: id of the institution.
        position: of the newest event.
        with_master_key: whether the master key lies in it.
        formats: format number of each store.
        sha256: digest of each file, by its path inside the backup.
    """

    format: int
    made_at: str
    institution: str
    position: int
    with_master_key: bool
    formats: dict[str, str]
    sha256: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did.

    Args:
        manifest: of the backup.
        erasures: how many erasures were repeated.
        kept: where the replaced store lies now, or None.
        has_master_key: whether a master key was at hand, and opened it.
    """

    manifest: Manifest
    erasures: int
    kept: Path | None
    has_master_key: bool


def backup(folder: Path, destination: Path, *, now: datetime, with_master_key: bool = False) -> Manifest:
    """Copy a store; people may write meanwhile.

    Args:
        folder: the store.
        destination: a folder that does not exist yet, or is empty.
        now: when [timezone-aware, UTC].
        with_master_key: put the master key into it too: whoever holds the backup can then read it.

    Raises:
        InvalidValue: the destination is not empty, or lies in the store itself.
        StoreError: the store is not complete or damaged, or the master key is not a file in the folder.
    """
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise InvalidValue("destination", str(destination), "a folder that does not exist yet or is empty")
    if destination.resolve().is_relative_to(folder.resolve()):
        raise InvalidValue("destination", str(destination), f"a folder outside the store {folder}")
    with _beside(destination, ".partial") as part:
        for name in STORES:
            _copy_database(folder / name, part / name)
        if (folder / FILES).is_dir():
            shutil.copytree(folder / FILES, part / FILES)
        if with_master_key:
            if not (folder / MASTER_KEY).exists():
                raise StoreError(f"the master key is not in {folder}: copy it by hand from where it is kept")
            _copy_key(folder, part)
        manifest = _describe(part, now, with_master_key=with_master_key)
        (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
        for path in part.rglob("*"):
            _sync(path)
        if destination.exists():
            destination.rmdir()
        part.rename(destination)
    _sync(destination.parent)
    return manifest


def restore(
    source: Path,
    folder: Path,
    env: Mapping[str, str],
    *,
    now: datetime,
    replace: bool = False,
    without_erasures: bool = False,
) -> Restored:
    """Bring a backup back.

    Args:
        source: the backup.
        folder: where the store shall be.
        env: where the master key may be named.
        now: when [timezone-aware, UTC].
        replace: put it in place of a store that is there; that one is kept beside it.
        without_erasures: go on although the erasures recorded in the replaced store cannot be read.

    Raises:
        InvalidValue: the source is no backup, or the folder is not empty.
        Conflict: a server runs on the folder, or it holds another institution.
        StoreError: the backup is damaged or newer than the program, or the master key does not open it.
    """
    manifest = _checked(source)
    occupied = folder.exists() and any(folder.iterdir())
    if occupied and not replace:
        raise InvalidValue("folder", str(folder), "an empty folder, or --replace")
    kept = None
    with refuse_running(folder) if occupied else nullcontext():
        erased = _erasures(folder, env, manifest, without=without_erasures) if occupied else []
        with _beside(folder, ".restoring") as fresh:
            _unpack(source, fresh, manifest)
            if occupied and not manifest.with_master_key and (folder / MASTER_KEY).exists():
                _copy_key(folder, fresh)
            opened, repeated = _settle(fresh, env, erased)
            if occupied:
                kept = folder.rename(folder.with_name(f"{folder.name}.replaced-{now:%Y%m%dT%H%M%S}"))
            elif folder.exists():
                folder.rmdir()
            fresh.rename(folder)
    return Restored(manifest=manifest, erasures=repeated, kept=kept, has_master_key=opened)


@contextmanager
def _beside(place: Path, suffix: str) -> Iterator[Path]:
    """Give a private folder beside a place, to be renamed into it when whole: what was cut short never looks whole."""
    part = place.with_name(place.name + suffix)
    try:
        part.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise InvalidValue(
            "folder", str(part), "removed first: it is left from an attempt that was cut short"
        ) from None
    except OSError as error:
        raise StoreError(f"{part} cannot be made ({error.strerror})") from None
    try:
        yield part
    except OSError as error:
        raise StoreError(f"{place} cannot be written ({error.strerror or error}); nothing was changed") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy_key(source: Path, target: Path) -> None:
    shutil.copyfile(source / MASTER_KEY, target / MASTER_KEY)
    (target / MASTER_KEY).chmod(0o600)


def _copy_database(source: Path, target: Path) -> None:
    if not source.exists():
        raise StoreError(f"{source} is not there: this folder holds no complete store")
    try:
        reading = source.resolve().as_uri() + "?mode=ro"
        with closing(sqlite3.connect(reading, uri=True)) as db, closing(sqlite3.connect(target)) as copy:
            db.backup(copy)  # all pages at once: one moment of the store, and writers go on
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{source} is damaged ({error}); the backup was not made") from None
    if found != "ok":
        raise StoreError(f"{source} is damaged ({found}); the backup was not made")


def _describe(part: Path, now: datetime, *, with_master_key: bool) -> Manifest:
    institution = _ask(part / "keys.db", "SELECT id FROM institution")
    formats = {name: str(_ask(part / name, "PRAGMA user_version")) for name in STORES}
    formats["access.db"] = str(_ask(part / "access.db", "SELECT version_num FROM alembic_version"))
    return Manifest(
        format=FORMAT,
        made_at=now.isoformat(timespec="seconds"),
        institution=str(institution),
        position=int(_ask(part / "journal.db", "SELECT max(rowid) FROM stored_events") or 0),
        with_master_key=with_master_key,
        formats=formats,
        sha256={str(p.relative_to(part)): _digest(p) for p in sorted(part.rglob("*")) if p.is_file()},
    )


def _checked(source: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((source / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        raise InvalidValue(
            "source", str(source), f"a folder with a readable {MANIFEST}, made by rungwise backup"
        ) from None
    if manifest.format > FORMAT:
        raise StoreError(f"this backup has format {manifest.format}, this program knows up to {FORMAT}")
    for name, digest in manifest.sha256.items():
        path = source / name
        if not path.is_file() or not path.resolve().is_relative_to(source.resolve()):
            raise StoreError(f"{name} is missing from this backup; nothing was restored")
        if _digest(path) != digest:
            raise StoreError(f"{name} in this backup is not what was backed up; nothing was restored")
    return manifest


def _unpack(source: Path, fresh: Path, manifest: Manifest) -> None:
    for name in manifest.sha256:
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
        target.chmod(0o600)
    (fresh / FILES).mkdir(exist_ok=True)
    with closing(connect(fresh / "access.db", synchronous="FULL")) as db:
        # sessions and links that ended since must not live again
        for table in ("session", "invitation", "upload"):
            db.execute(f"DELETE FROM {table}")


def _erasures(folder: Path, env: Mapping[str, str], manifest: Manifest, *, without: bool) -> list[tuple[str, str]]:
    """Return (subject, when) of everything erased in the store that is to be replaced."""
    if not (folder / "keys.db").exists() and not (folder / "journal.db").exists():
        raise InvalidValue("folder", str(folder), "an empty folder or a store")
    try:
        with closing(Keys(folder / "keys.db", master_key(folder, env, create=False))) as keys:
            if str(keys.institution) != manifest.institution:
                raise Conflict(f"{folder} holds another institution than the backup: choose another folder")
            return keys.destroyed()
    except StoreError as error:
        if without:
            return []
        raise StoreError(
            f"the erasures recorded in the replaced store cannot be read ({error}): "
            "mend that first, or go on with --without-erasures and repeat them by hand"
        ) from None


def _settle(fresh: Path, env: Mapping[str, str], erased: list[tuple[str, str]]) -> tuple[bool, int]:
    """Open the restored keys, and repeat the erasures in them."""
    named = env.get("RUNGWISE_MASTER_KEY") or env.get("RUNGWISE_MASTER_KEY_FILE")
    if not named and not (fresh / MASTER_KEY).exists():
        return False, 0
    repeated = 0
    with closing(Keys(fresh / "keys.db", master_key(fresh, env, create=False))) as keys:
        already = {subject for subject, _ in keys.destroyed()}
        for subject, when in erased:
            if subject not in already:
                keys.destroy(subject, datetime.fromisoformat(when))
                repeated += 1
    return True, repeated


def _ask(path: Path, query: str) -> Any:
    with closing(sqlite3.connect(path)) as db:
        row = db.execute(query).fetchone()
    return row[0] if row else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
