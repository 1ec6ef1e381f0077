"""The board as a CSV file: the same filters and order, every row, one plain word for each column."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from core.decision.wording import OUTCOME_WORDS
from core.journey.hold import GATES, need_label
from core.journey.inventory import FACTS
from core.journey.journey import MATCH_STATUSES, MATCH_SYSTEMS
from core.journey.placements import PLACEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from projections.board import BoardRow

    Names = Mapping[str, str]
    Cell = Callable[[BoardRow, Names], object]

__all__ = ["COLUMNS", "csv_lines", "harmless"]

BYTE_ORDER_MARK = "\ufeff"  # by it a spreadsheet knows that the file is UTF-8
# What makes a spreadsheet compute a cell instead of showing it. Source: OWASP, CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_RELATIONS = {
    "agrees": "agrees",
    "differs": "against",
    "contested": "the recommendation was contested",
    "not_decidable": "it was not yet decidable",
}
_STANCES = {"concurs": "concurs", "dissents": "dissents"}
_OUTCOMES: Mapping[str, str] = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()}


def _says(words: Names, key: str | None) -> str:
    return words.get(key, key) if key else ""


def _needs(missing: Iterable[str]) -> str:
    return "; ".join(need_label(name) for name in missing)


COLUMNS: Mapping[str, Cell] = {
    "Reference": lambda r, _: r.student_ref,
    "Name": lambda r, _: r.name,
    "Cohort": lambda r, _: r.cohort,
    "Dream field": lambda r, _: r.specialty_name,
    "Match system": lambda r, _: _says(MATCH_SYSTEMS, r.match_system),
    "Match status": lambda r, _: _says(MATCH_STATUSES, r.match_status),
    "Match Day": lambda r, _: r.match_day,
    "Status learned on": lambda r, _: r.learned_on,
    "Profile": lambda r, _: r.profile_row or "not yet known",
    "Profile is": lambda r, _: r.profile_kind,
    "Recommendation": lambda r, _: _says(_OUTCOMES, r.recommendation),
    "Decision": lambda r, _: _says(GATES, r.decision),
    "Year spent as": lambda r, _: _says(FACTS["planned_year"].choices, r.decision_mode),
    "New field": lambda r, names: _says(names, r.decision_specialty),
    "Decision and recommendation": lambda r, _: _says(_RELATIONS, r.decision_relation),
    "Advisor on the decision": lambda r, _: _says(_STANCES, r.decision_stance),
    "SOAP decision": lambda r, _: _says(GATES, r.soap_decision),
    "Best champion grade of 5": lambda r, _: r.champion,
    "Opinions of 2": lambda r, _: r.opinions,
    "Opinions asked, no answer yet": lambda r, _: r.opinions_pending,
    "Path gate": lambda r, _: "open" if r.path_open else "closed",
    "Missing for the path": lambda r, _: _needs(r.path_missing),
    "SOAP gate": lambda r, _: "open" if r.soap_open else "closed",
    "Missing for SOAP": lambda r, _: _needs(r.soap_missing),
    "Gates overridden": lambda r, _: "; ".join(_says(GATES, kind) for kind in r.overridden),
    "Disputed facts": lambda r, _: r.disputed,
    "Next milestone": lambda r, _: r.next_title,
    "Next milestone due": lambda r, _: r.next_due_on,
    "Milestones overdue": lambda r, _: r.overdue,
    "Last contact": lambda r, _: r.last_contact_on,
    "Days since contact": lambda r, _: r.days_since_contact,
    "Advisor": lambda r, _: r.advisor_name,
    "Team": lambda r, _: r.team,
    "Placement": lambda r, _: _says(PLACEMENTS, r.placement),
    "Placement in": lambda r, names: _says(names, r.placement_specialty),
}


def csv_lines(
    rows: Iterable[Any], names: Names, columns: Mapping[str, Callable[[Any, Names], object]] = COLUMNS
) -> Iterator[str]:
    """Give the file line by line.

    Args:
        rows: in the order of the file.
        names: specialty slug → name.
        columns: heading → what a row says under it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)  # commas, quotes where needed, CR LF: RFC 4180

    def line(cells: Iterable[object]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([harmless("" if cell is None else str(cell)) for cell in cells])
        return buffer.getvalue()

    yield BYTE_ORDER_MARK + line(columns)
    for row in rows:
        yield line(cell(row, names) for cell in columns.values())


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet computes: text that begins like a formula gets an apostrophe before it."""
    return "'" + text if text.startswith(_FORMULA) else text
