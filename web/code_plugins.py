"""The plugins with code of one institution: which may run, what they are asked, and what is held against them."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from core.decision.wording import sentence
from core.errors import StoreError
from plugins import host
from plugins.boundary import Fault, checked
from plugins.contained import Contained, Trouble
from plugins.installed import Found, Installed
from plugins.live import INCOME_MODEL, PANELS, PANELS_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from core.people.institution import Institution
    from core.people.plugins import ApprovedPlugin
    from plugins.contained import CodePack, Reply
    from plugins.host import Loaded
    from plugins.process import Limits
    from rungwise import JourneyView, PathView
    from web.access.quarantine import Quarantine
    from web.settings import Settings

__all__ = ["RUNNING", "CodePlugins", "Panels", "Standing"]

_log = logging.getLogger(__name__)
RUNNING: Final = "running"
STATES: Final = {
    RUNNING: "running",
    "waiting": "waits for a steward's approval",
    "changed": "its files changed since they were approved",
    "quarantined": "in quarantine after three faults in ten minutes",
    "off": "switched off by RUNGWISE_DISABLED_PLUGINS",
    "unfit": "cannot be approved",
    "gone": "not installed any more",
}
"""How a plugin stands, in words."""
_TOLD: Final = ("changed", "quarantined")
"""What a page says of a plugin that it would have asked; the rest concerns only whoever looks after the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one plugin stands.

    Args:
        name: of the plugin.
        state: a key of `STATES`.
        installed: what is installed; None = nothing any more. `digest` is that of its files now.
        approved: what a steward approved last, or None.
        since: of a quarantine, in seconds since 1970-01-01 UTC.
    """

    name: str
    state: str
    installed: Installed | None
    digest: str
    approved: ApprovedPlugin | None
    since: float | None = None

    @property
    def words(self) -> str:
        """How it stands, in words."""
        why = f": {self.installed.wrong}" if self.state == "unfit" and self.installed else ""
        return STATES[self.state] + why


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """What plugins show on a page: each panel with the plugin's title; and what is missing, in sentences."""

    shown: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    told: tuple[str, ...] = ()


