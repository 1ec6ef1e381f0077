"""What a change would do, before anybody proposes or approves it: to the playbook itself, and to past students."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.advising.playbooks import playbook_with
from core.decision.playbook import DEFAULTS
from core.decision.wording import sentence
from core.errors import Conflict, InvalidValue, NotFound
from core.values import TEXT_MAX
from web.edge import house
from web.fields import Day, Words
from web.packs.contents import Altered, altered
from web.packs.difference import Difference, difference
from web.packs.readings import READINGS
from web.packs.values import cutoff_of
from web.packs.wording import change_words, parameter_title, specialty_name
from web.schemas import FormSchema

if TYPE_CHECKING:
    from core.decision.playbook import Playbook

__all__ = ["Asked", "ProposeForm", "asked", "what_alters"]


class ProposeForm(FormSchema):
    """From when a change counts, today where nothing is said, and why."""

    effective_on = Day("In force from")
    note = Words("What changes, and why", longest=TEXT_MAX, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A change as it is shown before it is made.

    Args:
        title: what it is, in a few words.
        altered: what it does to the playbook.
        difference: what it would change for past students; None where it cannot be made.
        refused: why it cannot be made; empty where it can.
    """

    title: str
    altered: tuple[Altered, ...]
    difference: Difference | None
    refused: str


def asked(kind: str, subject: str, change: dict[str, Any], *, number: int = 1) -> Asked:
    """Return what a change would do to the playbook in force.

    Args:
        kind: a key of `core.people.proposals.KINDS`.
        subject: what is changed.
        change: what it becomes.
        number: of the page of students.
    """
    title = change_words(kind, subject, change)
    try:
        new = playbook_with(house().desk, kind, subject, change)
    except (Conflict, InvalidValue, NotFound) as error:
        return Asked(title=title, altered=(), difference=None, refused=sentence(error))
    old = house().desk.playbook()
    if kind == "parameter" and _value(old, subject) == _value(new, subject):
        return Asked(title=title, altered=(), difference=None, refused="It is so already: nothing would change.")
    return Asked(
        title=title,
        altered=what_alters(old, new, kind, subject),
        difference=difference(old, new, number=number),
        refused="",
    )


def what_alters(old: Playbook, new: Playbook, kind: str, subject: str) -> tuple[Altered, ...]:
    """Return what a change of one subject makes different in a playbook.

    Args:
        old: before it.
        new: with it.
        kind: a key of `core.people.proposals.KINDS`.
        subject: what is changed.
    """
    if kind == "parameter":
        before, now = (_value(one, subject) for one in (old, new))
        parts = (("value", before, now),)
        return (Altered(what="parameter", called=parameter_title(subject), how="changed", parts=parts),)
    if kind == "cutoff":
        before, now = (_cutoff(one, subject) for one in (old, new))
        parts = (("Step 2", before, now),)
        return (Altered(what="cutoff of", called=specialty_name(subject), how="changed", parts=parts),)
    was, now_ = ({pack["name"]: pack for pack in one.content["packs"]} for one in (old, new))
    rows = altered(was.get(subject), now_.get(subject))
    if kind != "withdrawal":
        return rows
    # the general pack takes the names back, so that what is recorded of anybody goes on
    return tuple(
        replace(one, called=f"{one.called}, all but its name") if one.what == "specialty" else one for one in rows
    )


def _value(playbook: Playbook, subject: str) -> str:
    slug, _, name = subject.rpartition(":")
    plain = playbook.parameters.get(name, DEFAULTS[name].default)
    return READINGS[name].shown(playbook.parameter(name, slug) if slug else plain)


def _cutoff(playbook: Playbook, slug: str) -> str:
    held = cutoff_of(playbook.content, slug)
    return held.words if held else "none"
