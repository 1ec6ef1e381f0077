"""What the address of a board asks for: filters, order, page; and the addresses of its neighbors."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from flask import url_for

from core.errors import InvalidValue
from core.values import one_of
from projections.board import Filters, Sort
from projections.board_filters import Seen
from web.edge import house

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ME", "BoardQuery", "seen_by"]

ME = "me"  # in an address: the person signed in, so that "my journeys" can be kept and passed on
_FILTERS = tuple(one.name for one in fields(Filters))
_Q_MAX = 200
_PAGE_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQuery:
    """One view of a cohort, as the address names it.

    Args:
        cohort: which.
        filters: as written in the address: the advisor may be `ME`, and so is whose `news` it is.
        sort: the order.
        number: of the page, from 1.
    """

    cohort: str
    filters: Filters
    sort: Sort
    number: int = 1

    @classmethod
    def read(cls, cohort: str, args: Mapping[str, str]) -> BoardQuery:
        """Read an address; what it does not name is left open.

        Raises:
            InvalidValue: an order that is not there, or a page that is no number.
        """
        given: dict[str, Any] = {name: text for name in _FILTERS if (text := args.get(name, "").strip())}
        given["q"] = given.get("q", "")[:_Q_MAX]
        if "news" in given:
            one_of("news", given["news"], (ME,))
        number = args.get("page", "1")
        if not (number.isascii() and number.isdigit() and len(number) <= _PAGE_DIGITS and int(number) > 0):
            raise InvalidValue("page", number, "a whole number from 1")
        sort = Sort.parse(args["sort"]) if args.get("sort") else Sort()
        return cls(cohort=cohort, filters=Filters(**given), sort=sort, number=int(number))

    def filters_for(self, member_id: str) -> Filters:
        """Return the filters as the read model takes them, for the person who looks."""
        advisor = member_id if self.filters.advisor == ME else self.filters.advisor
        news = seen_by(member_id, self.cohort) if self.filters.news else None
        return replace(self.filters, advisor=advisor, news=news)

    @property
    def active(self) -> dict[str, str]:
        """The filters that are set, by name."""
        return {name: value for name in _FILTERS if (value := getattr(self.filters, name))}

    def href(self, endpoint: str = "board.cohort", /, **changes: Any) -> str:
        """Return the address of the same view with changes: a filter (None lifts it), `sort`, or `number`.

        A changed filter or order leads to the first page.
        """
        wanted: dict[str, Any] = {**self.active, "sort": str(self.sort)} | changes
        number = wanted.pop("number", 1)
        if wanted["sort"] == str(Sort()):
            wanted["sort"] = None
        return url_for(endpoint, cohort=self.cohort, **wanted, page=number if number > 1 else None)

    def without(self, name: str) -> BoardQuery:
        """Return the same view with one filter lifted."""
        lifted: dict[str, Any] = {name: "" if name == "q" else None}
        return replace(self, filters=replace(self.filters, **lifted), number=1)

    def elsewhere(self, cohort: str) -> BoardQuery:
        """Return the view of another cohort: "my journeys" and the order stay, every other filter is left behind."""
        mine = ME if self.filters.advisor == ME else None
        return BoardQuery(cohort=cohort, filters=Filters(advisor=mine), sort=self.sort)

    def bare(self) -> str:
        """Return the address without any filter, in the same order."""
        return self.href(**dict.fromkeys(_FILTERS))


def seen_by(member_id: str, cohort: str) -> Seen:
    """Return what a member has looked at in a cohort."""
    since, journeys = house().access.looked.since(member_id, cohort)
    return Seen(member=member_id, since=since, journeys=journeys)
