"""The institution's packs as drafts, and the publishers whose signed packs it trusts; a draft counts for nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.decision.playbook import GENERAL_PACK
from core.errors import InvalidValue
from core.journal.root import Root, Stamp
from core.values import NAME_MAX, digest_of, one_of, text

if TYPE_CHECKING:
    from datetime import datetime

    from core.people.institution import Institution

__all__ = [
    "ORIGINS",
    "Draft",
    "PackSaved",
    "PublisherForgotten",
    "PublisherTrusted",
    "forget_publisher",
    "save_pack",
    "trust_publisher",
]

ORIGINS = {"editor": "the editor", "shell": "a folder, in the shell", "import": "a file that was imported"}
"""Where the text of a draft came from, in words."""
# A body of 5 MiB is what the edge takes; the largest built-in pack has 14,000 characters.
PACK_MAX = 200_000  # characters
PACK_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}", re.ASCII)
_PUBLIC_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The text of a pack as the institution keeps it.

    Args:
        name: of the pack.
        text: what its pack.toml says.
        digest: of the text.
        origin: a key of `ORIGINS`.
        signed_by: public key under which an imported file was signed; None = by nobody, or not whole.
        author: id of the member who saved it.
        at: when.
    """

    name: str
    text: str
    digest: str
    origin: str
    signed_by: str | None
    author: str
    at: datetime


class PackSaved(Root.Event):
    """The text of a pack was kept as the institution's draft."""

    TOPIC: ClassVar[str] = "institution.pack-saved"
    name: str
    text: str
    digest: str
    origin: str
    signed_by: str | None

    def apply(self, institution: Institution) -> None:
        """Keep it in place of the one before."""
        institution.drafts[self.name] = Draft(
            name=self.name,
            text=self.text,
            digest=self.digest,
            origin=self.origin,
            signed_by=self.signed_by,
            author=self.actor,
            at=self.recorded_at,
        )


class PublisherTrusted(Root.Event):
    """A steward trusts packs that are signed under a public key, and says whose it is."""

    TOPIC: ClassVar[str] = "institution.publisher-trusted"
    name: str
    public_key: str

    def apply(self, institution: Institution) -> None:
        """Trust it."""
        institution.publishers[self.public_key] = self.name


class PublisherForgotten(Root.Event):
    """A steward does not trust packs of a publisher any more."""

    TOPIC: ClassVar[str] = "institution.publisher-forgotten"
    public_key: str

    def apply(self, institution: Institution) -> None:
        """Forget it."""
        institution.publishers.pop(self.public_key, None)


def save_pack(
    institution: Institution, name: str, content: str, *, origin: str, signed_by: str | None = None, stamp: Stamp
) -> None:
    """Keep the text of a pack; the same text again is quiet.

    It need not be a faultless pack yet: one is written over days, and only a faultless one is proposed.

    Args:
        institution: changed in place.
        name: of the pack, as its folder would be called.
        content: what its pack.toml says.
        origin: a key of `ORIGINS`.
        signed_by: public key under which an imported file was signed and found whole.
        stamp: who, by which command, when.

    Raises:
        InvalidValue: no such name for a pack, or a text too long.
    """
    if not PACK_NAME.fullmatch(name) or name == GENERAL_PACK:
        allowed = "small letters, digits, - and _, a letter first, at most 60, and not general"
        raise InvalidValue("name", name, allowed)
    content = content.replace("\r\n", "\n")
    if not 1 <= len(content) <= PACK_MAX:
        raise InvalidValue("text", content, f"text of 1 to {PACK_MAX} characters")
    one_of("origin", origin, ORIGINS)
    held = institution.drafts.get(name)
    if held is None or (held.text, held.signed_by) != (content, signed_by):
        fields = {"name": name, "text": content, "digest": digest_of(content), "origin": origin}
        institution.record(PackSaved, stamp, **fields, signed_by=signed_by)


def trust_publisher(institution: Institution, name: str, public_key: str, *, stamp: Stamp) -> None:
    """Trust what is signed under a public key; the same name again is quiet.

    Raises:
        InvalidValue: no name, or the key is not one.
    """
    public_key = public_key.strip().lower()
    if not _PUBLIC_KEY.fullmatch(public_key):
        raise InvalidValue("public_key", public_key, "64 hexadecimal digits, as rungwise pack key prints them")
    name = text("name", name, NAME_MAX)
    if institution.publishers.get(public_key) != name:
        institution.record(PublisherTrusted, stamp, name=name, public_key=public_key)


def forget_publisher(institution: Institution, public_key: str, *, stamp: Stamp) -> None:
    """Trust a publisher no more; one who is not trusted is quiet."""
    if public_key in institution.publishers:
        institution.record(PublisherForgotten, stamp, public_key=public_key)
