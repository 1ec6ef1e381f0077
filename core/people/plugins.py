"""The code plugins that a steward approved, each by the digest of its files: what changes is not what was approved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.errors import InvalidValue
from core.journal.root import Root, Stamp
from core.values import NAME_MAX, text

if TYPE_CHECKING:
    from datetime import datetime

    from core.people.institution import Institution

__all__ = ["ApprovedPlugin", "PluginApproved", "PluginRevoked", "approve_plugin", "revoke_plugin"]

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedPlugin:
    """A code plugin that may run.

    Args:
        name: of the plugin.
        distribution: that brings it.
        version: of the distribution.
        digest: of the distribution's files.
        author: id of the member who approved it.
        at: when.
    """

    name: str
    distribution: str
    version: str
    digest: str
    author: str
    at: datetime


class PluginApproved(Root.Event):
    """A steward approved the files of a code plugin."""

    TOPIC: ClassVar[str] = "institution.plugin-approved"
    name: str
    distribution: str
    version: str
    digest: str

    def apply(self, institution: Institution) -> None:
        """Let it run, in place of the files approved before."""
        institution.plugins[self.name] = ApprovedPlugin(
            name=self.name,
            distribution=self.distribution,
            version=self.version,
            digest=self.digest,
            author=self.actor,
            at=self.recorded_at,
        )


class PluginRevoked(Root.Event):
    """A steward took the approval of a code plugin back."""

    TOPIC: ClassVar[str] = "institution.plugin-revoked"
    name: str

    def apply(self, institution: Institution) -> None:
        """Let it run no more."""
        institution.plugins.pop(self.name, None)


def approve_plugin(
    institution: Institution, name: str, *, distribution: str, version: str, digest: str, stamp: Stamp
) -> None:
    """Approve the files of a code plugin; the same files again are quiet.

    Args:
        institution: changed in place.
        name: of the plugin.
        distribution: that brings it.
        version: of the distribution.
        digest: of its files, as they were shown to whoever approves.
        stamp: who, by which command, when.

    Raises:
        InvalidValue: no name, or the digest is none.
    """
    if not _DIGEST.fullmatch(digest):
        raise InvalidValue("digest", digest, "sha256: and 64 hexadecimal digits")
    held = institution.plugins.get(name)
    if held is None or held.digest != digest:
        institution.record(
            PluginApproved,
            stamp,
            name=text("name", name, NAME_MAX),
            distribution=text("distribution", distribution, NAME_MAX),
            version=text("version", version, NAME_MAX),
            digest=digest,
        )


def revoke_plugin(institution: Institution, name: str, *, stamp: Stamp) -> None:
    """Take the approval of a code plugin back; one that is not approved is quiet."""
    if name in institution.plugins:
        institution.record(PluginRevoked, stamp, name=name)
