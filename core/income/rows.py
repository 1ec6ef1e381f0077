"""Reading one table of a scenario: each value is taken once, checked, and every fault is kept with its place."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from core.income.faults import Fault
from core.values import STEERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ABSENT: Final = object()
NAME_MAX: Final = 120  # characters
USD_MAX: Final = 20_000_000


class Row:
    """One table of a scenario.

    A value that is wrong adds a fault and yields the default, or zero, so that reading goes on and finds the next;
    whoever reads the whole scenario raises when a fault was found.

    Args:
        value: what stands there; anything but a table is a fault.
        where: its place, such as "paths[0]"; "" is the scenario itself.
        faults: where faults are collected.
    """

    def __init__(self, value: object, where: str, faults: list[Fault]) -> None:
        self.where = where
        self.faults = faults
        if not isinstance(value, dict):
            faults.append(Fault(field=where or "scenario", value=value, allowed="a table"))
            value = {}
        self._values: dict[str, Any] = {str(key): one for key, one in value.items()}
        self._taken: list[str] = []

    def at(self, key: str) -> str:
        """Return the place of a key."""
        return f"{self.where}.{key}" if self.where else key

    def filled(self, **values: Any) -> Row:
        """Return the same row with further values, as if they had been given."""
        made = Row({**self._values, **values}, self.where, self.faults)
        made._taken = self._taken
        return made

    def has(self, key: str) -> bool:
        """Say whether a key is there; null counts as left out."""
        return self._values.get(key) is not None

    def take(self, key: str, default: Any = None) -> Any:
        """Return what stands at a key, unchecked."""
        self._taken.append(key)
        value = self._values.get(key)
        return default if value is None else value

    def wrong(self, key: str, value: object, allowed: str) -> None:
        """Keep a fault."""
        self.faults.append(Fault(field=self.at(key), value=value, allowed=allowed))

    def ask(self, key: str, what: str) -> None:
        """Keep the fault that a figure is missing which only the person asking can know."""
        self.faults.append(Fault(field=self.at(key), value=None, allowed=what, asked=True))

    def number(self, key: str, low: float, high: float, default: float | None = None, *, unit: str = "") -> float:
        """Return a number between two bounds; without a default it must be there."""
        allowed = f"a number from {low:,.10g} to {high:,.10g}{unit}"
        value = self.take(key, _ABSENT)
        if value is _ABSENT:
            if default is None:
                self.ask(key, allowed)
            return low if default is None else default
        good = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not good or not low <= value <= high:
            self.wrong(key, value, allowed)
            return low if default is None else default
        return float(value)

    def usd(self, key: str, default: float | None = None) -> float:
        """Return an amount of US dollars."""
        return self.number(key, 0, USD_MAX, default, unit=" USD")

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number between two bounds; without a default it must be there."""
        value = self.take(key, _ABSENT)
        allowed = f"a whole number from {low} to {high}"
        if value is _ABSENT and default is None:
            self.ask(key, allowed)
        elif value is not _ABSENT:
            if type(value) is int and low <= value <= high:
                return value
            self.wrong(key, value, allowed)
        return low if default is None else default

    def flag(self, key: str, default: bool) -> bool:  # noqa: FBT001 - what holds when the key is left out
        """Return true or false."""
        value = self.take(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(key, value, "true or false")
        return default

    def one_of(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """Return one of the words allowed; without a default it must be there."""
        words = f"one of {', '.join(allowed)}"
        value = self.take(key, _ABSENT)
        if value is _ABSENT and default is None:
            self.ask(key, words)
        elif value is not _ABSENT:
            if isinstance(value, str) and value in allowed:
                return value
            self.wrong(key, value, words)
        return next(iter(allowed)) if default is None else default

    def text(self, key: str, default: str | None = None) -> str:
        """Return a short text on one line."""
        value = self.take(key, _ABSENT)
        allowed = f"text of 1 to {NAME_MAX} characters on one line"
        if value is _ABSENT:
            if default is None:
                self.ask(key, allowed)
            return default or ""
        good = isinstance(value, str) and 1 <= len(value.strip()) <= NAME_MAX
        if not good or STEERS.search(value) or "\n" in value or "\t" in value:
            self.wrong(key, value, allowed)
            return default or ""
        return str(value).strip()

    def table(self, key: str) -> Row:
        """Return the table at a key, empty where there is none."""
        return Row(self.take(key, {}), self.at(key), self.faults)

    def rows(self, key: str, low: int, high: int, what: str) -> Iterator[Row]:
        """Yield the tables of a list; `what` says in words what is allowed."""
        value = self.take(key, [])
        if not isinstance(value, list) or not low <= len(value) <= high:
            self.wrong(key, value, what)
            return
        for number, one in enumerate(value):
            yield Row(one, f"{self.at(key)}[{number}]", self.faults)

    def numbers(self, key: str, low: float, high: float, longest: int) -> tuple[float, ...]:
        """Return a list of numbers, empty where there is none."""
        value = self.take(key, [])
        good = isinstance(value, list) and len(value) <= longest
        if good and all(type(one) in (int, float) and low <= one <= high for one in value):
            return tuple(float(one) for one in value)
        self.wrong(key, value, f"a list of at most {longest} numbers from {low:g} to {high:g}")
        return ()

    def done(self) -> None:
        """Refuse the keys that nobody took: a misspelled one would be lost silently."""
        for key in self._values:
            if key not in self._taken:
                known = ", ".join(dict.fromkeys(self._taken))
                self.faults.append(Fault(field=self.at(key), value=self._values[key], allowed=f"keys: {known}"))
