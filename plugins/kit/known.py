"""What the other packs hold, as far as the check of a pack must know it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.claims import CLAIMS, known_names
from core.decision.playbook import GENERAL_PACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the other packs hold.

    Attributes:
        names: what a row may name, by kind; see `core.claims`.
        claims: what belongs to one pack alone: (section, name) to the pack.
        rules: ids of their conditions, to the pack.
    """

    names: Mapping[str, frozenset[str]]
    claims: Mapping[tuple[str, str], str]
    rules: Mapping[str, str]

    @classmethod
    def of(cls, packs: Iterable[Mapping[str, Any]], name: str) -> Known:
        """Read it from the packs of a playbook's content, or from those that `plugins.host.load` returned.

        Args:
            packs: all packs.
            name: the pack that is checked, which is left out.
        """
        others = [pack for pack in packs if pack["name"] != name]
        specialties = [(row, pack["name"]) for pack in others for row in pack["specialties"]]
        claims = {
            (section, row[key]): pack["name"]
            for section, key, _ in CLAIMS
            for pack in others
            for row in pack.get(section, ())  # a playbook from before a section was there lacks it
            if section != "specialties" or GENERAL_PACK not in (pack["name"], name)  # the general pack yields
        }
        rules = {rule["id"]: owner for row, owner in specialties for rule in row.get("conditions", ())}
        return cls(names=known_names(others), claims=MappingProxyType(claims), rules=MappingProxyType(rules))
