"""mix_p99_ms: boards, journeys and writes at a fixed rate, in a store of 20,000 students.

A well-made Django application of the same job, measured on the machine the bound is for: 93 ms with 2 workers of 4
threads; it collapsed with 1 of 128.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import statistics
import subprocess
import sys
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from projections import board
from tests.bench import Figure
from tests.bench.big import STUDENTS
from tests.bench.boards import LEAD, grant, store
from tests.bench.live import processor_s
from tests.journeys.server import serving
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

RATE, SECONDS = 200, 30
WARM_UP_RATE, WARM_UP_S = 50, 30  # a server that people have been at for a while
SHARES = {"board": 60, "journey": 30, "write": 10}
# What people look at on a board: mostly the whole cohort or their own, then what needs them, another order, a page.
VIEWS = (
    *("",) * 5,
    *("?advisor=me",) * 2,
    "?needs=decide_soon",
    "?sort=-changed",
    "?page={page}",
)
ADVISORS = ("chen@larkfield.example", "ruiz@larkfield.example", "abara@larkfield.example", "novak@larkfield.example")
SESSIONS = 40


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who is signed in: the cookies of their browser, and the token that their forms carry."""

    cookies: str
    csrf: str


def measure() -> list[Figure]:
    """Serve 20,000 students as `rungwise serve` does without further arguments."""
    return [measure_mix(store(STUDENTS))[0]]


def measure_mix(folder: Path, *arguments: str) -> tuple[Figure, dict[str, Any]]:
    """Serve a store, and ask it at `RATE`; each answer counts from the moment at which it was to be asked for.

    Returns:
        The figure, and beside the answers the processor time that the server took [cores].
    """
    cohorts, journeys, sessions = _prepare(folder)
    os.sync()  # the system still writes gigabytes of a store that was just made, which is not the server's work
    with serving(folder, arguments=arguments) as server:
        host, port = urlsplit(server.url).hostname, urlsplit(server.url).port
        members = [_signed_in(server.url, cohorts[0], one) for one in sessions]
        plan = list(_requests(WARM_UP_RATE * WARM_UP_S + RATE * SECONDS, cohorts, journeys, members))
        warm, plan = plan[: WARM_UP_RATE * WARM_UP_S], plan[WARM_UP_RATE * WARM_UP_S :]
        _sent(host, port, WARM_UP_RATE, warm)
        spent_s = processor_s(server.pid)
        result = _sent(host, port, RATE, plan)
        spent_s = processor_s(server.pid) - spent_s
    return _figure(result["answers"]), {"cores": spent_s / SECONDS, **result}


def _sent(host: str | None, port: int | None, rate: int, requests: list[tuple[str, int, bytes]]) -> dict[str, Any]:
    """Let a program of its own send requests at a rate; return what it noted."""
    told = [(kind, whose, base64.b64encode(data).decode()) for kind, whose, data in requests]
    plan = json.dumps({"host": host, "port": port, "rate": rate, "requests": told})
    command = [sys.executable, "-m", "tests.bench.load"]
    ran = subprocess.run(command, input=plan, text=True, stdout=subprocess.PIPE, check=True)
    noted: dict[str, Any] = json.loads(ran.stdout)
    return noted


