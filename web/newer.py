"""Whether a playbook came into force after advice was given that says something else of the student's dream field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.decision.playbook import Playbook
from core.decision.preview import says_the_same
from projections import people
from web.edge import house

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from projections.board import BoardRow
    from projections.kept import Kept
    from projections.people import PlaybookRow

__all__ = ["Published"]

#: In place of a playbook that this store never had: it says nothing of anybody.
NOTHING: Final = {"format": 1, "label": "none", "parameters": {}, "cutoffs": {}, "packs": []}


class Published:
    """The playbooks that came into force, as one page needs them.

    Args:
        db: the snapshot of the page; it is asked only when another playbook came into force since it last was.
        once: what is kept of earlier pages.
    """

    def __init__(self, db: Connection, once: Kept) -> None:
        self._once = once
        self._now = house().desk.playbook()
        key = ("published", self._now.digest)
        rows: tuple[PlaybookRow, ...] = once.known(key) or people.playbooks(db)
        if rows and rows[0].digest == self._now.digest:
            once.keep(key, rows)
        else:
            rows = ()  # the read models have not heard of it yet, and will in a moment
        self._rows = rows

    @property
    def known(self) -> int:
        """Position of the newest playbook that the read models know of, 0 before they know the one in force."""
        return self._rows[0].position if self._rows else 0

    def newer_than(self, specialty: str, digest: str) -> PlaybookRow | None:
        """Return the playbook in force where it is another one than advice names, and says something else.

        Args:
            specialty: slug of the dream field.
            digest: of the playbook under which the advice was given.
        """
        if not self._rows or digest == self._now.digest:
            return None

        key = ("says the same", specialty, digest, self._now.digest)
        same = self._once(key, lambda: says_the_same(specialty, self._playbook(digest), self._now))
        return None if same else self._rows[0]

    def of_row(self, row: BoardRow) -> bool:
        """Say whether a journey that goes on was advised before a playbook that says something else."""
        at = row.recommendation_position
        if at is None or not row.going or (self._rows and self._rows[0].position < at):
            return False
        of_then = next((one for one in self._rows if one.position < at), None)
        return of_then is not None and self.newer_than(row.specialty, of_then.digest) is not None

    def _playbook(self, digest: str) -> Playbook:
        """Return an earlier playbook, read from the journal once."""

        def read() -> Playbook:
            contents = (one.content for one in house().desk.published() if one.digest == digest)
            return Playbook.from_content(next(contents, NOTHING))

        return self._once(("playbook", digest), read)
