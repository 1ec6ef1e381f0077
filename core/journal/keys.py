"""Keys: one for each subject (a student, a member, the institution), wrapped by one master key.

They live in `keys.db`, apart from the events: deleting a key row in the event database would leave the key in the
file, in its write-ahead log and in every backup. Destroying a key erases what was sealed under it, for good.
"""

from __future__ import annotations

import hmac
import os
import re
import sqlite3
import threading
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from core.errors import InvalidValue, RecordErased, StoreError
from core.journal.sqlite import connect, guard_format

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = ["INSTITUTION", "Keys", "master_key"]

FORMAT = 1
KEY_BYTES = 32  # AES-256
HELD = 4096  # ciphers ready for use; one takes about 3 KB, and 40 µs to make ready again
INSTITUTION = "institution"  # the subject of everything that belongs to no single person

_TABLES = """
CREATE TABLE IF NOT EXISTS institution (id TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS subject_key (
    key_id BLOB PRIMARY KEY, subject TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS destroyed_key (key_id BLOB PRIMARY KEY, subject TEXT NOT NULL, at TEXT NOT NULL) STRICT;
"""


def master_key(folder: Path, env: Mapping[str, str], *, create: bool) -> bytes:
    """Return the master key [32 bytes].

    Taken from `RUNGWISE_MASTER_KEY` (64 hexadecimal digits), else from the file named by `RUNGWISE_MASTER_KEY_FILE`,
    else from `master.key` in the store's folder, which is made when `create` is true.

    Raises:
        InvalidValue: the key is not 64 hexadecimal digits (the value itself is never shown).
        StoreError: the file is not there.
    """
    text = env.get("RUNGWISE_MASTER_KEY")
    where = "RUNGWISE_MASTER_KEY"
    if text is None:
        path = folder / "master.key"
        if named := env.get("RUNGWISE_MASTER_KEY_FILE"):
            path = path.parent.joinpath(named)
            create = False
        where = f"master key file {path}"
        if create and not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(os.urandom(KEY_BYTES).hex() + "\n")
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{where} cannot be read ({type(error).__name__}); the store stays closed") from None
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        raise InvalidValue(where, "the given key", "64 hexadecimal digits")
    return bytes.fromhex(text.strip())


