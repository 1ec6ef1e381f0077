"""A plugin shows panels on the page of a journey: of what it may know, while it may, never in place of the page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from core.advising.members import PublishPlaybook, publish_playbook
from tests.integration.code_plugins.conftest import PANEL, approve
from tests.integration.conftest import id_of
from tests.integration.journey.conftest import follow, open_student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.journey.conftest import Student
    from web.house import House

READ = "advisor"


@pytest.fixture
def read(client_of: Callable[..., Any], priya: Student) -> Callable[..., str]:
    """Reads the page of the student."""

    def one(url: str = "") -> str:
        answer = client_of(READ).get(priya.url + url)
        assert answer.status_code == 200
        return text_of(answer.text)

    return one


def test_a_panel_stands_on_the_page_with_its_plugin_and_source(
    plugin: Callable[..., Any], priya: Student, read: Callable[..., str]
) -> None:
    priya.facts(step2=238)
    plugin("space", PANEL)
    shown = read()
    assert "Seen on Tuesday plugin: The space plugin orthopaedic-surgery step2 238 Source: itself" in shown


def test_a_plugin_gets_no_name_no_reference_and_nothing_written_freely(
    plugin: Callable[..., Any], priya: Student, read: Callable[..., str]
) -> None:
    priya.facts(step2=238, honors="Prize named after Heron")
    plugin("space", PANEL.replace('journey.specialty, "rows"', 'repr(journey)[:600], "rows"'))
    panel = read().split("Seen on Tuesday")[1]
    assert "JourneyView(specialty='orthopaedic-surgery'" in panel
    for told in ("Priya", "Heron", "LF-", "honors"):
        assert told not in panel


def test_what_a_plugin_returns_is_text_and_never_markup(
    plugin: Callable[..., Any], priya: Student, client_of: Callable[..., Any]
) -> None:
    plugin("space", PANEL.replace("journey.specialty", "'<script>alert(1)</script>'"))
    page = client_of(READ).get(priya.url).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_who_was_never_approved_is_not_asked(
    plugin: Callable[..., Any], read: Callable[..., str], school: House
) -> None:
    plugin("space", PANEL, approved=False)
    assert "Seen on" not in read()
    assert "plugin" not in read()
    assert school.plugins.running() == []


def test_files_that_changed_since_the_approval_are_not_asked_and_the_page_says_so(
    plugin: Callable[..., Any], read: Callable[..., str], school: House
) -> None:
    module = plugin("space", PANEL)
    assert "Seen on Tuesday" in read()

    module.write_text(module.read_text().replace("Seen on", "Peered at"))

    assert "The plugin space is not asked: its files changed since they were approved." in read()
    assert "Seen on" not in read()
    approve(school, "space")
    assert "Peered at Tuesday" in read()


def test_a_plugin_that_hangs_costs_the_page_no_more_than_its_time_and_the_rest_is_complete(
    plugin: Callable[..., Any], read: Callable[..., str]
) -> None:
    plugin("moon", PANEL)
    read()
    began = time.monotonic()
    read()
    alone = time.monotonic() - began
    plugin("space", "import time\n" + PANEL.replace("rows = [", "time.sleep(60); rows = [").replace("\n    ", "\n"))

    began = time.monotonic()
    shown = read()

    assert time.monotonic() - began < alone + 1.0 + 0.6
    assert "Seen on Tuesday plugin: The moon plugin" in shown
    assert "Plugin space, rungwise_panels: gave no answer within 1000 ms." in shown
    assert "Milestones" in shown


def test_three_faults_put_a_plugin_into_quarantine_until_a_steward_lifts_it(
    plugin: Callable[..., Any], read: Callable[..., str], school: House, opened: Callable[..., House]
) -> None:
    plugin("space", PANEL.replace("journey.specialty", "journey.specialty / 0"))
    for _ in range(3):
        assert "raised TypeError" in read()
        school.plugins.started()  # what it did is held against it behind the page's back
    assert "The plugin space is not asked: in quarantine after three faults in ten minutes." in read()
    other = opened()
    assert [one.state for one in other.plugins.standings()] == ["quarantined"]
    school.access.quarantine.lift("space")
    assert [one.state for one in other.plugins.standings()] == ["running"]


def test_a_plugin_that_is_switched_off_has_no_process(plugin: Callable[..., Any], opened: Callable[..., House]) -> None:
    plugin("space", PANEL)
    without = opened(disabled_plugins=frozenset({"space"}))
    assert without.plugins.running() == []
    assert [one.words for one in without.plugins.standings()] == ["switched off by RUNGWISE_DISABLED_PLUGINS"]


def test_an_earlier_day_of_a_journey_asks_no_plugin(
    plugin: Callable[..., Any], read: Callable[..., str], priya: Student, clock: Any
) -> None:
    plugin("space", PANEL)
    clock.move(days=3)
    priya.facts(step2=238)
    assert "Seen on Friday" in read()
    assert "Seen on" not in read("?at=2026-06-17")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("3", "answer: 3 is not allowed (a list of tables)"),
        ("[{}]", "row 1.title is missing (text of 1 to 80 characters)"),
        ("[{'title': 'x' * 81}]", "is not allowed (text of 1 to 80 characters)"),
        ("[{'title': 'a', 'html': 'b'}]", "row 1.html: 'b' is not allowed (one of the keys title, text, rows, source)"),
        ("[{'title': str(n)} for n in range(7)]", "answer: '7 panels' is not allowed (at most 6)"),
        (
            "[{'title': 'a', 'rows': [{'label': 'b', 'value': 'c'}] * 21}]",
            "is not allowed (at most 20 rows)",
        ),
    ],
)
def test_a_panel_that_is_none_is_left_out_alone_and_the_page_says_why(
    plugin: Callable[..., Any], read: Callable[..., str], answer: str, sentence: str
) -> None:
    source = f"    from rungwise import hookimpl\n    @hookimpl\n    def rungwise_panels():\n        return {answer}\n"
    plugin("space", source)
    shown = read()
    assert "Plugin space, rungwise_panels: " in shown
    assert sentence in shown


def test_removing_a_plugin_leaves_what_it_brought_readable_and_explained(
    plugin: Callable[..., Any], school: House, client_of: Callable[..., Any], site: Any
) -> None:
    """The pack of a plugin is data in the playbook: a journey of its specialty stays whole without the plugin."""
    ladder = '[{"id": "SPACE.em", "from": ["space-medicine"], "title": "Fly low", "rungs": [RUNG]}]'
    plugin(
        "space",
        f"""
        from rungwise import hookimpl

        RUNG = {{"slug": "anesthesiology", "name": "Anesthesia", "kind": "residency", "door": "open", "reason": "Yes."}}

        @hookimpl
        def rungwise_specialties():
            return [{{"slug": "space-medicine", "name": "Space medicine"}}]

        @hookimpl
        def rungwise_ladders():
            return {ladder}
        """,
    )
    loaded = school.plugins.load()
    assert loaded.faults == ()
    content = school.desk.playbook().content | {"label": "with space", "packs": list(loaded.packs)}
    steward = school.desk.principal(id_of(school, "steward"))
    publish_playbook(school.desk, steward, PublishPlaybook(command_id="publish", content=content, note="space"))
    student = open_student(school, "space-medicine")
    student.everything()
    before = client_of(READ).get(f"{student.url}/decision").text

    for file in sorted(site.rglob("*")):
        if file.is_file():
            file.unlink()
    follow(school)

    assert [one.state for one in school.plugins.standings()] == ["gone"]
    assert text_of(client_of(READ).get(f"{student.url}/decision").text) == text_of(before)
    assert "Fly low" in client_of(READ).get(f"{student.url}/ladders").text
    assert client_of(READ).get(student.url).status_code == 200
