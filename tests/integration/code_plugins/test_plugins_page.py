"""The page of plugins with code: a steward approves what was shown, takes it back, and lifts a quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.code_plugins.conftest import PANEL
from tests.integration.conftest import send
from tests.integration.forms import forms_of, hidden_of
from tests.integration.journey.conftest import text_of
from tests.integration.pages import links, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from web.house import House

HERE = "/packs/plugins"
TRACK = """
    from rungwise import hookimpl

    @hookimpl
    def rungwise_income_tracks():
        pay = {"low_usd": 300_000, "high_usd": 400_000, "source": "our advising team"}
        return [{"id": "TRACK.moon", "name": "Physician of the moon", "base": "orthopaedic-surgery", **pay}]
"""


@pytest.fixture
def steward(client_of: Callable[..., Any]) -> Any:
    return client_of("steward")


def states(school: House) -> list[str]:
    return [one.state for one in school.plugins.standings()]


def test_without_a_plugin_the_page_says_how_one_gets_there(steward: Any) -> None:
    shown = text_of(steward.get(HERE).text)
    assert "No plugin with code is installed" in shown
    assert "installed on the server as a wheel" in shown


def test_a_steward_approves_the_files_that_were_shown(plugin: Callable[..., Any], steward: Any, school: House) -> None:
    plugin("space", PANEL, approved=False)
    shown = text_of(steward.get(HERE).text)
    assert "The space plugin waits for approval" in shown
    assert "space 1.0" in shown

    answer = send(steward, f"{HERE}/space/approve", page=HERE, digest=digest_of(school))

    assert answer.status_code == 303
    assert states(school) == ["running"]
    assert "1.0, by Ada Steward" in text_of(steward.get(HERE).text)
    (event,) = school.desk.institution().plugins.values()
    assert event.digest == digest_of(school)


def test_files_that_changed_while_they_were_looked_at_are_not_approved(
    plugin: Callable[..., Path], steward: Any, school: House
) -> None:
    module = plugin("space", PANEL, approved=False)
    fields = hidden_of(steward.get(HERE).text, f"{HERE}/space/approve")
    module.write_text(module.read_text() + "\n# one more line\n")

    answer = steward.post(f"{HERE}/space/approve", data=fields)

    assert answer.status_code == 409
    assert "changed while you looked at them" in answer.text
    assert states(school) == ["waiting"]


def test_an_approval_is_taken_back_and_the_plugin_stops(
    plugin: Callable[..., Any], steward: Any, school: House
) -> None:
    plugin("space", PANEL)
    assert send(steward, f"{HERE}/space/revoke", page=HERE).status_code == 303
    assert states(school) == ["waiting"]
    assert school.desk.institution().plugins == {}


def test_the_page_names_every_fault_and_a_steward_lifts_the_quarantine(
    plugin: Callable[..., Any], steward: Any, school: House
) -> None:
    plugin("space", PANEL)
    (found,) = school.plugins.running()
    for number in (1, 2, 3):
        school.access.quarantine.blame("space", found.digest(), f"rungwise_panels: fault {number}")
    shown = text_of(steward.get(HERE).text)
    assert "The space plugin is in quarantine" in shown
    assert "rungwise_panels: fault 1" in shown
    assert "Tuesday, June 16, 2026" in shown  # the calendar of the house, not of the machine

    assert send(steward, f"{HERE}/space/lift", page=HERE).status_code == 303

    assert states(school) == ["running"]
    assert "What went wrong" not in steward.get(HERE).text


def test_a_lead_reads_the_page_and_decides_nothing(
    plugin: Callable[..., Any], client_of: Callable[..., Any], school: House
) -> None:
    plugin("space", PANEL, approved=False)
    lead = client_of("lead")
    page = lead.get(HERE)
    assert page.status_code == 200
    assert "The space plugin waits for approval" in text_of(page.text)
    assert "Approve these files" not in page.text
    token = {"csrf_token": forms_of(page.text)[0][1]["csrf_token"]}
    assert lead.post(f"{HERE}/space/approve", data=token | {"digest": digest_of(school)}).status_code == 403
    assert states(school) == ["waiting"]


def test_an_installation_that_cannot_be_approved_says_why(plugin: Callable[..., Any], steward: Any, site: Path) -> None:
    plugin("space", PANEL, approved=False)
    record = site / "space-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text().replace("space_hooks.py,,\n", ""))
    (site / "touched").touch()
    page = steward.get(HERE).text
    assert "is not among the files of the distribution space: install it as a wheel" in text_of(page)
    assert "Approve these files" not in page


def test_what_a_running_plugin_brings_is_the_one_next_thing_until_its_pack_is_in_force(
    plugin: Callable[..., Any], steward: Any, client_of: Callable[..., Any], school: House
) -> None:
    plugin("space", TRACK)
    page = steward.get(HERE).text
    assert "The space plugin: its 1 income track is not in the playbook yet" in text_of(page)
    assert "Nothing to do" not in page
    assert links(page)["Propose its pack"] == "/pack/space"
    pack = text_of(steward.get("/pack/space").text)
    assert "The installed plugin brings it" in pack
    assert "the program" not in pack.lower()
    assert "Correct this pack" not in pack  # there is no text to correct
    assert "installed plugin" in next(row for row in rows_of(steward.get("/packs").text) if "space" in row[0])

    propose = "/pack/space/propose/installed"
    sent = send(steward, propose, effective_on="2026-06-16", note="New here").headers["Location"]
    assert "as the installed plugin brings it" in text_of(steward.get(sent).text)
    assert links(steward.get(HERE).text)["Look at the proposal"] == sent
    assert send(client_of("lead"), f"{sent}/approve", page=sent).status_code == 303

    assert "Nothing to do" in steward.get(HERE).text


def test_what_cannot_be_told_of_a_plugin_is_not_passed_over(
    plugin: Callable[..., Any], steward: Any, school: House
) -> None:
    plugin("space", TRACK.replace("return", "raise ValueError"))
    shown = text_of(steward.get(HERE).text)
    assert "What The space plugin brings cannot be told now" in shown
    assert "Nothing to do" not in shown


def test_what_a_plugin_brings_can_be_proposed_like_any_pack(
    plugin: Callable[..., Any], steward: Any, school: House
) -> None:
    plugin(
        "space",
        """
        from rungwise import hookimpl

        @hookimpl
        def rungwise_specialties():
            return [{"slug": "space-medicine", "name": "Space medicine"}]
        """,
    )
    assert "The space plugin" in steward.get("/packs").text
    page = "/pack/space/propose/installed"
    answer = send(steward, page, effective_on="2026-06-16", note="Space medicine is new here")
    assert answer.status_code == 303
    (proposal,) = school.desk.institution().proposals.values()
    assert [row["slug"] for row in proposal.change["pack"]["specialties"]] == ["space-medicine"]


def test_a_pack_with_a_bad_row_of_a_plugin_cannot_be_proposed(
    plugin: Callable[..., Any], steward: Any, school: House
) -> None:
    plugin(
        "space",
        """
        from rungwise import hookimpl

        @hookimpl
        def rungwise_specialties():
            return [{"slug": "space-medicine", "name": "Space medicine"}, {"slug": "moon-medicine"}]
        """,
    )
    shown = steward.get("/pack/space/propose/installed").text
    assert "moon-medicine.name is missing (text, not empty)" in text_of(shown)
    assert "Propose it to a second person" not in shown


def digest_of(school: House) -> str:
    (one,) = school.plugins.standings()
    return one.digest
