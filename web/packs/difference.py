"""What another playbook would say of past students, names hidden: how many, in which direction, and by which rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import request

from projections import news
from projections.preview import preview
from web.edge import house
from web.journey.words import VERDICTS, count, rule_sentence
from web.packs.wording import specialty_name

if TYPE_CHECKING:
    from core.decision.drift import Change
    from core.decision.playbook import Playbook
    from core.decision.profile import Profile
    from projections.preview import Preview, Previewed

__all__ = ["Difference", "Moved", "Row", "difference"]

SIZE: Final = 25
"""Students on a page."""
_LAST: Final = "the last preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many go from one outcome to another; None where a playbook does not know the specialty."""

    before: str | None
    now: str | None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A past student under a running number.

    Args:
        before, now: outcomes; None where the playbook does not know the specialty.
        profile: the row of the profile, which no playbook changes.
        rules: sentence, before, now.
    """

    number: int
    cohort: str
    specialty: str
    before: str | None
    now: str | None
    profile: Profile
    rules: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What would change.

    Args:
        headline: in one sentence.
        told: of whom it speaks.
        moved: counted by direction, the most frequent first.
        rows: a page of them, `first` to `last` of `total`.
        previous, following: addresses of the pages beside it; empty at the ends.
    """

    headline: str
    told: str
    moved: tuple[Moved, ...]
    rows: tuple[Row, ...]
    total: int
    first: int
    last: int
    previous: str
    following: str


def difference(old: Playbook, new: Playbook, *, number: int) -> Difference:
    """Return what another playbook would say of past students.

    Args:
        old: in force.
        new: in its place.
        number: of the page.
    """
    found = _preview(old, new)
    total = len(found.rows)
    first = min((number - 1) * SIZE, max(0, (total - 1) // SIZE * SIZE))
    shown = found.rows[first : first + SIZE]
    moved = Counter((one.compared.before, one.compared.now) for one in found.rows)
    return Difference(
        headline=_headline(found),
        told=_told(found),
        moved=tuple(Moved(before=was, now=now, number=n) for (was, now), n in moved.most_common()),
        rows=tuple(_row(one, old, new) for one in shown),
        total=total,
        first=first + 1,
        last=first + len(shown),
        previous=_address(first // SIZE) if first else "",
        following=_address(first // SIZE + 2) if first + SIZE < total else "",
    )


def _preview(old: Playbook, new: Playbook) -> Preview:
    """Judge everybody once for all pages of a list, as long as nothing is written; the last one alone is kept."""
    today = house().desk.today()
    with house().views.read() as db:
        mark = news.mark(db, today)
        kept, about = house().once.of(mark.edition), (old.digest, new.digest, mark.position, today)
        held: tuple[object, Preview] | None = kept.known(_LAST)
        if held is None or held[0] != about:
            held = (about, preview(db, old, new, today))
            kept.keep(_LAST, held)
        return held[1]


def _headline(found: Preview) -> str:
    if not found.rows:
        return "No past student would be advised otherwise."
    number = len(found.rows)
    return f"{count(number, 'past student')} of {found.journeys} would be advised otherwise."


def _told(found: Preview) -> str:
    if not found.journeys:
        return "Nobody is recorded yet, so there is nobody to compare."
    if not found.touched:
        return f"The rules would ask nothing else of any of the {count(found.journeys, 'past student')}."
    asked = count(found.touched, "past student")
    return f"The rules would ask something else of {asked}; the facts recorded of each were judged by both playbooks."


def _row(one: Previewed, old: Playbook, new: Playbook) -> Row:
    compared = one.compared
    return Row(
        number=one.number,
        cohort=one.cohort,
        specialty=specialty_name(one.specialty),
        before=compared.before,
        now=compared.now,
        profile=compared.profile,
        rules=tuple(_rule(change, one.specialty, old, new) for change in compared.rules),
    )


def _rule(change: Change, slug: str, old: Playbook, new: Playbook) -> tuple[str, str, str]:
    field = new.specialty(slug)
    sentences = {one.id: one.sentence for book in (old, new) for one in book.specialty(slug).conditions}
    before, now = (f"{VERDICTS[one[0]]}: {one[1]}" if one else "not a rule" for one in (change.before, change.now))
    return rule_sentence(change.name, field.short, sentences), before, now


def _address(number: int) -> str:
    """Return the address of another page of the same list."""
    asked = {**request.args.to_dict(), "page": str(number)}
    return f"{request.path}?{urlencode(asked)}#students"
