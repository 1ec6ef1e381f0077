"""Code plugins, each contained in a worker process of its own; a thread for each keeps its process going.

Whoever asks waits no longer than the page may. A process that hangs, dies or is out of bounds is ended and replaced
behind their back, and as the late one is gone for good, its answer is never taken for that of the next call.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from plugins.keeper import WHETHER, Asked, Keeper, Reply, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plugins.installed import Installed
    from plugins.process import Limits

__all__ = ["CodePack", "Contained", "Reply", "Trouble"]

_log = logging.getLogger(__name__)


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
        self._keepers: dict[tuple[str, str], Keeper] = {}
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

    def _put(self, asks: Sequence[tuple[Installed, str, bytes]], wait_s: float) -> list[tuple[Keeper, Asked]]:
        deadline = time.monotonic() + wait_s
        return [
            (keeper, keeper.ask(Asked(hook=hook, arguments=arguments, deadline=deadline)))
            for keeper, hook, arguments in [(self._keeper(one), hook, given) for one, hook, given in asks]
        ]

    def _keeper(self, plugin: Installed) -> Keeper:
        key = plugin.name, plugin.digest()
        with self._lock:
            if key not in self._keepers:
                self._keepers[key] = Keeper(plugin, self.limits, self.trouble, loud=self.loud)
            return self._keepers[key]

    def started(self, plugins: Sequence[Installed]) -> bool:
        """Wait until these plugins have started; say whether all of them did."""
        asked = self._put([(one, WHETHER, b"{}") for one in plugins], self.limits.start_s)
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
