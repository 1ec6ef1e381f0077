"""What each member has looked at, so that a page can say what is new to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from web.access.tables import looked

if TYPE_CHECKING:
    from uuid import UUID

    from web.access.store import Database

__all__ = ["Looked"]


class Looked:
    """Positions of the journal up to which members have seen a journey, or a cohort as a whole."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def since(self, member_id: str, cohort: str) -> tuple[int, dict[str, int]]:
        """Return the position up to which the member has seen all of a cohort, and those of journeys opened since.

        Returns:
            0 when the cohort was never seen as a whole, and the positions by the journey's id [32 digits].
        """
        query = sa.select(looked.c.subject, looked.c.position).where(looked.c.member_id == member_id)
        with self._db.read() as db:
            found = {row.subject: row.position for row in db.execute(query)}
        everything = found.get(_cohort(cohort), 0)
        return everything, {name: at for name, at in found.items() if at > everything and not name.startswith(_COHORT)}

    def at_journey(self, member_id: str, journey_id: UUID, position: int) -> None:
        """Note that the member sees a journey as it stands at a position; nothing is written when they saw it before.

        Args:
            member_id: who looks.
            journey_id: at what.
            position: of the journey's newest event on the page.
        """
        seen = self._db.look(_POSITION, member_id, journey_id.hex)
        if not seen or position > seen[0][0]:
            self._note(member_id, journey_id.hex, position)

    def at_cohort(self, member_id: str, cohort: str, position: int) -> None:
        """Note that the member has seen everything of a cohort up to a position."""
        self._note(member_id, _cohort(cohort), position)

    def forget(self, member_id: str) -> None:
        """Remove what is known of a member."""
        with self._db.write() as db:
            db.execute(looked.delete().where(looked.c.member_id == member_id))

    def _note(self, member_id: str, subject: str, position: int) -> None:
        with self._db.jot() as db:
            db.exec_driver_sql(_NOTE, (member_id, subject, position))


_NOTE = (
    "INSERT INTO looked (member_id, subject, position) VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET position = max(position, excluded.position)"
)
_POSITION = "SELECT position FROM looked WHERE member_id = ? AND subject = ?"
_COHORT = "cohort "


def _cohort(cohort: str) -> str:
    return _COHORT + cohort
