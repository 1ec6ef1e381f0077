"""Ladders of a playbook in words and as climbs: what the explorer, a journey and a cohort show alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from web.pictures.climbs import Climb, Stage
from web.pictures.pay_range import PaySpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.ladders import Ladder, PayRange, SourcedPay, Track

__all__ = ["TrackRow", "climb_of", "facts_of", "pay_words", "source_words", "sourced_words", "stages_of", "track_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRow:
    """An income track as a row: what is known where a field has no ladder."""

    base: str
    name: str
    pay: str
    source: str
    published: tuple[str, ...]


def climb_of(ladder: Ladder, *, standing: int | None = None, facts: bool = True, slot: Markup = Markup()) -> Climb:  # noqa: B008 - a Markup is an immutable str
    """Return a ladder as a climb with its pay.

    Args:
        ladder: of the playbook.
        standing: index of the rung the student stands on.
        facts: whether what it is like stands under it.
        slot: safe markup at its foot.
    """
    return Climb(
        title=ladder.title,
        stages=stages_of(ladder),
        pay=pay_words(ladder.pay),
        pay_source=source_words(ladder.pay),
        spans=_spans(ladder),
        facts=tuple((label, text) for label, text in facts_of(ladder) if text) if facts else (),
        note=ladder.note or "",
        standing=standing,
        slot=slot,
    )


def stages_of(ladder: Ladder) -> tuple[Stage, ...]:
    """Return the rungs of a ladder as a climb draws them."""
    return tuple(
        Stage(
            name=rung.name,
            kind=rung.kind,
            years=rung.years if rung.is_training or rung.years is not None else 0,
            door=rung.door.words,
            reason=rung.reason,
        )
        for rung in ladder.rungs
    )


def facts_of(ladder: Ladder) -> tuple[tuple[str, str], ...]:
    """Return what a climb is like as (label, text), the same labels for every ladder; empty = not recorded."""
    narrow = [rung.reason for rung in ladder.rungs if rung.door is ladder.door and rung.kind != "practice"]
    return (
        ("For whom", ladder.when or ""),
        ("Procedures", ladder.procedure_density or ""),
        ("Clinic share", ladder.clinic_share or ""),
        ("Call", ladder.call or ""),
        ("Lifestyle", ladder.lifestyle or ""),
        ("Serves", ", ".join(ladder.drives)),
        ("Usual pivot for", " and ".join(ladder.recommended_for)),
        ("Why this door", narrow[-1] if narrow else ladder.rungs[-1].reason),
        ("What happened to others", "; ".join(f"{one.words} ({one.behind})" for one in ladder.rates)),
    )


def track_rows(tracks: Iterable[Track], content: Mapping[str, Any]) -> tuple[TrackRow, ...]:
    """Return income tracks with the names of their base fields.

    Args:
        tracks: of the playbook.
        content: of the playbook.
    """
    names = {spec["slug"]: spec["name"] for pack in content["packs"] for spec in pack["specialties"]}
    return tuple(
        TrackRow(
            base=names.get(track.base, track.base),
            name=track.name,
            pay=pay_words(track.pay),
            source=source_words(track.pay),
            published=tuple(sourced_words(one) for one in track.sourced_pay),
        )
        for track in tracks
    )


def pay_words(pay: PayRange | None) -> str:
    """Return a rough yearly pay: "$500k-$800k+"; empty when none is known."""
    if pay is None:
        return ""
    top = "" if pay.high_usd == pay.low_usd else f"-${_thousands(pay.high_usd)}"
    return f"${_thousands(pay.low_usd)}{top}{'+' if pay.open_top else ''}"


def sourced_words(pay: SourcedPay) -> str:
    """Return a published pay with whom it covers, its source and its year."""
    middle = f"{pay.measure} ${_thousands(pay.usd)}" if pay.usd is not None else ""
    span = f"${_thousands(pay.low_usd)}-${_thousands(pay.high_usd)}" if pay.low_usd and pay.high_usd else ""
    figures = ", ".join(part for part in (middle, span) if part)
    return f"{figures}: {pay.what} ({pay.source}, {pay.year})"


def source_words(pay: PayRange | None) -> str:
    """Return where a rough yearly pay comes from; empty when none is known."""
    if pay is None:
        return ""
    return f"{pay.source}, {pay.year}" if pay.year else pay.source


def _spans(ladder: Ladder) -> tuple[PaySpan, ...]:
    rough = ladder.pay
    ballpark = (
        PaySpan(
            words=f"{pay_words(rough)}, {source_words(rough)}",
            low_usd=rough.low_usd,
            high_usd=rough.high_usd,
            rough=True,
            open_top=rough.open_top,
        )
        if rough
        else None
    )
    published = (
        PaySpan(words=sourced_words(one), low_usd=one.low_usd, high_usd=one.high_usd, middle_usd=one.usd)
        for one in ladder.sourced_pay
    )
    return (*((ballpark,) if ballpark else ()), *published)


def _thousands(usd: int) -> str:
    return f"{round(usd / 1000)}k"
