"""How a student of a table fares: a line of a table becomes the steps of a story, the same in every store.

What differs between two students with the same line (days, words, who is quick and who is late) is drawn by the diary.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core.plan.windows import add_months
from web.demo.cohorts import Row, days_of
from web.demo.diary import Diary, Fields, phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["steps_of"]

_SEATS = {
    "prelim": ("preliminary_surgery", "preliminary-surgery"),
    "prelim-medicine": ("preliminary_medicine", "preliminary-medicine"),
    "ty": ("transitional_year", "transitional-year"),
}
_MODES = {"research": "research_year", "extended": "extended_enrollment", "": "clinical_work"}
_AGREES = {("reapply", "REAPPLY"), ("pivot", "PIVOT_NOW")}
_TRUSTED = {"otolaryngology", "plastic-surgery-integrated", "urology"}  # playbook §4: only whom the student trusts


def steps_of(row: Row, reviewers: Mapping[str, Any], hand_over: Mapping[str, Any], today: date) -> list[dict[str, Any]]:
    """Return the steps of a student's story, as a story file would hold them, up to today.

    Args:
        row: the student.
        reviewers: who can be asked, of `school.toml`.
        hand_over: from, to, on: who left, who took over, and when.
        today: nothing is written on or after this day.
    """
    days = days_of(row.cycle, row.system)
    if days is None:
        raise KeyError(f"{row.cycle}.{row.system}")
    diary = Diary(row, reviewers, hand_over, today)
    _first_week(diary, days.learned_on, days.match_day)
    heard = _opinions(diary, days.match_day)
    _decision(diary, heard)
    _the_year(diary, days.match_day)
    _outcome(diary)
    _handed_over(diary)
    return sorted(diary.steps, key=lambda step: step["at"])


def _first_week(d: Diary, learned: date, match_day: date) -> None:
    row = d.row
    channel = d.chance.choice(("meeting", "call", "video"))
    d.add(learned, "contact", channel=channel, summary=d.pick("contact", "first"))
    _soap(d, learned)
    told = learned + timedelta(days=1)
    if d.maybe(0.78):
        d.add(told, "completed", milestone_id="WEEK1.tell", evidence=d.pick("evidence", "tell"))
    elif d.maybe(0.5):
        d.add(told + timedelta(days=4), "waived", milestone_id="WEEK1.tell", reason=phrases()["waived"]["tell"])
    else:
        d.add(told + d.days(5, 12), "completed", milestone_id="WEEK1.tell", evidence=d.pick("evidence", "tell"))
    d.facts(learned + d.days(1, 2), "CV, coded by the team", research=row.research)
    if d.maybe(0.45):
        d.add(learned + timedelta(days=2), "confirms", names=["step2", "class_standing", "interviews_offered"])
    if seat := _seat(row):
        # whoever learns in an early match finds the year in the main one, in March
        main = days_of(row.cycle, "nrmp")
        day = main.match_day if main else match_day
        starts = date(row.cycle, 7, 1)
        place = d.chance.choice(phrases()["places"])
        d.add(day, "placed", kind=seat[0], specialty=seat[1], place=place, starts_on=starts)
    _dispute(d, learned)


def _seat(row: Row) -> tuple[str, str] | None:
    """Return the place for the year: kind of placement, and its specialty."""
    return ("soap_place", row.to) if row.year == "soap" else _SEATS.get(row.year)


def _soap(d: Diary, learned: date) -> None:
    """Tell of SOAP, for those who may take part in it and do; and of those who withdraw."""
    row, seat = d.row, _seat(d.row)
    if row.system != "nrmp" or row.status != "unmatched":
        return
    fourth = learned + timedelta(days=3)
    if seat or "declines" in row.says or row.path == "withdraw":
        d.facts(learned, "Student, in a meeting", no_go_list="none")
        if "override" not in row.says:
            d.add(learned, "decided", decision_id="soap", kind="soap_take_part")
    if row.path == "withdraw":
        d.add(fourth, "decided", decision_id="soap-2", kind="withdraw")
    elif "declines" in row.says:
        d.add(fourth, "decided", decision_id="soap-offer", kind="soap_decline")
    elif seat:
        if "override" in row.says:
            why = "The offer runs out at noon and the visa office answers next week. The student knows what that means."
            d.add(fourth, "override", by="okafor", decision="soap_accept", code="deadline", why=why)
            letter: Fields = {"source": "Letter of the visa office", "happened_on": learned + timedelta(days=14)}
            d.add(learned + timedelta(days=17), "facts", values={"visa": "j1"}, **letter)
        d.add(fourth, "decided", decision_id="soap-offer", kind="soap_accept", specialty=seat[1])
        if d.maybe(0.6):
            d.add(fourth, "concurs", decision_id="soap-offer", note=d.pick("note", "concurs"))


def _dispute(d: Diary, learned: date) -> None:
    if not {"dispute", "disputed"} & d.row.says:
        return
    reason = "One more interview was by video, and I attended it."
    d.add(learned + timedelta(days=4), "disputes", name="interviews_attended", reason=reason)
    if "dispute" in d.row.says:
        right: Fields = {"value": d.row.offers, "source": "Confirmation of the interview"}
        why = "The video interview was not counted."
        d.add(learned + timedelta(days=9), "corrected", name="interviews_attended", reason=why, **right)


def _opinions(d: Diary, match_day: date) -> date:
    """Tell who was heard and what was assessed; return the day after which a decision can come."""
    row = d.row
    day = match_day + d.days(13, 34)
    asked, teacher = d.reviewer(row.specialty, ("pd", "apd")), d.reviewer(row.specialty, ("faculty",))
    weakness = _weakness(row)
    if row.path == "withdraw":
        return day
    if asked and row.grade is None:
        d.add(day - timedelta(days=8), "asked", of=asked, due_on=day + timedelta(days=21))
    elif asked and teacher and row.grade == 0 and row.specialty not in _TRUSTED:
        d.add(day - timedelta(days=12), "asked", of=asked, due_on=day)
        d.add(day + timedelta(days=1), "declined", of=asked, why="No answer by the agreed date.")
        d.add(day + timedelta(days=3), "opinion", of=teacher, grade=1, advice="related", **_answers(d, "1", weakness))
    elif asked and row.grade is not None:
        trusted = {"trusted": True} if row.specialty in _TRUSTED else {}
        full: Fields = {"saw_full_file": d.maybe(0.6)} | trusted
        d.add(
            day,
            "opinion",
            of=asked,
            grade=row.grade,
            advice=_advice(row),
            **_answers(d, str(row.grade), weakness),
            **full,
        )
    day += d.days(4, 16)
    related = d.reviewer(row.to or phrases()["related"][row.specialty], ("pd", "apd"))
    if related:
        grade = d.chance.randint(2, 4)
        advice = "related" if row.path != "reapply" else "reapply"
        d.add(day, "opinion", of=related, related=True, grade=grade, advice=advice, **_answers(d, "related", weakness))
    day += d.days(2, 9)
    if "noweak" not in row.says:
        found = {"kind": _kind(weakness), "remedy": phrases()["remedy"][weakness], "months": row.months}
        d.add(day, "weaknesses", source="Both opinions", found=[found])
    d.facts(day, "Student, in a meeting", **_own_words(d))
    d.contact(day + d.days(0, 3), "spring")
    return day


def _weakness(row: Row) -> str:
    if row.step2 < 233:  # noqa: PLR2004 - near the lower edge of borderline (playbook WEEK1.profile)
        return "step2"
    if row.research != "multiple":
        return "research"
    return ("letters", "connections", "interviews", "application_pattern")[row.sent % 4]


def _kind(weakness: str) -> str:
    return weakness if weakness in ("step2", "research", "letters") else "other"


def _advice(row: Row) -> str:
    full = 3  # a director who sets a condition speaks of another try (playbook §4, champion grade)
    return "gap_year" if (row.grade or 0) >= full else "related" if row.sent % 2 else "not_said"


def _answers(d: Diary, kind: str, weakness: str) -> dict[str, Any]:
    killed = phrases()["opinion"]["killed"][weakness]
    return {"next_cycle": d.pick("opinion", kind), "killed": killed, "reasons": [weakness]}


def _own_words(d: Diary) -> dict[str, Any]:
    row = d.row
    words: dict[str, Any] = {}
    if "nomoney" not in row.says:
        words["financial_pressure"] = "money" in row.says
    if row.specialty == "dermatology":
        words["willing_to_move_anywhere"] = "stays" not in row.says
        words["research_plan_months"] = 6 if "plan6" in row.says else max(12, row.months)
    if row.path == "reapply":
        words |= {"planned_year": _mode(row), "applications": 30 + row.sent // 3}
    if row.path == "pivot":
        words["drive"] = ("procedures", "lifestyle", "pay")[row.sent % 3]
    return words


def _mode(row: Row) -> str:
    return _SEATS[row.year][0] if row.year in _SEATS else _MODES[row.year]


def _decision(d: Diary, heard: date) -> None:
    """Tell what was decided, and what the advisor thinks of it; some take a first decision back."""
    if d.row.path in ("", "withdraw"):
        return
    late = d.row.year != "research" and d.maybe(0.25)
    day, ident = heard + (d.days(25, 45) if late else d.days(3, 21)), "path"
    if "reversed" in d.row.says:
        _decide(d, day, ident, "reapply")
        d.add(day + timedelta(days=24), "reversed", decision_id=ident, reason="The money for the year is not there.")
        day, ident = day + timedelta(days=27), "path-2"
    _decide(d, day, ident, d.row.path)


def _decide(d: Diary, day: date, ident: str, kind: str) -> None:
    row = d.row
    fields: dict[str, Any] = {"decision_id": ident, "kind": kind}
    outcome = row.result.split()[0]
    agrees = (kind, outcome) in _AGREES
    if not agrees:
        fields["reason_code"], fields["reason"] = d.pick("reason", kind)
    if kind == "reapply":
        weakness = _weakness(row)
        remedies = {_kind(weakness): phrases()["remedy"][weakness]} if "noweak" not in row.says else {}
        fields |= {"mode": _mode(row), "remedies": remedies, "plan": ["PLAN.6r.letter"]}
    elif kind == "pivot":
        fields |= {"specialty": row.to, "plan": ["PLAN.6p.network"]}
    elif kind == "delay_graduation":
        fields["mode"] = "extended_enrollment"
    d.add(day, "decided", **fields)
    if kind == "reapply" and outcome == "PIVOT_NOW":
        d.add(day, "dissents", decision_id=ident, why=d.pick("note", "dissents"))
    elif d.maybe(0.75):
        d.add(day, "concurs", decision_id=ident, note=d.pick("note", "concurs"))
    if kind == "pivot" and row.ladder:
        d.add(day, "ladder", ladder=row.ladder)


def _the_year(d: Diary, match_day: date) -> None:
    row = d.row
    july = date(row.cycle, 7, 1)
    if row.path in ("", "withdraw", "leave_medicine"):
        kind = "leaving" if row.path == "leave_medicine" else "pending" if row.grade else "silent"
        for months in (2, 4):
            d.contact(add_months(match_day, months) + d.days(0, 12), kind)
        return
    d.contact(july + d.days(5, 40), "summer")
    starts = {"place": d.chance.choice(phrases()["places"]), "starts_on": july}
    if row.year == "research" and row.path == "reapply":
        d.add(july + d.days(1, 4), "placed", kind="research_year", specialty=row.specialty, **starts)
    seated = _seat(row) is not None
    if row.year == "soap" and row.end == "stay":
        d.add(july + d.days(1, 9), "placed", kind="training_begun", specialty=row.to, **starts)
        for code in ("YEAR.pivot.place", "PLAN.12.strategic"):
            d.add(july + timedelta(days=10), "waived", milestone_id=code, reason=phrases()["waived"]["place"])
    if seated and d.maybe(0.6):
        d.add(
            add_months(match_day, 3) - timedelta(days=8),
            "waived",
            milestone_id="PLAN.3.top10",
            reason=phrases()["waived"]["seat"],
        )
    elif seated:
        d.add(date(row.cycle, 10, 14), "completed", milestone_id="PLAN.3.top10", evidence=phrases()["evidence"]["seat"])
    _reach(d, add_months(match_day, 6), _by_six(row, seated=seated))
    if row.end != "stay":
        d.contact(date(row.cycle, 10, 6) + d.days(0, 20), "autumn_reapply" if row.path == "reapply" else "autumn_pivot")
        d.contact(date(row.cycle + 1, 1, 5) + d.days(0, 8), "winter")  # before the first of the matches
    if row.end == "categorical":
        place = {"place": d.chance.choice(phrases()["places"]), "starts_on": date(row.cycle + 1, 7, 1)}
        d.add(date(row.cycle + 1, 1, 8) + d.days(0, 25), "placed", kind="categorical", specialty=row.to, **place)
    _reach(d, add_months(match_day, 12), _by_twelve(row, seated=seated))


def _by_six(row: Row, *, seated: bool) -> list[str]:
    if row.path == "reapply":
        return ["PLAN.6r.role", "PLAN.6r.projects", "PLAN.6r.letter", *(["YEAR.reapply.letter"] if seated else [])]
    if row.path == "pivot":
        return ["PLAN.6p.niches", "PLAN.6p.rotations", "PLAN.6p.network", *(["YEAR.pivot.niches"] if seated else [])]
    return []


def _by_twelve(row: Row, *, seated: bool) -> list[str]:
    of_the_seat = {"reapply": ["YEAR.reapply.field"], "pivot": ["YEAR.pivot.reputation"]}.get(row.path, [])
    applies = [] if row.end == "stay" else ["PLAN.12.strategic"]
    return ["PLAN.12.record", *applies, "PLAN.12.longgame", *(of_the_seat if seated else [])]


def _reach(d: Diary, due: date, codes: Sequence[str]) -> None:
    """Most milestones are reached in time, some are given up, some are late, and some stay missed."""
    for code in codes:
        drawn, done = d.chance.random(), {"milestone_id": code, "evidence": phrases()["evidence"][code]}
        if drawn < 0.66 or code == "PLAN.12.strategic":  # noqa: PLR2004
            d.add(due - d.days(3, 40), "completed", **done)
        elif drawn < 0.76:  # noqa: PLR2004
            d.add(due - d.days(3, 30), "waived", milestone_id=code, reason=phrases()["waived"]["less"])
        elif drawn < 0.88:  # noqa: PLR2004
            d.add(due + d.days(9, 40), "completed", **done)


def _outcome(d: Diary) -> None:
    """Tell how the next match ended, if it has been."""
    row = d.row
    field_ = row.specialty if row.end == "dream" else row.to
    system = row.system if row.end == "dream" else "nrmp"
    next_match = days_of(row.cycle + 1, system)
    if next_match is None or row.end in ("", "stay"):
        return
    july = date(row.cycle + 1, 7, 1)
    starts = {"place": d.chance.choice(phrases()["places"]), "starts_on": july}
    if row.end in ("dream", "other"):
        d.add(next_match.match_day, "placed", kind="matched", specialty=field_, **starts)
        d.contact(next_match.match_day, "matched")
    elif row.end in ("again", "none"):
        d.contact(next_match.learned_on, row.end)
        return
    d.add(july + d.days(1, 10), "placed", kind="training_begun", specialty=field_, **starts)
    if d.maybe(0.35):
        d.contact(july + d.days(60, 150), "later")


def _handed_over(d: Diary) -> None:
    """Give the student to somebody else when the advisor leaves."""
    before = d.hand_over["on"] - timedelta(days=1)
    if d.row.advisor == d.hand_over["from"]:
        d.add(before, "assigned", by="okafor", to=d.hand_over["to"])
        d.add(before, "note", by="okafor", visibility="team", body=phrases()["note"]["handover"])
