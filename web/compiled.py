"""Compiled templates, kept for every application of the process: a page is compiled once, however many it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask.templating import Environment
from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import CodeType

    from jinja2.bccache import Bucket

__all__ = ["COMPILED", "Templates"]


class Templates(Environment):
    """Flask's environment, whose names are complete before the first template is loaded.

    So each template can have them in one dictionary. Through the two of a ChainMap every page and every import in it
    went over all names one by one, which took a thirtieth of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template sees: its own and everybody's."""
        return {**self.globals, **(d or {})}


class _Compiled(BytecodeCache):
    """Holds code by the name of a template and the checksum of its text; what changed is compiled again."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._held.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._held[bucket.key] = (bucket.checksum, bucket.code)


#: Only code, which is the same for every institution and every person; each application sets its own options alike.
COMPILED: Final = _Compiled()
