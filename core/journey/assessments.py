"""Assessments: facts recorded, confirmed, disputed and corrected; weaknesses assessed; the profile made from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from core.errors import InvalidValue, NotFound
from core.journal.root import Root, Stamp
from core.journey.inventory import FACTS, FactKind, Value, check, show
from core.journey.journey import Fact, StoredWeakness, refuse_if_changed
from core.values import SOURCE_MAX, one_of, remark, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.journey.journey import Journey

__all__ = [
    "FactConfirmed",
    "FactCorrected",
    "FactDisputed",
    "FactRecorded",
    "ProfileClassified",
    "WeaknessesAssessed",
    "assess_weaknesses",
    "classify_profile",
    "confirm_fact",
    "correct_fact",
    "dispute_fact",
    "record_fact",
]

MONTHS_MAX = 120
WEAKNESSES = ("research", "step2", "letters", "other")  # playbook REAPPLY.fix


class _FactSet(Root.Event):
    """What a recorded and a corrected fact share: they carry a value and where it came from."""

    name: str
    value: Value
    source: str
    on_behalf: bool

    def fact(self, disputed: str | None = None) -> Fact:
        return Fact(
            name=self.name,
            value=self.value,
            source=self.source,
            happened_on=self.happened_on,
            recorded_at=self.recorded_at,
            actor=self.actor,
            version=self.originator_version,
            on_behalf=self.on_behalf,
            disputed=disputed,
        )


class FactRecorded(_FactSet):
    """A fact was written down, by a person or by an import; the newest recorded value wins."""

    TOPIC: ClassVar[str] = "assessment.fact-recorded"
    imported: bool

    def apply(self, journey: Journey) -> None:
        """Set the value, and remember what the import said; only a confirmation or a correction ends a dispute."""
        old = journey.facts.get(self.name)
        journey.facts[self.name] = self.fact(disputed=old.disputed if old else None)
        if self.imported:
            journey.imported[self.name] = self.value


class FactConfirmed(Root.Event):
    """The student says that a recorded value is right."""

    TOPIC: ClassVar[str] = "assessment.fact-confirmed"
    name: str
    on_behalf: bool

    def apply(self, journey: Journey) -> None:
        """Mark the fact as confirmed; a dispute about it is over."""
        fact = journey.facts[self.name]
        journey.facts[self.name] = replace(fact, confirmed=True, disputed=None, version=self.originator_version)


class FactDisputed(Root.Event):
    """The student says that a recorded value is wrong; it counts as known, is marked, and keeps the gates shut."""

    TOPIC: ClassVar[str] = "assessment.fact-disputed"
    name: str
    reason: str
    on_behalf: bool

    def apply(self, journey: Journey) -> None:
        """Mark the fact as disputed."""
        fact = journey.facts[self.name]
        journey.facts[self.name] = replace(fact, confirmed=False, disputed=self.reason, version=self.originator_version)


class FactCorrected(_FactSet):
    """A recorded value was replaced by the right one, with the reason."""

    TOPIC: ClassVar[str] = "assessment.fact-corrected"
    reason: str

    def apply(self, journey: Journey) -> None:
        """Set the corrected value."""
        journey.facts[self.name] = self.fact()


class WeaknessesAssessed(Root.Event):
    """The main weaknesses of the application, each with its remedy; an empty list means assessed, none found."""

    TOPIC: ClassVar[str] = "assessment.weaknesses-assessed"
    weaknesses: tuple[StoredWeakness, ...]
    source: str

    def apply(self, journey: Journey) -> None:
        """Set the assessed list."""
        journey.weaknesses = self.weaknesses
        journey.weaknesses_version = self.originator_version


class ProfileClassified(Root.Event):
    """The profile made from Step 2, research and interviews (playbook WEEK1.profile)."""

    TOPIC: ClassVar[str] = "assessment.profile-classified"
    profile: dict[str, Any]
    playbook: str

    def apply(self, journey: Journey) -> None:
        """Set the profile."""
        journey.profile = self.profile


def record_fact(
    journey: Journey,
    name: str,
    value: object,
    *,
    source: str,
    stamp: Stamp,
    seen: int | None = None,
    imported: bool = False,
    on_behalf: bool = False,
    kinds: Mapping[str, FactKind] = FACTS,
) -> None:
    """Record a fact; the same value from the same source again is quiet, and a dispute about it stays open.

    Args:
        journey: changed in place.
        name: of a fact in `kinds`.
        value: checked against what is allowed.
        source: where the value comes from, for example "ERAS export".
        stamp: who, by which command, when.
        seen: version of the journey the person saw; a later change to the same fact is not overwritten silently.
        imported: the value comes from a roster.
        on_behalf: an advisor records the student's own word.
        kinds: the facts that may be recorded; those of packs depend on the dream field.

    Raises:
        InvalidValue: unknown fact or value, or no source.
        ChangedMeanwhile: somebody else changed the same fact since.
    """
    value = check(name, value, kinds)
    source = text("source", source, SOURCE_MAX)
    old = journey.facts.get(name)
    if old is not None:
        _refuse_lost_update(old, value, seen, kinds)
        if old.value == value and old.source == source and old.happened_on == stamp.happened_on:
            return
    journey.record(FactRecorded, stamp, name=name, value=value, source=source, imported=imported, on_behalf=on_behalf)


def confirm_fact(
    journey: Journey,
    name: str,
    *,
    stamp: Stamp,
    seen: int | None = None,
    on_behalf: bool = False,
    kinds: Mapping[str, FactKind] = FACTS,
) -> None:
    """Confirm a recorded fact as the student; confirming twice is quiet.

    Raises:
        NotFound: the fact was never recorded.
        ChangedMeanwhile: somebody else changed the same fact since, so another value would be confirmed.
    """
    fact = _known(journey, name, kinds)
    if not fact.confirmed:
        _refuse_unseen(fact, "confirmed", seen, kinds)
        journey.record(FactConfirmed, stamp, name=name, on_behalf=on_behalf)


def dispute_fact(
    journey: Journey,
    name: str,
    *,
    reason: str,
    stamp: Stamp,
    seen: int | None = None,
    on_behalf: bool = False,
    kinds: Mapping[str, FactKind] = FACTS,
) -> None:
    """Dispute a recorded fact as the student; disputing it again with the same reason is quiet.

    Raises:
        NotFound: the fact was never recorded.
        InvalidValue: no reason.
        ChangedMeanwhile: somebody else changed the same fact since, so another value would be disputed.
    """
    fact = _known(journey, name, kinds)
    reason = text("reason", reason)
    if fact.disputed != reason:
        _refuse_unseen(fact, f"disputed: {reason}", seen, kinds)
        journey.record(FactDisputed, stamp, name=name, reason=reason, on_behalf=on_behalf)


def correct_fact(
    journey: Journey,
    name: str,
    value: object,
    *,
    source: str,
    reason: str,
    stamp: Stamp,
    seen: int | None = None,
    on_behalf: bool = False,
    kinds: Mapping[str, FactKind] = FACTS,
) -> None:
    """Replace a recorded value by the right one; the old one stays in the record.

    Raises:
        NotFound: the fact was never recorded.
        InvalidValue: value, source or reason is not allowed, or the value is the one already recorded.
        ChangedMeanwhile: somebody else changed the same fact since.
    """
    fact = _known(journey, name, kinds)
    value = check(name, value, kinds)
    reason = text("reason", reason)
    source = text("source", source, SOURCE_MAX)
    _refuse_lost_update(fact, value, seen, kinds)
    if fact.value == value and fact.disputed is None:
        raise InvalidValue(name, show(name, value), "a value other than the recorded one")
    journey.record(FactCorrected, stamp, name=name, value=value, source=source, reason=reason, on_behalf=on_behalf)


def assess_weaknesses(
    journey: Journey,
    weaknesses: Iterable[StoredWeakness],
    *,
    source: str,
    stamp: Stamp,
    seen: int | None = None,
) -> None:
    """Record the main weaknesses and their remedies; the same list again is quiet.

    Raises:
        InvalidValue: unknown kind, months out of range, a remedy that is too long, or no source.
        ChangedMeanwhile: somebody else assessed them since.
    """
    listed = tuple(replace(one, remedy=remark("remedy", one.remedy or "") or None) for one in weaknesses)
    source = text("source", source, SOURCE_MAX)
    for weakness in listed:
        one_of("kind", weakness.kind, WEAKNESSES)
        if weakness.months is not None and not 0 <= weakness.months <= MONTHS_MAX:
            raise InvalidValue("months", weakness.months, f"a whole number from 0 to {MONTHS_MAX}, or unknown")
    if journey.weaknesses == listed:
        return
    refuse_if_changed(
        "weaknesses",
        changed_version=journey.weaknesses_version,
        seen=seen,
        theirs=_words(journey.weaknesses),
        yours=_words(listed),
        who="a colleague",
    )
    journey.record(WeaknessesAssessed, stamp, weaknesses=listed, source=source)


def classify_profile(journey: Journey, profile: dict[str, Any], *, playbook: str, stamp: Stamp) -> None:
    """Record the profile when it is another than the last one."""
    if journey.profile != profile:
        journey.record(ProfileClassified, stamp, profile=profile, playbook=playbook)


def _known(journey: Journey, name: str, kinds: Mapping[str, FactKind]) -> Fact:
    fact = journey.facts.get(name)
    if fact is None and name not in kinds:
        raise InvalidValue("fact", name, "one of " + ", ".join(kinds))
    if fact is None:
        raise NotFound(
            f"{_label(name, kinds)}: nothing is recorded yet, so there is nothing to confirm, dispute or correct"
        )
    return fact


def _label(name: str, kinds: Mapping[str, FactKind]) -> str:
    return kinds[name].label if name in kinds else name  # what a withdrawn pack asked stays in the record


def _refuse_lost_update(fact: Fact, value: Value, seen: int | None, kinds: Mapping[str, FactKind]) -> None:
    refuse_if_changed(
        _label(fact.name, kinds),
        changed_version=fact.version,
        seen=seen,
        theirs=show(fact.name, fact.value),
        yours=show(fact.name, value),
        who=fact.actor,
    )


def _refuse_unseen(fact: Fact, yours: str, seen: int | None, kinds: Mapping[str, FactKind]) -> None:
    label, theirs = _label(fact.name, kinds), show(fact.name, fact.value)
    refuse_if_changed(label, changed_version=fact.version, seen=seen, theirs=theirs, yours=yours, who=fact.actor)


def _words(weaknesses: tuple[StoredWeakness, ...] | None) -> str:
    if not weaknesses:
        return "none found" if weaknesses == () else "not assessed"
    return "; ".join(
        f"{w.kind} {'unknown' if w.months is None else w.months} months{f', {w.remedy}' if w.remedy else ''}"
        for w in weaknesses
    )
