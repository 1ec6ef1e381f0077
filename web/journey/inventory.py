"""The one-page inventory (playbook WEEK1.inventory): every fact with its source, the profile, the weaknesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.journey.inventory import show
from core.people.access import Permission
from web.edge import needs, page
from web.journey.fact_fields import GROUPS
from web.journey.record import blueprint, here, opened
from web.journey.weaknesses import KINDS
from web.journey.words import count, since

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from projections.sheet import SheetFact
    from web.journey.record import Record

__all__ = ["Cell", "Dimension", "Section", "cell_of", "profile_dimensions", "sections"]

#: What the profile is made of. Source: playbook WEEK1.profile.
_DIMENSIONS: Final = {"step2": "Step 2", "research": "Research", "interviews": "Interviews"}
_FACT_OF: Final = {"step2": "step2", "research": "research", "interviews": "interviews_offered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One fact as it stands: `value` None = not recorded; `mark` is "confirmed", "disputed" or empty."""

    name: str
    label: str
    value: str | None
    source: str
    age: str
    mark: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of facts; `href` records them."""

    group: str
    heading: str
    cells: tuple[Cell, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A dimension of the profile: its value, and the rows it is compatible with."""

    label: str
    value: str
    rows: tuple[str, ...]
    dissents: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryPage:
    """What the inventory shows."""

    record: Record
    sections: dict[str, Section]
    dimensions: tuple[Dimension, ...]
    weaknesses: tuple[tuple[str, str], ...] | None
    weaknesses_source: str
    known: int
    wanted: int
    unconfirmed: int


@blueprint.get("/journeys/<uuid:journey_id>/inventory")
@needs(Permission.READ_JOURNEY)
def inventory(journey_id: UUID) -> ResponseReturnValue:
    """Show the inventory; it prints on one page."""
    with opened(journey_id) as (_, record):
        return page("journey/inventory.html", view=_page(record))


def _page(record: Record) -> InventoryPage:
    assessed = record.sheet.weaknesses
    return InventoryPage(
        record=record,
        sections={one.group: one for one in sections(record)},
        dimensions=profile_dimensions(record),
        weaknesses=_weaknesses(record),
        weaknesses_source=f"{assessed.source}, by {assessed.said.actor_name}" if assessed else "",
        known=len(record.sheet.facts),
        wanted=len(record.kinds),
        unconfirmed=sum(not fact.confirmed for fact in record.sheet.facts.values()),
    )


def sections(record: Record) -> tuple[Section, ...]:
    """Return every fact of the inventory in its group, recorded or not; without a pack that asks, not its group."""
    cells = {
        group: tuple(cell_of(record, name) for name, kind in record.kinds.items() if kind.group == group)
        for group in GROUPS
    }
    return tuple(
        Section(group=group, heading=heading, cells=cells[group], href=here(record, "record_facts", group=group))
        for group, heading in GROUPS.items()
        if cells[group]
    )


def cell_of(record: Record, name: str) -> Cell:
    """Return one fact as it stands."""
    kind, fact = record.kinds[name], record.sheet.facts.get(name)
    record_href = here(record, "record_facts", group=kind.group, _anchor=f"f-{name}")
    return Cell(
        name=name,
        label=kind.label,
        value=None if fact is None else _short(name, fact),
        source="" if fact is None else fact.source,
        age="" if fact is None else _age(record, fact),
        mark="" if fact is None else "disputed" if fact.disputed else "confirmed" if fact.confirmed else "",
        href=record_href if fact is None else here(record, "fact", name=name),
    )


def _short(name: str, fact: SheetFact) -> str:
    """Return a value without its explanation: "Limited", not "Limited: exactly one in the field"."""
    text = show(name, fact.value)
    return text.partition(":")[0] if name == "research" else text


def _age(record: Record, fact: SheetFact) -> str:
    late = ", recorded late" if fact.said.late else ""
    return since(record.date_of(fact.said), record.today) + late


def profile_dimensions(record: Record) -> tuple[Dimension, ...]:
    """Return the dimensions of the profile with their values; none where there is no profile yet."""
    profile: dict[str, Any] | None = record.sheet.profile
    if profile is None:
        return ()
    return tuple(
        Dimension(
            label=label,
            value=cell_of(record, _FACT_OF[name]).value or "not recorded",
            rows=tuple(profile["dimensions"][name]),
            dissents=name in profile["dissent"],
        )
        for name, label in _DIMENSIONS.items()
    )


def _weaknesses(record: Record) -> tuple[tuple[str, str], ...] | None:
    """Return kind and remedy of each main weakness; None = not assessed."""
    assessed = record.sheet.weaknesses
    if assessed is None:
        return None
    return tuple(
        (KINDS[one.kind], f"{one.remedy or 'no remedy named'}, {_months(one.months)}") for one in assessed.weaknesses
    )


def _months(months: int | None) -> str:
    return "months not known" if months is None else count(months, "month")
