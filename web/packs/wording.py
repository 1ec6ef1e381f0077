"""A proposal in words: what it changes, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.decision.playbook import DEFAULTS
from web.edge import house
from web.packs.place import bringer
from web.packs.readings import READINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people.proposals import Proposal

__all__ = ["change_words", "headline", "parameter_title", "specialty_name"]


def headline(one: Proposal) -> str:
    """Return what a proposal changes, in a few words."""
    return change_words(one.kind, one.subject, one.change)


def change_words(kind: str, subject: str, change: Mapping[str, Any]) -> str:
    """Return what a change is, in a few words.

    Args:
        kind: a key of `core.people.proposals.KINDS`.
        subject: what is changed.
        change: what it becomes.
    """
    if kind == "parameter":
        return f"{parameter_title(subject)}: {_number(subject, change.get('value'))}"
    if kind == "cutoff":
        held = change.get("cutoff")
        return f"Step 2 cutoff of {specialty_name(subject)}: {held['step2'] if held else 'as its pack says'}"
    if kind == "withdrawal":
        return f"Take out the pack {pack_title(subject)}"
    pack = change["pack"]
    brought = f"as {bringer(subject)} brings it, " if kind == "installed" else ""
    return f"Pack {pack['title']}, {brought}version {pack['version']}"


def parameter_title(subject: str) -> str:
    """Return what a parameter is called, with the specialty where it is meant for one alone."""
    slug, _, name = subject.rpartition(":")
    title = READINGS[name].title
    return f"{title}, {specialty_name(slug)}" if slug else title


def pack_title(name: str) -> str:
    """Return what a pack of the playbook in force calls itself; its name where it is not in it."""
    packs = house().desk.playbook().content["packs"]
    return next((str(pack["title"]) for pack in packs if pack["name"] == name), name)


def specialty_name(slug: str) -> str:
    """Return the name of a specialty; the slug where the playbook in force does not know it."""
    found = house().desk.playbook().specialties.get(slug)
    return found.name if found else slug


def _number(subject: str, value: int | None) -> str:
    name = subject.rpartition(":")[2]
    if value is None:
        return f"no value of its own, so as the packs say, or {DEFAULTS[name].default}"
    return READINGS[name].shown(value)
