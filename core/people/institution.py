"""The institution: its name, its time zone, the playbook in force; and its cohorts with what was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import InvalidValue
from core.journal import root
from core.journal.keys import INSTITUTION
from core.journal.root import Root, Stamp
from core.values import NAME_MAX, STEERS, text

if TYPE_CHECKING:
    from core.journal.keys import Keys
    from core.people.packs import Draft
    from core.people.plugins import ApprovedPlugin
    from core.people.proposals import Proposal

__all__ = [
    "Cohort",
    "Institution",
    "PlaybookPublished",
    "RosterImported",
    "SettingChanged",
    "change_setting",
    "cohort_id",
    "create_cohort",
    "create_institution",
    "publish_playbook",
    "record_import",
]

# 988: the national line shown in the US until an institution sets its own contact. Source: SAMHSA, 2022.
SETTINGS = {
    "name": "Name of the institution",
    "time_zone": "Time zone",
    "support_contact": "Support contact",
}
DEFAULT_SUPPORT = "988 Suicide & Crisis Lifeline: call or text 988"


class Institution(Root):
    """One institution, one store."""

    TOPIC: ClassVar[str] = "institution"

    class Created(root.Created):
        """The store was set up for an institution."""

        TOPIC: ClassVar[str] = "institution.created"
        name: str
        time_zone: str

        def apply(self, institution: Institution) -> None:
            """Set name and time zone."""
            institution.settings = {
                "name": self.name,
                "time_zone": self.time_zone,
                "support_contact": DEFAULT_SUPPORT,
            }

    def __init__(self) -> None:
        super().__init__()
        self.settings: dict[str, str] = {}
        self.playbook: dict[str, Any] | None = None
        self.playbook_digest: str | None = None
        self.drafts: dict[str, Draft] = {}
        self.proposals: dict[int, Proposal] = {}
        self.publishers: dict[str, str] = {}  # public key to name
        self.plugins: dict[str, ApprovedPlugin] = {}  # with code, by name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days begin and end."""
        return ZoneInfo(self.settings["time_zone"])


class SettingChanged(Root.Event):
    """A steward changed a setting."""

    TOPIC: ClassVar[str] = "institution.setting-changed"
    name: str
    value: str

    def apply(self, institution: Institution) -> None:
        """Set it."""
        institution.settings[self.name] = self.value


class PlaybookPublished(Root.Event):
    """A playbook came into force: the whole content, and the digest by which recommendations name it."""

    TOPIC: ClassVar[str] = "institution.playbook-published"
    content: dict[str, Any]
    digest: str
    label: str
    note: str

    def apply(self, institution: Institution) -> None:
        """Put it in force."""
        institution.playbook = self.content
        institution.playbook_digest = self.digest


class Cohort(Root):
    """One school, one cycle."""

    TOPIC: ClassVar[str] = "cohort"

    class Created(root.Created):
        """The first roster or the first journey of a cycle arrived."""

        TOPIC: ClassVar[str] = "cohort.created"
        cycle: int

        def apply(self, cohort: Cohort) -> None:
            """Set the cycle."""
            cohort.cycle = self.cycle

    def __init__(self) -> None:
        super().__init__()
        self.cycle = 0
        self.imports = 0


class RosterImported(Root.Event):
    """A roster file was imported: its digest and what it did, row by row counted."""

    TOPIC: ClassVar[str] = "cohort.roster-imported"
    file_name: str
    file_digest: str
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_by_hand: int

    def apply(self, cohort: Cohort) -> None:
        """Count it."""
        cohort.imports += 1


def create_institution(name: str, time_zone: str, *, keys: Keys, stamp: Stamp) -> Institution:
    """Begin the institution.

    Raises:
        InvalidValue: no name, or an unknown time zone.
    """
    return Institution.begin(
        Institution.Created,
        stream_id=keys.institution,
        stamp=stamp,
        subject=INSTITUTION,
        name=text("name", name, NAME_MAX),
        time_zone=_zone(time_zone),
    )


def change_setting(institution: Institution, name: str, value: str, *, stamp: Stamp) -> None:
    """Change a setting; the same value again is quiet.

    Raises:
        InvalidValue: unknown setting, empty value, or an unknown time zone.
    """
    if name not in SETTINGS:
        raise InvalidValue("setting", name, "one of " + ", ".join(SETTINGS))
    value = _zone(value) if name == "time_zone" else text(name, value, NAME_MAX)
    if institution.settings.get(name) != value:
        institution.record(SettingChanged, stamp, name=name, value=value)


def publish_playbook(
    institution: Institution, content: dict[str, Any], *, digest: str, note: str, stamp: Stamp
) -> None:
    """Put a playbook in force; the same content again is quiet."""
    if institution.playbook_digest != digest:
        institution.record(
            PlaybookPublished, stamp, content=content, digest=digest, label=str(content["label"]), note=note.strip()
        )


def cohort_id(keys: Keys, cycle: int) -> UUID:
    """Return the id of a cohort: one for each cycle."""
    return UUID(bytes=keys.pseudonym("cohort", str(cycle))[:16])


def create_cohort(cycle: int, *, keys: Keys, stamp: Stamp) -> Cohort:
    """Begin a cohort."""
    return Cohort.begin(Cohort.Created, stream_id=cohort_id(keys, cycle), stamp=stamp, subject=INSTITUTION, cycle=cycle)


def record_import(cohort: Cohort, *, file_name: str, file_digest: str, counts: dict[str, int], stamp: Stamp) -> None:
    """Record that a roster was imported.

    Args:
        cohort: changed in place.
        file_name: as given by the person.
        file_digest: "sha256:" and 64 hexadecimal digits.
        counts: rows by outcome: new, changed, unchanged, by_hand.
        stamp: who, by which command, when.
    """
    cohort.record(
        RosterImported,
        stamp,
        file_name=STEERS.sub("?", file_name)[:NAME_MAX],
        file_digest=file_digest,
        rows_new=counts["new"],
        rows_changed=counts["changed"],
        rows_unchanged=counts["unchanged"],
        rows_by_hand=counts["by_hand"],
    )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue("time_zone", name, "a name of the time zone database, such as America/Chicago") from None
