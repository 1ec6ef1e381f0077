"""A lead who writes packs and a steward who answers, both with browsers; and a pack of a few lines."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from core.advising.members import PublishPlaybook, publish_playbook
from core.advising.playbooks import SavePack, save_pack
from plugins.host import load_packs, playbook_content
from tests.integration.conftest import NOW, TickingClock, id_of, send
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


@pytest.fixture(scope="session")
def packed(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The school's store with the packs of the program in force; copy it, do not open it."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("packed") / "data")
    content = playbook_content("2026.1", load_packs())
    with closing(open_house(Settings(data_dir=folder), {}, clock=TickingClock(NOW))) as house:
        steward = house.desk.principal(id_of(house, "steward"))
        publish_playbook(house.desk, steward, PublishPlaybook(command_id="packs", content=content, note="as shipped"))
        house.runner.catch_up()
    return folder


@pytest.fixture
def folder(packed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(packed, tmp_path / "data")


@pytest.fixture
def lena(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("lead")


@pytest.fixture
def ada(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    return client_of("steward")


@pytest.fixture
def save(school: House) -> Callable[..., None]:
    """Keeps a draft as the lead would."""

    def keep(name: str = "ophthalmology", text: str = OPHTHALMOLOGY, by: str = "lead") -> None:
        who = school.desk.principal(id_of(school, by))
        ident = f"saved-{len(school.desk.institution().commands)}"
        save_pack(school.desk, who, SavePack(command_id=ident, name=name, text=text))

    return keep


def propose(browser: FlaskClient, url: str = "/pack/ophthalmology/propose/pack") -> str:
    """Propose a change on a page; return where it leads."""
    sent = send(browser, url, effective_on="2026-06-16", note="Asked for by our students.")
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]
