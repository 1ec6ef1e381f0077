"""What code plugins did wrong, and the quarantine that ends it: shared by all processes, and kept over a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from web.access.tables import plugin_fault, plugin_quarantine

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.access.store import Database

__all__ = ["FAULTS_MAX", "WITHIN_S", "PluginFault", "Quarantine"]

FAULTS_MAX: Final = 3
WITHIN_S: Final = 10 * 60
"""So many faults within so many seconds put a plugin into quarantine (DESIGN §6)."""
_SHOWN: Final = 20
_WHAT_MAX: Final = 400  # characters
_KEPT_S: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFault:
    """Something that a plugin did wrong; `at` in seconds since 1970-01-01 UTC."""

    plugin: str
    digest: str
    at: float
    what: str


class Quarantine:
    """The faults of all code plugins; each is held against the files that ran.

    Attributes:
        now: seconds since 1970-01-01 UTC; a house puts its own calendar here, which its pages show.
    """

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._db = database
        self.now = now

    def blame(self, plugin: str, digest: str, what: str) -> bool:
        """Keep a fault; say whether the plugin is in quarantine now."""
        now = self.now()
        own = (plugin_fault.c.plugin == plugin, plugin_fault.c.digest == digest)
        with self._db.write() as db:
            db.execute(plugin_fault.delete().where(plugin_fault.c.at < now - _KEPT_S))
            row = {"plugin": plugin, "digest": digest, "at": now, "what": what[:_WHAT_MAX]}
            db.execute(plugin_fault.insert().values(row))
            recent = (*own, plugin_fault.c.at > now - WITHIN_S)
            count = db.scalar(sa.select(sa.func.count()).select_from(plugin_fault).where(*recent)) or 0
            if count < FAULTS_MAX:
                return False
            db.execute(plugin_quarantine.delete().where(plugin_quarantine.c.plugin == plugin))
            db.execute(plugin_quarantine.insert().values(plugin=plugin, digest=digest, at=now))
        return True

    def held(self) -> dict[tuple[str, str], float]:
        """Return the plugins in quarantine, by name and digest of their files, each with when it began."""
        rows = self._db.look("SELECT plugin, digest, at FROM plugin_quarantine")
        return {(row["plugin"], row["digest"]): row["at"] for row in rows}

    def faults(self) -> list[PluginFault]:
        """Return the newest faults, the last one first."""
        rows = self._db.look("SELECT plugin, digest, at, what FROM plugin_fault ORDER BY id DESC LIMIT ?", _SHOWN)
        return [PluginFault(plugin=one["plugin"], digest=one["digest"], at=one["at"], what=one["what"]) for one in rows]

    def lift(self, plugin: str) -> None:
        """Let a plugin be asked again, and count its faults anew."""
        with self._db.write() as db:
            db.execute(plugin_quarantine.delete().where(plugin_quarantine.c.plugin == plugin))
            db.execute(plugin_fault.delete().where(plugin_fault.c.plugin == plugin))
