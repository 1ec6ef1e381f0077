"""Which file the rows lie in: `views.db` is a link to it, so that all processes turn to a new one in the same moment.

A file is made beside the one in use, under a number that was never used, and becomes the one in use by the flip of the
link alone. Whoever still reads the old one reads it to the end of the page. A `views.db` that is a file itself (out of
a backup) is in use as it is, until the first flip.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from core.errors import Conflict

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["NAME", "Making", "being_made", "in_use"]

NAME = "views.db"
_LOCK, _LINK = "views.lock", "views.next"
_NUMBERED = re.compile(r"views-(\d+)\.db")
_OURS = re.compile(r"views(-\d+)?\.db(-wal|-shm|-journal)|views-\d+\.db|views\.next")


def in_use(path: Path) -> Path:
    """Return the file in use.

    Args:
        path: of the link.
    """
    try:
        return path.parent / os.readlink(path)  # noqa: PTH115 - asked for on every page, and five times faster
    except OSError:  # a file itself, or nothing yet
        return path


def being_made(folder: Path) -> int | None:
    """Return the position up to which a new file is made by now, in whichever process; None while none is."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(lock, 20, 0).strip() or b"0")
    else:
        return None
    finally:
        os.close(lock)


class Making:
    """The right to make a new file; one at a time has it, in all processes, and a process that is killed loses it.

    What an interrupted one left is swept away at the beginning, what was not published at the end.

    Args:
        folder: of the store.

    Attributes:
        file: where the new one is to be made.

    Raises:
        Conflict: somebody else is making one.
    """

    def __init__(self, folder: Path) -> None:
        self._link = folder / NAME
        self._lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise Conflict("the read models are being made again already; wait until that is done") from None
        self.tell(0)
        self._sweep()
        known = _NUMBERED.fullmatch(in_use(self._link).name)
        self.file = folder / f"views-{int(known[1]) + 1 if known else 1}.db"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._sweep()
        finally:
            os.close(self._lock)

    def tell(self, position: int) -> None:
        """Let others know how far the new file is."""
        os.pwrite(self._lock, b"%-20d" % position, 0)

    def publish(self) -> None:
        """Flip the link: from now on the new file is the one in use; it has to be on the disk before."""
        folder = self._link.parent
        fresh = folder / _LINK
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self.file.name)
        fresh.replace(self._link)
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """Remove every file of ours that is not in use; who has it open reads on."""
        kept = in_use(self._link).name
        for name in sorted(os.listdir(self._link.parent)):  # noqa: PTH208 - names are all we need
            if _OURS.fullmatch(name) and not name.startswith(kept):
                with suppress(FileNotFoundError):
                    (self._link.parent / name).unlink()
