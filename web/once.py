"""What pages are made of is made once, and kept under everything that it was made from.

So it is never older than that, nothing has to be thrown away when something is written, and what depends on who looks
cannot reach anybody else unless the person is part of the key. It is dropped as a whole after an erasure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from markupsafe import Markup

__all__ = ["Kept", "Once"]

T = TypeVar("T")
MOST = 6000  # the rows of forty boards, each in its three forms: some 20 MB in a process


class Kept:
    """Values by their keys; of those that were not asked for lately at least `most` are kept, and at most twice that.

    Threads need no lock: at worst two make the same value.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lately: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}

    def __call__(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, made now when it is not there.

        Args:
            key: holds all that the value depends on.
            make: makes it.
        """
        lately = self._lately
        found = lately.get(key)
        if found is None:
            found = self._before.get(key)
            if found is None:
                found = make()
            if len(lately) >= self._most:
                self._before, self._lately = lately, {key: found}
            else:
                lately[key] = found
        value: T = found
        return value

    def markup(self, macro: Any, *arguments: Hashable) -> Markup:
        """Return what a macro of a template makes of its arguments; it must depend on nothing else."""
        made: Markup = self((macro.name, arguments), lambda: macro(*arguments))
        return made


class Once:
    """What is kept in this process, for the rows as they lie in one file with the same erasures."""

    def __init__(self) -> None:
        self._current = ("", Kept())

    def of(self, edition: str) -> Kept:
        """Return what is kept for an edition of the rows (`projections.news.Mark`); for another one nothing is yet."""
        known, kept = self._current
        if known != edition:
            kept = Kept()
            self._current = (edition, kept)
        return kept
