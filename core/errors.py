"""Every error the product raises on purpose, by category.

The category says what a caller can do about it; how it looks on a page or in a shell is decided in `web/errors.py`.
Messages are lower case, without a full stop: what failed: which value (what is allowed).
"""

from __future__ import annotations


class RungwiseError(Exception):
    """Base of every error raised on purpose; its text is fit to be shown to a person."""


class InvalidValue(RungwiseError):  # noqa: N818 - categories read as what happened
    """A value from outside is not allowed.

    Args:
        what: the field or key that holds the value, for example "step2".
        value: the value as given.
        allowed: what is allowed, in words, for example "a whole number from 1 to 300".
    """

    def __init__(self, what: str, value: object, allowed: str) -> None:
        shown = repr(value) if isinstance(value, str) else str(value)
        if len(shown) > 80:  # noqa: PLR2004 - a longer value would hide the sentence
            shown = shown[:77] + "..."
        super().__init__(f"{what}: {shown} is not allowed ({allowed})")
        self.what = what
        self.value = value
        self.allowed = allowed


class NotAllowed(RungwiseError):  # noqa: N818
    """The actor may not do this (deny by default)."""


class NotFound(RungwiseError):  # noqa: N818
    """There is no such thing, or the actor may not know of it."""


class Conflict(RungwiseError):  # noqa: N818
    """The state has moved on: the thing exists already, or somebody changed the same item."""


class GateClosed(RungwiseError):  # noqa: N818
    """The hold (playbook WEEK1.hold) refuses an irreversible decision.

    Args:
        decision: the decision that was refused, for example "reapply".
        missing: what must be recorded first, one name each, in the order of the playbook's table.
        disputed: facts that are known but disputed, which keep the gate shut.
    """

    def __init__(self, decision: str, missing: tuple[str, ...], disputed: tuple[str, ...] = ()) -> None:
        parts = [*missing, *(f"{name} (disputed)" for name in disputed)]
        super().__init__(f"{decision}: the gate is closed until this is recorded: {', '.join(parts)}")
        self.decision = decision
        self.missing = missing
        self.disputed = disputed


class RecordErased(RungwiseError):  # noqa: N818
    """The record was erased: its key was destroyed, and nothing can be read from or added to it."""


class StoreError(RungwiseError):
    """A store cannot be used as it is: damaged, newer than the program, or locked with another key."""
