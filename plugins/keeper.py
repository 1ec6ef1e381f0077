"""The keeper of one plugin with code: a thread that owns its process and answers one call after the other."""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from plugins.process import Limits, Lost, Process, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugins.installed import Installed

__all__ = ["WHETHER", "Asked", "Keeper", "Reply", "Trouble"]

_log = logging.getLogger(__name__)
_AGAIN_S: Final = 10.0  # a plugin that was refused is tried again no sooner: it will mostly be refused again
_NEARLY: Final = 0.9
_STOP_S: Final = 2.0  # a process that is just asked is waited for, to end it
_MARGIN_S: Final = 0.05  # a page waits this much longer than the answer may take, for the word that it did not come
_BUSY: Final = "is busy or being started; load the page again in a moment"
WHETHER: Final = ""  # a call that the keeper answers itself: whether the plugin has started


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What kept a plugin from answering, or was wrong beside its answer; its text is fit to be shown to a person.

    Args:
        plugin: name of the plugin.
        hook: that was asked; "" = it was being started.
        what: in words, to read after the plugin's name.
        counts: it is the plugin's own fault, and counts against it.
    """

    plugin: str
    hook: str
    what: str
    counts: bool = True

    def __str__(self) -> str:
        return f"plugin {self.plugin}{', ' + self.hook if self.hook else ''}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came of asking a plugin.

    Args:
        plugin: its name.
        answered: an answer came; `value` is it, as plain data that nobody has checked yet.
        trouble: what went wrong, with or without an answer.
    """

    plugin: str
    answered: bool = False
    value: Any = None
    trouble: Trouble | None = None


@dataclass(kw_only=True)
class Asked:
    """A call that waits for its reply; `deadline` is a moment of the monotonic clock."""

    hook: str
    arguments: bytes
    deadline: float
    reply: Future[Reply] = field(default_factory=Future)


class Keeper:
    """The thread that owns the process of one plugin, and has another stand by.

    Args:
        plugin: what the process loads.
        limits: its bounds.
        trouble: called with every trouble that counts, from this thread.
        loud: log every call, and show what the plugin writes to standard error.
    """

    def __init__(
        self, plugin: Installed, limits: Limits, trouble: Callable[[Trouble], None], *, loud: bool = False
    ) -> None:
        self._plugin = plugin
        self._limits = limits
        self._trouble = trouble
        self._loud = loud
        self.hooks: tuple[str, ...] | None = None  # not known before it has started
        self._queue: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._spare: Process | None = None
        self._refused, self._refused_at = "", 0.0
        # a daemon: a server that is told to end does not wait for a plugin
        self._thread = threading.Thread(target=self._keep, name=f"plugin {plugin.name}", daemon=True)
        self._thread.start()

    def ask(self, asked: Asked) -> Asked:
        """Take a call, or answer at once that there is no such hook."""
        if self.hooks is not None and asked.hook not in (*self.hooks, WHETHER):
            asked.reply.set_result(Reply(plugin=self._plugin.name))
        else:
            self._queue.put(asked)
        return asked

    def wait(self, asked: Asked) -> Reply:
        """Return the reply, or say that there was no time for one."""
        try:
            return asked.reply.result(max(0.0, asked.deadline + _MARGIN_S - time.monotonic()))
        except (NotInTime, CancelledError):
            asked.reply.cancel()
            return self._no(asked.hook, _BUSY, counts=False)

    def stop(self) -> None:
        """Have the process ended once it has done what it does; nobody waits for it."""
        self._queue.put(None)

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join(_STOP_S)

    def _no(self, hook: str, what: str, *, counts: bool = True) -> Reply:
        name = self._plugin.name
        return Reply(plugin=name, trouble=Trouble(plugin=name, hook=hook, what=what, counts=counts))

    def _keep(self) -> None:
        """Start the process, serve what is asked, and put another in its place when it is lost, until told to stop."""
        process = self._start()
        while (asked := self._queue.get()) is not None:
            if not asked.reply.set_running_or_notify_cancel():
                continue  # nobody waits any more
            if process is None and time.monotonic() - self._refused_at > _AGAIN_S:
                process = self._start()
            if process is None:
                asked.reply.set_result(self._no(asked.hook, self._refused, counts=False))
                continue
            reply, lost = self._serve(process, asked)
            asked.reply.set_result(reply)  # first of all: somebody waits for it
            if reply.trouble and reply.trouble.counts:
                self._trouble(reply.trouble)
            if lost:
                process.end()
                process = self._start()
        for one in (process, self._spare):
            if one is not None:
                one.end()

    def _start(self) -> Process | None:
        """Load the plugin into the process that stands by, and have another stand by."""
        began = time.monotonic()
        process, self._spare = self._spare, None
        try:
            process = process or Process(self._limits, loud=self._loud)
            process.load(self._plugin)
        except (Wrong, OSError) as error:  # the system may have no process to give
            if process is not None:
                process.end()
            self._refused, self._refused_at = str(error), time.monotonic()
            self._trouble(Trouble(plugin=self._plugin.name, hook="", what=str(error)))
            return None
        self.hooks = process.hooks
        with suppress(OSError):
            self._spare = Process(self._limits, loud=self._loud)
        if self._loud:
            took = (time.monotonic() - began) * 1000
            _log.warning("plugin %s: loaded in %.0f ms, hooks %s", self._plugin.name, took, ", ".join(process.hooks))
        return process

    def _serve(self, process: Process, asked: Asked) -> tuple[Reply, bool]:
        """Ask the process; the second part says that it is lost."""
        name, hook = self._plugin.name, asked.hook
        if hook == WHETHER:
            return Reply(plugin=name, answered=True), False
        if hook not in process.hooks:
            return Reply(plugin=name), False
        began = time.monotonic()
        if began > asked.deadline:
            return self._no(hook, _BUSY, counts=False), False
        reply, lost = Reply(plugin=name), False
        try:
            # as long as the page waits, but nearly the whole time of a hook also where the page has waited before: only
            # then it is the plugin's own fault
            wait_s = max(asked.deadline - began, self._limits.hook_s * _NEARLY)
            value, printed = process.call(hook, asked.arguments, min(wait_s, self._limits.hook_s))
            reply = Reply(plugin=name, answered=True, value=value)
            if printed:
                what = f"printed {printed!r} (a hook returns its answer and prints nothing)"
                reply = Reply(plugin=name, answered=True, value=value, trouble=self._no(hook, what).trouble)
        except Wrong as error:
            reply, lost = self._no(hook, str(error)), isinstance(error, Lost)
        if self._loud:
            outcome = "answered" if reply.answered else "gave no answer"
            took = (time.monotonic() - began) * 1000
            size = len(asked.arguments)
            _log.warning("plugin %s, %s: %s in %.1f ms, %d bytes asked", name, hook, outcome, took, size)
        return reply, lost
