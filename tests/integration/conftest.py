"""A small school, and people who are signed in to it."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from core.advising.members import AddMember, Found, GrantRole, add_member, found, grant_role
from core.people.member import member_id
from tests.integration.forms import hidden_of
from tests.playbooks import minimal_content
from web.app import create_app
from web.edge import cookie_name
from web.house import House, open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

NOW = datetime(2026, 6, 16, 14, 0, tzinfo=UTC)
PASSWORD = "one rung at a time"
COHORT = "2026"


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    team: str | None
    roles: tuple[tuple[str, str | None], ...]


# colleague is an advisor of another team; nobody holds no role
PEOPLE = {
    "steward": Person("Ada Steward", "ada@school.example", None, (("steward", None),)),
    "lead": Person("Lena Lead", "lena@school.example", "North", (("lead", COHORT),)),
    "advisor": Person("Abel Advisor", "abel@school.example", "North", (("advisor", COHORT),)),
    "colleague": Person("Cora Colleague", "cora@school.example", "South", (("advisor", COHORT),)),
    "auditor": Person("Otto Auditor", "otto@school.example", None, (("auditor", COHORT),)),
    "nobody": Person("Nora Nobody", "nora@school.example", None, ()),
}


class TickingClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def found_school(folder: Path) -> None:
    """Make the school in a folder."""
    settings = Settings(data_dir=folder)
    with closing(open_house(settings, {}, create=True, clock=TickingClock(NOW))) as house:
        desk, keys = house.desk, house.desk.journal.keys
        ada = PEOPLE["steward"]
        found(
            desk,
            Found(
                command_id="found",
                name="Larkfield School of Medicine",
                time_zone="America/Chicago",
                steward_name=ada.name,
                steward_email=ada.email,
                playbook=minimal_content(),
            ),
        )
        who = desk.principal(str(member_id(keys, ada.email)))
        for role, one in PEOPLE.items():
            ident = str(member_id(keys, one.email))
            if role != "steward":
                add_member(desk, who, AddMember(command_id=role, name=one.name, email=one.email, team=one.team))
                for name, cohort in one.roles:
                    grant_role(
                        desk, who, GrantRole(command_id=f"{role}-{name}", member_id=ident, role=name, cohort=cohort)
                    )
        house.access.credentials.set(str(member_id(keys, ada.email)), PASSWORD)
        house.access.credentials.set(str(member_id(keys, PEOPLE["advisor"].email)), PASSWORD)
        house.runner.catch_up()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The school's store, made once; copy it, do not open it."""
    folder = tmp_path_factory.mktemp("school") / "data"
    found_school(folder)
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    """A copy of the school's store, closed."""
    return shutil.copytree(founded, tmp_path / "data")


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(NOW)


@pytest.fixture
def school(folder: Path, clock: TickingClock) -> Iterator[House]:
    """The school, open, its read models followed."""
    house = open_house(Settings(data_dir=folder), {}, clock=clock)
    house.runner.start()
    yield house
    house.close()


@pytest.fixture
def app(school: House) -> Flask:
    return create_app(school)


@pytest.fixture
def client_of(app: Flask, school: House) -> Callable[[str | None], FlaskClient]:
    """Gives a browser signed in as one of PEOPLE, or as nobody at all for None."""

    def client(role: str | None) -> FlaskClient:
        made = app.test_client()
        if role is not None:
            with app.test_request_context():
                name = cookie_name()
            made.set_cookie(name, school.access.sessions.open(id_of(school, role)))
        return made

    return client


def id_of(house: House, role: str) -> str:
    """The member id of one of PEOPLE."""
    return str(member_id(house.desk.journal.keys, PEOPLE[role].email))


def send(client: FlaskClient, url: str, *, page: str | None = None, **fields: object) -> TestResponse:
    """Open a page, take the hidden fields of its form for `url`, and send the form."""
    opened = client.get(page or url)
    assert opened.status_code == 200, f"{page or url} answered {opened.status_code}"
    return client.post(url, data=hidden_of(opened.text, url) | fields)
