"""What pages are made of is made once, and kept under everything that it was made from.

So it is never older than that, nothing has to be thrown away when something is written, and what depends on who looks
cannot reach anybody else: the person is part of the key. What is counted over a cohort is kept with the position at
which it was, and counts again as soon as anything of the cohort changed. After an erasure everything is dropped.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select

from projections.board_filters import Filters, Seen
from projections.board_table import BOARD, ERASED
from projections.people_tables import MEMBER, SPECIALTY
from projections.rows import OWN, STATE, Plain, apart, driver, together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping
    from datetime import date

    from sqlalchemy import Connection

__all__ = ["Kept", "Once", "Present"]

T = TypeVar("T")
MOST = 16_000  # the first pages of a hundred boards, each row in its three forms, and lists: 35 to 70 MB in a process


class Kept:
    """Values by their keys; of those that were not asked for lately at least `most` are kept, and at most twice that.

    Threads need no lock: at worst two make the same value.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lately: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}

    def __call__(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, made now when it is not there.

        Args:
            key: holds all that the value depends on.
            make: makes it.
        """
        lately = self._lately
        found = lately.get(key)
        if found is None:
            found = self._before.get(key)
            if found is None:
                found = make()
            self.keep(key, found)
        value: T = found
        return value

    def counted(self, key: Hashable, position: int, unchanged: Callable[[int], bool], make: Callable[[], T]) -> T:
        """Return what was counted before, while nothing that counts has changed.

        Args:
            key: what is counted.
            position: of the rows that the caller sees.
            unchanged: says whether they are, as far as it matters here, as they were at a position; of a later one
                nothing is known.
            make: counts the rows that the caller sees.
        """
        found: tuple[int, T] | None = self.known(key)
        value = found[1] if found is not None and unchanged(found[0]) else make()
        if found is None or found[0] < position:
            self.keep(key, (position, value))
        return value

    def markup(self, macro: Any, *arguments: Hashable) -> Any:
        """Return what a macro of a template makes of its arguments; it must depend on nothing else."""
        return self((macro.name, arguments), lambda: macro(*arguments))

    def known(self, key: Hashable) -> Any:
        """Return the value of a key, or None."""
        found = self._lately.get(key)
        if found is None and (found := self._before.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: Hashable, value: object) -> None:
        """Set the value of a key."""
        if len(self._lately) >= self._most:
            self._before, self._lately = self._lately, {}
        self._lately[key] = value


class Once:
    """What is kept in this process, for the rows as they lie in one file with the same erasures."""

    def __init__(self) -> None:
        self._current = ("", Kept())

    def of(self, edition: str) -> Kept:
        """Return what is kept for an edition of the rows (`projections.news.Mark`); for another one nothing is yet."""
        known, kept = self._current
        if known != edition:
            kept = Kept()
            self._current = (edition, kept)
        return kept


class Present:
    """A cohort as one snapshot shows it, with what is kept of earlier ones.

    Args:
        db: the snapshot.
        cohort: which.
        kept: of earlier pages; without it, everything is made and counted now.
    """

    def __init__(self, db: Connection, cohort: str, kept: Kept | None = None) -> None:
        self._db = db
        self.cohort = cohort
        self.kept = kept or Kept()
        row = _PRESENT(db).one()
        self.position: int = row.position
        self.erased: int = row.erased
        self.members = apart(row.members)
        self.specialties = apart(row.specialties)
        # one object for the same names: whatever depends on a name has it in its key
        self.names: Hashable = self.kept(("names", row.members, row.specialties), object)
        self._later: dict[int, frozenset[str]] = {}

    def counted(self, what: str, filters: Filters, today: date | None, make: Callable[[], T]) -> T:
        """Return what was counted of a view of the cohort, while none of its rows has changed.

        What a person typed, or has looked at, is counted each time.
        """
        if filters.q or isinstance(filters.news, Seen):
            return make()
        return self.kept.counted((what, self.cohort, filters, today), self.position, self.unchanged_since, make)

    def tally(
        self,
        what: tuple[Hashable, ...],
        find: Callable[[Collection[str] | None], Mapping[str, T]],
        count: Callable[[], Mapping[T, int]] | None = None,
    ) -> Counter[T]:
        """Return how many journeys of the cohort have which value; found again only for those that changed since.

        Args:
            what: what is found, with all that it depends on beside the journey.
            find: finds it for some journeys of this snapshot, by their ids [32 digits] (None = for all); those that
                have none are left out.
            count: counts all at once where that is quicker; each by itself is then found when the first changed.
        """
        key = (*what, self.cohort)
        values: Mapping[str, T] | None
        before: tuple[int, Mapping[str, T] | None, Counter[T]] | None = self.kept.known(key)
        if before is None or before[0] > self.position:
            values = None if count else find(None)
            numbers = Counter(count() if count else (values or {}).values())
        else:
            values, numbers = before[1:]
            if changed := self._changed(before[0]):
                few = values is not None and len(changed) <= _FEW
                found = find(changed if few else None)
                values, numbers = (
                    _moved(values or {}, numbers, changed, found) if few else (found, Counter(found.values()))
                )
        if before is None or before[0] < self.position:
            self.kept.keep(key, (self.position, values, numbers))
        return numbers

    def unchanged_since(self, position: int) -> bool:
        """Say whether no journey of the cohort changed after an earlier position."""
        return position == self.position or (position < self.position and not self._changed(position))

    def _changed(self, position: int) -> frozenset[str]:
        """Return the journeys that changed after a position; what an erasure changes is in no edition kept."""
        known = self._later.get(position)
        if known is None:
            rows = driver(self._db).execute(_CHANGED, (self.cohort, position))
            known = self._later[position] = frozenset(row[0] for row in rows)
        return known


def _moved(
    values: Mapping[str, T], numbers: Counter[T], changed: Collection[str], now: Mapping[str, T]
) -> tuple[Mapping[str, T], Counter[T]]:
    """Return a tally in which some journeys have other values; the given one stays, for others may count with it."""
    values, numbers = dict(values), numbers.copy()
    for journey in changed:
        if (old := values.pop(journey, None)) is not None:
            numbers[old] -= 1
            if not numbers[old]:
                del numbers[old]
    for journey, value in now.items():
        values[journey] = value
        numbers[value] += 1
    return values, numbers


_CHANGED = f"SELECT journey_id FROM {BOARD.name} WHERE cohort = ? AND changed_position > ?"
_FEW = 200  # more are found quicker together with all others
_PRESENT = Plain(
    select(
        STATE.c.position,
        select(func.count()).where(ERASED).scalar_subquery().label("erased"),
        together(MEMBER.c.actor, MEMBER.c.name).label("members"),
        together(SPECIALTY.c.slug, SPECIALTY.c.name).label("specialties"),
    ).where(OWN)
)
