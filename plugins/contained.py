"""Code plugins, each contained in a worker process of its own; a thread for each keeps its process going.

Whoever asks waits no longer than the page may. A process that hangs, dies or is out of bounds is ended and replaced
behind their back, and as the late one is gone for good, its answer is never taken for that of the next call.
"""

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

import msgspec

from plugins.process import Limits, Lost, Process, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plugins.installed import Installed

__all__ = ["CodePack", "Contained", "Reply", "Trouble"]

_log = logging.getLogger(__name__)
_AGAIN_S: Final = 10.0  # a plugin that was refused is tried again no sooner: it will mostly be refused again
_STOP_S: Final = 2.0  # a process that is just asked is waited for, to end it
_MARGIN_S: Final = 0.05  # a page waits this much longer than the answer may take, for the word that it did not come


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


@dataclass(frozen=True, kw_only=True)
class CodePack:
    """What a code plugin answered to the data hooks.

    Args:
        name: of the plugin; `version` and `title` are those of its distribution.
        answers: by hook, unchecked; a hook that it does not have is not there.
        troubles: what went wrong.
        whole: every hook that it has was answered; a part of a pack would take away what the rest says.
    """

    name: str
    version: str
    title: str
    answers: Mapping[str, Any]
    troubles: tuple[Trouble, ...]
    whole: bool


@dataclass(kw_only=True)
class _Asked:
    hook: str
    arguments: bytes
    deadline: float
    reply: Future[Reply] = field(default_factory=Future)


class Contained:
    """All code plugins of one institution in this process.

    Args:
        limits: the bounds of each.
        told: called with every trouble that counts, from any thread.
        loud: log every call, and show what plugins write to standard error.
    """

    def __init__(self, limits: Limits, told: Callable[[Trouble], None], *, loud: bool = False) -> None:
        self.limits = limits
        self.loud = loud
        self._told = told
        self._keepers: dict[tuple[str, str], _Keeper] = {}
        self._lock = threading.Lock()

    def keep(self, plugins: Sequence[Installed]) -> None:
        """Have the processes of these plugins started, and end those of all others."""
        wanted = {(one.name, one.digest()) for one in plugins}
        with self._lock:
            ended = [self._keepers.pop(key) for key in self._keepers.keys() - wanted]
        for one in ended:
            one.stop()
        for plugin in plugins:
            self._keeper(plugin)

    def ask(self, plugins: Sequence[Installed], hook: str, arguments: Mapping[str, Any]) -> list[Reply]:
        """Ask all of these plugins the same hook at the same time.

        Args:
            plugins: those that may be asked; one without this hook gives no reply.
            hook: its name.
            arguments: by name; views, dates and plain data.

        Returns:
            A reply of each, in the order of the plugins, after `limits.page_s` at the latest.
        """
        replies = self.ask_each([(one, arguments) for one in plugins], hook)
        return [one for one in replies if one.answered or one.trouble]

    def ask_each(self, asks: Sequence[tuple[Installed, Mapping[str, Any]]], hook: str) -> list[Reply]:
        """Ask plugins the same hook, each with its own arguments, one of them several times if need be.

        Args:
            asks: whom, and with which arguments.
            hook: its name.

        Returns:
            A reply to each ask, in their order, after `limits.page_s` at the latest; that of a plugin without the hook
            holds neither an answer nor a trouble.
        """
        asked = self._put([(one, hook, msgspec.json.encode(given)) for one, given in asks], self.limits.page_s)
        return [keeper.wait(one) for keeper, one in asked]

    def packs(self, plugins: Sequence[Installed], hooks: Sequence[str]) -> list[CodePack]:
        """Ask all of these plugins the data hooks; together they may take as long as one page may.

        Returns:
            A pack of each plugin that has one of these hooks, or that could not be asked.
        """
        asked = self._put([(one, hook, b"{}") for one in plugins for hook in hooks], self.limits.page_s)
        replies = [(one.hook, keeper.wait(one)) for keeper, one in asked]
        found = []
        for plugin in plugins:
            own = [(hook, reply) for hook, reply in replies if reply.plugin == plugin.name]
            answers = {hook: reply.value for hook, reply in own if reply.answered}
            troubles = tuple(_worth_telling([reply.trouble for _, reply in own if reply.trouble]))
            if answers or troubles:
                found.append(
                    CodePack(
                        name=plugin.name,
                        version=plugin.version,
                        title=plugin.title,
                        answers=answers,
                        troubles=troubles,
                        whole=not any(reply.trouble and not reply.answered for _, reply in own),
                    )
                )
        return found

    def _put(self, asks: Sequence[tuple[Installed, str, bytes]], wait_s: float) -> list[tuple[_Keeper, _Asked]]:
        deadline = time.monotonic() + wait_s
        return [
            (keeper, keeper.ask(_Asked(hook=hook, arguments=arguments, deadline=deadline)))
            for keeper, hook, arguments in [(self._keeper(one), hook, given) for one, hook, given in asks]
        ]

    def _keeper(self, plugin: Installed) -> _Keeper:
        key = plugin.name, plugin.digest()
        with self._lock:
            if key not in self._keepers:
                self._keepers[key] = _Keeper(plugin, self)
            return self._keepers[key]

    def started(self, plugins: Sequence[Installed]) -> bool:
        """Wait until these plugins have started; say whether all of them did."""
        asked = self._put([(one, _WHETHER, b"{}") for one in plugins], self.limits.start_s)
        return False not in [keeper.wait(one).answered for keeper, one in asked]

    def having(self, plugins: Sequence[Installed], hook: str) -> list[Installed]:
        """Return those of these plugins that have started and have a hook."""
        return [one for one in plugins if hook in (self._keeper(one).hooks or ())]

    def trouble(self, trouble: Trouble) -> None:
        """Log a trouble and count it against its plugin."""
        _log.warning("%s", trouble)
        if trouble.counts:
            self._told(trouble)

    def close(self) -> None:
        """End all processes, and wait until they have."""
        with self._lock:
            ended = list(self._keepers.values())
            self._keepers.clear()
        for one in ended:
            one.stop()
        for one in ended:
            one.join()


