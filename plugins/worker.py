"""The process in which one code plugin runs; it answers one call after the other and knows nothing of the house.

`python -m plugins.worker FD` speaks frames over the socket FD: four bytes of length, then JSON. It reads what to load,
says which hooks the plugin has, and then reads calls until the socket is closed. What is printed goes elsewhere, so it
cannot disturb a frame. This contains accidents; it is no prison: a plugin is code that a steward approved.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import struct
import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import msgspec
import pluggy

from rungwise import hookspecs
from rungwise.testing import HOOKS, NAMES, hooks_of, refusals

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HEADER", "Answer", "Call", "Load", "Ready", "main"]

HEADER: Final = struct.Struct("!I")
_FILES_MAX: Final = 64  # open at once
_BEHIND: Final = 5  # a loop without end must not take a core from the pages
_SAID_MAX: Final = 300  # characters of what a plugin raised


class Load(msgspec.Struct, kw_only=True):
    """What to load, and within which bounds.

    Attributes:
        name: of the plugin.
        entry: its entry point, such as "space.hooks".
        path: where to look for modules.
        memory_bytes: address space of the process.
        answer_bytes: the longest frame that may be answered.
        start_s: loading that lasts longer ends the process; `call_s` a call that does, even when nobody waits any more.
    """

    name: str
    entry: str
    path: list[str]
    memory_bytes: int
    answer_bytes: int
    start_s: float
    call_s: float


class Ready(msgspec.Struct, kw_only=True):
    """The plugin was loaded: its hooks; or why not."""

    hooks: list[str]
    refused: str = ""


class Call(msgspec.Struct, kw_only=True):
    """A call; its number comes back with the answer."""

    number: int
    hook: str
    arguments: msgspec.Raw


class Answer(msgspec.Struct, kw_only=True):
    """What a hook returned, or what went wrong; `last` = the process ends after it."""

    number: int
    value: Any = None
    wrong: str = ""
    last: bool = False


def main(fd: int) -> None:
    """Load the plugin and answer calls until the other side is gone."""
    line = socket.socket(fileno=fd)
    load = msgspec.json.decode(_read(line), type=Load)
    _bound(load)
    signal.setitimer(signal.ITIMER_REAL, load.start_s)
    answerers: dict[str, Callable[[bytes], Any]] = {}
    try:
        answerers = _loaded(load)
        ready = Ready(hooks=sorted(answerers))
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything when it is imported
        ready = Ready(hooks=[], refused=_said(error))
    signal.setitimer(signal.ITIMER_REAL, 0)
    _send(line, msgspec.json.encode(ready))
    while True:
        call = msgspec.json.decode(_read(line), type=Call)
        signal.setitimer(signal.ITIMER_REAL, load.call_s)
        answer = _answer(answerers[call.hook], call, load.answer_bytes)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.flush()
        _send(line, answer)


def _loaded(load: Load) -> dict[str, Callable[[bytes], Any]]:
    """Import the plugin, refuse one that was made for another program, and return what answers each hook."""
    sys.path[:] = load.path
    plugin = EntryPoint(name=load.name, value=load.entry, group="rungwise").load()
    if wrong := refusals(plugin):
        raise TypeError("; ".join(wrong))
    manager = pluggy.PluginManager("rungwise")
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, load.name)
    return {hook: _answerer(getattr(manager.hook, hook), hook) for hook in hooks_of(plugin)}


def _answerer(caller: pluggy.HookCaller, hook: str) -> Callable[[bytes], Any]:
    """Return what answers a hook from arguments in JSON, which become views and dates."""
    types = {key: one for key, one in get_type_hints(HOOKS[hook], NAMES).items() if key != "return"}
    decoder = msgspec.json.Decoder(msgspec.defstruct("Arguments", list(types.items())))

    def answer(arguments: bytes) -> Any:
        given = decoder.decode(arguments)
        answers = caller(**{one: getattr(given, one) for one in types})
        return answers[0] if answers else None  # pluggy leaves None out

    return answer


def _answer(answerer: Callable[[bytes], Any], call: Call, answer_bytes: int) -> bytes:
    """Ask the plugin and return the frame to send."""
    wrong, last = "", False
    try:
        found = msgspec.json.encode(Answer(number=call.number, value=answerer(bytes(call.arguments))))
        if len(found) <= answer_bytes:
            return found
        wrong = f"returned {len(found):,} bytes (at most {answer_bytes:,})"
    except MemoryError:
        wrong, last = "asked for more memory than it may have", True
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, and only its answer is lost
        wrong = f"raised {_said(error)}"
    return msgspec.json.encode(Answer(number=call.number, wrong=wrong, last=last))


def _said(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return " ".join(text.split())[:_SAID_MAX].encode("utf-8", "replace").decode()


def _bound(load: Load) -> None:
    os.nice(_BEHIND)
    for what, bound in (
        (resource.RLIMIT_AS, load.memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES_MAX),
    ):
        resource.setrlimit(what, (bound, bound))


def _read(line: socket.socket) -> bytes:
    (length,) = HEADER.unpack(_exactly(line, HEADER.size))
    return _exactly(line, length)


def _exactly(line: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = line.recv(length - len(found))
        if not part:
            sys.exit(0)
        found += part
    return bytes(found)


def _send(line: socket.socket, frame: bytes) -> None:
    line.sendall(HEADER.pack(len(frame)) + frame)


if __name__ == "__main__":
    main(int(sys.argv[1]))
