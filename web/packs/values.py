"""What stands in a playbook as parameters and cutoffs, for whom, from where, and how it came to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from core.decision.playbook import DEFAULTS, Playbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from core.people.institution import PlaybookPublished

__all__ = ["EVERYBODY", "Changed", "Cutoff", "Value", "changes", "cutoff_of", "cutoffs_in", "values_in"]

EVERYBODY: Final = ""
"""In place of a slug: all specialties that nothing else is set for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A parameter's value for one specialty, or for `EVERYBODY`.

    Args:
        number: in force.
        source: where it comes from, in words.
    """

    slug: str
    specialty: str
    number: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """A Step 2 cutoff of a specialty; `own` where the institution set it, else a pack did."""

    step2: int
    source: str
    on: date
    own: bool
    pack: str

    @property
    def words(self) -> str:
        """The score, with its source and day."""
        return f"{self.step2} ({self.source}, {self.on.isoformat()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A value became another one when a playbook came into force."""

    at: datetime
    label: str
    note: str
    digest: str
    specialty: str
    before: str
    now: str


def values_in(playbook: Playbook, name: str) -> tuple[Value, ...]:
    """Return every value of a parameter: first the one for everybody, then the specialties that differ.

    Args:
        playbook: where it stands.
        name: of the parameter.
    """
    plain = playbook.parameters.get(name)
    source = f"playbook {DEFAULTS[name].source}, as shipped" if plain is None else "set by the institution"
    everybody = DEFAULTS[name].default if plain is None else plain
    found = [Value(slug=EVERYBODY, specialty="All specialties", number=everybody, source=source)]
    titles = _titles(playbook)
    for slug, one in sorted(playbook.specialties.items(), key=lambda item: item[1].name):
        if f"{slug}:{name}" in playbook.parameters:
            told = "set by the institution"
        elif name in one.parameters:
            told = f"pack {titles.get(one.pack, one.pack)}"
        else:
            continue
        found.append(Value(slug=slug, specialty=one.name, number=playbook.parameter(name, slug), source=told))
    return tuple(found)


def cutoff_of(content: Mapping[str, Any], slug: str) -> Cutoff | None:
    """Return the cutoff in force for a specialty: the institution's, else its pack's, else None (PIVOT.cutoff)."""
    own = content["cutoffs"].get(slug)
    for pack in content["packs"]:
        for spec in pack["specialties"]:
            if spec["slug"] == slug and (row := own or spec.get("cutoff")):
                return Cutoff(
                    step2=row["step2"],
                    source=row["source"],
                    on=date.fromisoformat(row["date"]),
                    own=own is not None,
                    pack=pack["title"],
                )
    return None


def cutoffs_in(playbook: Playbook) -> tuple[tuple[str, str, Cutoff], ...]:
    """Return every cutoff in force: slug, name of the specialty, cutoff."""
    content = playbook.content
    known = sorted(playbook.specialties.items(), key=lambda item: item[1].name)
    return tuple((slug, one.name, held) for slug, one in known if (held := cutoff_of(content, slug)) is not None)


def changes(
    events: Sequence[PlaybookPublished], read: Callable[[Playbook], Mapping[str, tuple[str, str]]]
) -> tuple[Changed, ...]:
    """Return how something changed from each playbook to the next, the newest first.

    Args:
        events: every playbook that came into force, the oldest first.
        read: what to look at: by any key, the name of whom it is for and the value in words.
    """
    found: list[Changed] = []
    read_once = [(one, read(Playbook.from_content(one.content))) for one in events]
    for (_, old), (event, new) in pairwise(read_once):
        for key in dict.fromkeys((*old, *new)):
            before, now = old.get(key), new.get(key)
            if before == now:
                continue
            found.append(
                Changed(
                    at=event.recorded_at,
                    label=event.label,
                    note=event.note,
                    digest=event.digest,
                    specialty=(now or before or ("", ""))[0],
                    before=before[1] if before else "not set",
                    now=now[1] if now else "not set",
                )
            )
    return tuple(reversed(found))


def _titles(playbook: Playbook) -> dict[str, str]:
    return {pack["name"]: pack["title"] for pack in playbook.content["packs"]}
