"""The real server on a store's folder, started with the `rungwise` command and stopped whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START_S = 60  # far beyond what a start takes, so that a hang ends as a failure
STOP_S = 10


@dataclass
class Server:
    """A running server.

    `signed_in` keeps the cookies of everybody who signed in once, so that a test need not do it again.
    """

    url: str
    pid: int
    folder: Path
    log: Path
    signed_in: dict[str, Any] = field(default_factory=dict)

    def told(self) -> str:
        """The end of what it wrote to standard error."""
        return self.log.read_text("utf-8", "replace")[-6000:]


@contextmanager
def serving(
    folder: Path, port: int | None = None, arguments: Sequence[str] = (), program: Sequence[str] = ()
) -> Iterator[Server]:
    """Serve a store, on a free port of this machine where none is given, with further arguments of the command.

    `program` stands in place of the command that is installed beside this Python.
    """
    port = port or _free_port()
    log = folder.parent / "stderr.txt"
    command = [*(program or (str(Path(sys.executable).parent / "rungwise"),)), "serve", "--data", str(folder)]
    command += ["--port", str(port), *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith("RUNGWISE_")}
    with (
        log.open("wb") as errors,
        # a session of its own: the workers can be ended with their parent, even when it hangs
        subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        ) as process,
    ):
        server = Server(url=f"http://127.0.0.1:{port}", pid=process.pid, folder=folder, log=log)
        try:
            _await(process, server)
            yield server
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _await(process: subprocess.Popen[str], server: Server) -> None:
    """Wait until the server says where it is."""
    watchdog = Timer(START_S, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if server.url in line:
                return
    finally:
        watchdog.cancel()
        watchdog.join()
    raise AssertionError(f"the server did not start:\n{server.told()}")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    with suppress(ProcessLookupError):  # nobody is left, as it should be
        os.killpg(process.pid, signal.SIGKILL)
