"""Use cases of code plugins: a steward approves the files of one, or takes the approval back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advising.desk import Command, Desk, Receipt
from core.people import plugins
from core.people.access import Permission, Principal, require
from core.people.institution import Institution

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.journal.root import Stamp

__all__ = ["ApprovePlugin", "RevokePlugin", "approve_plugin", "revoke_plugin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePlugin(Command):
    """Approve the files of a code plugin; see `core.people.plugins.approve_plugin`."""

    name: str
    distribution: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePlugin(Command):
    """Take the approval of a code plugin back."""

    name: str


def approve_plugin(desk: Desk, who: Principal, command: ApprovePlugin) -> Receipt:
    """Approve the files of a code plugin, so that it may run."""
    return _change(
        desk,
        who,
        command,
        lambda one, stamp: plugins.approve_plugin(
            one,
            command.name,
            distribution=command.distribution,
            version=command.version,
            digest=command.digest,
            stamp=stamp,
        ),
    )


def revoke_plugin(desk: Desk, who: Principal, command: RevokePlugin) -> Receipt:
    """Let a code plugin run no more; what it brought to a playbook stays there."""
    return _change(desk, who, command, lambda one, stamp: plugins.revoke_plugin(one, command.name, stamp=stamp))


def _change(desk: Desk, who: Principal, command: Command, decide: Callable[[Institution, Stamp], None]) -> Receipt:
    require(who, Permission.APPROVE_PLUGIN)
    stamp = desk.stamp(who.member_id, command)
    return desk.change(Institution, desk.journal.keys.institution, command, lambda one: decide(one, stamp))
