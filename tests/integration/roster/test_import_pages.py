"""The import in the browser: look first, confirm, and never lose a person's own correction."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from core.advising.assessments import CorrectFact, correct_fact
from core.advising.roster_file import COLUMNS, REQUIRED
from core.journey.inventory import FACTS
from core.journey.journey import Journey, journey_id
from tests.integration.conftest import id_of
from tests.integration.forms import hidden_of
from tests.integration.pages import links, rows_of, words
from web.roster.preview import line_ranges

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from web.house import House

HEADER = "student_ref,name,specialty,match_day,learned_on,step2,research"
ADA = "S-1,Ada Heron,ortho,2026-03-20,2026-03-16,238,limited"
BEN = "S-2,Ben Lark,neurosurgery,2026-03-20,2026-03-16,251,multiple"


@pytest.fixture
def lena(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    """The lead's browser."""
    return client_of("lead")


def choose(client: FlaskClient, content: bytes, name: str = "roster.csv", cohort: str = "2026") -> TestResponse:
    """Send a file from the import page."""
    hidden = hidden_of(client.get("/import").text, "/import")
    return client.post("/import", data=hidden | {"cohort": cohort, "file": (io.BytesIO(content), name)})


def look(client: FlaskClient, *rows: str, name: str = "roster.csv") -> tuple[str, str]:
    """Send a roster; return where its preview is, and the page."""
    answer = choose(client, "\n".join((HEADER, *rows)).encode(), name)
    assert answer.status_code == 303, words(answer.text)
    where = answer.headers["Location"]
    return where, client.get(where).text


def confirm(client: FlaskClient, where: str) -> TestResponse:
    return client.post(where, data=hidden_of(client.get(where).text, where))


def imports(client: FlaskClient, *rows: str) -> None:
    where, _ = look(client, *rows)
    assert confirm(client, where).status_code == 303


def tiles(html: str) -> dict[str, int]:
    """The numbers above the preview."""
    return {label: int(number) for number, label in re.findall(r"<b>(\d+)</b> <span>([^<]+)</span>", html)}


def of(school: House, ref: str) -> UUID:
    return journey_id(school.desk.journal.keys, ref, 2026, "nrmp")


def test_nothing_is_written_before_it_is_confirmed_and_then_all_of_it(lena: FlaskClient, school: House) -> None:
    head = school.desk.journal.head()
    where, html = look(lena, ADA, BEN)
    assert tiles(html) == {
        "faulty, need you": 0,
        "changed": 0,
        "corrected or confirmed by hand": 0,
        "new": 2,
        "unchanged": 0,
    }
    assert "roster.csv · 2 rows · cohort 2026 · nothing is written yet" in words(html)
    assert "Import 2 rows" in words(html)
    assert school.desk.journal.head() == head

    answer = confirm(lena, where)
    assert answer.headers["Location"] == "/cohorts/2026?sort=-changed"
    board = words(lena.get(answer.headers["Location"]).text)
    assert "Imported 2 rows from roster.csv: 2 new." in board
    assert "Ada Heron S-1" in board
    assert "Ben Lark S-2" in board


def test_importing_the_same_file_again_changes_nothing_and_says_so(lena: FlaskClient, school: House) -> None:
    imports(lena, ADA, BEN)
    head = school.desk.journal.head()
    where, html = look(lena, ADA, BEN)
    assert tiles(html)["unchanged"] == 2
    assert "Nothing to change" in words(html)
    assert "Lines 2\N{EN DASH}3." in words(html)
    assert "Import 0" not in html
    assert 'name="confirmed"' not in html
    assert lena.get(where).status_code == 200
    assert school.desk.journal.head() == head


def test_confirming_twice_imports_once(lena: FlaskClient, school: House) -> None:
    where, html = look(lena, ADA)
    fields = hidden_of(html, where)
    assert lena.post(where, data=fields).status_code == 303
    head = school.desk.journal.head()
    again = lena.post(where, data=fields)
    assert again.status_code == 303
    assert "This was saved already" in words(lena.get(again.headers["Location"]).text)
    assert school.desk.journal.head() == head


