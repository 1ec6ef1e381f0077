"""Serving: a parent that starts processes and restarts a dead one: workers answer, and one more keeps things current.

What goes on without a page (the read models, the work of the day, the walk over the journal) is not done by a worker:
its threads would take the interpreter from the pages, a slice of 5 ms for each question a page asks of a file.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import re
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from importlib.metadata import distributions
from typing import TYPE_CHECKING, Any

from core.errors import Conflict, InvalidValue, RungwiseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from web.house import House
    from web.settings import Settings

__all__ = [
    "LEADER_LOCK",
    "PACKAGES",
    "address",
    "lead",
    "package_clashes",
    "refuse_clashes",
    "refuse_running",
    "refuse_taken_port",
    "serve",
]

PACKAGES = ("core", "plugins", "projections", "rungwise", "web")
LEADER_LOCK = "runner.lock"
_RETRY_S = 1.0
# Pages leave next to nothing in cycles, and what is kept of them would be searched again and again: at Python's own
# 700 objects, 10, 10 the search took a twentieth of the time.
_SEARCHES = (50_000, 20, 100)
_OURS = re.compile(rf"^(?:{'|'.join(PACKAGES)})(?:/|\.py,)", re.MULTILINE)


def package_clashes() -> list[str]:
    """Return the other distributions that own one of our package names; one of them may have overwritten our files.

    Who owns an editable installation is not recorded: that is taken to be ours.
    """
    found = set()
    for one in distributions():
        if _OURS.search(one.read_text("RECORD") or "") and one.name.lower() != "rungwise":
            found.add(one.name)
    return sorted(found)


def refuse_clashes() -> None:
    """Refuse to run beside a distribution that owns one of our package names.

    Raises:
        Conflict: naming it.
    """
    if clashes := package_clashes():
        names = ", ".join(PACKAGES)
        raise Conflict(
            f"installed beside {', '.join(clashes)}, which owns one of the packages {names}: "
            "give Rungwise a virtual environment of its own"
        )


def address(settings: Settings) -> str:
    """Return where the pages are."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def serve(settings: Settings, env: Mapping[str, str], *, ready: Callable[[], None]) -> None:
    """Serve until a signal ends it.

    Args:
        settings: host, port, workers, threads.
        env: handed to the workers.
        ready: called once, when the first page can be asked for.
    """
    import encodings.idna  # noqa: F401 - what connecting needs is loaded while there is one thread

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    class Server(MPServer):
        """Starts one more process than answer, the one that leads, and looks after it as after the others.

        It says that it is ready once all are forked: a thread before that could leave them a held lock.
        """

        def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call] # the library ships none
            leader = self._spawn_worker(settings.workers, spawn_target, target_loader)
            leader.start()
            self.wrks.append(leader)

        def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:  # type: ignore[override] # as MPServer
            if idx == settings.workers:
                target, callback_loader = _lead, partial(_opened, settings, env)
            return super()._spawn_worker(idx, target, callback_loader)

        def startup(self, spawn_target: Any, target_loader: Any) -> None:
            super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            threading.Thread(target=_announce, args=(settings, ready), daemon=True).start()

    server = Server(
        target="rungwise",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_application, settings, dict(env)), wrap_loader=False)


def _application(settings: Settings, env: Mapping[str, str]) -> Callable[..., Any]:
    """Return the application of a worker."""
    from web.app import create_app

    with _one_line():
        house = _opened(settings, env)
        app = create_app(house)
        if house.founded:
            house.plugins.running()  # they start while nobody waits for them yet
    gc.collect()
    gc.freeze()  # what lasts as long as the process is not searched again, while a page waits
    gc.set_threshold(*_SEARCHES)
    return partial(_whole, app)


def _opened(settings: Settings, env: Mapping[str, str]) -> House:
    """Open the stores in this process: a file opened before the fork would be shared."""
    from web.house import open_house

    return open_house(settings, env)


@contextmanager
def _one_line() -> Iterator[None]:
    """End the process with one line where it cannot start: found in the parent before, so something changed since."""
    try:
        yield
    except RungwiseError as error:
        print(f"rungwise: a worker cannot start: {error}", file=sys.stderr)  # noqa: T201 - for whoever reads the log
        sys.exit(1)


def _lead(_number: int, _name: str | None, opened: Callable[[], House], *_: object) -> None:
    """Lead, for as long as the parent is there; what the server tells its workers beside the first is not for it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells everybody; the parent then ends this process too
    parent = os.getppid()
    with _one_line():
        lead(opened())
    while os.getppid() == parent:
        time.sleep(_RETRY_S)


def _whole(app: Callable[..., Any], environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Give the server an answer of known length in one piece: piece by piece each costs it a change of threads."""
    known: list[bool] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        known.append(any(name.lower() == "content-length" for name, _ in headers))
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    answer = app(environ, start)
    if not known or not known[-1]:
        return answer
    try:
        return [b"".join(answer)]
    finally:
        if hasattr(answer, "close"):
            answer.close()


def lead(house: House) -> threading.Event:
    """Keep the read models current and the jobs going, in the process that holds the leader lock; others stand by.

    Args:
        house: of this process.

    Returns:
        An event that is set once this process leads.
    """
    from web.jobs import start_jobs

    leads = threading.Event()
    lock = _lock_file(house.settings.data_dir)  # held until the process ends: closing it would give the lead away

    def stand_by() -> None:
        while not _take(lock):
            time.sleep(_RETRY_S)
        house.runner.start()
        start_jobs(house)
        leads.set()

    # a daemon: a thread that has to be waited for turns a polite end into a kill
    threading.Thread(target=stand_by, name="leader", daemon=True).start()
    return leads


@contextmanager
def refuse_running(folder: Path) -> Iterator[None]:
    """Hold the leader lock of a store's folder, so that no server works on it meanwhile.

    Raises:
        Conflict: a server runs on it.
    """
    lock = _lock_file(folder)
    try:
        if not _take(lock):
            raise Conflict(f"a server is running on {folder}: stop it first")
        yield
    finally:
        os.close(lock)


def _lock_file(folder: Path) -> int:
    return os.open(folder / LEADER_LOCK, os.O_RDWR | os.O_CREAT, 0o600)


def _take(lock: int) -> bool:
    """Take the leader lock without waiting; the system frees it when the process ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def refuse_taken_port(settings: Settings) -> None:
    """Refuse an address that cannot be listened on.

    Raises:
        InvalidValue: the port is in use or not for this user, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise InvalidValue("port", settings.port, "a port that no other program uses; try --port") from None
            if error.errno == errno.EACCES:
                raise InvalidValue("port", settings.port, "a port from 1024 for an ordinary user") from None
            raise InvalidValue("host", settings.host, "an address of this machine") from None


def _announce(settings: Settings, ready: Callable[[], None]) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - a comparison
    while True:
        try:
            socket.create_connection((host, settings.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    ready()
    sys.stdout.flush()
