"""Changes of the playbook, which one person proposes and another approves.

A proposal holds its change whole, so that what was looked at is what comes into force, on its day and by one save with
the playbook that it makes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from core.errors import Conflict, InvalidValue, NotFound
from core.journal.root import Root, Stamp
from core.people.institution import publish_playbook
from core.values import digest_of, one_of, text

if TYPE_CHECKING:
    from core.people.institution import Institution

__all__ = [
    "KINDS",
    "OF_PACKS",
    "STATES",
    "ChangeProposed",
    "Proposal",
    "ProposalApproved",
    "ProposalDeclined",
    "ProposalPublished",
    "approve",
    "decline",
    "due",
    "proposal_of",
    "propose",
    "publish",
]

KINDS = {
    "pack": "a pack of the institution's own",
    "withdrawal": "a pack taken out",
    "parameter": "a parameter",
    "cutoff": "a Step 2 cutoff",
    "installed": "a pack as this program brings it",
}
"""What a proposal may change, in words."""
OF_PACKS = ("pack", "installed", "withdrawal")
"""The kinds that change a pack."""
STATES = {
    "waiting": "waits for a second person",
    "approved": "approved, waits for its day",
    "in force": "in force",
    "declined": "declined",
}
"""How far a proposal is, in words; "in force" once it was, also when a later change went past it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One change of the playbook.

    Args:
        id: its running number.
        kind: a key of `KINDS`.
        subject: name of the pack, of the parameter ("handful_min", "dermatology:handful_min"), or slug of the cutoff.
        change: what `core.decision.composing` takes.
        effective_on: the day from which it counts.
        note: why.
        digest: of the change.
        author: id of the member who proposed it.
        at: when.
        state: a key of `STATES`.
        decided_by: who approved or declined it.
        decided_at: when.
        reason: why it was declined.
        playbook: digest of the playbook that it made.
    """

    id: int
    kind: str
    subject: str
    change: dict[str, Any]
    effective_on: date
    note: str
    digest: str
    author: str
    at: datetime
    state: str = "waiting"
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    playbook: str | None = None


class ChangeProposed(Root.Event):
    """Somebody proposed a change of the playbook, which waits for a second person."""

    TOPIC: ClassVar[str] = "institution.change-proposed"
    proposal: int
    kind: str
    subject: str
    change: dict[str, Any]
    effective_on: date
    note: str
    digest: str

    def apply(self, institution: Institution) -> None:
        """Let it wait."""
        institution.proposals[self.proposal] = Proposal(
            id=self.proposal,
            kind=self.kind,
            subject=self.subject,
            change=self.change,
            effective_on=self.effective_on,
            note=self.note,
            digest=self.digest,
            author=self.actor,
            at=self.recorded_at,
        )


class ProposalApproved(Root.Event):
    """A second person approved a proposal."""

    TOPIC: ClassVar[str] = "institution.proposal-approved"
    proposal: int

    def apply(self, institution: Institution) -> None:
        """Let it wait for its day."""
        held = institution.proposals[self.proposal]
        institution.proposals[self.proposal] = replace(
            held, state="approved", decided_by=self.actor, decided_at=self.recorded_at
        )


class ProposalDeclined(Root.Event):
    """A proposal was declined, taken back by its author, or could not come into force on its day."""

    TOPIC: ClassVar[str] = "institution.proposal-declined"
    proposal: int
    reason: str

    def apply(self, institution: Institution) -> None:
        """End it."""
        held = institution.proposals[self.proposal]
        institution.proposals[self.proposal] = replace(
            held, state="declined", decided_by=self.actor, decided_at=self.recorded_at, reason=self.reason
        )


class ProposalPublished(Root.Event):
    """A proposal came into force with the playbook of this digest."""

    TOPIC: ClassVar[str] = "institution.proposal-published"
    proposal: int
    playbook: str

    def apply(self, institution: Institution) -> None:
        """Say which playbook it made."""
        held = institution.proposals[self.proposal]
        institution.proposals[self.proposal] = replace(held, state="in force", playbook=self.playbook)


def propose(
    institution: Institution,
    *,
    kind: str,
    subject: str,
    change: dict[str, Any],
    effective_on: date,
    note: str,
    today: date,
    stamp: Stamp,
) -> None:
    """Propose a change; it was composed with the playbook in force before, so that it can be one.

    Raises:
        InvalidValue: unknown kind, no note, or a day that is over.
        Conflict: another proposal on the same subject still waits.
    """
    one_of("kind", kind, KINDS)
    if effective_on < today:
        raise InvalidValue("effective_on", effective_on.isoformat(), f"{today.isoformat()} or later")
    note = text("note", note)
    about = _about(kind, subject)
    for other in institution.proposals.values():
        if other.state == "waiting" and _about(other.kind, other.subject) == about:
            raise Conflict(f"{subject}: proposal {other.id} on it waits already; it is approved or declined first")
    institution.record(
        ChangeProposed,
        stamp,
        proposal=len(institution.proposals) + 1,
        kind=kind,
        subject=subject,
        change=change,
        effective_on=effective_on,
        note=note,
        digest=digest_of(change),
    )


def approve(institution: Institution, proposal: int, *, stamp: Stamp) -> Proposal:
    """Approve a proposal; return it as it stands then.

    Raises:
        NotFound: there is no such proposal.
        Conflict: it does not wait any more, or the person who proposed it would approve it.
    """
    held = _waiting(institution, proposal)
    if held.author == stamp.actor:
        raise Conflict(f"proposal {proposal} is your own; another person approves it")
    institution.record(ProposalApproved, stamp, proposal=proposal)
    return proposal_of(institution, proposal)


def decline(institution: Institution, proposal: int, reason: str, *, stamp: Stamp) -> None:
    """Decline a proposal, or one's own; an approved one as long as it is not in force.

    Raises:
        NotFound: there is no such proposal.
        InvalidValue: no reason.
        Conflict: it is in force, or declined already.
    """
    _waiting(institution, proposal, or_approved=True)
    institution.record(ProposalDeclined, stamp, proposal=proposal, reason=text("reason", reason))


def due(institution: Institution, today: date) -> list[Proposal]:
    """Return the approved proposals whose day has come, in the order in which they come into force."""
    found = [one for one in institution.proposals.values() if one.state == "approved" and one.effective_on <= today]
    return sorted(found, key=lambda one: (one.effective_on, one.id))


def publish(institution: Institution, proposal: int, content: dict[str, Any], *, digest: str, stamp: Stamp) -> None:
    """Put an approved proposal in force with the playbook that it makes."""
    publish_playbook(institution, content, digest=digest, note=proposal_of(institution, proposal).note, stamp=stamp)
    institution.record(ProposalPublished, stamp, proposal=proposal, playbook=digest)


def proposal_of(institution: Institution, proposal: int) -> Proposal:
    """Return a proposal.

    Raises:
        NotFound: there is none of this number.
    """
    if proposal not in institution.proposals:
        raise NotFound(f"there is no proposal {proposal}")
    return institution.proposals[proposal]


def _about(kind: str, subject: str) -> tuple[str, str]:
    """What two proposals must not both change: a pack is one, whether put in or taken out."""
    return ("pack" if kind in OF_PACKS else kind, subject)


def _waiting(institution: Institution, proposal: int, *, or_approved: bool = False) -> Proposal:
    held = proposal_of(institution, proposal)
    if held.state != "waiting" and not (or_approved and held.state == "approved"):
        raise Conflict(f"proposal {proposal} does not wait any more: it is {held.state}")
    return held