def test_faulty_rows_stand_first_with_line_column_value_and_what_is_allowed_and_stay_out(lena: FlaskClient) -> None:
    bad = "S-3,,orthopedix,2026-03-20,2026-03-16,2388,limited"
    where, html = look(lena, ADA, bad, ADA.replace("Heron", "Again"))
    told = rows_of(html)
    assert ["3", "no name S-3", "step2 Step 2 CK", "2388"] in [row[:4] for row in told]
    assert (
        next(row[4] for row in told if row[3] == "2388") == "a whole number from 1 to 300, or comlex_only, or not_taken"
    )
    assert ["3", "no name S-3", "name", "empty", "full name"] in told
    assert ["4", "Ada Again S-1", "student_ref", "S-1", "one row a student; line 2 has the same one"] in told
    assert html.index("2 faulty rows") < html.index('id="new"')
    assert "1 new. 2 faulty rows stay out." in words(html)

    board = words(lena.get(confirm(lena, where).headers["Location"]).text)
    assert "Imported 1 row from roster.csv: 1 new. 2 faulty rows stayed out." in board
    assert "S-3" not in board


def test_a_changed_row_shows_the_value_now_and_the_value_after(lena: FlaskClient) -> None:
    imports(lena, ADA, BEN)
    html = look(lena, ADA.replace("238", "241"), BEN.replace("neurosurgery", "derm"))[1]
    assert ["2", "Ada Heron S-1", "step2 Step 2 CK", "238", "241"] in rows_of(html)
    assert ["3", "Ben Lark S-2", "specialty", "Neurosurgery", "Dermatology"] in rows_of(html)
    assert tiles(html)["changed"] == 2


def correct(school: House, value: str) -> None:
    """The lead corrects Ada's research by hand."""
    who = school.desk.principal(id_of(school, "lead"))
    command = CorrectFact(
        command_id="by-hand",
        journey_id=of(school, "S-1"),
        name="research",
        value=value,
        source="CV",
        reason="A second project.",
    )
    correct_fact(school.desk, who, command)


def test_what_a_person_corrected_is_kept_and_shown_beside_the_file(lena: FlaskClient, school: House) -> None:
    imports(lena, ADA, BEN)
    correct(school, "multiple")
    where, html = look(lena, ADA.replace("238", "241"), BEN)
    assert tiles(html)["corrected or confirmed by hand"] == 1
    kept = next(row for row in rows_of(html) if row[2].startswith("research"))
    assert kept[3].startswith("Limited")
    assert kept[4].startswith("Multiple")
    assert confirm(lena, where).status_code == 303
    ada = school.desk.journal.get(Journey, of(school, "S-1"))
    assert (ada.facts["research"].value, ada.facts["step2"].value) == ("multiple", 241)


def test_a_preview_that_is_no_longer_true_writes_nothing_and_shows_the_new_one(
    lena: FlaskClient, school: House
) -> None:
    imports(lena, ADA)
    where, html = look(lena, ADA.replace("limited", "minimal"))
    assert tiles(html)["changed"] == 1
    correct(school, "multiple")
    head = school.desk.journal.head()
    answer = lena.post(where, data=hidden_of(html, where))
    assert answer.status_code == 409
    assert "The records changed since you looked; nothing was written." in words(answer.text)
    assert tiles(answer.text)["corrected or confirmed by hand"] == 1
    assert school.desk.journal.head() == head


def test_a_file_of_faulty_rows_alone_is_not_said_to_be_in_the_record(lena: FlaskClient) -> None:
    _, html = look(lena, ADA.replace("ortho", "sorcery"))
    assert "No row can be imported" in words(html)
    assert "in the record already" not in words(html)
    assert "Go to the cohort" not in words(html)


BAD_FILES = {
    "not UTF-8": (HEADER.encode() + b"\nS-1,Ren\xe9", "line 2", "text in UTF-8; save it as CSV UTF-8"),
    "empty": (b"", "an empty file", "a header line and one line a student"),
    "a document": (b"%PDF-1.7\n\x00\x01", "a file that is not text", "a CSV file in UTF-8"),
    "a strange column": (HEADER.encode() + b",shoe_size\n", "shoe_size", "one of student_ref, name"),
    "a missing column": (b"student_ref,name\n", "student_ref, name", "a table that also has specialty"),
    "an open quote": (HEADER.encode() + b'\n"S-1,Ada', "line 2", "a well-formed CSV table"),
}


def test_a_file_that_cannot_be_read_gets_one_sentence_and_another_can_be_chosen(lena: FlaskClient) -> None:
    for kind, (content, value, allowed) in BAD_FILES.items():
        answer = choose(lena, content, f"{kind}.csv")
        said = words(answer.text)
        assert answer.status_code == 422, kind
        assert f"{kind}.csv cannot be read" in said
        assert f"{value}). What is allowed: {allowed}" in said
        assert "Nothing is written. Choose a file again." in said
        assert 'type="file"' in answer.text


