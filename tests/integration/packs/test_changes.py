"""A change is seen before it is proposed, proposed by one person and answered by another."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from plugins.host import PACKS
from tests.integration.conftest import send
from tests.integration.forms import forms_of, hidden_of
from tests.integration.packs.conftest import FAULTY, OPHTHALMOLOGY, propose
from tests.integration.pages import links, rows_of, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from web.house import House

PAGES = ("/packs", "/packs/new", "/packs/file", "/parameters", "/parameters/thin_max", "/cutoffs/urology")


@pytest.mark.parametrize("role", ["steward", "lead", "advisor", "auditor", "nobody", None])
def test_the_pages_of_packs_open_for_leads_and_stewards_alone(
    client_of: Callable[[str | None], FlaskClient], role: str | None
) -> None:
    browser, expected = client_of(role), {"steward": 200, "lead": 200, None: 302}.get(role, 403)
    assert {url: browser.get(url).status_code for url in PAGES} == dict.fromkeys(PAGES, expected)


@pytest.mark.parametrize("role", ["advisor", "auditor", "nobody", None])
def test_nobody_else_can_send_a_form_of_these_pages(
    client_of: Callable[[str | None], FlaskClient], school: House, role: str | None
) -> None:
    browser, head = client_of(role), school.desk.journal.head()
    hidden = hidden_of(browser.get("/password").text, "/password") if role else {}
    rules = [rule for rule in browser.application.url_map.iter_rules() if rule.endpoint.startswith("packs.")]
    for rule in rules:
        if "POST" in (rule.methods or ()):
            url = rule.rule.replace("<int:number>", "1").replace("<", "").replace(">", "")
            assert browser.post(url, data=hidden).status_code == (403 if role else 401), url
    assert len(rules) > 15
    assert school.desk.journal.head() == head


def test_a_lead_may_not_say_whose_signature_is_trusted(lena: FlaskClient) -> None:
    hidden = hidden_of(lena.get("/password").text, "/password")
    assert lena.post("/packs/publishers/forget", data=hidden).status_code == 403


def test_a_pack_is_proposed_by_one_approved_by_another_and_then_in_force(
    lena: FlaskClient, ada: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    seen = words(lena.get("/pack/ophthalmology/propose/pack").text)
    assert "No past student would be advised otherwise." in seen
    assert "New: specialty Ophthalmology" in seen
    page = propose(lena)
    assert "It waits for a second person." in lena.get(page).text
    assert [url for url, _ in forms_of(lena.get(page).text) if "approve" in url] == []
    assert "1 change waits for your yes or no" in ada.get("/packs").text
    assert send(ada, f"{page}/approve", page=page).status_code == 303
    assert "ophthalmology" in {pack["name"] for pack in school.desk.playbook().content["packs"]}
    assert "It came into force." in ada.get(page).text
    shown = words(lena.get("/pack/ophthalmology").text)
    assert "proposed by Lena Lead, approved by Ada Steward" in shown


def test_who_proposed_a_change_cannot_approve_it_and_is_told_in_one_sentence(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    page = propose(lena)
    hidden = hidden_of(lena.get(page).text, f"{page}/decline")
    answer = lena.post(f"{page}/approve", data=hidden)
    assert answer.status_code == 409
    assert "Proposal 1 is your own; another person approves it." in words(answer.text)
    assert school.desk.institution().proposals[1].state == "waiting"


def test_who_answers_what_is_answered_already_reads_who_did_and_when(
    lena: FlaskClient, ada: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    page = propose(lena)
    opened = ada.get(page).text
    yes, no = hidden_of(opened, f"{page}/approve"), hidden_of(opened, f"{page}/decline")
    assert send(ada, f"{page}/approve", page=page).status_code == 303
    for late in (ada.post(f"{page}/approve", data=yes), ada.post(f"{page}/decline", data=no | {"reason": "No."})):
        assert late.status_code == 409
        said = "Ada Steward answered it already, on Tuesday, June 16, 2026, 9:00 AM"
        assert said in words(late.text)
        assert "Approve it" not in late.text
    assert school.desk.institution().proposals[1].state == "in force"


def test_a_change_approved_for_a_later_day_stands_on_the_page_of_what_it_changes(
    lena: FlaskClient, ada: FlaskClient
) -> None:
    for url, query, said in (
        ("/parameters/max_fix_months", "value=9&slug=all", "9 months"),
        ("/cutoffs/urology", "step2=240&source=A+list&date=2026-05-01", "240"),
    ):
        tried = lena.get(f"{url}?{query}").text.partition('id="propose"')[2]
        sent = lena.post(url, data=hidden_of(tried, url) | {"effective_on": "2026-06-17", "note": "Published."})
        send(ada, f"{sent.headers['Location']}/approve", page=sent.headers["Location"])
        assert f"{said} from Wednesday, June 17, 2026, approved by Ada Steward." in words(lena.get(url).text)
    assert "June 17" not in words(lena.get("/parameters/plan_months_min").text)
    assert "June 17" not in words(lena.get("/cutoffs/dermatology").text)


def test_a_change_proposed_without_a_day_is_meant_for_today(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    sent = send(lena, "/pack/ophthalmology/propose/pack", effective_on="", note="Asked for.")
    assert sent.status_code == 303, words(sent.text)
    assert school.desk.institution().proposals[1].effective_on == school.desk.today()


def test_a_change_is_declined_with_a_reason_and_its_author_reads_it(
    lena: FlaskClient, ada: FlaskClient, save: Callable[..., None]
) -> None:
    save()
    page = propose(lena)
    without = send(ada, f"{page}/decline", page=page, reason=" ")
    assert without.status_code == 422
    assert "This is needed" in without.text
    assert send(ada, f"{page}/decline", page=page, reason="No source for the doors.").status_code == 303
    assert "Ada Steward: No source for the doors." in words(lena.get(page).text)
    assert "Declined or taken back." in lena.get("/packs").text


def test_what_is_typed_in_a_proposal_comes_back_with_its_reason(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    url = "/pack/ophthalmology/propose/pack"
    answer = send(lena, url, effective_on="2026-01-01", note="Since winter.")
    assert answer.status_code == 422
    assert "Since winter." in answer.text
    assert "“2026-01-01” is not allowed: 2026-06-16 or later." in answer.text
    assert school.desk.institution().proposals == {}


def test_a_change_that_does_not_go_with_the_playbook_any_more_says_so_and_asks_for_no_yes(
    lena: FlaskClient, ada: FlaskClient, save: Callable[..., None]
) -> None:
    save()
    first = propose(lena)
    save("eyes", OPHTHALMOLOGY)  # both claim one specialty: each could be proposed while the other was not in force
    second = propose(lena, "/pack/eyes/propose/pack")
    assert send(ada, f"{first}/approve", page=first).status_code == 303
    page = ada.get(second).text
    assert "As things stand it could not come into force." in page
    assert "both claim it" in page
    assert "Approve it" not in page
    assert "Decline it" in page


def test_two_changes_of_one_pack_do_not_wait_at_once(lena: FlaskClient, save: Callable[..., None]) -> None:
    save()
    hidden = hidden_of(lena.get("/pack/ophthalmology/propose/pack").text, "/pack/ophthalmology/propose/pack")
    page = propose(lena)
    again = lena.post(
        "/pack/ophthalmology/propose/pack",
        data=hidden | {"effective_on": "2026-06-16", "note": "Once more.", "command_id": "another"},
    )
    assert again.status_code == 422
    assert "waits already" in again.text
    assert page in links(lena.get("/pack/ophthalmology/propose/pack").text).values()


def test_a_draft_with_findings_leads_to_the_editor_and_to_no_proposal(
    lena: FlaskClient, save: Callable[..., None]
) -> None:
    save(text=FAULTY)
    assert lena.get("/pack/ophthalmology/propose/pack").status_code == 404
    assert links(lena.get("/packs").text)["Go on writing"] == "/pack/ophthalmology/edit"
    line = next(row for row in rows_of(lena.get("/packs").text) if row[:1] == ["Ophthalmology"])
    assert line[4:] == ["draft with 1 finding", "1"]


def test_what_is_left_out_of_an_installed_pack_stands_in_the_list(
    lena: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(PACKS, tmp_path / "packs")
    file = tmp_path / "packs" / "dermatology" / "pack.toml"
    file.write_text(file.read_text("utf-8").replace('door = "open"', 'door = "ajar"', 1), "utf-8")
    monkeypatch.setattr("plugins.host.PACKS", tmp_path / "packs")
    page = words(lena.get("/packs").text)
    assert "DERM.im-rheum.rungs[0].door: 'ajar' is not allowed" in page
    assert "the program brings another version" in page
    file.write_text("not toml", "utf-8")
    assert "pack dermatology, pack.toml" in words(lena.get("/packs").text)


def test_taking_out_a_pack_says_what_would_go(lena: FlaskClient) -> None:
    page = words(lena.get("/pack/dermatology/propose/withdrawal").text)
    assert "Gone: specialty Dermatology, all but its name" in page
    assert lena.get("/pack/dermatology/propose/anything").status_code == 404
    assert lena.get("/pack/nothing/propose/withdrawal").status_code == 404


def test_a_parameter_says_what_it_means_where_it_comes_from_and_for_whom_it_differs(lena: FlaskClient) -> None:
    page = words(lena.get("/parameters/champion_min").text)
    assert "must reach grade 3 (Conditional: if the student does X with us)" in page
    assert "3 of 5 playbook PIVOT.champion, as shipped" in page
    assert "4 of 5 pack Dermatology" in page
    assert lena.get("/parameters/luck").status_code == 404


def test_another_value_is_tried_proposed_approved_and_then_in_the_history(
    lena: FlaskClient, ada: FlaskClient, school: House
) -> None:
    tried = lena.get("/parameters/handful_min?value=4&slug=urology")
    page = words(tried.text)
    assert "It would mean: With fewer than 4 interview offers" in page
    assert "value: 4 offers before: 3 offers" in page
    hidden = hidden_of(tried.text.partition('id="propose"')[2], "/parameters/handful_min")
    sent = lena.post("/parameters/handful_min", data=hidden | {"effective_on": "2026-06-16", "note": "Few match."})
    assert sent.status_code == 303, words(sent.text)
    proposal = sent.headers["Location"]
    send(ada, f"{proposal}/approve", page=proposal)
    assert school.desk.playbook().parameters == {"urology:handful_min": 4}
    page = words(lena.get("/parameters/handful_min").text)
    assert "4 offers set by the institution" in page
    assert "Urology: 4 offers Tuesday, June 16, 2026, 9:00 AM before: not set" in page
    assert "proposed by Lena Lead, approved by Ada Steward: Few match." in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("value=99&slug=all", "99 is too high: a whole number from"),
        ("value=4&slug=alchemy", "“alchemy” is not allowed"),
        ("value=3&slug=all", "nothing would change"),
    ],
)
def test_a_value_that_cannot_be_gets_one_sentence(lena: FlaskClient, query: str, sentence: str) -> None:
    page = lena.get(f"/parameters/handful_min?{query}").text
    assert sentence in page
    assert "Propose it" not in page


def test_a_cutoff_counts_with_its_source_and_its_day_alone(lena: FlaskClient, ada: FlaskClient, school: House) -> None:
    assert "No cutoff is loaded" in lena.get("/cutoffs/urology").text
    assert lena.get("/cutoffs/urology?step2=240&source=&date=").text.count("a cutoff counts with its source and") == 4
    tried = lena.get("/cutoffs/urology?step2=240&source=A+list&date=2026-05-01")
    hidden = hidden_of(tried.text.partition('id="propose"')[2], "/cutoffs/urology")
    sent = lena.post("/cutoffs/urology", data=hidden | {"effective_on": "2026-06-16", "note": "Published."})
    assert sent.status_code == 303, words(sent.text)
    send(ada, f"{sent.headers['Location']}/approve", page=sent.headers["Location"])
    assert school.desk.playbook().cutoff("urology") == 240
    page = words(lena.get("/cutoffs/urology").text)
    assert "A Step 2 of 230 or less (10 points or more below)" in page
    assert "240 A list, Friday, May 1, 2026, set by the institution" in page


def test_a_text_of_a_pack_is_escaped_wherever_it_is_shown(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save(text=OPHTHALMOLOGY.replace('"Ophthalmology"', '"<script>alert(1)</script>"'))
    assert school.desk.institution().drafts
    for url in ("/packs", "/pack/ophthalmology", "/pack/ophthalmology/edit", "/pack/ophthalmology/propose/pack"):
        page = lena.get(url)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
