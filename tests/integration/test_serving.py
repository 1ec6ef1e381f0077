"""The running server: starts, survives a dead worker, ends politely, and says what is wrong in one line."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNGWISE = str(Path(sys.executable).with_name("rungwise"))
ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # starts are quicker


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """A server of its own process, with everything it printed."""

    def __init__(self, *arguments: object, **env: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [RUNGWISE, "serve", "--port", str(self.port), *(str(one) for one in arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENV | env,
        )

    def printed(self) -> str:
        """What it printed first; returns once the pages can be asked for."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def children(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(one) for one in children.split()]

    def leaders(self) -> list[int]:
        return [pid for pid in self.children() if _holds_lock(pid)]

    def workers(self) -> list[int]:
        """Those that answer."""
        until = time.monotonic() + 20
        while not (leaders := self.leaders()):
            assert time.monotonic() < until, "nobody leads"
            time.sleep(0.05)
        return [pid for pid in self.children() if pid not in leaders]

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """End it; returns exit code and standard error."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, err = self.process.communicate(timeout=20)
        return self.process.returncode, err


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    made = Server("--data", folder, "--workers", 1)
    yield made
    made.end()


def test_it_serves_prints_where_and_ends_politely(server: Server) -> None:
    assert server.printed() == f"Rungwise is at http://127.0.0.1:{server.port}\n"
    assert server.get("/sign-in") == 200
    code, err = server.end()
    assert code == 0
    assert "Traceback" not in err
    assert server.get("/sign-in") == 0


def test_ctrl_c_ends_it_without_a_trace(server: Server) -> None:
    server.printed()
    for pid in server.children():  # a terminal sends it to everybody
        os.kill(pid, signal.SIGINT)
    code, err = server.end(signal.SIGINT)
    assert code in (0, 1)
    assert "Traceback" not in err


def test_a_dead_worker_is_replaced(server: Server) -> None:
    server.printed()
    [first] = server.workers()
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 20
    while server.get("/sign-in") != 200 or server.workers() == [first]:
        assert time.monotonic() < until, "no worker came back"
        time.sleep(0.05)
    assert len(server.workers()) == 1


def test_a_dead_leader_is_replaced(server: Server) -> None:
    server.printed()
    server.workers()
    [first] = server.leaders()
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 20
    while len(server.leaders()) != 1 or server.leaders() == [first]:
        assert time.monotonic() < until, "nobody leads any more"
        time.sleep(0.05)
    assert server.get("/sign-in") == 200


def test_the_leader_does_not_outlive_its_parent(server: Server) -> None:
    server.printed()
    server.workers()
    left = server.children()
    [leader] = server.leaders()
    server.process.kill()
    until = time.monotonic() + 20
    try:
        while _holds_lock(leader):
            assert time.monotonic() < until, "the leader goes on without a server"
            time.sleep(0.05)
    finally:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_two_workers_share_the_store_and_a_process_beside_them_leads(folder: Path) -> None:
    server = Server("--data", folder, "--workers", 2)
    server.printed()
    try:
        assert [server.get("/sign-in") for _ in range(10)] == [200] * 10
        assert len(server.workers()) == 2
        assert len(server.leaders()) == 1
    finally:
        server.end()


def test_a_taken_port_is_one_clear_line(server: Server, folder: Path) -> None:
    server.printed()
    with subprocess.Popen(
        [RUNGWISE, "serve", "--data", str(folder), "--port", str(server.port)],
        stderr=subprocess.PIPE,
        text=True,
        env=ENV,
    ) as second:
        _, err = second.communicate(timeout=20)
    assert second.returncode == 2
    expected = rf"rungwise: port: {server.port} is not allowed \(a port that no other program uses; try --port\)\n"
    assert re.fullmatch(expected, err)


def test_an_empty_store_begins_with_its_steward_and_a_second_start_reuses_it(tmp_path: Path) -> None:
    arguments = ("--data", tmp_path / "data", "--empty", "--steward-name", "Ada", "--steward-email", "ada@s.example")
    for _ in range(2):
        server = Server(*arguments, RUNGWISE_STEWARD_PASSWORD="one rung at a time")
        try:
            assert server.printed().startswith("Rungwise is at")
            assert server.get("/sign-in") == 200
        finally:
            code, err = server.end()
        assert code == 0, err
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("--steward-name", "--steward-name: 'nothing' is not allowed (name of the first steward"),
        ("--steward-email", "--steward-email: 'nothing' is not allowed"),
        ("--password", "--password: 'nothing' is not allowed"),
        ("short", "password length: 5 is not allowed (12 to 200 characters)"),
        ("zone", "--time-zone: 'Mars/Base' is not allowed"),
    ],
)
def test_an_empty_store_without_its_answers_is_not_begun(tmp_path: Path, missing: str, sentence: str) -> None:
    answers = {"--steward-name": "Ada", "--steward-email": "ada@s.example", "--password": "one rung at a time"}
    answers |= {"short": {"--password": "short"}, "zone": {"--time-zone": "Mars/Base"}}.get(missing, {})
    answers.pop(missing, None)
    command = [
        RUNGWISE,
        "serve",
        "--data",
        str(tmp_path / "data"),
        "--empty",
        *(x for one in answers.items() for x in one),
    ]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=30, env=ENV
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"rungwise: {sentence}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def _holds_lock(pid: int) -> bool:
    """Whether a process holds a lock, by the kernel's own list."""
    return any(f" {pid} " in line and "FLOCK" in line for line in Path("/proc/locks").read_text().splitlines())
