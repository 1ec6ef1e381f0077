"""What is wrong with the climbs of a pack: nobody can go them, or their doors and figures tell too little."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from core.income.training import opens
from plugins.income import load_tables
from plugins.kit.findings import Fault, missing, not_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plugins.kit.lines import Path

_TRAINING: Final = ("residency", "fellowship")
#: Source: playbook §2, §3 and §5, whose rough ranges carry no year.
_UNDATED: Final = "playbook ballpark"
#: A year's pay below this was written in thousands [USD]; a resident's is about seven times as much.
_LEAST_USD: Final = 10_000
_NO_REASON: Final = re.compile(
    r"[\W_]*(open|narrow|nearly[ -]closed|closed|yes|no|unknown|none|n/?a|tbd|todo)?[\W_]*", re.IGNORECASE
)
_NO_SOURCE: Final = re.compile(
    r"[\W_]*(unknown|none|n/?a|tbd|todo|internet|web|common knowledge|me)?[\W_]*", re.IGNORECASE
)


def climb_faults(ladder: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """Find what keeps a ladder from being climbed.

    Args:
        ladder: as the author wrote it; it may be faulty.
        path: where it stands.
    """
    missed = [slug for slug in _list(ladder, "from") if isinstance(slug, str)]
    rungs = [(number, rung) for number, rung in enumerate(_list(ladder, "rungs")) if isinstance(rung, dict)]
    kinds = [rung.get("kind") for _, rung in rungs]
    done: list[str] = []
    for place, (number, rung) in enumerate(rungs):
        at, slug, kind = (*path, "rungs", number), str(rung.get("slug")), kinds[place]
        if kind == "residency" and slug in missed:
            wrong = f"unreachable: the residency {slug} is the field that was missed"
            yield Fault(path=(*at, "slug"), wrong=wrong, allowed="a residency in another field")
        reason = rung.get("reason")
        if isinstance(reason, str) and reason.strip() and _NO_REASON.fullmatch(reason):
            yield not_allowed((*at, "reason"), reason, "a sentence that says why the door stands so")
        if kind in _TRAINING and "practice" in kinds[:place]:
            yield Fault(path=(*at, "kind"), wrong=f"a {kind} after practice", allowed="training before practice")
        elif kind in _TRAINING and done and not opens(load_tables().programs, slug, done):
            yield _closed(at, slug, done)
        if kind in _TRAINING:
            done.append(slug)
    if rungs and kinds[0] != "residency":
        wrong = "unreachable: the first rung is no residency"
        yield Fault(path=(*path, "rungs", rungs[0][0], "kind"), wrong=wrong, allowed="a residency as the first rung")
    if rungs and "practice" not in kinds:
        yield Fault(path=(*path, "rungs"), wrong="the climb leads to no practice", allowed="a rung of kind practice")


def _closed(at: Path, slug: str, done: list[str]) -> Fault:
    entry = load_tables().programs[slug].after or ()
    wrong = f"unreachable: {slug} is not open after {' and '.join(done)}"
    return Fault(path=(*at, "slug"), wrong=wrong, allowed=f"after {' or '.join(entry)}")


def figure_faults(value: object, path: Path) -> Iterator[Fault]:
    """Find money in thousands or undated, percentiles that do not fit, and sources that name none.

    Args:
        value: a row of any section or a part of it, as the author wrote it.
        path: where it stands.
    """
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from figure_faults(one, (*path, number))
    if not isinstance(value, dict):
        return
    for key, one in value.items():
        if key.endswith("usd") and type(one) is int and 0 < one < _LEAST_USD:
            yield not_allowed((*path, key), one, "whole US dollars a year, such as 450000, not thousands")
        if key.endswith("source") and isinstance(one, str) and one.strip() and _NO_SOURCE.fullmatch(one):
            yield not_allowed((*path, key), one, "who says so: author or publisher, year, table")
        yield from figure_faults(one, (*path, key))
    if any(key.endswith("usd") for key in value) and "year" not in value and value.get("source") != _UNDATED:
        yield missing((*path, "year"), f"the year of the figure; only the source {_UNDATED!r} has none")
    if "measure" in value:
        yield from _percentiles(value, path)


def _percentiles(pay: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """Check that a published figure says which percentiles it gives, and gives them in order."""
    low, usd, high = (pay.get(key) for key in ("low_usd", "usd", "high_usd"))
    if pay["measure"] == "most":
        for key, one in (("low_usd", low), ("high_usd", high)):
            if one is None:
                yield missing((*path, key), "both ends of what most are paid [USD]")
        if usd is not None:
            yield not_allowed((*path, "usd"), usd, "no usd where the measure is most")
    elif usd is None and pay["measure"] in ("median", "mean"):
        yield missing((*path, "usd"), f"the {pay['measure']} [USD]")
    elif (low is None) != (high is None):
        key = "low_usd" if low is None else "high_usd"
        yield missing((*path, key), "both the 10th and the 90th percentile [USD], or neither")
    order = [one for one in (low, usd if pay["measure"] == "median" else None, high) if type(one) is int]
    if order != sorted(order):
        yield Fault(path=path, wrong=f"{', '.join(map(str, order))} do not rise", allowed="low, median, high in order")


def _list(row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    return value if isinstance(value, list) else []
