"""What the preview of a roster shows: what each row would do, sorted into what needs a person first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.roster_file import COLUMNS
from core.decision.wording import count
from core.journey.inventory import FACTS
from core.journey.journey import MATCH_STATUSES, MATCH_SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from core.advising.roster import RosterPlan, RowPlan

__all__ = ["LISTED_MAX", "Cell", "Listing", "Preview", "line_ranges", "preview_of", "summary"]

# Nobody reads further in one sitting; the rest is counted, and a corrected file shows it again.
LISTED_MAX = 200
# A short list stands open, a long one is unfolded by whoever wants it.
OPEN_MAX = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the file, with what is held against it: allowed, old and new, or in the file and kept."""

    line: int
    student: str
    reference: str
    column: str
    label: str
    one: str
    two: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Cells of one kind: at most `LISTED_MAX` of them, and how many more there are."""

    rows: int
    cells: tuple[Cell, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do, as it is read.

    Args:
        cycle: the cohort it goes into.
        file_name: as the person knows it.
        total: rows of the file.
        writes: rows that would write something.
        faulty: cells that keep their row out: value, and what is allowed.
        changed: cells with the value now and after the import.
        by_hand: cells that a person corrected: value in the file, and value kept.
        new: (line, name, reference) of the students that come in.
        new_open: the list of new students stands open.
        unchanged: rows that are in the record as they are.
        unchanged_lines: their lines, "2-6, 8", with dashes.
    """

    cycle: int
    file_name: str
    total: int
    writes: int
    faulty: Listing
    changed: Listing
    by_hand: Listing
    new: tuple[tuple[int, str, str], ...]
    new_open: bool
    unchanged: int
    unchanged_lines: str


def preview_of(plan: RosterPlan, specialties: Mapping[str, str]) -> Preview:
    """Put a plan into words.

    Args:
        plan: what the file would do.
        specialties: slug → name.
    """
    same = [row.line for row in plan.rows if row.outcome == "unchanged"]
    new = tuple((row.line, row.name, row.reference) for row in plan.rows if row.outcome == "new")
    return Preview(
        cycle=plan.cycle,
        file_name=plan.file_name,
        total=len(plan.rows),
        writes=plan.writes,
        faulty=_listing(plan.rows, specialties, lambda row: row.faults, is_fault=True),
        changed=_listing(plan.rows, specialties, lambda row: row.changes),
        by_hand=_listing(plan.rows, specialties, lambda row: row.kept),
        new=new,
        new_open=len(new) <= OPEN_MAX,
        unchanged=len(same),
        unchanged_lines=line_ranges(same),
    )


def summary(plan: RosterPlan) -> str:
    """Say in one sentence what an import did."""
    counts = plan.counts
    done = ", ".join(f"{counts[kind]} {kind}" for kind in ("new", "changed") if counts[kind])
    left = f" {count(counts['faulty'], 'faulty row')} stayed out." if counts["faulty"] else ""
    return f"Imported {count(plan.writes, 'row')} from {plan.file_name}: {done}.{left}"


def line_ranges(numbers: Iterable[int]) -> str:
    """Return rising numbers with runs drawn together: "2-6, 8, 10-11", with dashes."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}\u2013{high}" for low, high in runs)


def _listing(
    rows: Sequence[RowPlan],
    specialties: Mapping[str, str],
    told: Callable[[RowPlan], tuple[tuple[str, str, str], ...]],
    *,
    is_fault: bool = False,
) -> Listing:
    cells = [cell for row in rows for cell in _cells(row, told(row), specialties, is_fault=is_fault)]
    return Listing(
        rows=sum(bool(told(row)) for row in rows),
        cells=tuple(cells[:LISTED_MAX]),
        more=max(len(cells) - LISTED_MAX, 0),
    )


def _cells(
    row: RowPlan, told: tuple[tuple[str, str, str], ...], specialties: Mapping[str, str], *, is_fault: bool
) -> Iterator[Cell]:
    for column, one, two in told:
        yield Cell(
            line=row.line,
            student=row.name,
            reference=row.reference,
            column=column,
            label=FACTS[column].label if column in FACTS else "",
            # a value that is not allowed is shown as it stands in the file
            one=one if is_fault else _shown(column, one, specialties),
            two=two if is_fault else _shown(column, two, specialties),
        )


def _shown(column: str, text: str, specialties: Mapping[str, str]) -> str:
    words = {"specialty": specialties, "match_status": MATCH_STATUSES, "match_system": MATCH_SYSTEMS}
    return words[column].get(text, text) if column in words and column in COLUMNS else text
