"""Processes to be killed: begun in a moment, heard through a pipe, ended by a signal that nobody can catch."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Child", "Connection", "hear_from"]

PATIENCE_S = 60.0  # with a slow machine; a test that passes never waits so long
# Every child is a copy of one process that has read the program already: a start takes 10 ms instead of a second.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.test_killed_writers", "tests.faults.test_killed_projector"])


class Child:
    """A process that runs a function of a module.

    Args:
        run: gets the other end of the pipe, then the arguments.
        arguments: of the function, likewise those by name.
    """

    def __init__(self, run: Callable[..., None], *arguments: Any, **named: Any) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=run, args=(theirs, *arguments), kwargs=named, daemon=True)
        self._process.start()
        theirs.close()

    def hear(self) -> str:
        """Wait for the next word of the child.

        Raises:
            EOFError: it ended by itself.
        """
        assert self.pipe.poll(PATIENCE_S), "the child says nothing"
        return self.pipe.recv_bytes().decode()

    def go_on(self) -> None:
        """Let a child go on that waits for an answer."""
        self.pipe.send_bytes(b"")

    def kill(self) -> list[str]:
        """Kill it with SIGKILL; return what it had said and nobody had heard."""
        self._process.kill()
        self._process.join()
        said = []
        with suppress(EOFError, OSError):  # the end, maybe in the middle of a word
            while True:
                said.append(self.pipe.recv_bytes().decode())
        self.pipe.close()
        return said


def hear_from(children: Sequence[Child]) -> list[tuple[Child, str]]:
    """Wait until some of the children say something."""
    ready = wait([child.pipe for child in children], PATIENCE_S)
    assert ready, "the children say nothing"
    return [(child, child.hear()) for child in children if child.pipe in ready]
