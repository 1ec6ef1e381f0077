"""Addresses of pages, put together from the parts of their rules: a page has sixty of them.

Flask looks for the rule that fits, each time anew, which took a tenth of a page. An endpoint of ours has one rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from flask import Flask, has_request_context, request

from web.compiled import Templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    _Parts = tuple[str, Sequence[tuple[str, str]]]

__all__ = ["LinkingFlask"]

_PART: Final = re.compile(r"<(?:(?:string|int|uuid|path):)?(\w+)>")
_here: Final = request._get_current_object  # type: ignore[attr-defined] # noqa: SLF001 - by name it takes 1 µs longer
# What may stand as it is in each part of an address. Source: WHATWG, URL Standard, 1.3 Percent-encoded bytes.
_IN_PATH, _IN_QUERY, _IN_ANCHOR = "!$&'()*+,/:;=@", "!$'()*,/:;?@", "%!#$&'()*+,/:;=?@"


class LinkingFlask(Flask):
    """Flask with a quicker `url_for`: the same addresses (a test compares them), the unusual ones still its own."""

    jinja_environment = Templates

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._parts_of: dict[str, _Parts | None] = {}

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return the address of an endpoint.

        Args:
            endpoint: with the name of its blueprint.
            _anchor: the place on the page.
            _method, _scheme, _external: as in Flask.
            values: of the rule; others become its query, None is left out.
        """
        if endpoint not in self._parts_of:
            self._parts_of[endpoint] = self._parts(endpoint)
        parts = self._parts_of[endpoint]
        unusual = _method or _scheme or _external or not has_request_context() or _here().environ.get("SCRIPT_NAME")
        if parts is None or unusual:
            own = super().url_for
            return own(endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values)
        asked = values.copy()
        for change in self.url_default_functions.get(None, ()):
            change(endpoint, asked)
        address, named = parts
        for name, rest in named:
            if (value := asked.pop(name, None)) is None:
                return super().url_for(endpoint, _anchor=_anchor, **values)  # says what is missing
            address += quote(str(value), safe=_IN_PATH) + rest
        if asked and (query := [one for one in asked.items() if one[1] is not None]):
            address += "?" + urlencode(query, doseq=True, safe=_IN_QUERY)
        return address if _anchor is None else f"{address}#{quote(_anchor, safe=_IN_ANCHOR)}"

    def _parts(self, endpoint: str) -> _Parts | None:
        """Return how the address of an endpoint begins, then each name with what follows; None where Flask chooses."""
        rules = [rule for rule in self.url_map.iter_rules() if rule.endpoint == endpoint]
        parts = _PART.split(rules[0].rule) if len(rules) == 1 else ["<"]
        own = any(name is not None and endpoint.startswith(f"{name}.") for name in self.url_default_functions)
        odd = own or rules[0].defaults or rules[0].alias if rules else True
        if odd or "<" in "".join(parts[::2]):
            return None
        return parts[0], list(zip(parts[1::2], parts[2::2], strict=True))
