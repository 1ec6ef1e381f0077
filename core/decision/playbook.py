"""The playbook in force: named parameters, cutoffs and pack content, known by the digest of the whole.

A playbook is data. Everything a decision needs from a pack is in its content, so no plugin is asked while deciding.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from core.decision.content import check_content
from core.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.evidence import FactValue


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named threshold of the playbook.

    Attributes:
        default: the value unless an institution or a pack sets another.
        source: the playbook id that the threshold belongs to.
        low: least value that means something; below it a rule could never hold, or never fail.
        high: greatest such value.
    """

    default: int
    source: str
    low: int
    high: int


#: Source: playbook §4, parameters; units are in the names or beside them. The bounds are the house's: grades end at 4,
#: 16 offers are above the published range, Step 2 ends at 300; five years of repair or 500 applications are no plan.
DEFAULTS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        "handful_min": Parameter(3, "REAPPLY.interviews", 1, 15),  # interview offers
        "champion_min": Parameter(3, "PIVOT.champion", 1, 4),  # champion grade, 0 to 4
        "significant_gap": Parameter(10, "PIVOT.cutoff", 1, 100),  # Step 2 points
        "max_fix_months": Parameter(12, "REAPPLY.fix", 1, 60),
        "plan_months_min": Parameter(12, "DERM.plan", 1, 60),
        "plan_months_max": Parameter(24, "DERM.plan", 1, 60),
        "thin_max": Parameter(4, "REAPPLY.interviews", 1, 15),  # interview offers
        "shotgun_min": Parameter(80, "PLAN.12.strategic", 1, 500),  # applications
        "strong_scores_min": Parameter(245, "EPU.strong", 1, 300),  # Step 2 points
    }
)

#: The pack that only carries the names of all other known specialties, so it yields to any other pack.
GENERAL_PACK: Final = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A pack's "reapply only if" about one fact; known and not met it is a reason to pivot.

    Attributes:
        id: for example DERM.move.
        fact: a fact of the contract.
        equals: the value needed, when `low` and `high` are both None.
        low: least number needed, or the name of the parameter that holds it.
        high: greatest number allowed, or the name of the parameter that holds it.
        sentence: the condition in the pack's words.
    """

    id: str
    fact: str
    equals: FactValue
    low: int | str | None
    high: int | str | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialty:
    """What a decision needs to know of a specialty.

    Attributes:
        slug: the stable id.
        name: the name in full, "Orthopedic surgery".
        short: the name in a sentence, "ortho".
        pack: name of the pack it comes from.
        hyper_competitive: True where many applications without a sponsor are warned of (PLAN.12.strategic).
        trusted_statements_only: True where only statements the student trusts count (EPU).
        parameters: the pack's own values for this specialty.
        conditions: the pack's reapply-only-if conditions.
        cutoff: Step 2 cutoff in force, from the institution or else the pack; None = none is known.
    """

    slug: str
    name: str
    short: str
    pack: str
    hyper_competitive: bool
    trusted_statements_only: bool
    parameters: Mapping[str, int]
    conditions: tuple[Condition, ...]
    cutoff: int | None


@dataclass(frozen=True, slots=True)
class Playbook:
    """Rules' parameters, cutoffs and pack content; make one with `from_content`.

    Attributes:
        canonical: the content as canonical JSON (keys sorted, no spaces, UTF-8).
        digest: "sha256:" and the hex SHA-256 of `canonical`.
        parameters: the institution's values, by name or "slug:name".
        specialties: slug to specialty.
    """

    canonical: str
    digest: str
    parameters: Mapping[str, int]
    specialties: Mapping[str, Specialty]

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Playbook:
        """Make a playbook of its content.

        Raises:
            InvalidValue: if the content is not of the known format, or two packs claim one specialty.
        """
        return cls._made(content, dated=True)

    @classmethod
    def _made(cls, content: Mapping[str, Any], *, dated: bool) -> Playbook:
        try:
            canonical = json.dumps(
                content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_refuse
            )
            digest = hashlib.sha256(canonical.encode()).hexdigest()
        except (ValueError, TypeError) as fault:
            raise InvalidValue("playbook content", str(fault), "plain JSON data") from fault
        plain = json.loads(canonical)
        check_content(plain, frozenset(DEFAULTS), dated=dated)
        return cls(
            canonical=canonical,
            digest=f"sha256:{digest}",
            parameters=MappingProxyType(plain["parameters"]),
            specialties=MappingProxyType(_specialties(plain)),
        )

    @property
    def content(self) -> dict[str, Any]:
        """A copy of the content, plain and JSON-safe."""
        content: dict[str, Any] = json.loads(self.canonical)
        return content

    def specialty(self, slug: str) -> Specialty:
        """Return a known specialty.

        Raises:
            InvalidValue: if no pack declares the slug.
        """
        found = self.specialties.get(slug)
        if found is None:
            raise InvalidValue("specialty", slug, "the slug of a specialty that a pack declares")
        return found

    def parameter(self, name: str, slug: str) -> int:
        """Return a parameter: `slug:name`, then the pack's value, then the plain name, then the default."""
        own = self.parameters.get(f"{slug}:{name}")
        if own is not None:
            return own
        specialty = self.specialties.get(slug)
        if specialty is not None and name in specialty.parameters:
            return specialty.parameters[name]
        plain = self.parameters.get(name)
        return DEFAULTS[name].default if plain is None else plain

    def cutoff(self, slug: str) -> int | None:
        """Return the Step 2 cutoff in force for a specialty, or None when none is known (PIVOT.cutoff)."""
        return self.specialty(slug).cutoff

    def with_overrides(self, parameters: Mapping[str, int], cutoffs: Mapping[str, int] | None) -> Playbook:
        """Return this playbook with other values, for a question "what if": another content, so another digest.

        Args:
            parameters: by name or "slug:name", laid over this playbook's own.
            cutoffs: slug to Step 2 score; replaces every cutoff, the packs' too. None = leave the cutoffs alone.

        Raises:
            InvalidValue: if a parameter or a slug is not known.
        """
        content = self.content
        content["parameters"] |= parameters
        if cutoffs is not None:
            given = {"source": "given with the request", "date": None}
            content["cutoffs"] = {slug: {"step2": score, **given} for slug, score in cutoffs.items()}
            for pack in content["packs"]:
                for spec in pack["specialties"]:
                    if spec.get("cutoff") is not None:
                        spec["cutoff"] = None
        return self if content == self.content else Playbook._made(content, dated=False)


