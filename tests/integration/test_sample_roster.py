"""The sample roster and the page about rosters: the file comes in whole, and the page says what the program says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.advising.desk import Desk
from core.advising.members import Found, GrantRole, found, grant_role
from core.advising.roster import ImportRoster, RosterPlan, apply, preview
from core.advising.roster_file import COLUMNS, read_rows
from core.journal.store import open_journal
from core.journey.inventory import FACTS
from core.people.member import member_id
from plugins.host import load_packs, playbook_content
from web.demo.script import FOLDER, read_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.people.access import Principal

DOCS = Path(__file__).parents[2] / "docs"
SAMPLE = (DOCS / "sample-roster.csv").read_bytes()
PAGE = (DOCS / "roster.md").read_text("utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A school with the built-in packs and no students; its steward is also the lead of 2026."""
    journal = open_journal(tmp_path, {}, create=True)
    desk = Desk(journal=journal, clock=lambda: datetime(2026, 6, 16, 14, tzinfo=UTC))
    found(
        desk,
        Found(
            command_id="found",
            name="A school",
            time_zone="America/Chicago",
            steward_name="Ada Wren",
            steward_email="ada@school.example",
            playbook=playbook_content("built-in", load_packs()),
        ),
    )
    ada = str(member_id(journal.keys, "ada@school.example"))
    grant_role(desk, desk.principal(ada), GrantRole(command_id="lead", member_id=ada, role="lead", cohort="2026"))
    yield desk
    journal.close()


def lead(desk: Desk) -> Principal:
    return desk.principal(str(member_id(desk.journal.keys, "ada@school.example")))


def sample(content: bytes = SAMPLE, confirmed: str | None = None) -> ImportRoster:
    return ImportRoster(
        command_id="sample", cycle=2026, file_name="sample-roster.csv", content=content, confirmed=confirmed
    )


def outcomes(plan: RosterPlan) -> list[str]:
    return [row.outcome for row in plan.rows]


def test_the_sample_comes_into_an_empty_cohort_whole_and_a_second_time_changes_nothing(desk: Desk) -> None:
    plan = preview(desk, lead(desk), sample())
    assert outcomes(plan) == ["new"] * 12
    apply(desk, lead(desk), sample(confirmed=plan.digest))
    assert outcomes(preview(desk, lead(desk), sample())) == ["unchanged"] * 12


def test_the_sample_that_the_pages_offer_is_the_documented_one() -> None:
    assert (DOCS.parent / "web/static/sample-roster.csv").read_bytes() == SAMPLE


def test_the_sample_has_no_student_of_the_demonstration(desk: Desk) -> None:
    known = {slug: slug for slug in desk.playbook().specialties}
    held = [
        row
        for path in FOLDER.glob("roster-*.csv")
        for row in read_rows(path.read_bytes(), cycle=2026, specialties=known)
    ]
    rows = preview(desk, lead(desk), sample()).rows
    assert {row.reference for row in rows} & {story.name.ref for story in read_script().stories} == set()
    assert {row.name for row in rows} & {row.details["name"] for row in held} == set()


def test_the_page_names_every_column_and_every_value_of_a_list() -> None:
    values = [value for kind in FACTS.values() for value in (*kind.choices, *kind.instead)]
    assert [word for word in (*COLUMNS, *FACTS, *values) if f"`{word}`" not in PAGE] == []


def test_the_page_shows_a_faulty_row_with_the_words_that_the_program_uses(desk: Desk) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("LF-0513,"))
    header = "student_ref,name,specialty,match_day,learned_on,step2"
    plan = preview(desk, lead(desk), sample(f"{header}\n{row}\n".encode()))
    ((column, value, allowed),) = plan.rows[0].faults
    assert (plan.rows[0].line, plan.rows[0].outcome) == (2, "faulty")
    assert f"{column}: {value!r} is not allowed ({allowed})" in PAGE
