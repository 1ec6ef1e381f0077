"""What a hook returns: plain dicts of text, whole numbers, true/false and lists of these.

A key that is `NotRequired` may be left out; what is then assumed is said at the key. `None` reads "not known". Money is
US dollars a year, before tax. A figure always carries its source; `year` is the year the figure speaks of.
"""

# no postponed annotations here: a TypedDict reads NotRequired when it is made
from typing import Literal, NotRequired, TypedDict

Drive = Literal["procedures", "pay", "lifestyle", "imaging"]
"""What draws a student to a field (the fact `drive`); it steers ladders, never a recommendation."""

Level = Literal["low", "medium", "high"]


class Note(TypedDict):
    """A sentence shown with a specialty, and where it comes from."""

    text: str
    source: str
    year: NotRequired[int | None]


class Question(TypedDict):
    """A question that steers which ladders are shown first; its answer is the fact named."""

    id: str  # such as "RADS.drive"
    fact: str
    ask: str
    why: str


class ValueCondition(TypedDict):
    """A condition for reapplying that holds when a fact has the value given."""

    id: str  # such as "DERM.move"
    fact: str
    equals: bool | int | str
    sentence: str  # the condition in words, lower case, without a full stop


class RangeCondition(TypedDict):
    """A condition for reapplying that holds when a number lies between two bounds, both included."""

    id: str
    fact: str
    min: NotRequired[int | str]  # a number, or the name of a playbook parameter; one of min and max may be left out
    max: NotRequired[int | str]
    sentence: str


Condition = ValueCondition | RangeCondition


class Cutoff(TypedDict):
    """A specialty's unofficial Step 2 CK cutoff; nobody publishes one, so a pack must say who says so, and when."""

    step2: int  # [1-300]
    source: str
    date: str  # ISO, such as "2026-01-31"


class Specialty(TypedDict):
    """A specialty and what reapplying to it asks beyond the general rules."""

    slug: str  # stable id, such as "plastic-surgery-integrated"
    name: str
    short: NotRequired[str]  # default: the name
    hyper_competitive: NotRequired[bool]  # default: false
    trusted_statements_only: NotRequired[bool]  # default: false; true = only statements the student marks as trusted
    parameters: NotRequired[dict[str, int]]  # playbook parameters that differ for this specialty
    conditions: NotRequired[list[Condition]]
    questions: NotRequired[list[Question]]
    cutoff: NotRequired[Cutoff | None]
    typical_miss: NotRequired[str | None]  # how a miss in this field usually comes about
    notes: NotRequired[list[Note]]


class Rung(TypedDict):
    """One step of a ladder: a training program, a focus, or the practice at the top."""

    slug: str
    name: str
    kind: Literal["residency", "fellowship", "focus", "practice"]
    years: NotRequired[int | None]  # training years; a focus or a practice has none
    years_source: NotRequired[str | None]  # required with years; "unverified: …" where no checked source gives them
    door: Literal["open", "narrow", "nearly-closed"]
    reason: str  # why the door stands so


class PayRange(TypedDict):
    """A rough yearly range [USD], labeled with where it comes from."""

    low_usd: int
    high_usd: int
    open_top: NotRequired[bool]  # default: false; true reads "and more"
    source: str
    year: NotRequired[int | None]


class SourcedPay(TypedDict):
    """A published pay figure [USD a year] that stands beside a rough range and is never blended into it."""

    what: str  # whom the figure covers
    measure: Literal["median", "mean", "most"]  # most: low to high holds most answers, and usd is left out
    usd: NotRequired[int | None]
    low_usd: NotRequired[int | None]  # 10th percentile, or the low end of most
    high_usd: NotRequired[int | None]  # 90th percentile, or the high end of most
    source: str
    year: int


_From = TypedDict("_From", {"from": list[str]})


class Ladder(_From):
    """A climb from a missed field: rungs in order, from the first training program to practice.

    `from` lists the slugs of the missed specialties that the ladder serves.
    """

    id: str  # such as "ORTHO.anes-pain"; stable, students choose it
    title: str
    rungs: list[Rung]
    pay: NotRequired[PayRange | None]
    sourced_pay: NotRequired[list[SourcedPay]]
    procedure_density: NotRequired[Level | None]
    clinic_share: NotRequired[Level | None]
    call: NotRequired[Level | None]
    lifestyle: NotRequired[str | None]
    drives: NotRequired[list[Drive]]  # the drives this ladder serves
    recommended_for: NotRequired[list[Drive]]  # some of these: the usual pivot for that drive
    note: NotRequired[str | None]
    when: NotRequired[str | None]  # for whom the ladder is meant, where not for all


class Track(TypedDict):
    """A high-income way to practice a base specialty, with its rough yearly range [USD]."""

    id: str  # such as "TRACK.im-cards"
    name: str
    base: str  # slug of the residency
    low_usd: int
    high_usd: int
    open_top: NotRequired[bool]
    source: str
    year: NotRequired[int | None]
    sourced_pay: NotRequired[list[SourcedPay]]


