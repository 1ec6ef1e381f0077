"""One worker process as the host sees it: started, asked, ended. Whoever is late or out of bounds is ended for good."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from plugins.worker import HEADER, Answer, Call, Load, Ready

if TYPE_CHECKING:
    from plugins.installed import Installed

__all__ = ["Limits", "Lost", "Process", "Wrong"]

T = TypeVar("T")
_READY_BYTES: Final = 64 * 1024
_GRACE_S: Final = 2.0  # after this the process ends itself, should the host be gone
_PRINTED_MAX: Final = 80  # characters that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Within which bounds a plugin works (DESIGN §6).

    Args:
        hook_s: for one hook.
        page_s: for all plugins that one page asks; they are asked at the same time.
        start_s: to start and import; a page does not wait that long.
        memory_bytes: address space of a process.
        answer_bytes: the longest answer.
    """

    hook_s: float = 0.5
    page_s: float = 0.5
    start_s: float = 10.0
    memory_bytes: int = 512 * 1024 * 1024
    answer_bytes: int = 1024 * 1024


class Wrong(Exception):  # noqa: N818 - reads as what happened
    """A hook gave no answer; the process can be asked again. The text says why."""


class Lost(Wrong):
    """A process is of no use any more and has to be ended."""


class Process:
    """A running worker; it belongs to one thread. It gets ready by itself to load a plugin.

    Args:
        limits: its bounds.
        loud: what the plugin writes to standard error is shown.
    """

    def __init__(self, limits: Limits, *, loud: bool = False) -> None:
        self.hooks: tuple[str, ...] = ()
        self._limits = limits
        self._number = 0
        ours, theirs = socket.socketpair()
        self._line = ours
        with theirs:
            # -I: no variable of the server's environment and no current folder decides what is imported
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-m", "plugins.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=None if loud else subprocess.DEVNULL,
                env=_ENVIRONMENT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        if self._child.stdout is not None:
            os.set_blocking(self._child.stdout.fileno(), False)

    def load(self, plugin: Installed) -> None:
        """Load a plugin.

        Raises:
            Lost: it took too long, or the plugin was refused.
        """
        limits = self._limits
        deadline = time.monotonic() + limits.start_s
        load = Load(
            name=plugin.name,
            entry=plugin.entry,
            path=list(plugin.path),
            memory_bytes=limits.memory_bytes,
            answer_bytes=limits.answer_bytes,
            start_s=limits.start_s + _GRACE_S,
            call_s=limits.hook_s + _GRACE_S,
        )
        self._send(msgspec.json.encode(load), deadline)
        ready = _read(self._receive(_READY_BYTES, deadline, "did not start"), Ready)
        if ready.refused:
            raise Lost(f"cannot be loaded: {ready.refused}")
        self._printed()
        self.hooks = tuple(ready.hooks)

    def call(self, hook: str, arguments: bytes, wait_s: float) -> tuple[Any, str]:
        """Ask a hook.

        Args:
            hook: one of `hooks`.
            arguments: by name, in JSON.
            wait_s: for the answer.

        Returns:
            The answer as plain data, and what the hook printed, which it should not have.

        Raises:
            Wrong: the hook raised, or its answer cannot be sent.
            Lost: no answer in time, or the process ended.
        """
        self._number += 1
        deadline = time.monotonic() + wait_s
        call = Call(number=self._number, hook=hook, arguments=msgspec.Raw(arguments))
        self._send(msgspec.json.encode(call), deadline)
        frame = self._receive(
            self._limits.answer_bytes, deadline, f"gave no answer within {self._limits.hook_s * 1000:.0f} ms"
        )
        answer = _read(frame, Answer)
        if answer.number != self._number:
            raise Lost(f"answered call {answer.number} when call {self._number} was asked")
        if answer.wrong:
            raise (Lost if answer.last else Wrong)(answer.wrong)
        return answer.value, self._printed()

    def end(self) -> None:
        """End the process and whatever it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._line.close()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _printed(self) -> str:
        """Return the beginning of what was printed since the last call, and empty the pipe."""
        if self._child.stdout is None:
            return ""
        found = self._child.stdout.read()
        return " ".join((found or b"")[:400].decode("utf-8", "replace").split())[:_PRINTED_MAX]

    def _send(self, frame: bytes, deadline: float) -> None:
        self._line.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            self._line.sendall(HEADER.pack(len(frame)) + frame)
        except TimeoutError:
            raise Lost("does not listen") from None
        except OSError:
            raise Lost(self._ended()) from None

    def _receive(self, longest: int, deadline: float, late: str) -> bytes:
        (length,) = HEADER.unpack(self._exactly(HEADER.size, deadline, late))
        if length > longest:
            raise Lost(f"sent {length:,} bytes (at most {longest:,})")
        return self._exactly(length, deadline, late)

    def _exactly(self, length: int, deadline: float, late: str) -> bytes:
        found = bytearray()
        while len(found) < length:
            self._line.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                part = self._line.recv(length - len(found))
            except TimeoutError:
                raise Lost(late) from None
            except OSError:
                part = b""
            if not part:
                raise Lost(self._ended())
            found += part
        return bytes(found)

    def _ended(self) -> str:
        """Say how the process ended, which it has or is about to."""
        try:
            code = self._child.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            return "closed its line"
        if code < 0:
            return f"was ended by the signal {signal.Signals(-code).name}"
        return f"ended its process with exit code {code}"


def _read(frame: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(frame, type=kind)
    except (ValueError, RecursionError) as error:  # msgspec's own errors are values too
        raise Lost(f"sent what cannot be read ({error})") from None


# The worker knows nothing of the server's settings and secrets; libraries for numbers start no thread for each core.
_ENVIRONMENT: Final = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
