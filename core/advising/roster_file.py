"""How a roster file is read: a CSV table, one student a row; every fault names line, column and what is allowed."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from core.decision.content import read_day
from core.errors import InvalidValue
from core.journey.inventory import FACTS, parse
from core.journey.journey import MATCH_STATUSES, MATCH_SYSTEMS
from core.values import EMAIL, NAME_MAX, one_of
from core.values import text as checked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from core.journey.inventory import Value

__all__ = ["COLUMNS", "REQUIRED", "ROWS_MAX", "Row", "read_rows"]

# Columns that are not facts, with what they hold; every fact of the inventory is a column too.
COLUMNS: dict[str, str] = {
    "student_ref": "the school's own reference of the student",
    "name": "full name",
    "specialty": "the dream field: a slug, a name or a short name",
    "match_day": "Match Day of the match system, as 2026-03-20",
    "learned_on": "the day the student learned the status, as 2026-03-16",
    "match_system": "one of " + ", ".join(MATCH_SYSTEMS) + "; nrmp when left out",
    "match_status": "one of " + ", ".join(MATCH_STATUSES) + "; unmatched when left out",
    "email": "address of the student",
    "advisor_email": "address of the advisor, a member of the team",
}
REQUIRED = ("student_ref", "name", "specialty", "match_day", "learned_on")
ROWS_MAX = 5000
Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One student of the file.

    Args:
        line: of the file; the header is line 1.
        reference: the student's reference.
        match_system: a key of `MATCH_SYSTEMS`.
        details: name, email, specialty, match_status, match_day, learned_on, as far as given.
        facts: fact name → value; an empty cell says nothing.
        advisor_email: of the advisor, or None.
        faults: (column, value, what is allowed).
    """

    line: int
    reference: str
    match_system: str
    details: Mapping[str, str | date]
    facts: dict[str, Value]
    advisor_email: str | None
    faults: tuple[Fault, ...]


def read_rows(content: bytes, *, cycle: int, specialties: Mapping[str, str]) -> list[Row]:
    """Read a roster.

    Args:
        content: the bytes of the file: UTF-8, commas, semicolons or tabs between the columns.
        cycle: the match year that Match Day must lie in.
        specialties: every way to write a specialty, in lower case → slug.

    Returns:
        One row for each student, in the order of the file; empty lines are passed over.

    Raises:
        InvalidValue: not a table of this kind at all: encoding, columns, or too many rows.
    """
    header, body = _table(content)
    _check_header(header)
    readers = _readers(cycle, specialties)
    rows: list[Row] = []
    lines_of: dict[tuple[str, str], int] = {}
    for line, cells in body:
        row = _row(line, header, cells, readers)
        who = (row.reference.casefold(), row.match_system)
        if row.reference and who in lines_of:
            again: Fault = ("student_ref", row.reference, f"one row a student; line {lines_of[who]} has the same one")
            row = replace(row, faults=(*row.faults, again))
        lines_of.setdefault(who, line)
        rows.append(row)
    return rows


def _table(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if b"\x00" in content and not content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # a picture or a workbook
        raise InvalidValue("file", "a file that is not text", "a CSV file in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = content[: error.start].count(b"\n") + 1
        raise InvalidValue("file", f"line {at}", "text in UTF-8; save it as CSV UTF-8") from None
    first = next(iter(text.lstrip().splitlines()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    body: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            begun, line = line, reader.line_num + 1  # a quoted cell may run over several lines
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip().casefold() for cell in cells]
                continue
            body.append((begun, cells))
            if len(body) > ROWS_MAX:
                raise InvalidValue("file", f"more than {ROWS_MAX} rows", f"at most {ROWS_MAX} students in one file")
    except csv.Error as error:
        raise InvalidValue("file", f"line {line}", f"a well-formed CSV table; {error}") from None
    if not header:
        raise InvalidValue("file", "an empty file", "a header line and one line a student")
    return header, body


def _check_header(header: list[str]) -> None:
    known = (*COLUMNS, *FACTS)
    if missing := [column for column in REQUIRED if column not in header]:  # first: it may be quite another table
        raise InvalidValue("columns", ", ".join(header), "a table that also has " + ", ".join(missing))
    for column in header:
        if column not in known:
            raise InvalidValue("column", column or "(empty)", "one of " + ", ".join(known))
        if header.count(column) > 1:
            raise InvalidValue("column", column, "each column once")


def _readers(cycle: int, specialties: Mapping[str, str]) -> dict[str, Callable[[str], str | date]]:
    """Return, for each column that is not a fact, what turns a cell into its value or raises InvalidValue."""

    def specialty(text: str) -> str:
        slug = specialties.get(text.casefold())
        if slug is None:
            raise InvalidValue("specialty", text, "a specialty the playbook knows, for example orthopaedic-surgery")
        return slug

    def match_day(text: str) -> date:
        day = _date(text)
        if day.year != cycle:
            raise InvalidValue("match_day", text, f"a date in the cycle {cycle}")
        return day

    def learned_on(text: str) -> date:
        day = _date(text)
        if abs(day.year - cycle) > 1:
            raise InvalidValue("learned_on", text, f"a date from {cycle - 1} to {cycle + 1}")
        return day

    return {
        "student_ref": _name,
        "name": _name,
        "email": _email,
        "advisor_email": _email,
        "specialty": specialty,
        "match_day": match_day,
        "learned_on": learned_on,
        "match_system": partial(_among, MATCH_SYSTEMS),
        "match_status": partial(_among, MATCH_STATUSES),
    }


def _name(text: str) -> str:
    return checked("text", text, NAME_MAX)


def _email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise InvalidValue("email", text, "an address such as name@school.example")
    return text


def _among(names: Mapping[str, str], text: str) -> str:
    return one_of("value", text.casefold(), names)


def _date(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise InvalidValue("date", text, "a date as 2026-03-20 (year-month-day)")
    return day


def _row(line: int, header: list[str], cells: list[str], readers: Mapping[str, Callable[[str], str | date]]) -> Row:
    faults: list[Fault] = []
    values: dict[str, str | date] = {}
    facts: dict[str, Value] = {}
    if len(cells) > len(header):
        faults.append(("row", f"{len(cells)} cells", f"{len(header)} cells, as in the header"))
    for column, cell in zip(header, cells, strict=False):
        text = cell.strip()
        if not text:
            continue
        try:
            if column in FACTS:
                facts[column] = parse(column, text)
            else:
                values[column] = readers[column](text)
        except InvalidValue as error:
            faults.append((column, text, error.allowed))
    bad = {column for column, _, _ in faults}
    faults += [(column, "", COLUMNS[column]) for column in REQUIRED if column not in values and column not in bad]
    reference = str(values.pop("student_ref", ""))
    system = str(values.pop("match_system", "nrmp"))
    advisor = values.pop("advisor_email", None)
    return Row(
        line=line,
        reference=reference,
        match_system=system,
        details=values,
        facts=facts,
        advisor_email=None if advisor is None else str(advisor),
        faults=tuple(faults),
    )
