"""Pivot ladders as a page shows them, read from the content of a playbook (playbook §3 and §5).

The content was checked when the playbook was made, so reading it needs no plugin and refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from core.base_rates import rates_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.base_rates import BaseRate


class Door(StrEnum):
    """How often the way onto a rung is open, from the widest to the narrowest."""

    OPEN = "open"
    NARROW = "narrow"
    NEARLY_CLOSED = "nearly-closed"

    @property
    def words(self) -> str:
        """The door for a person to read."""
        return self.value.replace("-", " ")


_BY_WIDTH = tuple(Door)
_TRAINING = ("residency", "fellowship")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRange:
    """A rough yearly pay [USD], labeled with its source.

    Attributes:
        open_top: True reads "and more".
        year: the year it speaks of; None = the source gives none.
    """

    low_usd: int
    high_usd: int
    open_top: bool
    source: str
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedPay:
    """A published yearly pay [USD] that stands beside the rough range and is never blended into it.

    Attributes:
        what: whom the figure covers.
        measure: "median", "mean", or "most" where only the range of most answers is known.
        usd: the median or mean.
        low_usd: 10th percentile, or the low end of most answers.
        high_usd: 90th percentile, or the high end of most answers.
    """

    what: str
    measure: str
    usd: int | None
    low_usd: int | None
    high_usd: int | None
    source: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder.

    Attributes:
        slug: the specialty of the step.
        kind: residency, fellowship, focus or practice.
        years: training years; None on a residency or fellowship = not known, elsewhere = not a training step.
        years_source: where the years come from, or why they are not known.
        reason: why the door stands so.
    """

    slug: str
    name: str
    kind: str
    years: int | None
    years_source: str | None
    door: Door
    reason: str

    @property
    def is_training(self) -> bool:
        """Whether the rung is a training program."""
        return self.kind in _TRAINING


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A climb from a missed specialty to practice.

    Attributes:
        id: stable id, such as "ORTHO.anes-pain".
        missed: slugs of the specialties it is meant for.
        procedure_density: low, medium, high, or None = not known; likewise `clinic_share` and `call`.
        drives: the drives it serves; `recommended_for` are those whose usual pivot it is.
        when: for whom it is meant, where not for all.
        rates: base rates that speak of this ladder.
        pack: title of the pack it comes from; `house` is True where that pack is not from the source document.
    """

    id: str
    missed: tuple[str, ...]
    title: str
    rungs: tuple[Rung, ...]
    pay: PayRange | None
    sourced_pay: tuple[SourcedPay, ...]
    procedure_density: str | None
    clinic_share: str | None
    call: str | None
    lifestyle: str | None
    drives: tuple[str, ...]
    recommended_for: tuple[str, ...]
    note: str | None
    when: str | None
    rates: tuple[BaseRate, ...]
    pack: str
    house: bool

    @property
    def door(self) -> Door:
        """The narrowest door on the way up."""
        return max((rung.door for rung in self.rungs), key=_BY_WIDTH.index)

    @property
    def training_years(self) -> int | None:
        """Years to practice, or None where the length of a program on the way is not known."""
        years = [rung.years for rung in self.rungs if rung.is_training]
        known = [one for one in years if one is not None]
        return sum(known) if len(known) == len(years) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A high-income way to practice a base specialty (playbook TRACK).

    Attributes:
        base: slug of the residency.
    """

    id: str
    name: str
    base: str
    pay: PayRange
    sourced_pay: tuple[SourcedPay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A gate question; its answer, the fact named, steers ladders."""

    id: str
    fact: str
    ask: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence to show with a specialty; `year` None = the source gives none."""

    text: str
    source: str
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What a playbook says of a specialty in words.

    Attributes:
        typical_miss: how a miss in this field usually comes about, where the playbook says so.
        rates: base rates that speak of the field.
    """

    typical_miss: str | None
    questions: tuple[Question, ...]
    notes: tuple[Note, ...]
    rates: tuple[BaseRate, ...]


def ladders_for(content: Mapping[str, Any], slug: str) -> tuple[Ladder, ...]:
    """Return the ladders for a missed specialty, in the order of the packs.

    Args:
        content: the content of a playbook.
        slug: the specialty that was missed; one without ladders gives none.
    """
    return tuple(
        _ladder(row, pack, rates_for(content, slug, row["id"]))
        for pack in content["packs"]
        for row in pack.get("ladders", ())
        if slug in row["from"]
    )


def tracks_in(content: Mapping[str, Any]) -> tuple[Track, ...]:
    """Return every income track of a playbook; where a specialty has no ladder, these are what is known."""
    return tuple(
        Track(id=row["id"], name=row["name"], base=row["base"], pay=_pay(row), sourced_pay=_sourced(row))
        for pack in content["packs"]
        for row in pack.get("tracks", ())
    )


def guidance_for(content: Mapping[str, Any], slug: str) -> Guidance:
    """Return a specialty's gate questions, notes, typical miss and base rates, whichever pack brings them."""
    rates = rates_for(content, slug)
    for pack in content["packs"]:
        for spec in pack["specialties"]:
            if spec["slug"] == slug:
                return Guidance(
                    typical_miss=spec["typical_miss"],
                    questions=tuple(Question(**one) for one in spec["questions"]),
                    notes=tuple(Note(**one) for one in spec["notes"]),
                    rates=rates,
                )
    return Guidance(typical_miss=None, questions=(), notes=(), rates=rates)


def steered(ladders: Iterable[Ladder], drive: str | None) -> tuple[Ladder, ...]:
    """Order ladders by what draws the student: the usual pivot first, then the others that serve the drive.

    Nothing is left out, and ladders that are alike keep their order. Only the order changes: a drive never changes a
    recommendation (playbook TREE, gate questions).

    Args:
        ladders: the ladders of the missed specialty.
        drive: the fact `drive`; None = not known, and the order stays.
    """
    return tuple(sorted(ladders, key=lambda ladder: (drive not in ladder.recommended_for, drive not in ladder.drives)))


def _ladder(row: Mapping[str, Any], pack: Mapping[str, Any], rates: tuple[BaseRate, ...]) -> Ladder:
    return Ladder(
        id=row["id"],
        missed=tuple(row["from"]),
        title=row["title"],
        rungs=tuple(Rung(**{**rung, "door": Door(rung["door"])}) for rung in row["rungs"]),
        pay=None if row["pay"] is None else _pay(row["pay"]),
        sourced_pay=_sourced(row),
        procedure_density=row["procedure_density"],
        clinic_share=row["clinic_share"],
        call=row["call"],
        lifestyle=row["lifestyle"],
        drives=tuple(row["drives"]),
        recommended_for=tuple(row["recommended_for"]),
        note=row["note"],
        when=row["when"],
        rates=rates,
        pack=pack["title"],
        house=pack["origin"] == "house",
    )


def _pay(row: Mapping[str, Any]) -> PayRange:
    return PayRange(**{name: row[name] for name in PayRange.__dataclass_fields__})


def _sourced(row: Mapping[str, Any]) -> tuple[SourcedPay, ...]:
    return tuple(SourcedPay(**one) for one in row["sourced_pay"])
