"""What pages show of the institution and its people; folded in `people_tables`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from projections.people_tables import COHORT, GRANT, IMPORT, INSTITUTION, MEMBER, PLAYBOOK, SPECIALTY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sqlalchemy import Column, Connection, FromClause, Row, Select

__all__ = [
    "CohortRow",
    "ImportRow",
    "InstitutionRow",
    "MemberRow",
    "PlaybookRow",
    "actor_name",
    "advisors",
    "cohorts",
    "imports",
    "institution",
    "member",
    "members",
    "names",
    "playbooks",
    "specialties",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A member; `grants` are pairs of role and cohort, None for the whole institution."""

    member_id: UUID
    name: str
    email: str
    team: str | None
    active: bool
    erased: bool
    grants: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """A cohort."""

    cohort: str
    cycle: int
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """A roster file that was imported, and what it did, row by row counted."""

    position: int
    cohort: str
    file_name: str
    file_digest: str
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_by_hand: int
    recorded_at: datetime
    actor: str
    actor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookRow:
    """A playbook, in force from `since` until the next one."""

    digest: str
    label: str
    note: str
    since: datetime
    actor: str
    actor_name: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionRow:
    """The institution with its settings and the playbook in force."""

    name: str
    time_zone: str
    support_contact: str
    playbook: PlaybookRow | None


def actor_name(actor: Column[str], member: FromClause = MEMBER) -> Any:
    """Return who did something, for a query that joins `member` on the actor.

    It is the member's name, or what the event says where that is no member ("setup") or an erased one.
    """
    return func.coalesce(func.nullif(member.c.name, ""), actor).label("actor_name")


def members(db: Connection) -> tuple[MemberRow, ...]:
    """Return all members by name."""
    return _members(db, select(MEMBER))


def member(db: Connection, member_id: UUID) -> MemberRow | None:
    """Return one member."""
    return next(iter(_members(db, select(MEMBER).where(MEMBER.c.member_id == member_id))), None)


def advisors(db: Connection, cohort: str) -> tuple[MemberRow, ...]:
    """Return who can be assigned in a cohort: active, and advisor or lead there."""
    held = select(GRANT.c.member_id).where(GRANT.c.cohort == cohort, GRANT.c.role.in_(("advisor", "lead")))
    return _members(db, select(MEMBER).where(MEMBER.c.active, MEMBER.c.member_id.in_(held)))


def names(db: Connection) -> dict[str, str]:
    """Return the name of every member by the id that events carry."""
    return {row.actor: row.name for row in db.execute(select(MEMBER.c.actor, MEMBER.c.name).where(~MEMBER.c.erased))}


def cohorts(db: Connection) -> tuple[CohortRow, ...]:
    """Return all cohorts, the newest first."""
    rows = db.execute(select(COHORT).order_by(COHORT.c.cycle.desc()))
    return tuple(CohortRow(cohort=r.cohort, cycle=r.cycle, began_at=datetime.fromisoformat(r.began_at)) for r in rows)


def imports(db: Connection, cohort: str | None = None) -> tuple[ImportRow, ...]:
    """Return the imports of one cohort, or all, the newest first."""
    query = select(IMPORT, COHORT.c.cohort, actor_name(IMPORT.c.actor)).join(COHORT, COHORT.c.stream == IMPORT.c.stream)
    query = query.outerjoin(MEMBER, MEMBER.c.actor == IMPORT.c.actor).order_by(IMPORT.c.position.desc())
    if cohort is not None:
        query = query.where(COHORT.c.cohort == cohort)
    return tuple(ImportRow(**_timed(row, "recorded_at", without="stream")) for row in db.execute(query))


def playbooks(db: Connection) -> tuple[PlaybookRow, ...]:
    """Return all playbooks, the one in force first."""
    query = select(PLAYBOOK, actor_name(PLAYBOOK.c.actor)).outerjoin(MEMBER, MEMBER.c.actor == PLAYBOOK.c.actor)
    rows = db.execute(query.order_by(PLAYBOOK.c.position.desc()))
    return tuple(PlaybookRow(**_timed(row, "since")) for row in rows)


def institution(db: Connection) -> InstitutionRow | None:
    """Return the institution, None before it was set up."""
    row = db.execute(select(INSTITUTION)).first()
    if row is None:
        return None
    in_force = next(iter(playbooks(db)), None)
    return InstitutionRow(
        name=row.name, time_zone=row.time_zone, support_contact=row.support_contact, playbook=in_force
    )


def specialties(db: Connection) -> dict[str, str]:
    """Return slug → name of every specialty of the playbook in force, by name."""
    return {row.slug: row.name for row in db.execute(select(SPECIALTY).order_by(SPECIALTY.c.name))}


def _members(db: Connection, query: Select[Any]) -> tuple[MemberRow, ...]:
    rows = db.execute(query.order_by(func.lower(MEMBER.c.name), MEMBER.c.actor)).all()
    grants: dict[UUID, list[tuple[str, str | None]]] = {}
    held: Iterable[Row[Any]] = db.execute(select(GRANT).order_by(GRANT.c.cohort, GRANT.c.role)) if rows else ()
    for grant in held:
        grants.setdefault(grant.member_id, []).append((grant.role, grant.cohort or None))
    return tuple(
        MemberRow(
            member_id=row.member_id,
            name=row.name,
            email=row.email,
            team=row.team,
            active=row.active,
            erased=row.erased,
            grants=tuple(grants.get(row.member_id, ())),
        )
        for row in rows
    )


def _timed(row: Row[Any], name: str, *, without: str = "") -> dict[str, Any]:
    fields = {key: value for key, value in row._mapping.items() if key != without}  # noqa: SLF001 - its public name
    return {**fields, name: datetime.fromisoformat(fields[name])}
