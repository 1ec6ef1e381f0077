"""Use cases of the playbook: packs are kept, changes are proposed, and a second person puts them in force.

What a pack says is read outside, where the plugins are: a proposal brings the pack as data, with the faults that were
found in it, and names the text it was made from. Composed with the playbook in force, it changes its subject alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core import packfile
from core.advising.desk import Command, Desk, Receipt
from core.decision.composing import compose
from core.decision.playbook import Playbook
from core.errors import Conflict, InvalidValue, NotFound, RungwiseError
from core.journal.root import Stamp
from core.packfile import TRUST
from core.people import packs, proposals
from core.people.access import Permission, Principal, require
from core.people.institution import Institution
from core.plan.calendars import Calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from core.packfile import PackFile
    from core.people.proposals import Proposal

__all__ = [
    "ApproveProposal",
    "DeclineProposal",
    "ForgetPublisher",
    "ImportPack",
    "ProposeChange",
    "SavePack",
    "TrustPublisher",
    "approve_proposal",
    "decline_proposal",
    "export_pack",
    "forget_publisher",
    "import_pack",
    "playbook_with",
    "propose_change",
    "publish_due",
    "read_pack",
    "save_pack",
    "trust_publisher",
]

ACTOR = "daily tick"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePack(Command):
    """Keep the text of a pack as a draft; see `core.people.packs.save_pack`.

    Args:
        seen: digest of the draft that the person had before them, "" for none; None for a program, which asks nobody.
    """

    name: str
    text: str
    origin: str = "editor"
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPack(Command):
    """Keep the pack of a file as a draft.

    Args:
        data: of the file; see `core.packfile`.
        confirmed: a steward takes it although its signature is not a trusted one.
        seen: as of `SavePack`.
    """

    data: bytes
    confirmed: bool = False
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeChange(Command):
    """Propose a change of the playbook.

    Args:
        kind: a key of `core.people.proposals.KINDS`.
        subject: what is changed; see `core.decision.composing.compose`.
        change: what it becomes; for a pack {"pack": the pack as the host made it}.
        effective_on: the day from which it counts, today or later.
        note: why.
        draft: for kind "pack", the digest of the draft's text from which the pack was made.
        faults: what the check of the pack found, one sentence each; with any the proposal is refused.
    """

    kind: str
    subject: str
    change: dict[str, Any] = field(default_factory=dict)
    effective_on: date
    note: str
    draft: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveProposal(Command):
    """Approve what another person proposed."""

    proposal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineProposal(Command):
    """Decline a proposal, or take back one's own."""

    proposal: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPublisher(Command):
    """Trust packs signed under a public key [64 hexadecimal digits]."""

    name: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPublisher(Command):
    """Trust packs of a publisher no more."""

    public_key: str


def save_pack(desk: Desk, who: Principal, command: SavePack) -> Receipt:
    """Keep the text of a pack; it counts for nothing until it is proposed and approved.

    Raises:
        Conflict: somebody else saved another text than the one that was seen.
    """
    require(who, Permission.WRITE_PACKS)

    def decide(one: Institution, stamp: Stamp) -> None:
        _meanwhile(one, command.name, command.text, command.seen)
        packs.save_pack(one, command.name, command.text, origin=command.origin, stamp=stamp)

    return _change(desk, who, command, decide)


def import_pack(desk: Desk, who: Principal, command: ImportPack) -> Receipt:
    """Keep the pack of a file as a draft, with the key under which it was signed and found whole.

    Raises:
        InvalidValue: it is no pack file.
        NotAllowed: its signature is not a trusted one, and who would take it all the same is no steward.
        Conflict: its signature is not a trusted one and nobody confirmed it, or a draft was saved meanwhile.
    """
    require(who, Permission.WRITE_PACKS)
    file = read_pack(desk, command.data)
    if file.trust != "trusted":
        require(who, Permission.TRUST_PUBLISHER)
        if not command.confirmed:
            raise Conflict(f"pack {file.name} is untrusted: {TRUST[file.trust]}; a steward confirms it or leaves it")

    def decide(one: Institution, stamp: Stamp) -> None:
        _meanwhile(one, file.name, file.text, command.seen)
        packs.save_pack(one, file.name, file.text, origin="import", signed_by=file.public_key, stamp=stamp)

    return _change(desk, who, command, decide)


def read_pack(desk: Desk, data: bytes) -> PackFile:
    """Return what a pack file holds and what its signature is worth here; what was exported here is trusted.

    Raises:
        InvalidValue: it is no pack file.
    """
    held = desk.institution()
    own = {packfile.public_key(desk.journal.keys): held.settings["name"]}
    return packfile.read(data, {**held.publishers, **own})


def export_pack(desk: Desk, who: Principal, name: str) -> bytes:
    """Return the draft of a pack as a file, signed by the institution.

    Raises:
        NotFound: the institution keeps no such draft.
    """
    require(who, Permission.WRITE_PACKS)
    held = desk.institution()
    if name not in held.drafts:
        raise NotFound(f"there is no pack {name} of this institution's own")
    return packfile.sign(desk.journal.keys, name, held.drafts[name].text, held.settings["name"])


