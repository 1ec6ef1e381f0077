"""The editor keeps what was typed whatever happens, and says what is wrong beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import id_of, send
from tests.integration.forms import hidden_of
from tests.integration.packs.conftest import FAULTY, OPHTHALMOLOGY
from tests.integration.pages import links, words
from web.packs.contents import altered, holds, listed
from web.packs.drafts import SHOWN, title_of
from web.packs.editor import unlike

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

EDIT = "/pack/ophthalmology/edit"


def test_a_new_pack_begins_with_an_example_without_findings(lena: FlaskClient, school: House) -> None:
    begun = send(lena, "/packs/new", specialty="other", name="Space medicine")
    assert begun.headers["Location"] == "/pack/space-medicine/edit"
    page = words(lena.get("/pack/space-medicine/edit").text)
    assert "No findings: this pack can be proposed." in page
    text = school.desk.institution().drafts["space-medicine"].text
    assert 'title = "Space medicine"' in text
    assert "rungwise pack" not in text  # nobody here has a shell


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "This is needed"),
        ({"specialty": "other"}, "the name of the specialty, such as Space medicine"),
        ({"specialty": "other", "name": "???"}, "the name of the specialty, such as Space medicine"),
        ({"specialty": "other", "name": "Neurosurgery"}, "The pack Orthopedics and neurosurgery has this specialty"),
    ],
)
def test_a_name_that_no_pack_can_have_gets_one_sentence(
    lena: FlaskClient, school: House, fields: dict[str, str], sentence: str
) -> None:
    answer = send(lena, "/packs/new", **fields)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert school.desk.institution().drafts == {}


def test_a_pack_that_was_begun_is_opened_and_not_begun_again(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save("space-medicine", OPHTHALMOLOGY)
    assert send(lena, "/packs/new", specialty="other", name="Space medicine").status_code == 303
    assert school.desk.institution().drafts["space-medicine"].text == OPHTHALMOLOGY


def test_a_pack_of_the_program_can_be_corrected_under_its_name(lena: FlaskClient, school: House) -> None:
    assert "title = &#34;Dermatology&#34;" in lena.get("/pack/dermatology/edit").text
    send(lena, "/pack/dermatology/edit", text=FAULTY, base="")
    assert school.desk.institution().drafts["dermatology"].text == FAULTY
    assert lena.get("/pack/general/edit").status_code == 404
    assert lena.get("/pack/nothing/edit").status_code == 404


def test_a_fixture_that_comes_out_otherwise_shows_what_decided_while_it_is_written(
    lena: FlaskClient, save: Callable[..., None]
) -> None:
    save()
    hidden = hidden_of(lena.get(EDIT).text, EDIT)
    fixture = '[[fixtures]]\nname = "few"\nas_of = "2026-04-15"\nfacts = { interviews_offered = 2 }\n'

    def said(outcome: str) -> str:
        text = f'{OPHTHALMOLOGY}{fixture}expect = {{ outcome = "{outcome}" }}\n'
        return words(lena.post("/pack/ophthalmology/lint", data=hidden | {"text": text}).text)

    assert "Fixtures that come out as expected: 1 of 1." in said("PIVOT_NOW")
    differs = said("REAPPLY")
    assert "Fixtures that come out otherwise: 1 of 1" in differs
    assert "outcome: expected REAPPLY, came out PIVOT_NOW PIVOT.interviews holds: 2 " in differs


def test_each_finding_names_line_what_is_wrong_and_what_is_allowed_while_it_is_written(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    head = school.desk.journal.head()
    hidden = hidden_of(lena.get(EDIT).text, EDIT)
    found = lena.post("/pack/ophthalmology/lint", data=hidden | {"text": FAULTY})
    said = words(found.text)
    assert "1 finding" in said
    assert "Line 5 specialtys unknown key, perhaps specialties [[specialtys]] Allowed: " in said
    assert "<html" not in found.text
    assert school.desk.journal.head() == head
    assert "No findings" in lena.post("/pack/ophthalmology/lint", data=hidden | {"text": OPHTHALMOLOGY}).text


def test_of_very_many_findings_the_first_are_named_and_the_rest_counted(
    lena: FlaskClient, save: Callable[..., None]
) -> None:
    save(text=OPHTHALMOLOGY + "".join(f'\n[[ladders]]\nid = "OPH.{n}"\n' for n in range(60)))
    page = lena.get(EDIT).text
    assert page.count("data-line=") == SHOWN
    assert "more: correct these first" in page


def test_a_text_with_findings_is_kept_and_its_author_goes_on_writing(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    saved = send(lena, EDIT, text=FAULTY, base=school.desk.institution().drafts["ophthalmology"].digest)
    assert saved.headers["Location"] == EDIT
    page = words(lena.get(EDIT).text)
    assert "Saved. 1 finding is left." in page
    assert "[[specialtys]]" in page
    clean = send(lena, EDIT, text=OPHTHALMOLOGY, base=school.desk.institution().drafts["ophthalmology"].digest)
    assert clean.headers["Location"] == "/pack/ophthalmology"
    assert "See what it would change" in links(lena.get("/pack/ophthalmology").text)


def test_a_text_that_cannot_be_kept_comes_back_whole(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    long = OPHTHALMOLOGY + "# " + "x" * 600_000
    answer = send(lena, EDIT, text=long)
    assert answer.status_code == 422
    assert "x" * 600_000 in answer.text
    assert "at most 200,000" in answer.text
    assert school.desk.institution().drafts["ophthalmology"].text == OPHTHALMOLOGY


def test_who_saves_over_a_text_they_have_not_seen_reads_both_and_chooses(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    hidden = hidden_of(lena.get(EDIT).text, EDIT)
    save(text=OPHTHALMOLOGY.replace("1.0.0", "1.0.1"), by="steward")
    mine = OPHTHALMOLOGY.replace("1.0.0", "2.0.0")
    answer = lena.post(EDIT, data=hidden | {"text": mine})
    assert answer.status_code == 409
    page = words(answer.text)
    assert "Ada Steward saved this pack at 9:00 AM, while you were writing. Yours is not saved and not lost" in page
    assert 'Line 1 version = "1.0.1" version = "2.0.0"' in page
    assert "2.0.0" in answer.text.partition("<textarea")[2].partition("</textarea>")[0]
    assert '"1.0.1"' in school.desk.institution().drafts["ophthalmology"].text
    again = lena.post(EDIT, data=hidden_of(answer.text, EDIT) | {"text": mine})
    assert again.status_code == 303
    assert school.desk.institution().drafts["ophthalmology"].text == mine


def test_who_was_signed_out_meanwhile_finds_the_text_again(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    hidden = hidden_of(lena.get(EDIT).text, EDIT)
    school.access.sessions.close_all(id_of(school, "lead"))
    answer = lena.post(EDIT, data=hidden | {"text": "# all my work\n"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 401
    assert "# all my work" in answer.text


def test_two_texts_are_told_apart_place_by_place() -> None:
    places = list(unlike("one\ntwo\nthree\nfour", "one\n2\nthree"))
    assert [(one.theirs, one.yours) for one in places] == [("two", "2"), ("four", "")]
    assert places[0].yours_line == 2


def test_what_a_pack_holds_is_counted_and_two_versions_are_told_apart_row_by_row() -> None:
    old = {
        "version": "1",
        "title": "Eyes",
        "origin": "house",
        "specialties": [{"slug": "eyes", "name": "Eyes", "parameters": {}}],
        "ladders": [{"id": "E.a", "title": "A", "rungs": [{"door": "open"}]}, {"id": "E.b", "title": "B", "rungs": []}],
    }
    new = {
        **old,
        "version": "2",
        "specialties": [{"slug": "eyes", "name": "Eyes", "parameters": {"handful_min": 5}}],
        "ladders": [
            {"id": "E.a", "title": "A", "rungs": [{"door": "narrow"}]},
            {"id": "E.c", "title": "C", "rungs": []},
        ],
    }
    assert holds(old) == "1 specialty and 2 ladders"
    assert listed(old) == (("Specialties", ("Eyes",)),)
    assert holds({}) == "nothing yet"
    told = [(one.how, one.what, one.called, one.parts) for one in altered(old, new)]
    assert told == [
        ("changed", "pack", "Eyes", (("version", "1", "2"),)),
        ("changed", "specialty", "Eyes", (("parameters, handful min", "nothing", "5"),)),
        ("changed", "ladder", "A", (("rungs 1, door", "open", "narrow"),)),
        ("gone", "ladder", "B", ()),
        ("new", "ladder", "C", ()),
    ]
    assert altered(old, old) == ()
    assert [one.how for one in altered(None, old)] == ["new", "new", "new"]


@pytest.mark.parametrize("line", ['title = "Ophthalmology', "title = Ophthalmology", "title = 'Ophthalmology'"])
def test_the_heading_keeps_the_title_of_a_text_that_cannot_be_read(line: str) -> None:
    text = OPHTHALMOLOGY.replace('title = "Ophthalmology"', line)
    assert title_of("eyes", text) == "Ophthalmology"
    assert title_of("eyes", text.replace(line, "") + '\n[[ladders]]\ntitle = "A ladder"\n') == "eyes"
