"""How each pack stands: in force, kept as a draft, brought to it, or waiting for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.decision.playbook import GENERAL_PACK
from core.decision.wording import count
from core.errors import NotFound, RungwiseError
from core.people.proposals import OF_PACKS
from plugins.host import read_pack
from web.edge import house
from web.packs.drafts import found, title_of
from web.packs.place import bringer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people.institution import Institution
    from core.people.packs import Draft
    from core.people.proposals import Proposal

__all__ = ["Standing", "asked_about", "coming", "standing", "standings", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One pack.

    Args:
        name: of the pack.
        title: what it calls itself.
        in_force: as the playbook in force holds it, or None.
        installed: as this program or a plugin with code brings it, or None.
        draft: the institution's own text, or None.
        findings: of the draft.
        drafted: the draft as a playbook would hold it; None while it has findings.
        asked: the proposal on it that waits, or is approved and waits for its day.
        came: the proposal by which it came into force; None = with the first playbook.
    """

    name: str
    title: str
    in_force: Mapping[str, Any] | None
    installed: Mapping[str, Any] | None
    draft: Draft | None
    findings: int
    drafted: Mapping[str, Any] | None
    asked: Proposal | None
    came: Proposal | None

    @property
    def shown(self) -> Mapping[str, Any] | None:
        """The pack that a page tells of: a draft without findings, else what is in force, else what is brought."""
        return self.drafted or self.in_force or self.installed

    @property
    def ready(self) -> bool:
        """Whether the draft could be proposed: no findings, nothing waits, and it is another one than in force."""
        return self.asked is None and self.drafted is not None and _digest(self.drafted) != _digest(self.in_force)

    @property
    def unfinished(self) -> bool:
        """Whether the draft has findings."""
        return self.draft is not None and self.findings > 0

    @property
    def newer(self) -> bool:
        """Whether the program or a plugin brings another one than is in force, and nobody here wrote a draft."""
        brings = self.installed is not None and self.name != GENERAL_PACK and self.draft is None
        return brings and self.asked is None and _digest(self.installed) != _digest(self.in_force)

    @property
    def may_go(self) -> bool:
        """Whether it can be taken out of the playbook."""
        return self.in_force is not None and self.name != GENERAL_PACK and self.asked is None

    @property
    def state(self) -> tuple[str, str]:
        """How it stands, in words, and the kind of state that is (`parts/words.html`)."""
        if self.asked is not None:
            return (
                ("waits for a second person", "now") if self.asked.state == "waiting" else ("approved for later", "now")
            )
        if self.unfinished:
            return f"draft with {count(self.findings, 'finding')}", "fault"
        if self.ready:
            return "draft, ready to be proposed", "now"
        if self.newer:
            by = bringer(self.name)
            return f"{by} brings another version" if self.in_force else f"brought by {by}, not in force", ""
        return ("in force", "done") if self.in_force else ("not in force", "")


def standings() -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """Return how every pack stands, the general pack last; and what is wrong with those of this program."""
    in_force, installed, faults = _packs()
    institution = house().desk.institution()
    names = sorted({*in_force, *installed, *institution.drafts}, key=lambda name: (name == GENERAL_PACK, name))
    return tuple(_made(institution, name, in_force.get(name), installed.get(name)) for name in names), faults


def standing(name: str) -> Standing:
    """Return how one pack stands; no other is looked at.

    Raises:
        NotFound: there is none of this name.
    """
    in_force, installed, _ = _packs()
    institution = house().desk.institution()
    if not any(name in held for held in (in_force, installed, institution.drafts)):
        raise NotFound(f"there is no pack {name}")
    return _made(institution, name, in_force.get(name), installed.get(name))


def _packs() -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]], tuple[str, ...]]:
    """Return the packs in force and those that are brought, by name, and what is wrong with the latter."""
    in_force = {pack["name"]: pack for pack in house().desk.playbook().content["packs"]}
    try:
        loaded = house().plugins.load()
    except RungwiseError as error:
        return in_force, {}, (str(error),)
    return in_force, {pack["name"]: pack for pack in loaded.packs}, tuple(map(str, loaded.faults))


def waiting(institution: Institution) -> tuple[Proposal, ...]:
    """Return the proposals that wait for a second person, the oldest first."""
    return tuple(one for one in institution.proposals.values() if one.state == "waiting")


def asked_about(kind: str, subject: str) -> Proposal | None:
    """Return the proposal on a parameter or a cutoff that is not over yet."""
    proposals = house().desk.institution().proposals.values()
    about = (one for one in proposals if (one.kind, one.subject) == (kind, subject))
    return next((one for one in about if one.state in ("waiting", "approved")), None)


def coming(kind: str, subject: str) -> tuple[Proposal, ...]:
    """Return what is approved for a later day of a parameter, also for one specialty of it, or of a cutoff."""
    proposals = house().desk.institution().proposals.values()
    about = (one for one in proposals if one.kind == kind and one.subject.rpartition(":")[2] == subject)
    return tuple(sorted((one for one in about if one.state == "approved"), key=lambda one: (one.effective_on, one.id)))


def _made(
    institution: Institution, name: str, in_force: Mapping[str, Any] | None, installed: Mapping[str, Any] | None
) -> Standing:
    draft = institution.drafts.get(name)
    findings = found(name, draft.text).number if draft else 0
    drafted = read_pack(name, draft.text) if draft and not findings else None
    about = [one for one in institution.proposals.values() if one.kind in OF_PACKS and one.subject == name]
    title = title_of(name, draft.text) if draft else str((in_force or installed or {})["title"])
    return Standing(
        name=name,
        title=title,
        in_force=in_force,
        installed=installed,
        draft=draft,
        findings=findings,
        drafted=drafted,
        asked=next((one for one in about if one.state in ("waiting", "approved")), None),
        came=next((one for one in reversed(about) if one.state == "in force" and in_force is not None), None),
    )


def _digest(pack: Mapping[str, Any] | None) -> object:
    return pack["digest"] if pack else None
