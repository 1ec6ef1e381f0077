"""The first start: a store is made, with a fictional school or with a first steward; later starts reuse it."""

from __future__ import annotations

import getpass
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from core.errors import Conflict, InvalidValue, StoreError
from web.access.credentials import PASSWORD_MAX, PASSWORD_MIN
from web.app import create_app
from web.house import open_house
from web.serve import LEADER_LOCK

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from web.house import House
    from web.settings import Settings

__all__ = ["prepare"]


LOCAL_TIME = Path("/etc/localtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an empty store needs to begin."""

    institution: str
    time_zone: str
    name: str
    email: str
    password: str


def prepare(settings: Settings, env: Mapping[str, str], arguments: argparse.Namespace) -> list[str]:
    """Open the store once before it is served, and make it where there is none.

    Everything that can be wrong with it is found here, in the parent, and said in one line.

    Args:
        settings: names the folder.
        env: the environment.
        arguments: of `rungwise serve`.

    Returns:
        Lines for the person who started it, such as the demo's sign-ins.

    Raises:
        StoreError: the store cannot be used.
        Conflict: an empty store is asked for where a demonstration lies.
    """
    exists = (settings.data_dir / "journal.db").exists()
    if not exists and not (arguments.demo or arguments.empty):
        raise StoreError(f"{settings.data_dir} holds no store; --demo or --empty makes one")
    if not exists:
        _refuse_foreign(settings.data_dir)
    answers = answers_of(arguments, env) if not exists and arguments.empty else None
    with closing(open_house(settings, env, create=not exists, demo=arguments.demo)) as house:
        told = [house.views.note] if house.views.note else []
        if arguments.empty and house.demo:
            raise Conflict(f"{settings.data_dir} holds the demonstration: name another folder with --data")
        if house.demo:
            _load_demo(house)
        elif not house.founded:
            told += _found(house, answers or answers_of(arguments, env))
        house.runner.catch_up()
        create_app(house)  # a program that cannot start says so here, once; and workers inherit what is loaded
        return told + (_sign_ins() if house.demo else [])


def _refuse_foreign(folder: Path) -> None:
    """Make no store among somebody else's files; what a first start that was cut short left behind is ours."""
    ours = ("journal.db", "keys.db", "access.db", "views", "files", "master.key", LEADER_LOCK)
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    foreign = next((name for name in found if not name.startswith(ours)), None)
    if foreign is not None:
        wanted = f"an empty or a new folder, or one that holds a store; in this one lies {foreign}"
        raise InvalidValue("--data", str(folder), wanted)


def _load_demo(house: House) -> None:
    """Load the demonstration; one that was interrupted goes on where it stopped."""
    from web import demo

    demo.load(house.desk, house.access.credentials.set)


def _found(house: House, answers: Answers) -> list[str]:
    """Make the institution; return what of the installed packs could not be used, a line each."""
    from core.advising.members import Found, found
    from core.people.member import member_id
    from plugins.host import load, playbook_content

    loaded = load()
    command = Found(
        command_id="found",
        name=answers.institution,
        time_zone=answers.time_zone,
        steward_name=answers.name,
        steward_email=answers.email,
        playbook=playbook_content("built-in", list(loaded.packs)),
    )
    found(house.desk, command)
    house.access.credentials.set(str(member_id(house.desk.journal.keys, answers.email)), answers.password)
    return [f"Left out of the playbook: {fault}" for fault in loaded.faults]


def answers_of(arguments: argparse.Namespace, env: Mapping[str, str]) -> Answers:
    """Take the answers from the arguments and the environment, else ask.

    Raises:
        InvalidValue: one is missing and nobody is at the terminal, or is not allowed.
    """
    name = arguments.steward_name or ask("--steward-name", "Name of the first steward")
    email = arguments.steward_email or ask("--steward-email", "E-mail address of the first steward")
    password = arguments.password or env.get("RUNGWISE_STEWARD_PASSWORD") or ask("--password", "Password", secret=True)
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise InvalidValue("password length", len(password), f"{PASSWORD_MIN} to {PASSWORD_MAX} characters")
    zone = arguments.time_zone or _local_zone()
    if zone not in available_timezones():
        raise InvalidValue("--time-zone", zone, "a name of the time zone database, such as America/Chicago")
    institution = arguments.institution or "Medical school (a steward names it under Institution)"
    return Answers(institution=institution, time_zone=zone, name=name, email=email, password=password)


def ask(argument: str, question: str, *, secret: bool = False) -> str:
    """Ask the person at the terminal.

    Raises:
        InvalidValue: nobody is there to answer.
    """
    if not sys.stdin.isatty():
        raise InvalidValue(argument, "nothing", f"{question.lower()}, given as an argument or typed at a terminal")
    return (getpass.getpass(f"{question}: ") if secret else input(f"{question}: ")).strip()


def _local_zone() -> str:
    """Return the machine's time zone where it can be told, else that of the US East."""
    _, found, name = str(LOCAL_TIME.resolve()).partition("zoneinfo/")
    return name if found and name in available_timezones() and "/" in name else "America/New_York"


def _sign_ins() -> list[str]:
    from web import demo

    people = (f"  {one.email}  ({one.name}, {one.role})" for one in demo.sign_ins())
    return [f"Sign in with the password {demo.PASSWORD!r} as", *people]
