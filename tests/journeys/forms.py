"""Every form of a journey, as data: where it is, a slip and what is said about it, what is recorded once corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY_TEXT = "This is needed: text of 1 to 2000 characters."


@dataclass(frozen=True, kw_only=True)
class Case:
    """One form.

    Args:
        at: where it is: the address below the journey, or a link on the page of that address: "opinions > Withdraw".
        button: that sends it.
        good: what a person answers.
        wrong: what they typed first in place of it.
        field: which field is wrong, by its label.
        sentence: what stands there.
        told: said when it is recorded.
        leaves: what can be read afterwards, where the form leads to unless `seen_at` names another page of the journey.
        ref: whose journey.
        who: who writes.
    """

    at: str
    button: str
    good: Mapping[str, Any]
    wrong: Mapping[str, Any]
    field: str
    sentence: str
    told: str
    leaves: str
    seen_at: str = ""
    ref: str = "LF-0433"
    who: str = "chen"


CASES = [
    Case(
        at="inventory/scores",
        button="Record the facts",
        good={"Step 3": "231", "Source": "Transcript of June", "True since": "2026-06-02"},
        wrong={"Step 3": "2388"},
        field="Step 3",
        sentence="“2388” is not allowed: a whole number from 1 to 300, or “Not taken”.",
        told="Recorded.",
        leaves="Transcript of June",
    ),
    Case(
        at="inventory/standing",
        button="Record the facts",
        good={"Honors": "Gold Humanism", "Class standing": "Third quartile", "Source": "Registrar"},
        wrong={"Source": ""},
        field="Source",
        sentence="This is needed: text of 1 to",
        told="Recorded.",
        leaves="Gold Humanism",
    ),
    Case(
        at="inventory/flags",
        button="Record the facts",
        good={"Red flags": ["Leave of absence", "Visa issue"], "Visa": "Needs J-1", "Source": "The dean"},
        wrong={"Red flags": ["Visa issue", "None of these"]},
        field="Red flags",
        sentence="either none of these, or some of them.",
        told="Recorded.",
        leaves="Needs J-1",
    ),
    Case(
        at="inventory/soap",
        button="Record the facts",
        good={"The student's own no-go list": "Nothing in the Northwest", "Eligible for SOAP": "Yes", "Source": "Nora"},
        wrong={"The student's own no-go list": "x" * 2001},
        field="The student's own no-go list",
        sentence="is not allowed: text of 1 to 2000 characters, or “Nothing is ruled out”.",
        told="Recorded.",
        leaves="Nothing in the Northwest",
    ),
    Case(
        at="facts/step2",
        button="Correct it",
        good={"Step 2 CK": "243", "Source": "Score report", "Why it is corrected": "A slip in the roster"},
        wrong={"Step 2 CK": "0"},
        field="Step 2 CK",
        sentence="“0” is not allowed: a whole number from 1 to 300, or “COMLEX only”, or “Not taken yet”.",
        told="Corrected; the old value stays in the record.",
        leaves="A slip in the roster",
        seen_at="#happened",
    ),
    Case(
        at="facts/publications/dispute",
        button="Record the dispute",
        good={"What the student says is wrong": "There are four, one is in press"},
        wrong={"What the student says is wrong": ""},
        field="What the student says is wrong",
        sentence=ANY_TEXT,
        told="Marked as disputed, on Nora's behalf.",
        leaves="There are four, one is in press",
        seen_at="#happened",
    ),
    Case(
        at="inventory/confirm",
        button="Confirm them",
        good={"Facts that nobody confirmed yet": ["Programs applied to: 71", "Visa:"]},
        wrong={"Facts that nobody confirmed yet": []},
        field="Facts that nobody confirmed yet",
        sentence="This is needed: some of",
        told="Confirmed, on Nora's behalf.",
        leaves="Programs applied to",
    ),
    Case(
        at="weaknesses",
        button="Record the weaknesses",
        good={
            "Weakness 2 / What it is": "Letters",
            "Weakness 2 / Remedy": "A rotation with Dr. Ruff",
            "Weakness 2 / Months it takes": "3",
            "Where this comes from / Source": "Both opinions, read again",
        },
        wrong={"Weakness 2 / Months it takes": "three"},
        field="Months it takes",
        sentence="“three” is not allowed: a whole number from 0 to 120.",
        told="Recorded.",
        leaves="A rotation with Dr. Ruff",
    ),
    Case(
        at="opinions/ask",
        button="Record the request",
        good={"Name": "Dr. B. Snipe", "Role": "Associate program director", "Answer agreed by": "2026-07-01"},
        wrong={"Name": ""},
        field="Name",
        sentence="This is needed: text of 1 to",
        told="Recorded: the opinion is asked for.",
        leaves="Dr. B. Snipe",
    ),
    Case(
        at="opinions/new",
        button="Record the opinion",
        good={
            "Name": "Dr. J. Dipper",
            "Role": "Program director",
            "Specialty": "Physical medicine and rehabilitation (PM&R)",
            "A related field": True,
            "What would you do next cycle?": "Come to us for a month.",
            "Reapply, a related specialty, or a gap year?": "Move to a related specialty",
            "The same, coded": ["Research", "Letters"],
            "Would they champion another try?": "Not asked about it",
            "Said on": "2026-06-12",
        },
        wrong={"Said on": "2026-06-20"},
        field="Said on",
        sentence="“2026-06-20” is not allowed: 2026-06-16 or earlier.",
        told="Opinion recorded.",
        leaves="Come to us for a month.",
    ),
    Case(
        at="opinions > Withdraw the opinion of Dr. L. Grebe",
        button="Record the withdrawal",
        good={"Why it is withdrawn": "He leaves the program in July"},
        wrong={"Why it is withdrawn": " "},
        field="Why it is withdrawn",
        sentence=ANY_TEXT,
        told="Withdrawn.",
        leaves="He leaves the program in July",
        seen_at="#happened",
    ),
    Case(
        at="opinions > Declined, or no answer from Dr. A. Sandpiper",
        button="Record it as grade 0",
        good={"What happened": "Declined by email", "On": "2026-06-15"},
        wrong={"What happened": ""},
        field="What happened",
        sentence=ANY_TEXT,
        told="Recorded as grade 0. The recommendation changed from “not yet decidable” to “pivot now”: see why.",
        leaves="Declined by email",
    ),
    Case(
        at="opinions > Does Ilse trust",
        button="Record it",
        good={"Does the student trust this person's word?": "Yes"},
        wrong={"Does the student trust this person's word?": []},
        field="Does the student trust this person's word?",
        sentence="This is needed: one of Yes, No.",
        told="Recorded, on Ilse's behalf. The recommendation changed from “not yet decidable” to “reapply”: see why.",
        leaves="Trusted by Ilse",
        ref="LF-0388",
    ),
    Case(
        at="milestones/new",
        button="Plan it",
        good={"Or in your own words": "Two projects with Dr. Ruff", "By": "2026-12-01"},
        wrong={"By": ""},
        field="By",
        sentence="Your own milestone needs a last day.",
        told="On the plan.",
        leaves="Two projects with Dr. Ruff",
    ),
    Case(
        at="milestones/PLAN.3.top10",
        button="Record it",
        good={
            "What happened?": "It gets another day",
            "New day": "2026-07-26",
            "The evidence, or the reason": "Travel",
        },
        wrong={"New day": ""},
        field="New day",
        sentence="Choose the new day.",
        told="Recorded.",
        leaves="Travel",
        ref="LF-0412",
    ),
    Case(
        at="milestones/PLAN.3.decide",
        button="Record it",
        good={"What happened?": "It is reached", "The evidence, or the reason": "She decided aloud"},
        wrong={"What happened?": "It was missed"},
        field="What happened?",
        sentence="Its last day is not over yet: Saturday, June 20.",
        told="Recorded.",
        leaves="She decided aloud",
    ),
    Case(
        at="milestones/PLAN.3.decide",
        button="Record it",
        good={"What happened?": "It is given up", "The evidence, or the reason": "He is away until August"},
        wrong={"The evidence, or the reason": ""},
        field="The evidence, or the reason",
        sentence="Write at least one sentence.",
        told="Recorded.",
        leaves="He is away until August",
        ref="LF-0422",
    ),
    Case(
        at="contacts/new",
        button="Log the contact",
        good={"How": "Video call", "On": "2026-06-15", "What was said": "Her parents can carry the year"},
        wrong={"On": "2026-06-17"},
        field="On",
        sentence="“2026-06-17” is not allowed: 2026-06-16 or earlier.",
        told="Contact logged.",
        leaves="Her parents can carry the year",
    ),
    Case(
        at="notes/new",
        button="Add the note",
        good={"Note": "Ring her on Friday", "Who reads it": "Advisors only"},
        wrong={"Note": ""},
        field="Note",
        sentence=ANY_TEXT,
        told="Note added.",
        leaves="Ring her on Friday",
    ),
    Case(
        at="notes/new",
        button="Add the note",
        good={"Note": "We meet on Friday at nine", "Who reads it": "Shared with the student"},
        wrong={"Note": "x" * 2001},
        field="Note",
        sentence="This has 2001 characters: at most 2000 are allowed.",
        told="Note added.",
        leaves="We meet on Friday at nine",
    ),
    Case(
        at="placements/new",
        button="Record the placement",
        good={
            "What it is": "Practice",
            "Field": "Anesthesiology",
            "Program or practice": "Heron Creek Pain Group",
            "Begins on": "2026-06-01",
            "Income a year, in dollars": "640000",
        },
        wrong={"Income a year, in dollars": "640 k"},
        field="Income a year, in dollars",
        sentence="“640 k” is not allowed: a whole number from 0 to 10000000.",
        told="Placement recorded.",
        leaves="Heron Creek Pain Group",
    ),
    Case(
        at="details",
        button="Correct the details",
        good={"E-mail": "nora.b@larkfield.example", "Why it is corrected": "She told me"},
        wrong={"E-mail": "nora.b at larkfield"},
        field="E-mail",
        sentence="“nora.b at larkfield” is not allowed: an address such as name@school.example.",
        told="Details corrected.",
        leaves="nora.b@larkfield.example",
    ),
    Case(
        at="advisor",
        button="Assign",
        good={"Advisor": "Tomas Novak (team Linden)"},
        wrong={"Advisor": "Choose…"},
        field="Advisor",
        sentence="This is needed: one of",
        told="Advisor assigned.",
        leaves="Tomas Novak",
        ref="LF-0424",
        who="okafor",
    ),
    Case(
        at="drive",
        button="Show these first",
        good={"What draws the student most?": "Procedures", "Source": "Nora, on the telephone"},
        wrong={"Source": ""},
        field="Source",
        sentence="This is needed: text of 1 to",
        told="Recorded. Nothing is left out, only the order follows.",
        leaves="Nora said: procedures.",
    ),
]
