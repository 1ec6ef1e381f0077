"""A pack file is kept only after its signature was shown; an untrusted one needs a steward who confirms it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from core.advising.playbooks import export_pack
from core.packfile import public_key
from tests.integration.conftest import id_of, send
from tests.integration.forms import hidden_of
from tests.integration.packs.conftest import OPHTHALMOLOGY
from tests.integration.pages import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House


def signed_elsewhere(data: bytes) -> bytes:
    """The same pack, as somebody would send it who signs with another key: here with none that holds."""
    return json.dumps(json.loads(data) | {"signature": ""}).encode()


def open_file(browser: FlaskClient, data: bytes) -> str:
    """Choose a file; return the page on which it is looked into."""
    sent = send(browser, "/packs/file", file=(io.BytesIO(data), "sent.rungpack"))
    assert sent.status_code == 303, words(sent.text)
    return sent.headers["Location"]


def test_a_pack_saved_as_a_file_is_signed_and_opened_here_as_trusted(
    lena: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    saved = lena.get("/pack/ophthalmology/file")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="ophthalmology.rungpack"'
    save(text=OPHTHALMOLOGY.replace("1.0.0", "1.1.0"))
    page = open_file(lena, saved.data)
    shown = words(lena.get(page).text)
    assert "Trusted: signed by Larkfield School of Medicine." in shown
    assert "It would replace a draft that you keep" in shown
    assert 'Line 1 version = "1.1.0" version = "1.0.0"' in shown
    assert send(lena, page).status_code == 303
    draft = school.desk.institution().drafts["ophthalmology"]
    assert (draft.text, draft.origin) == (OPHTHALMOLOGY, "import")
    assert draft.signed_by == public_key(school.desk.journal.keys)


def test_an_untrusted_file_is_shown_as_such_and_only_a_steward_can_take_it_and_only_knowingly(
    lena: FlaskClient, ada: FlaskClient, school: House, save: Callable[..., None]
) -> None:
    save()
    lead = school.desk.principal(id_of(school, "lead"))
    data = signed_elsewhere(export_pack(school.desk, lead, "ophthalmology"))
    save(text="# begun anew\n")
    page = open_file(lena, data)
    shown = lena.get(page).text
    assert "Untrusted: not signed." in words(shown)
    assert "ask one to open this file" in shown
    assert "Keep it as a draft" not in shown
    hidden = hidden_of(lena.get("/password").text, "/password")
    assert lena.post(page, data=hidden | {"confirmed": "yes"}).status_code == 403
    page = open_file(ada, data)
    refused = send(ada, page)
    assert refused.status_code == 422
    assert "a steward confirms it or leaves it" in refused.text
    assert send(ada, page, confirmed="yes").status_code == 303
    draft = school.desk.institution().drafts["ophthalmology"]
    assert (draft.text, draft.signed_by) == (OPHTHALMOLOGY, None)
    assert "not trusted" in lena.get("/pack/ophthalmology").text


def test_what_is_no_pack_file_gets_one_sentence(lena: FlaskClient) -> None:
    for data in (b"name,ref\n", b"\xff\xfe", b"{}"):
        answer = send(lena, "/packs/file", file=(io.BytesIO(data), "roster.csv"))
        assert answer.status_code == 422
        assert "This file cannot be read" in answer.text
    assert "This is needed" in send(lena, "/packs/file").text


def test_a_file_that_is_no_longer_kept_leads_back_to_choosing_one(lena: FlaskClient) -> None:
    answer = lena.get("/packs/file/gone")
    assert answer.headers["Location"] == "/packs/file"
    assert "it is kept for two hours; choose it again" in lena.get("/packs/file").text
