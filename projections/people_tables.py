"""The institution and its people, folded: members and their roles, cohorts, imports, settings, playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Integer, Table, Text, Uuid

from core.decision.playbook import GENERAL_PACK
from core.journal.root import Erased
from core.people import institution as i
from core.people import member as m
from projections.model import ReadModel
from projections.rows import METADATA, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.journal.store import Recorded
    from projections.working import Working

__all__ = ["ASKED", "COHORT", "GRANT", "IMPORT", "INSTITUTION", "MEMBER", "MODEL", "PLAYBOOK", "SPECIALTY"]

MEMBER = Table(
    "member",
    METADATA,
    Column("member_id", Uuid, primary_key=True),
    Column("actor", Text, nullable=False, unique=True),  # the id as events carry it
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("team", Text),
    Column("active", Boolean, nullable=False),
    Column("erased", Boolean, nullable=False),
)
GRANT = Table(
    "member_grant",
    METADATA,
    Column("member_id", Uuid, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("cohort", Text, primary_key=True),  # "" = the whole institution
)
COHORT = Table(
    "cohort",
    METADATA,
    Column("cohort", Text, primary_key=True),
    Column("stream", Uuid, nullable=False, unique=True),
    Column("cycle", Integer, nullable=False),
    Column("began_at", Text, nullable=False),
)
IMPORT = Table(
    "roster_import",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("stream", Uuid, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("file_name", "file_digest")),
    *(Column(name, Integer, nullable=False) for name in ("rows_new", "rows_changed", "rows_unchanged", "rows_by_hand")),
    Column("recorded_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
)
INSTITUTION = Table(
    "institution",
    METADATA,
    Column("stream", Uuid, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("name", "time_zone", "support_contact")),
)
PLAYBOOK = Table(
    "playbook",
    METADATA,
    Column("position", Integer, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("digest", "label", "note", "since", "actor")),
)
SPECIALTY = Table(  # of the playbook in force
    "specialty",
    METADATA,
    Column("slug", Text, primary_key=True),
    Column("name", Text, nullable=False),
)
ASKED = Table(  # what the packs of the playbook in force ask
    "asked",
    METADATA,
    Column("fact", Text, primary_key=True),
    Column("label", Text, nullable=False),
)


def _member(work: Working, one: Recorded) -> None:
    event: Any = one.event
    row = {"member_id": event.originator_id, "actor": str(event.originator_id), "active": True, "erased": False}
    work.db.execute(MEMBER.insert(), {**row, "name": event.name, "email": event.email, "team": event.team})


def _granted(work: Working, one: Recorded) -> None:
    event: Any = one.event
    put(work.db, GRANT, [(event.originator_id.hex, event.role, event.cohort or "")])


def _revoked(work: Working, one: Recorded) -> None:
    event: Any = one.event
    held = (GRANT.c.member_id == event.originator_id, GRANT.c.role == event.role)
    work.db.execute(GRANT.delete().where(*held, GRANT.c.cohort == (event.cohort or "")))


def _moved(work: Working, one: Recorded) -> None:
    event: Any = one.event
    work.db.execute(MEMBER.update().where(MEMBER.c.member_id == event.originator_id).values(team=event.team))


def _left(work: Working, one: Recorded) -> None:
    stream = one.event.originator_id
    work.db.execute(MEMBER.update().where(MEMBER.c.member_id == stream).values(active=False))
    work.db.execute(GRANT.delete().where(GRANT.c.member_id == stream))


def _came_back(work: Working, one: Recorded) -> None:
    stream = one.event.originator_id
    work.db.execute(MEMBER.update().where(MEMBER.c.member_id == stream).values(active=True))


def _erased(work: Working, one: Recorded) -> None:
    stream = one.event.originator_id
    put(work.db, MEMBER, [(stream.hex, str(stream), "", "", None, False, True)])
    work.db.execute(GRANT.delete().where(GRANT.c.member_id == stream))


def _founded(work: Working, one: Recorded) -> None:
    event: Any = one.event
    row = {"stream": event.originator_id, "name": event.name, "time_zone": event.time_zone}
    work.db.execute(INSTITUTION.insert(), {**row, "support_contact": i.DEFAULT_SUPPORT})
    work.settle(event.time_zone)


def _setting(work: Working, one: Recorded) -> None:
    event: Any = one.event
    if event.name in INSTITUTION.c:
        work.db.execute(INSTITUTION.update().values({event.name: event.value}))
    if event.name == "time_zone":
        work.settle(event.value)


def _published(work: Working, one: Recorded) -> None:
    event: Any = one.event
    at = event.recorded_at.isoformat()
    put(work.db, PLAYBOOK, [(one.position, event.digest, event.label, event.note, at, event.actor)])
    specialties, asked = _names_in(event.content), _asked_in(event.content)
    work.names = specialties | asked
    for table, names in ((SPECIALTY, specialties), (ASKED, asked)):
        work.db.execute(table.delete())
        put(work.db, table, list(names.items()))


def _names_in(content: Mapping[str, Any]) -> dict[str, str]:
    """Read the names alone, whatever else an older playbook holds; the general pack yields (DESIGN §6)."""
    found: dict[str, str] = {}
    for pack in sorted(content["packs"], key=lambda pack: pack["name"] != GENERAL_PACK):
        found |= {one["slug"]: one["name"] for one in pack["specialties"]}
    return found


def _asked_in(content: Mapping[str, Any]) -> dict[str, str]:
    return {row["id"]: row["label"] for pack in content["packs"] for row in pack.get("inventory_fields", ())}


def _cohort(work: Working, one: Recorded) -> None:
    event: Any = one.event
    at = event.recorded_at.isoformat()
    put(work.db, COHORT, [(str(event.cycle), event.originator_id.hex, event.cycle, at)])


def _imported(work: Working, one: Recorded) -> None:
    event: Any = one.event
    rows = (event.rows_new, event.rows_changed, event.rows_unchanged, event.rows_by_hand)
    said = (event.file_name, event.file_digest, *rows, event.recorded_at.isoformat(), event.actor)
    put(work.db, IMPORT, [(one.position, event.originator_id.hex, *said)])


_FOLDS: dict[str, Callable[[Working, Recorded], None]] = {
    m.Member.Created.TOPIC: _member,
    m.RoleGranted.TOPIC: _granted,
    m.RoleRevoked.TOPIC: _revoked,
    m.TeamChanged.TOPIC: _moved,
    m.MemberDeactivated.TOPIC: _left,
    m.MemberReactivated.TOPIC: _came_back,
    i.Institution.Created.TOPIC: _founded,
    i.SettingChanged.TOPIC: _setting,
    i.PlaybookPublished.TOPIC: _published,
    i.Cohort.Created.TOPIC: _cohort,
    i.RosterImported.TOPIC: _imported,
}


def _fold(work: Working, one: Recorded) -> None:
    if not isinstance(one.event, Erased):
        _FOLDS[type(one.event).TOPIC](work, one)
    elif one.event.root is m.Member:  # the key of the institution itself is never destroyed
        _erased(work, one)


def _finish(work: Working) -> None:
    """Every event was written as it came: they are few, and their order matters."""


MODEL = ReadModel(
    name="people",
    tables=(MEMBER, GRANT, COHORT, IMPORT, INSTITUTION, PLAYBOOK, SPECIALTY, ASKED),
    topics=frozenset(_FOLDS),
    fold=_fold,
    finish=_finish,
)
