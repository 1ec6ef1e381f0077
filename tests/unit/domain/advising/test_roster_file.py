"""How a roster file is read: every fault names line, column, value and what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.advising.roster_file import COLUMNS, REQUIRED, ROWS_MAX, Row, read_rows
from core.errors import InvalidValue
from core.journey.inventory import FACTS

HEADER = "student_ref,name,specialty,match_day,learned_on"
ROBIN = "S-1,Robin Vale,ortho,2026-03-20,2026-03-16"
SPECIALTIES = {"ortho": "orthopaedic-surgery", "orthopedic surgery": "orthopaedic-surgery"}


def read(text: str | bytes) -> list[Row]:
    content = text if isinstance(text, bytes) else text.encode()
    return read_rows(content, cycle=2026, specialties=SPECIALTIES)


def with_column(column: str, cell: str) -> Row:
    """One row with one further column, or with another cell in a column of the header."""
    if column in HEADER.split(","):
        cells = dict(zip(HEADER.split(","), ROBIN.split(","), strict=True)) | {column: cell}
        [row] = read(f"{HEADER}\n" + ",".join(cells.values()))
        return row
    [row] = read(f"{HEADER},{column}\n{ROBIN},{cell}")
    return row


def test_a_row_becomes_a_student_with_details_and_facts() -> None:
    [row] = read(f"{HEADER},step2,email,advisor_email,match_system\n{ROBIN},238,r@s.example,a@s.example,AUA")
    assert (row.line, row.reference, row.match_system, row.advisor_email) == (2, "S-1", "aua", "a@s.example")
    assert row.details == {
        "name": "Robin Vale",
        "specialty": "orthopaedic-surgery",
        "match_day": date(2026, 3, 20),
        "learned_on": date(2026, 3, 16),
        "email": "r@s.example",
    }
    assert (row.facts, row.faults) == ({"step2": 238}, ())


def test_an_empty_cell_says_nothing() -> None:
    row = with_column("step2", " ")
    assert (row.facts, row.faults) == ({}, ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiter_line_ending_and_byte_order_mark_do_not_matter(delimiter: str, ending: str, mark: bytes) -> None:
    text = f"{HEADER}\n{ROBIN}\n{ROBIN.replace('S-1', 'S-2')}\n".replace(",", delimiter).replace("\n", ending)
    assert [row.reference for row in read(mark + text.encode())] == ["S-1", "S-2"]


@pytest.mark.parametrize("blank", ["\n", "\n\n   \n", ";;;;\n"])
def test_empty_lines_are_passed_over_and_counted(blank: str) -> None:
    text = blank + f"{HEADER}\n{blank}{ROBIN}\n".replace(",", ";")
    [row] = read(text)
    assert (row.line, row.faults) == (2 + 2 * blank.count("\n"), ())


def test_the_header_is_read_in_any_case_with_space_around() -> None:
    [row] = read(f" {HEADER.upper().replace(',', ' , ')} \n{ROBIN}")
    assert row.faults == ()


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks_and_the_line_is_where_the_row_begins() -> None:
    rows = read(f'{HEADER},no_go_list\n{ROBIN},"Texas, ""alone""\nor nights"\n{ROBIN.replace("S-1", "S-2")},none')
    assert [(row.line, row.facts["no_go_list"]) for row in rows] == [(2, 'Texas, "alone"\nor nights'), (4, "none")]


def test_names_keep_their_letters() -> None:
    assert with_column("name", "Zoë Nuñez-O'Brien").details["name"] == "Zoë Nuñez-O'Brien"


class TestFileFaults:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "file: 'an empty file' is not allowed (a header line and one line a student)"),
            (b"\n \n", "file: 'an empty file'"),
            (f"{HEADER}\n{ROBIN}".encode("utf-16"), "file: 'line 1' is not allowed (text in UTF-8; save"),
            (f"{HEADER}\nS-1,Zo\xeb".encode("latin-1"), "file: 'line 2'"),
            (f"{HEADER}\n{ROBIN}".encode("utf-16-le"), "file: 'a file that is not text'"),
            (b"\x00" * 10, "file: 'a file that is not text'"),
            (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\x9d\xff", "file: 'a file that is not text'"),
            (f'{HEADER}\n{ROBIN}\nS-2,"Robin" Vale,,,'.encode(), "file: 'line 3' is not allowed (a well-formed CSV"),
            (f'{HEADER}\n{ROBIN}\nS-2,"Robin,,,\n\n'.encode(), "file: 'line 3'"),
            (f'{HEADER}\nS-2,{"x" * 200_000},,,'.encode(), "file: 'line 2'"),
            (f"{HEADER},shoe_size\n{ROBIN},44".encode(), "column: 'shoe_size' is not allowed (one of student_ref"),
            (b"a,b\n1,2", "columns: 'a, b' is not allowed (a table that also has student_ref, name, specialty"),
            (f"{HEADER},\n{ROBIN},".encode(), "column: '(empty)'"),
            (f"{HEADER},name\n{ROBIN},x".encode(), "column: 'name' is not allowed (each column once)"),
            (b"student_ref,name,match_day\nS-1,Robin", "(a table that also has specialty, learned_on)"),
        ],
    )  # fmt: skip
    def test_a_file_that_cannot_be_read_is_one_sentence(self, content: bytes, sentence: str) -> None:
        with pytest.raises(InvalidValue) as refusal:
            read(content)
        assert sentence in str(refusal.value)
        assert "\n" not in str(refusal.value)

    def test_a_file_of_the_greatest_length_is_read_and_one_more_row_is_refused(self) -> None:
        lines = [HEADER, *(ROBIN.replace("S-1", f"S-{n}") for n in range(ROWS_MAX))]
        assert len(read("\n".join(lines))) == ROWS_MAX
        with pytest.raises(InvalidValue, match=r"more than 5000 rows.*at most 5000 students in one file"):
            read("\n".join([*lines, ROBIN]))


class TestRowFaults:
    @pytest.mark.parametrize(
        ("column", "cell", "allowed"),
        [
            ("student_ref", "x" * 201, "text of 1 to 200 characters"),
            ("name", "x" * 201, "text of 1 to 200 characters"),
            ("specialty", "sorcery", "a specialty the playbook knows, for example orthopaedic-surgery"),
            ("match_day", "2025-03-20", "a date in the cycle 2026"),
            ("match_day", "2026-02-30", "a date as 2026-03-20 (year-month-day)"),
            ("match_day", "03/20/2026", "a date as 2026-03-20 (year-month-day)"),
            ("match_day", "2026-W12-5", "a date as 2026-03-20 (year-month-day)"),
            ("match_day", "20260320", "a date as 2026-03-20 (year-month-day)"),
            ("learned_on", "9999-12-31", "a date from 2025 to 2027"),
            ("match_system", "sms", "one of nrmp, aua, sf"),
            ("match_status", "sad", "one of unmatched, pgy1_only, advanced_only, other_categorical"),
            ("email", "robin", "an address such as name@school.example"),
            ("advisor_email", "robin at home", "an address such as name@school.example"),
            ("step2", "301", FACTS["step2"].allowed),
            ("step2", "about 240", FACTS["step2"].allowed),
            ("red_flags", "none;visa", FACTS["red_flags"].allowed),
            ("financial_pressure", "perhaps", FACTS["financial_pressure"].allowed),
        ],
    )
    def test_a_faulty_cell_names_line_column_value_and_what_is_allowed(
        self, column: str, cell: str, allowed: str
    ) -> None:
        row = with_column(column, cell)
        assert (row.line, row.faults) == (2, ((column, cell, allowed),))

    @pytest.mark.parametrize("column", REQUIRED)
    def test_a_required_cell_that_is_empty_is_a_fault(self, column: str) -> None:
        assert with_column(column, " ").faults == ((column, "", COLUMNS[column]),)

    def test_a_row_with_fewer_cells_lacks_the_last_ones(self) -> None:
        [row] = read(f"{HEADER}\nS-1,Robin Vale,ortho,2026-03-20")
        assert row.faults == (("learned_on", "", COLUMNS["learned_on"]),)

    def test_a_row_with_more_cells_than_the_header_is_a_fault(self) -> None:
        [row] = read(f"{HEADER}\n{ROBIN},extra")
        assert row.faults == (("row", "6 cells", "5 cells, as in the header"),)

    def test_all_faults_of_a_row_are_named_at_once(self) -> None:
        [row] = read(f"{HEADER},step2\nS-1,,sorcery,2026-03-20,yesterday,999")
        assert {column for column, _, _ in row.faults} == {"specialty", "learned_on", "step2", "name"}

    def test_a_student_who_stands_twice_is_a_fault_of_the_second_row(self) -> None:
        rows = read(f"{HEADER}\n{ROBIN}\n{ROBIN.replace('S-1', 's-1')}")
        assert rows[0].faults == ()
        assert rows[1].faults == (("student_ref", "s-1", "one row a student; line 2 has the same one"),)

    def test_a_student_may_stand_once_for_each_match_system(self) -> None:
        rows = read(f"{HEADER},match_system\n{ROBIN},aua\n{ROBIN},nrmp\n{ROBIN},")
        assert [len(row.faults) for row in rows] == [0, 0, 1]

    def test_a_faulty_row_does_not_hide_the_others(self) -> None:
        rows = read(f"{HEADER}\nS-0,,,,\n{ROBIN}")
        assert [bool(row.faults) for row in rows] == [True, False]


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_of_the_inventory_is_a_column(name: str) -> None:
    kind = FACTS[name]
    samples: dict[str, Any] = {"number": "1", "yes_no": "yes", "several": "none", "text": "x"}
    cell = samples.get(kind.kind) or next(iter(kind.choices))
    row = with_column(name, cell)
    assert (row.faults, list(row.facts)) == ((), [name])