def test_no_file_and_a_file_beyond_the_limit_are_told_on_the_same_page(lena: FlaskClient) -> None:
    hidden = hidden_of(lena.get("/import").text, "/import")
    nothing = lena.post("/import", data=hidden | {"cohort": "2026", "file": (io.BytesIO(), "")})
    assert nothing.status_code == 422
    assert "Roster file (CSV) : This is needed: a file." in words(nothing.text)
    assert lena.application.config["MAX_CONTENT_LENGTH"] > 5 * 1024 * 1024
    lena.application.config["MAX_CONTENT_LENGTH"] = 1000  # a real 6 MiB would only slow the test down
    large = choose(lena, b"x" * 2000)
    assert large.status_code == 413
    assert "This file is too large: at most 5 MiB" in words(large.text)
    assert 'type="file"' in large.text


def test_a_preview_belongs_to_who_sent_the_file_and_ends_with_it(
    lena: FlaskClient, school: House, client_of: Callable[[str], FlaskClient]
) -> None:
    where, html = look(lena, ADA)
    assert client_of("advisor").get(where).status_code == 403
    school.access.uploads.drop(where.rpartition("/")[2])
    for answer in (lena.get(where), lena.post(where, data=hidden_of(html, where))):
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/import"
    assert "it is kept for two hours; choose it again" in words(lena.get("/import").text)


def test_a_lead_imports_into_their_own_cohorts_only(lena: FlaskClient) -> None:
    where, _ = look(lena, ADA)
    assert lena.get(where.replace("/2026/", "/2025/")).status_code == 403
    answer = choose(lena, b"", cohort="2025")
    assert answer.status_code == 422
    assert "“2025” is not allowed: one of 2026." in words(answer.text)


def test_advisor_and_steward_may_not_import(client_of: Callable[[str], FlaskClient]) -> None:
    for role in ("advisor", "steward", "nobody"):
        assert client_of(role).get("/import").status_code == 403, role


def test_past_imports_are_listed_with_who_when_and_what_they_did(lena: FlaskClient) -> None:
    assert "No roster was imported yet." in words(lena.get("/import").text)
    imports(lena, ADA, BEN)
    assert any(
        row[1:] == ["Lena Lead", "2026", "roster.csv", "2", "0", "0", "0"] for row in rows_of(lena.get("/import").text)
    )


def test_the_page_explains_every_column_and_offers_a_sample_that_can_be_read(lena: FlaskClient) -> None:
    html = lena.get("/import").text
    told = [row[0] for row in rows_of(html, folded=True)]
    assert told[: len(REQUIRED)] == list(REQUIRED)
    assert set(told) >= {*COLUMNS, *FACTS, "orthopaedic-surgery"}
    with lena.get(links(html)["Download the sample"]) as sample:
        assert sample.mimetype == "text/csv"
        assert sample.data.startswith(b"student_ref,name,")


def test_the_name_of_a_file_and_of_a_student_is_text_and_never_markup(lena: FlaskClient) -> None:
    html = look(lena, ADA.replace("Ada", "<b>Ada</b>"), name="<i>x</i>.csv")[1]
    assert "&lt;b&gt;Ada&lt;/b&gt;" in html
    assert "i&gt;.csv" in html
    assert "<i>x" not in html


def test_a_long_list_is_folded_and_a_very_long_one_is_counted(lena: FlaskClient) -> None:
    html = look(lena, *(f"S-{n},Student {n},ortho,2026-03-20,16 March,x," for n in range(150)))[1]
    assert "150 faulty rows" in words(html)
    assert "And 100 more of this kind" in words(html)
    many = look(lena, *(f"S-{n},Student {n},ortho,2026-03-20,2026-03-16,," for n in range(30)))[1]
    assert "<summary>Who they are</summary>" in many
    assert "Import 30 rows" in words(many)


@pytest.mark.parametrize(
    ("numbers", "said"), [([], ""), ([4], "4"), ([2, 3, 4, 8, 10, 11], "2-4, 8, 10-11"), ([1, 3], "1, 3")]
)
def test_lines_in_a_row_are_drawn_together(numbers: list[int], said: str) -> None:
    assert line_ranges(numbers).replace("\N{EN DASH}", "-") == said
