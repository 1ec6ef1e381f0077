"""Files that wait for somebody's "yes": kept sealed, for two hours, for the one who sent them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import NotFound
from web.access.tables import upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.access.store import Database

__all__ = ["Upload", "Uploads"]

KEEP_S = 2 * 3600
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A pending file: its id, the name it came with, its bytes."""

    id: str
    file_name: str
    data: bytes


class Uploads:
    """Pending files; a roster holds names, so nothing of it lies in the store in clear."""

    def __init__(self, database: Database, now: Callable[[], float], key: bytes) -> None:
        self._db = database
        self._now = now
        self._cipher = AESGCM(key)

    def keep(self, member_id: str, file_name: str, data: bytes) -> str:
        """Keep a file for its sender; return its id. Files past their time are removed on the way."""
        upload_id = secrets.token_hex(16)
        nonce = os.urandom(_NONCE_BYTES)
        plain = file_name.encode() + b"\x00" + data
        sealed = nonce + self._cipher.encrypt(nonce, plain, upload_id.encode())
        with self._db.write() as db:
            db.execute(upload.delete().where(upload.c.created_at < self._now() - KEEP_S))
            db.execute(upload.insert().values(id=upload_id, member_id=member_id, created_at=self._now(), sealed=sealed))
        return upload_id

    def get(self, upload_id: str, member_id: str) -> Upload:
        """Return a pending file.

        Raises:
            NotFound: unknown, somebody else's, or past its two hours.
        """
        query = sa.select(upload.c.sealed).where(
            upload.c.id == upload_id, upload.c.member_id == member_id, upload.c.created_at >= self._now() - KEEP_S
        )
        with self._db.read() as db:
            sealed: bytes | None = db.scalar(query)
        if sealed is None:
            raise NotFound("this file is no longer here: it is kept for two hours; choose it again")
        plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], upload_id.encode())
        name, _, data = plain.partition(b"\x00")
        return Upload(id=upload_id, file_name=name.decode(), data=data)

    def drop(self, upload_id: str) -> None:
        """Remove a file."""
        with self._db.write() as db:
            db.execute(upload.delete().where(upload.c.id == upload_id))