class CodePlugins:
    """All plugins with code.

    Args:
        institution: returns the institution as it stands: who is approved.
        quarantine: shared by all processes.
        settings: which are switched off, and whether every call is logged.
        limits: in place of those of the product, for tests.
    """

    def __init__(
        self, institution: Callable[[], Institution], quarantine: Quarantine, settings: Settings, limits: Limits
    ) -> None:
        self._institution = institution
        self._quarantine = quarantine
        self._settings = settings
        self._found = Found()
        self._logged: dict[str, str] = {}
        self._contained = Contained(limits, self._blame, loud=settings.trace_plugins)

    def standings(self) -> tuple[Standing, ...]:
        """Return how each plugin stands, by name: those installed, and those approved and gone."""
        installed = {one.name: one for one in self._found.plugins()}
        approved = self._institution().plugins
        if not installed and not approved:
            return ()
        held = self._quarantine.held()
        names = sorted({*installed, *approved})
        found = tuple(self._standing(name, installed.get(name), approved.get(name), held) for name in names)
        for one in found:
            if one.state not in _TOLD:
                self._logged.pop(one.name, None)
            elif self._logged.get(one.name) != one.state:
                self._logged[one.name] = one.state
                _log.warning("plugin %s is not asked: %s", one.name, one.words)
        return found

    def running(self) -> list[Installed]:
        """Return those that may be asked; every other one has no process from now on."""
        found = [one.installed for one in self.standings() if one.state == RUNNING and one.installed]
        self._contained.keep(found)
        return found

    def started(self) -> bool:
        """Wait until those that may run have started; say whether all of them did."""
        return self._contained.started(self.running())

    def load(self) -> Loaded:
        """Load the packs that are installed, those of plugins with code among them, with what is wrong with any."""
        loaded = host.load(code=self.packs())
        mine = {one.name for one in self._found.plugins()}
        for fault in loaded.faults:
            if isinstance(fault, Fault) and fault.plugin in mine:
                _log.warning("left out: %s", fault)
        silent = [
            Trouble(plugin=one.name, hook="", what=f"is not asked: {one.words}", counts=False)
            for one in self.standings()
            if one.state in _TOLD
        ]
        return replace(loaded, faults=(*loaded.faults, *silent))

    def packs(self) -> list[CodePack]:
        """Ask the data hooks of all that may run."""
        return self._contained.packs(self.running(), [*host.SECTIONS.values()])

    def panels(self, journey: Callable[[], JourneyView], today: date) -> Panels:
        """Ask for panels on a journey's page.

        Args:
            journey: returns it as it stands, where a plugin is there to be asked.
            today: in the institution's zone.
        """
        standings = self.standings()
        told = [f"The plugin {one.name} is not asked: {one.words}." for one in standings if one.state in _TOLD]
        running = [one.installed for one in standings if one.state == RUNNING and one.installed]
        self._contained.keep(running)
        if not running:
            return Panels(told=tuple(told))
        titles = {one.name: one.title for one in running}
        shown: list[tuple[str, Mapping[str, Any]]] = []
        for reply in self._contained.ask(running, PANELS, {"journey": journey(), "today": today}):
            told += [sentence(reply.trouble)] if reply.trouble else []
            if reply.answered:
                good, faults = checked(reply.plugin, PANELS, reply.value)
                if len(good) > PANELS_MAX:
                    faults.append(_too_many(reply.plugin, len(good)))
                told += self._reject(reply.plugin, faults)
                shown += [(titles[reply.plugin], one) for one in good[:PANELS_MAX]]
        return Panels(shown=tuple(shown), told=tuple(told))

    def income_models(self) -> dict[str, str]:
        """Return the plugins that bring an income model, as far as they have started: name and title."""
        found = self._contained.having(self.running(), INCOME_MODEL)
        return {one.name: one.title for one in found}

    def pay_of(self, asks: Sequence[tuple[str, PathView]], today: date) -> list[tuple[Any, str]]:
        """Ask plugins for the pay of whole paths, all at the same time.

        Args:
            asks: name of the plugin, and the path.
            today: in the institution's zone.

        Returns:
            To each the answer, which nobody has checked yet, or None; and what went wrong, in a sentence, or "".
        """
        standings = {one.name: one for one in self.standings()}
        running = {one.name: one for one in self.running()}
        may = [(running[name], {"path": path, "today": today}) for name, path in asks if name in running]
        replies = iter(self._contained.ask_each(may, INCOME_MODEL))
        return [_pay(name, next(replies) if name in running else None, standings.get(name)) for name, _ in asks]

    def refuse_model(self, name: str, faults: list[Fault]) -> str:
        """Hold against a plugin what was wrong with its income model; return the first fault as a sentence."""
        return self._reject(name, faults)[0]

    def close(self) -> None:
        """End all processes."""
        self._contained.close()

    def _standing(
        self,
        name: str,
        installed: Installed | None,
        approved: ApprovedPlugin | None,
        held: Mapping[tuple[str, str], float],
    ) -> Standing:
        digest = installed.digest() if installed else ""
        since = held.get((name, digest))
        if installed is None:
            state = "gone"
        elif installed.wrong:
            state = "unfit"
        elif name in self._settings.disabled_plugins:
            state = "off"
        elif approved is None:
            state = "waiting"
        elif approved.digest != digest:
            state = "changed"
        else:
            state = RUNNING if since is None else "quarantined"
        return Standing(name=name, state=state, installed=installed, digest=digest, approved=approved, since=since)

    def _reject(self, name: str, faults: list[Fault]) -> list[str]:
        """Log faults of an answer; an answer counts once, however much is wrong in it."""
        if faults:
            what = str(faults[0]).partition(": ")[2] + (f" (and {len(faults) - 1} more)" if faults[1:] else "")
            self._contained.trouble(Trouble(plugin=name, hook=faults[0].hook, what=what))
        return [sentence(one) for one in faults]

    def _blame(self, trouble: Trouble) -> None:
        """Count a trouble against its plugin; this runs in the plugin's own thread, which must not end with it."""
        what = f"{trouble.hook}: {trouble.what}" if trouble.hook else trouble.what
        for one in self._found.plugins():
            if one.name == trouble.plugin:
                with suppress(StoreError):
                    self._quarantine.blame(one.name, one.digest(), what)


def _pay(name: str, reply: Reply | None, standing: Standing | None) -> tuple[Any, str]:
    """Return the pay that a plugin gave, and what went wrong."""
    if reply is None:
        why = standing.words if standing else "there is none of this name"
        return None, f"The plugin {name} is not asked: {why}."
    if reply.trouble:
        return reply.value, sentence(reply.trouble)
    return reply.value, "" if reply.value is not None else f"The plugin {name} has no income model for this path."


def _too_many(name: str, count: int) -> Fault:
    return Fault(plugin=name, hook=PANELS, field="answer", value=f"{count} panels", allowed=f"at most {PANELS_MAX}")
