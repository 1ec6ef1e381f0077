"""A lead who writes packs and a steward who answers, both with browsers; and a pack of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.advising.members import PublishPlaybook, publish_playbook
from core.advising.playbooks import SavePack, save_pack
from plugins.host import load_packs, playbook_content
from tests.integration.conftest import id_of, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from web.house import House

OPHTHALMOLOGY = """version = "1.0.0"
title = "Ophthalmology"
origin = "house"

[[specialties]]
slug = "ophthalmology"
name = "Ophthalmology"
notes = [{ text = "House pack, needs expert review.", source = "our advising team", year = 2026 }]
"""
FAULTY = OPHTHALMOLOGY.replace("[[specialties]]", "[[specialtys]]")


@pytest.fixture
def packed(school: House) -> House:
    """The school with the packs of the program in force."""
    content = playbook_content("2026.1", load_packs())
    steward = school.desk.principal(id_of(school, "steward"))
    publish_playbook(school.desk, steward, PublishPlaybook(command_id="packs", content=content, note="as shipped"))
    return school


@pytest.fixture
def lena(packed: House, client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("lead")


@pytest.fixture
def ada(packed: House, client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("steward")


@pytest.fixture
def save(school: House) -> Callable[..., None]:
    """Keeps a draft as the lead would."""

    def keep(name: str = "ophthalmology", text: str = OPHTHALMOLOGY, by: str = "lead") -> None:
        who = school.desk.principal(id_of(school, by))
        ident = f"saved-{len(school.desk.institution().commands)}"
        save_pack(school.desk, who, SavePack(command_id=ident, name=name, text=text))

    return keep


def propose(browser: FlaskClient, url: str = "/pack/ophthalmology/propose/pack", **fields: object) -> str:
    """Propose a change on a page; return where it leads."""
    sent = send(browser, url, **{"effective_on": "2026-06-16", "note": "Asked for by our students.", **fields})
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]