class Keys:
    """The key store of one institution.

    Args:
        path: of `keys.db`; made when `create` is true.
        master: the master key [32 bytes].

    Raises:
        StoreError: the file is missing, damaged, newer than the program, or locked with another master key.
    """

    def __init__(self, path: Path, master: bytes, *, create: bool = False) -> None:
        self.path = path
        self._master = master
        self._lock = threading.Lock()
        self._by_subject: dict[str, tuple[bytes, AESGCM]] = {}
        self._by_id: dict[bytes, AESGCM] = {}
        self._db = connect(path, synchronous="FULL", create=create)
        guard_format(self._db, path.name, FORMAT, create=create)
        try:
            self._db.executescript(_TABLES)
            row = self._db.execute("SELECT id, secret FROM institution").fetchone()
            if row is None and create:
                row = (str(UUID(bytes=os.urandom(16), version=4)), aes_key_wrap(master, os.urandom(KEY_BYTES)))
                self._db.execute("INSERT INTO institution VALUES (?, ?)", row)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"keys.db is damaged ({error}); restore it from a backup") from None
        if row is None:
            raise StoreError(f"{path} holds no institution: the store was never created; run rungwise serve once")
        try:
            self.secret = aes_key_unwrap(master, row[1])
        except InvalidUnwrap:
            self._db.close()
            raise StoreError("the master key does not open keys.db: it belongs to another store") from None
        self.institution = UUID(row[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def pseudonym(self, *parts: str) -> bytes:
        """Return a name [32 bytes] for the parts, an HMAC under the institution's secret: it cannot be guessed back."""
        text = "\x1f".join(part.strip().casefold() for part in parts)
        return hmac.new(self.secret, text.encode(), sha256).digest()

    def of_subject(self, subject: str) -> tuple[bytes, AESGCM]:
        """Return the key id [16 bytes] of a subject and the cipher under its key, made at first use.

        Raises:
            RecordErased: the subject's key was destroyed.
        """
        with self._lock:
            found = self._by_subject.get(subject)
            if found is None:
                found = self._load_or_make(subject)
                self._hold(subject, *found)
            return found

    def by_id(self, key_id: bytes) -> AESGCM | None:
        """Return the cipher under the key with this id, or None when the key was destroyed.

        Raises:
            StoreError: the id is in neither list: keys.db belongs to another store or is older than the journal.
        """
        if (cipher := self._by_id.get(key_id)) is not None:
            return cipher
        with self._lock:
            row = self._db.execute("SELECT subject, wrapped FROM subject_key WHERE key_id = ?", (key_id,)).fetchone()
            if row is None:
                if self._db.execute("SELECT 1 FROM destroyed_key WHERE key_id = ?", (key_id,)).fetchone():
                    return None
                raise StoreError("keys.db lacks a key that the journal needs: the two are not of one store or one day")
            cipher = self._unwrap(row[1])
            self._hold(row[0], key_id, cipher)
            return cipher

    def subjects(self) -> dict[bytes, str]:
        """Return the id of every key that is not destroyed, with its subject."""
        return dict(self._db.execute("SELECT key_id, subject FROM subject_key").fetchall())

    def is_erased(self, subject: str) -> bool:
        """Say whether a subject's key was destroyed."""
        found = self._db.execute("SELECT 1 FROM destroyed_key WHERE subject = ?", (subject,)).fetchone()
        return found is not None

    def in_use(self) -> bool:
        """Say whether any subject ever got a key, that is, whether anything was ever sealed."""
        used = "SELECT EXISTS (SELECT 1 FROM subject_key) OR EXISTS (SELECT 1 FROM destroyed_key)"
        return bool(self._db.execute(used).fetchone()[0])

    def destroy(self, subject: str, at: datetime) -> None:
        """Destroy a subject's key: everything sealed under it is erased, here and wherever keys.db was not copied."""
        with self._lock:
            self._forget(subject)  # first: a reader that comes meanwhile asks the file, and waits for the lock
            self._db.execute("PRAGMA secure_delete = ON")
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute(
                    "INSERT OR IGNORE INTO destroyed_key SELECT key_id, subject, ? FROM subject_key WHERE subject = ?",
                    (at.isoformat(), subject),
                )
                self._db.execute("DELETE FROM subject_key WHERE subject = ?", (subject,))
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def destroyed(self) -> list[tuple[str, str]]:
        """Return (subject, when) of every destroyed key, so that a restored backup can repeat the erasures.

        A key that another process destroyed is forgotten here too.
        """
        with self._lock:
            rows = self._db.execute("SELECT subject, at FROM destroyed_key ORDER BY at, subject").fetchall()
            for subject, _ in rows:
                self._forget(subject)
        return rows

    def _hold(self, subject: str, key_id: bytes, cipher: AESGCM) -> None:
        self._by_subject[subject] = (key_id, cipher)
        self._by_id[key_id] = cipher
        if len(self._by_subject) > HELD:
            self._forget(next(iter(self._by_subject)))

    def _forget(self, subject: str) -> None:
        if found := self._by_subject.pop(subject, None):
            self._by_id.pop(found[0], None)

    def _load_or_make(self, subject: str) -> tuple[bytes, AESGCM]:
        row = self._db.execute("SELECT key_id, wrapped FROM subject_key WHERE subject = ?", (subject,)).fetchone()
        if row is not None:
            return row[0], self._unwrap(row[1])
        if self.is_erased(subject):
            raise RecordErased("this record was erased; nothing can be added to it")
        made = (os.urandom(16), os.urandom(KEY_BYTES))
        self._db.execute(
            "INSERT OR IGNORE INTO subject_key VALUES (?, ?, ?)",
            (made[0], subject, aes_key_wrap(self._master, made[1])),
        )
        row = self._db.execute("SELECT key_id, wrapped FROM subject_key WHERE subject = ?", (subject,)).fetchone()
        return row[0], self._unwrap(row[1])

    def _unwrap(self, wrapped: bytes) -> AESGCM:
        try:
            return AESGCM(aes_key_unwrap(self._master, wrapped))
        except InvalidUnwrap:
            raise StoreError("a key in keys.db does not open under the master key: the file is damaged") from None
