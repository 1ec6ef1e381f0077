"""The throttle: wrong sign-ins make the next try wait, longer each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from web.access.tables import throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from web.access.store import Database

__all__ = ["FREE_TRIES_ACCOUNT", "FREE_TRIES_ADDRESS", "LONGEST_WAIT_S", "Throttle"]

FREE_TRIES_ACCOUNT = 5
FREE_TRIES_ADDRESS = 20  # a school's people share one address
LONGEST_WAIT_S = 15 * 60
FORGET_S = 60 * 60  # an hour without a try starts the count anew


class Throttle:
    """Counts tries by account and by network address; keys are pseudonyms, never an e-mail address."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._db = database
        self._now = now

    def take(self, keys: Mapping[str, int]) -> float:
        """Take one try.

        The try is counted before the password is checked, so that tries in parallel gain nothing.

        Args:
            keys: what is counted, each with its free tries.

        Returns:
            0 when the try may go on, else the seconds to wait; a try that must wait is not counted.
        """
        now = self._now()
        with self._db.write() as db:
            rows = {row.key: row for row in db.execute(sa.select(throttle).where(throttle.c.key.in_(keys))).fetchall()}
            wait = max((row.wait_until - now for row in rows.values()), default=0.0)
            if wait > 0:
                return float(wait)
            for key, free in keys.items():
                row = rows.get(key)
                tries = 1 if row is None or now - row.tried_at > FORGET_S else row.tries + 1
                pause = min(LONGEST_WAIT_S, 2 ** min(tries - free, 20)) if tries >= free else 0
                db.execute(throttle.delete().where(throttle.c.key == key))
                db.execute(throttle.insert().values(key=key, tries=tries, tried_at=now, wait_until=now + pause))
        return 0.0

    def give_back(self, account: str, address: str) -> None:
        """Forget the account's tries and take the last one off the address: the sign-in was right."""
        with self._db.write() as db:
            db.execute(throttle.delete().where(throttle.c.key == account))
            db.execute(
                throttle.update()
                .where(throttle.c.key == address)
                .values(tries=sa.func.max(throttle.c.tries - 1, 0), wait_until=0.0)
            )
