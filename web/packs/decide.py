"""A proposal before the second person: what it changes, whom it would have touched, yes or no with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from core.advising.playbooks import ApproveProposal, DeclineProposal, approve_proposal, decline_proposal
from core.decision.playbook import Playbook
from core.decision.wording import sentence
from core.errors import Conflict
from core.people.access import Permission
from core.people.packs import ORIGINS
from core.people.proposals import proposal_of
from core.values import TEXT_MAX, short_digest
from web.edge import finish, house, may, needs, page, who
from web.packs.asking import Asked, asked, what_alters
from web.packs.drafts import publisher_of
from web.packs.place import blueprint, names, page_number
from web.packs.wording import headline
from web.schemas import FormSchema, Words, blank, load

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from core.people.proposals import Proposal
    from web.schemas import Form

__all__ = ["ProposalPage"]


class ApproveForm(FormSchema):
    """A yes: it asks for nothing more."""


class DeclineForm(FormSchema):
    """A no, with its reason."""

    reason = Words("Why not", longest=TEXT_MAX, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """What the page of a proposal shows.

    Args:
        one: the proposal.
        title: what it changes.
        author, decider: names.
        text_from: where the text of the pack came from, and what its signature is worth; empty where it is no draft.
        asked: what it does; without what it would change for students once it waits no more.
        mine: the person who looks proposed it.
        approve: the form for a yes; None where it is not theirs to give.
        decline: the form for a no, or for taking it back; None likewise.
        digest: the part of the digest of the change that people compare.
        today: at the school.
        answered: somebody just answered what was over before.
    """

    one: Proposal
    title: str
    author: str
    decider: str
    text_from: str
    asked: Asked
    mine: bool
    approve: Form | None
    decline: Form | None
    digest: str
    today: date
    answered: bool


@blueprint.get("/proposals/<int:number>")
@needs(Permission.WRITE_PACKS)
def proposal(number: int) -> ResponseReturnValue:
    """Show a proposal."""
    return _page(number, 200)


@blueprint.post("/proposals/<int:number>/approve")
@needs(Permission.APPROVE_PLAYBOOK)
def approve(number: int) -> ResponseReturnValue:
    """Say yes."""
    form = load(ApproveForm, form="yes")
    command = ApproveProposal(command_id=form.command_id, proposal=number)
    try:
        receipt = approve_proposal(house().desk, who(), command) if form.ok else None
    except Conflict as error:
        form.errors["_form"] = sentence(error)
        receipt = None
    if receipt is None:
        answered = proposal_of(house().desk.institution(), number).state != "waiting"
        return _page(number, 409, approve=None if answered else form, answered=answered)
    later = proposal_of(house().desk.institution(), number).state == "approved"
    said = "Approved. It comes into force on its day." if later else "Approved: it is in force."
    return finish(receipt, url_for("packs.proposal", number=number), said)


@blueprint.post("/proposals/<int:number>/decline")
@needs(Permission.WRITE_PACKS)
def decline(number: int) -> ResponseReturnValue:
    """Say no, or take one's own back."""
    form = load(DeclineForm, form="no")
    if form.ok:
        command = DeclineProposal(command_id=form.command_id, proposal=number, reason=form.values["reason"])
        try:
            receipt = form.send(lambda: decline_proposal(house().desk, who(), command))
        except Conflict:
            return _page(number, 409, answered=True)
        if receipt:
            return finish(receipt, url_for("packs.proposal", number=number), "It is over; nothing changes.")
    return _page(number, 422, decline=form)


def _page(
    number: int, status: int, *, approve: Form | None = None, decline: Form | None = None, answered: bool = False
) -> ResponseReturnValue:
    one, called = proposal_of(house().desk.institution(), number), names()
    mine = one.author == who().member_id
    open_ = one.state in ("waiting", "approved")
    does = _asked(one)
    says_yes = one.state == "waiting" and not mine and not does.refused and may(Permission.APPROVE_PLAYBOOK)
    view = ProposalPage(
        one=one,
        title=headline(one),
        author=called.get(one.author, one.author),
        decider=called.get(one.decided_by or "", one.decided_by or ""),
        text_from=_text_from(one),
        asked=does,
        mine=mine,
        approve=(approve or blank(ApproveForm, form="yes")) if says_yes or approve else None,
        decline=(decline or blank(DeclineForm, form="no")) if open_ or decline else None,
        digest=short_digest(one.digest),
        today=house().desk.today(),
        answered=answered,
    )
    return page("packs/proposal.html", status, view=view)


def _text_from(one: Proposal) -> str:
    institution = house().desk.institution()
    draft = institution.drafts.get(one.subject)
    if one.kind != "pack" or draft is None or draft.digest != one.change.get("draft"):
        return ""
    if draft.origin != "import":
        return ORIGINS[draft.origin]
    signer = publisher_of(draft)
    return f"{ORIGINS[draft.origin]}, " + (f"signed by {signer}" if signer else "with a signature that is not trusted")


def _asked(one: Proposal) -> Asked:
    """Return what a proposal does; one that is over shows what it did, not what it would do today."""
    if one.state in ("waiting", "approved"):
        return asked(one.kind, one.subject, one.change, number=page_number())
    books = house().desk.published()
    at = next((n for n, book in enumerate(books) if book.digest == one.playbook), 0)
    if not at:
        return Asked(title=headline(one), altered=(), difference=None, refused="")
    old, new = (Playbook.from_content(book.content) for book in books[at - 1 : at + 1])
    return Asked(title=headline(one), altered=what_alters(old, new, one.kind, one.subject), difference=None, refused="")