def _prepare(folder: Path) -> tuple[list[str], dict[str, list[tuple[UUID, bool]]], list[str]]:
    """Let the staff work on every cohort; return cohorts, their journeys with whether Step 2 is known, and sessions."""
    with closing(open_house(Settings(data_dir=folder), {})) as house:
        house.runner.catch_up()
        today = house.desk.today()
        with house.views.read() as db:
            cohorts = [one.cohort for one in board.cohorts(db) if one.journeys >= board.PAGE_SIZE]
            journeys = {
                cohort: [(row.journey_id, bool(row.profile_row)) for row in board.every_row(db, cohort, today=today)]
                for cohort in cohorts
            }
        staff = []
        for cohort in cohorts:
            staff = [grant(house.desk, one, "lead" if one == LEAD else "advisor", cohort) for one in (LEAD, *ADVISORS)]
        house.runner.catch_up()
        # every other session is of the lead, who may write on every journey
        sessions = [house.access.sessions.open(staff[0] if n % 2 else staff[1 + n // 2 % 4]) for n in range(SESSIONS)]
    return cohorts, journeys, sessions


def _signed_in(url: str, cohort: str, session: str) -> Member:
    request = urllib.request.Request(f"{url}/cohorts/{cohort}", headers={"Cookie": f"rungwise={session}"})  # noqa: S310 - http
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        text, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert token
    return Member(cookies=f"rungwise={session}; {cookie}", csrf=token[1])


def _requests(
    number: int, cohorts: list[str], journeys: dict[str, list[tuple[UUID, bool]]], members: list[Member]
) -> Iterator[tuple[str, int, bytes]]:
    """Yield what is asked: its kind, whose browser asks, and the bytes."""
    chance = random.Random(7)  # noqa: S311 - the same requests each time
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    students = [one for cohort in cohorts for one, _ in journeys[cohort]]
    scored = [one for cohort in cohorts for one, known in journeys[cohort] if known]
    for n in range(number):
        kind, whose = chance.choice(kinds), chance.randrange(len(members))
        if kind == "board":
            cohort = chance.choice(cohorts)
            pages = max(2, len(journeys[cohort]) // board.PAGE_SIZE)
            path = f"/cohorts/{cohort}{chance.choice(VIEWS).format(page=chance.randint(2, pages))}"
            yield kind, whose, _get(path, members[whose])
        elif kind == "journey":
            yield kind, whose, _get(f"/journeys/{chance.choice(students)}", members[whose])
        else:
            lead = 1 + 2 * chance.randrange(len(members) // 2)
            yield kind, lead, _post((students, scored), n, members[lead], chance)


def _get(path: str, who: Member) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {who.cookies}\r\n\r\n".encode()


def _post(students: tuple[list[UUID], list[UUID]], number: int, who: Member, chance: random.Random) -> bytes:
    """Return a note, a contact or a corrected score, in equal parts; after the score the rules are asked again."""
    of, page, fields = chance.choice(
        (
            (0, "notes/new", {"body": f"Note {number}", "visibility": "team"}),
            (0, "contacts/new", {"channel": "call", "happened_on": "2026-06-01", "summary": f"Spoke about {number}"}),
            (1, "facts/step2", {"step2": str(chance.randint(120, 199)), "source": "Transcript", "reason": "misread"}),
        )
    )
    journey = chance.choice(students[of])
    fields = {**fields, "csrf_token": who.csrf, "command_id": f"bench-{os.getpid()}-{number}"}
    body = urlencode(fields)
    head = f"POST /journeys/{journey}/{page} HTTP/1.1\r\nHost: bench\r\nCookie: {who.cookies}\r\n"
    form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"{head}{form}{body}".encode()


def _figure(answers: list[tuple[str, float, int]]) -> Figure:
    good = {"board": 200, "journey": 200, "write": 303}
    errors = [(kind, status) for kind, _, status in answers if status != good[kind]]
    p99 = _p99([late for _, late, _ in answers])
    told = [
        f"{kind} p50 {statistics.median(own):.0f}, p99 {_p99(own):.0f}"
        for kind in SHARES
        if (own := [late for one, late, _ in answers if one == kind])
    ]
    how = (
        f"{RATE} requests a second for {SECONDS} s at their moments, whatever the answers do: "
        f"{', '.join(f'{share} % {kind}' for kind, share in SHARES.items())}; "
        f"{'; '.join(told)} ms; {len(errors)} errors"
    )
    # an error is worse than any wait: the figure cannot hold
    value = p99 if not errors else float("inf")
    return Figure(name="mix_p99_ms", value=value, unit="ms", bound=150, better="less", how=how)


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
