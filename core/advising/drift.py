"""Use case: what moved the rules since a student decided; it reads alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.decision.drift import drift_of
from core.decision.playbook import Playbook
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from core.people.access import Permission, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from core.advising.desk import Desk
    from core.decision.drift import Drift
    from core.people.access import Principal

__all__ = ["what_moved"]


def what_moved(
    desk: Desk, who: Principal, decided: Iterable[tuple[UUID, int]]
) -> Iterator[tuple[Journey, Journey, Drift | None]]:
    """Compare what the rules said at decisions with what they say today, each with what moved them.

    Args:
        desk: where to read.
        who: needs to read the journeys.
        decided: journey, and the version at which its student decided.

    Yields:
        The journey as it stood then, as it stands now, and the drift; None while the outcome is the same, and where
        nothing was recommended.

    Raises:
        NotAllowed: a journey is not theirs to read.
        InvalidValue: the playbook in force does not know a dream field any more.
    """
    new, today, zone = desk.playbook(), desk.today(), desk.institution().zone
    held = {new.digest: new}
    for journey_id, version in decided:
        now = desk.journal.get(Journey, journey_id)
        require(who, Permission.READ_JOURNEY, now.target)
        then = desk.journal.get(Journey, journey_id, version)
        said = then.recommendation
        if said is None:
            yield then, now, None
            continue
        if said["playbook"] not in held:
            held |= _published(desk, {said["playbook"]} - held.keys())
        on = then.modified_on.astimezone(zone).date()
        evidence = evidence_of(then, as_of=on)
        old = held[said["playbook"]]
        yield then, now, drift_of(said, then=evidence, old=old, now=evidence_of(now, as_of=today), new=new)


def _published(desk: Desk, digests: set[str]) -> dict[str, Playbook]:
    return {one.digest: Playbook.from_content(one.content) for one in desk.published() if one.digest in digests}