def _refuse(value: object) -> object:
    """Refuse what JSON cannot hold, naming its type and never its content."""
    raise TypeError(type(value).__name__)


def _specialties(content: Mapping[str, Any]) -> dict[str, Specialty]:
    """Return every specialty by slug; the general pack yields, any other double claim is refused."""
    found: dict[str, Specialty] = {}
    for pack in content["packs"]:
        for spec in pack["specialties"]:
            slug, held = spec["slug"], found.get(spec["slug"])
            if held is not None and GENERAL_PACK not in {held.pack, pack["name"]}:
                both = f"{slug} in the packs {held.pack} and {pack['name']}"
                raise InvalidValue("specialty", both, "a specialty belongs to one pack")
            if held is None or held.pack == GENERAL_PACK:
                found[slug] = _specialty(spec, pack["name"], content["cutoffs"].get(slug))
    for slug in content["cutoffs"]:
        _check_known(f"cutoffs/{slug}", slug, found)
    for name in content["parameters"]:
        slug, colon, _ = name.partition(":")
        if colon:
            _check_known(f"parameters/{name}", slug, found)
    return found


def _check_known(what: str, slug: str, found: Mapping[str, Specialty]) -> None:
    if slug not in found:
        raise InvalidValue(what, slug, "the slug of a specialty that a pack declares")


def _specialty(spec: Mapping[str, Any], pack: str, institution_cutoff: Mapping[str, Any] | None) -> Specialty:
    """Return one specialty of a checked pack."""
    cutoff = institution_cutoff if institution_cutoff is not None else spec.get("cutoff")
    return Specialty(
        slug=spec["slug"],
        name=spec["name"],
        short=spec["short"],
        pack=pack,
        hyper_competitive=spec.get("hyper_competitive", False),
        trusted_statements_only=spec.get("trusted_statements_only", False),
        parameters=MappingProxyType(spec.get("parameters", {})),
        conditions=tuple(
            Condition(
                id=one["id"],
                fact=one["fact"],
                equals=one.get("equals"),
                low=one.get("min"),
                high=one.get("max"),
                sentence=one["sentence"],
            )
            for one in spec.get("conditions", ())
        ),
        cutoff=None if cutoff is None else cutoff["step2"],
    )