class FieldPay(TypedDict):
    """What the attending physicians of a field are paid [USD a year]: the income model draws from it."""

    specialty: str  # slug
    p10_usd: int  # a tenth of the field is paid less
    p50_usd: int
    p90_usd: int  # a tenth is paid more
    source: str
    year: int


class Lever(TypedDict):
    """What moves pay within a field, in percent of what it would be without: 100 moves nothing."""

    id: str  # such as "far-north"; a scenario names it
    kind: Literal["geography"]
    label: str
    low_pct: int  # the least it may be; mid is the likeliest, high the most
    mid_pct: int
    high_pct: int
    source: str
    year: int
    note: NotRequired[str | None]  # what a reader must know to use it


class Pay(TypedDict):
    """A ballpark yearly pay [USD] of a specialty or a group of them."""

    id: str  # such as "PAY.base"; rows may share it
    label: str
    specialty: NotRequired[str | None]  # slug, where the label means one specialty
    usd: int
    source: str
    year: NotRequired[int | None]
    sourced_pay: NotRequired[list[SourcedPay]]


class Milestone(TypedDict):
    """A template of a milestone that a decision puts on the plan of those who missed the specialties named."""

    id: str  # such as "SPACE.flight-letter" [1-40 characters]; stable, it stays in the plans it was put on
    specialties: list[str]  # slugs of the missed specialties
    title: str  # what is to be done [1-200 characters]
    branch: NotRequired[Literal["everyone", "reapply", "pivot"]]  # whose plan; default: everyone
    months: int  # its last day, in calendar months from Match Day [1-60]
    source: str  # who advises it [1-60 characters]; it stands beside the day in the plan


class InventoryField(TypedDict):
    """A further fact that the inventory asks of those who missed the specialties named; no rule ever reads it.

    Race, ethnicity, sex, age, religion, disability and national origin may not be asked.
    """

    id: str  # such as "SPACE.flight-hours" [1-40 characters]; stable, the record keeps the fact under it
    specialties: list[str]  # slugs of the missed specialties
    label: str  # what a person reads over the field [1-100 characters]
    why: str  # what the answer is for, in one sentence
    kind: Literal["number", "yes_no", "choice", "several", "text"]
    low: NotRequired[int | None]  # of a number; default: 0
    high: NotRequired[int | None]  # of a number; default: 9999
    choices: NotRequired[list[str]]  # of a choice or of several: the answers, as a person reads them


class CycleDate(TypedDict):
    """A last day that somebody outside sets for one cycle; the earlier of it and a milestone's own day counts."""

    id: str  # such as "SPACE.registration" [1-30 characters]
    date: str  # ISO, such as "2026-09-23"; it lies in the cycle's year or the one before
    source: str  # who says so, and where [1-60 characters]
    cycle: int  # the match year that the day belongs to
    codes: list[str]  # the milestones that are of no use after it: ids of the playbook or of a pack
    match_system: NotRequired[Literal["nrmp", "aua", "sf"] | None]  # whose applicants it concerns; default: everyone
    specialties: NotRequired[list[str]]  # slugs of the missed specialties it concerns; default: every one


class BaseRate(TypedDict):
    """How often something happened to a counted group; it is shown with its n and its source, and decides nothing.

    The share is not given: it is `count` of `n`, so that no percentage stands without its count.
    """

    id: str  # such as "SPACE.rate-reapplied"
    specialties: list[str]  # slugs of the missed specialties it speaks of
    ladders: NotRequired[list[str]]  # ids of the ladders it speaks of; default: of the specialty, not of one ladder
    what: str  # what happened to those counted, such as "matched in space medicine on a later try"
    population: str  # who was counted
    first_year: int
    last_year: int
    count: int  # to how many it happened
    n: int  # of how many
    low_pct: int  # the interval around the share [percent]
    high_pct: int
    interval: str  # what the interval is, such as "95%, Wilson, from the counts"
    source: str
    license: str  # on what terms the figure may be shown
    note: NotRequired[str | None]  # what a reader must know to use it


class PanelRow(TypedDict):
    """A line of a panel: a label, what stands beside it, and what a reader must know of it."""

    label: str
    value: str
    note: NotRequired[str | None]


class Panel(TypedDict):
    """A card on the page of a journey; plain text, which the page escapes."""

    title: str
    text: NotRequired[str | None]
    rows: NotRequired[list[PanelRow]]
    source: NotRequired[str | None]  # where its figures are from


class ModelSource(TypedDict):
    """A figure that an income model stands on."""

    what: str
    source: str
    year: int


class IncomeModel(TypedDict):
    """The pay of a whole path, year by year, before tax [USD of the path's price year]."""

    gross_usd: list[list[int]]  # for each year of the path p10, p50 and p90, not falling
    sources: list[ModelSource]  # at least one
    note: NotRequired[str | None]  # what a reader must know of it
