"""The cohorts that are told from tables: one line a student in `cohort-*.csv`; `arcs.py` makes the story of each.

A table says who, what was known, what was decided and how it ended. The roster that the lead imports is made from it.
"""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.plan.windows import WINDOWS, milestone

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Days", "Row", "days_of", "read_rows", "roster", "tick_days"]

FOLDER = Path(__file__).parent
CYCLES = (2024, 2025, 2026)
_SEAT_INTERVIEWS = 3  # preliminary and transitional interviews of those who took such a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days of a match: Match Day, and the day on which the student learned the status."""

    match_day: date
    learned_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A student of a table.

    Args:
        cycle: the match year.
        ref, name, specialty, system, status: who, and what was missed.
        advisor: key of a person in `school.toml`.
        step2, standing, pubs, sent, offers, research: what the file holds.
        grade: champion grade of a director of the field; None = nobody was asked.
        months: what repairing the main weakness takes.
        year: how the year is spent: research, prelim, prelim-medicine, ty, soap, extended; or empty.
        path: what was decided, a key of `core.journey.hold.GATES`; or empty.
        end: how it ended: dream, other, categorical, stay, again, none; or empty.
        to, ladder: the new field and the climb.
        says: words for what is particular: money, stays, plan6, dispute, disputed, override, declines, reversed …
        result: where the recommendation stands at the end.
    """

    cycle: int
    ref: str
    name: str
    specialty: str
    system: str
    status: str
    advisor: str
    step2: int
    standing: str
    pubs: int
    sent: int
    offers: int
    research: str
    grade: int | None
    months: int
    year: str
    path: str
    end: str
    to: str
    ladder: str
    says: frozenset[str]
    result: str


@cache
def read_rows() -> tuple[Row, ...]:
    """Return every student of the tables, in their order."""
    rows: list[Row] = []
    for cycle in CYCLES:
        text = (FOLDER / f"cohort-{cycle}.csv").read_text("utf-8")
        rows += (_row(cycle, line) for line in csv.DictReader(io.StringIO(text)))
    return tuple(rows)


def _row(cycle: int, line: dict[str, str]) -> Row:
    given: dict[str, Any] = dict(line)
    numbers = {name: int(line[name]) for name in ("step2", "pubs", "sent", "offers", "months")}
    grade = int(line["grade"]) if line["grade"] else None
    return Row(cycle=cycle, **given | numbers | {"grade": grade, "says": frozenset(line["says"].split())})


@cache
def _days() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "cohorts.toml").read_text("utf-8"))


def days_of(cycle: int, system: str) -> Days | None:
    """Return the days of a match; None for one that is still to come."""
    found = _days().get(str(cycle), {}).get(system)
    return Days(**found) if found else None


def tick_days(cycle: int, system: str) -> list[date]:
    """Return the last days of the playbook's milestones in a match, in order; the morning after, the job looks."""
    days = days_of(cycle, system)
    if days is None:
        return []
    due = {milestone(code, match_day=days.match_day, learned_on=days.learned_on).due_on for code in WINDOWS}
    return sorted(due)


def roster(cycle: int, system: str, emails: dict[str, str]) -> bytes:
    """Return the roster of a match as the file that the lead imports.

    Args:
        cycle: the match year.
        system: the match system.
        emails: addresses of the advisors by key.
    """
    rows = [_line(row, emails) for row in read_rows() if (row.cycle, row.system) == (cycle, system)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _line(row: Row, emails: dict[str, str]) -> dict[str, object]:
    days = days_of(row.cycle, row.system)
    if days is None:
        raise KeyError(f"{row.cycle}.{row.system}")
    attended = row.offers - (row.sent % 3 == 0 and row.offers > 1)  # somebody fell ill or was snowed in
    return {
        "student_ref": row.ref,
        "name": row.name,
        "email": f"{row.ref.lower()}@larkfield.example",
        "specialty": row.specialty,
        "match_system": row.system,
        "match_status": row.status,
        "match_day": days.match_day,
        "learned_on": days.learned_on,
        "advisor_email": emails[row.advisor],
        "step1": "pass",
        "step2": row.step2,
        "class_standing": row.standing,
        "publications": row.pubs,
        "applications_sent": row.sent,
        "interviews_offered": row.offers,
        "interviews_accepted": row.offers,
        "interviews_attended": attended,
        "interviews_ranked": "not_shared" if row.sent % 5 == 0 else attended,
        "other_interviews": _SEAT_INTERVIEWS + row.pubs % 3 if row.year else 1,
        "red_flags": "failed_exam" if "failed_exam" in row.says else "none",
        "visa": "" if "override" in row.says else "h1b" if "visa" in row.says else "not_needed",
        "soap_eligible": "" if row.system != "nrmp" else "yes" if row.status == "unmatched" else "no",
    }