def _worth_telling(troubles: list[Trouble]) -> list[Trouble]:
    """Return what went wrong; a hook that was only late because of another is not worth a line."""
    return [one for one in troubles if one.counts] or troubles[:1]


_BUSY: Final = "is busy or being started; load the page again in a moment"
_WHETHER: Final = ""  # a call that the keeper answers itself: whether the plugin has started


class _Keeper:
    """The thread that owns the process of one plugin."""

    def __init__(self, plugin: Installed, house: Contained) -> None:
        self._plugin = plugin
        self._house = house
        self.hooks: tuple[str, ...] | None = None  # not known before it has started
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._spare: Process | None = None
        self._refused, self._refused_at = "", 0.0
        # a daemon: a server that is told to end does not wait for a plugin
        self._thread = threading.Thread(target=self._keep, name=f"plugin {plugin.name}", daemon=True)
        self._thread.start()

    def ask(self, asked: _Asked) -> _Asked:
        """Take a call, or answer at once that there is no such hook."""
        if self.hooks is not None and asked.hook not in (*self.hooks, _WHETHER):
            asked.reply.set_result(Reply(plugin=self._plugin.name))
        else:
            self._queue.put(asked)
        return asked

    def wait(self, asked: _Asked) -> Reply:
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
                self._house.trouble(reply.trouble)
            if lost:
                process.end()
                process = self._start()
        for one in (process, self._spare):
            if one is not None:
                one.end()

    def _start(self) -> Process | None:
        """Load the plugin into the process that stands by, and have another stand by."""
        began, house = time.monotonic(), self._house
        process, self._spare = self._spare, None
        try:
            process = process or Process(house.limits, loud=house.loud)
            process.load(self._plugin)
        except (Wrong, OSError) as error:  # the system may have no process to give
            if process is not None:
                process.end()
            self._refused, self._refused_at = str(error), time.monotonic()
            house.trouble(Trouble(plugin=self._plugin.name, hook="", what=str(error)))
            return None
        self.hooks = process.hooks
        with suppress(OSError):
            self._spare = Process(house.limits, loud=house.loud)
        if house.loud:
            took = (time.monotonic() - began) * 1000
            _log.warning("plugin %s: loaded in %.0f ms, hooks %s", self._plugin.name, took, ", ".join(process.hooks))
        return process

    def _serve(self, process: Process, asked: _Asked) -> tuple[Reply, bool]:
        """Ask the process; the second part says that it is lost."""
        name, hook = self._plugin.name, asked.hook
        if hook == _WHETHER:
            return Reply(plugin=name, answered=True), False
        if hook not in process.hooks:
            return Reply(plugin=name), False
        began = time.monotonic()
        if began > asked.deadline:
            return self._no(hook, _BUSY, counts=False), False
        reply, lost = Reply(plugin=name), False
        try:
            # the whole time of a hook, also where the page has waited before: only then it is the plugin's own fault
            value, printed = process.call(hook, asked.arguments, self._house.limits.hook_s)
            reply = Reply(plugin=name, answered=True, value=value)
            if printed:
                what = f"printed {printed!r} (a hook returns its answer and prints nothing)"
                reply = Reply(plugin=name, answered=True, value=value, trouble=self._no(hook, what).trouble)
        except Wrong as error:
            reply, lost = self._no(hook, str(error)), isinstance(error, Lost)
        if self._house.loud:
            outcome = "answered" if reply.answered else "gave no answer"
            took = (time.monotonic() - began) * 1000
            size = len(asked.arguments)
            _log.warning("plugin %s, %s: %s in %.1f ms, %d bytes asked", name, hook, outcome, took, size)
        return reply, lost