def propose_change(desk: Desk, who: Principal, command: ProposeChange) -> Receipt:
    """Propose a change; nothing counts yet.

    Raises:
        InvalidValue: the check found faults, or the change is not one of its kind.
        Conflict: it would change nothing, two packs would claim one thing, the draft was saved anew meanwhile, or
            another proposal on the subject waits.
    """
    require(who, Permission.WRITE_PACKS)
    today = desk.today()

    def decide(one: Institution, stamp: Stamp) -> None:
        change = {**command.change}
        if command.kind == "pack":
            change["draft"] = _of_draft(one, command)
        if command.faults:
            more = f" and {len(command.faults) - 1} more" if len(command.faults) > 1 else ""
            raise InvalidValue(f"pack {command.subject}", command.faults[0] + more, "a pack without faults")
        _composed(one, command.kind, command.subject, change, today)
        proposals.propose(
            one,
            kind=command.kind,
            subject=command.subject,
            change=change,
            effective_on=command.effective_on,
            note=command.note,
            today=today,
            stamp=stamp,
        )

    return _change(desk, who, command, decide)


def approve_proposal(desk: Desk, who: Principal, command: ApproveProposal) -> Receipt:
    """Approve a proposal; when its day has come, it is in force with the same save.

    Raises:
        NotFound: there is no such proposal.
        Conflict: it is the person's own, waits no more, or does not go with the playbook in force any more.
    """
    require(who, Permission.APPROVE_PLAYBOOK)
    today = desk.today()

    def decide(one: Institution, stamp: Stamp) -> None:
        held = proposals.approve(one, command.proposal, stamp=stamp)
        made = _composed(one, held.kind, held.subject, held.change, today)
        if held.effective_on <= today:
            proposals.publish(one, held.id, made.content, digest=made.digest, stamp=stamp)

    return _change(desk, who, command, decide)


def decline_proposal(desk: Desk, who: Principal, command: DeclineProposal) -> Receipt:
    """Decline a proposal; its author takes it back by the same.

    Raises:
        NotFound: there is no such proposal.
        Conflict: it is in force or declined already.
    """
    require(who, Permission.WRITE_PACKS)

    def decide(one: Institution, stamp: Stamp) -> None:
        if proposals.proposal_of(one, command.proposal).author != who.member_id:
            require(who, Permission.APPROVE_PLAYBOOK)
        proposals.decline(one, command.proposal, command.reason, stamp=stamp)

    return _change(desk, who, command, decide)


def trust_publisher(desk: Desk, who: Principal, command: TrustPublisher) -> Receipt:
    """Trust what is signed under a key from now on."""
    require(who, Permission.TRUST_PUBLISHER)
    return _change(
        desk,
        who,
        command,
        lambda one, stamp: packs.trust_publisher(one, command.name, command.public_key, stamp=stamp),
    )


def forget_publisher(desk: Desk, who: Principal, command: ForgetPublisher) -> Receipt:
    """Trust a publisher no more; what was published stays in force."""
    require(who, Permission.TRUST_PUBLISHER)
    return _change(desk, who, command, lambda one, stamp: packs.forget_publisher(one, command.public_key, stamp=stamp))


def playbook_with(desk: Desk, kind: str, subject: str, change: dict[str, Any]) -> Playbook:
    """Return the playbook that a change would make today, for a preview.

    Raises:
        InvalidValue, NotFound, Conflict: as `core.decision.composing.compose`.
    """
    return _composed(desk.institution(), kind, subject, change, desk.today())


def publish_due(desk: Desk, *, now: datetime) -> int:
    """Put in force what was approved for a day that has come; return how many proposals.

    It acts for nobody. What does not go with the playbook in force any more is declined with the reason, so that it
    neither comes in half nor is tried for ever.
    """
    today = now.astimezone(desk.institution().zone).date()
    published = 0
    for held in proposals.due(desk.institution(), today):
        tick = Command(command_id=f"{ACTOR} proposal {held.id}")
        stamp = Stamp(actor=ACTOR, command_id=tick.command_id, recorded_at=now)

        def decide(one: Institution, held: Proposal = held, stamp: Stamp = stamp) -> None:
            if one.proposals[held.id].state != "approved":  # another process was first
                return
            try:
                made = _composed(one, held.kind, held.subject, held.change, today)
            except RungwiseError as error:
                proposals.decline(one, held.id, f"could not come into force: {error}"[:2000], stamp=stamp)
            else:
                proposals.publish(one, held.id, made.content, digest=made.digest, stamp=stamp)

        desk.change(Institution, desk.journal.keys.institution, tick, decide)
        published += desk.institution().proposals[held.id].state == "in force"
    return published


def _meanwhile(one: Institution, name: str, content: str, seen: str | None) -> None:
    held = one.drafts.get(name)
    if seen is not None and held and held.digest != seen and held.text != content:
        raise Conflict(f"pack {name}: somebody saved it meanwhile; look at both texts")


def _of_draft(one: Institution, command: ProposeChange) -> str:
    draft = one.drafts.get(command.subject)
    if draft is None or draft.digest != command.draft:
        raise Conflict(f"pack {command.subject}: its draft was saved anew meanwhile; look at it again")
    return draft.digest


def _composed(one: Institution, kind: str, subject: str, change: dict[str, Any], today: date) -> Playbook:
    content = one.playbook
    if content is None:
        raise Conflict("no playbook is in force yet; a steward publishes one")
    held = str(content["label"])
    label, _, number = held.partition(".")
    again = label == today.isoformat() and (not number or number.isdecimal())
    made = compose(
        content, kind, subject, change, label=f"{label}.{int(number or 1) + 1}" if again else today.isoformat()
    )
    playbook = Playbook.from_content(made)
    Calendar.from_content(playbook.content)  # refused now, not at somebody's decision
    return playbook


def _change(desk: Desk, who: Principal, command: Command, decide: Callable[[Institution, Stamp], None]) -> Receipt:
    stamp = desk.stamp(who.member_id, command)
    return desk.change(Institution, desk.journal.keys.institution, command, lambda one: decide(one, stamp))
