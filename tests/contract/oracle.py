"""A second, plain reading of playbook §4 over requests in the contract's form; shares no code with the engine.

Slow and naive on purpose: it is what the engine and its flips are compared with.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Request = dict[str, Any]

DEFAULTS = {
    "handful_min": 3,
    "champion_min": 3,
    "significant_gap": 10,
    "max_fix_months": 12,
    "plan_months_min": 12,
    "plan_months_max": 24,
    "thin_max": 4,
    "shotgun_min": 80,
}
DERM = {"champion_min": 4, "max_fix_months": 24}
TRUSTED_ONLY = {"otolaryngology", "plastic-surgery-integrated", "urology"}
HYPER = TRUSTED_ONLY | {"dermatology", "orthopaedic-surgery", "neurosurgery", "radiology-interventional"}


def parameter(request: Request, name: str) -> int:
    given, slug = request.get("parameters", {}), request["specialty"]
    if f"{slug}:{name}" in given:
        return given[f"{slug}:{name}"]
    if slug == "dermatology" and name in DERM:
        return DERM[name]
    return given.get(name, DEFAULTS[name])


def standing(request: Request, roles: set[str], *, trusted_only: bool) -> list[dict[str, Any]]:
    kept = [
        (statement["date"], place, statement)
        for place, statement in enumerate(request["statements"])
        if statement["role"] in roles
        and statement["specialty"] == request["specialty"]
        and statement["date"] <= request["as_of"]
        and not statement.get("withdrawn", False)
        and (not trusted_only or statement.get("trusted") is True)
    ]
    by_person: dict[str, dict[str, Any]] = {}
    for _, _, statement in sorted(kept, key=lambda one: one[:2]):
        by_person[statement["by"]] = statement
    return list(by_person.values())


def heard(request: Request) -> list[dict[str, Any]]:
    return standing(request, {"pd", "apd"}, trusted_only=request["specialty"] in TRUSTED_ONLY)


def reasons(request: Request) -> set[str]:
    facts, said, found = request["facts"], heard(request), set()
    offers, step2 = facts.get("interviews_offered"), facts.get("step2")
    cutoff = request.get("cutoffs", {}).get(request["specialty"])
    if offers is not None and offers < parameter(request, "handful_min"):
        found.add("PIVOT.interviews")
    if said and max(one["champion_grade"] for one in said) < parameter(request, "champion_min"):
        found.add("PIVOT.champion")
    backed = [one for one in said if one["champion_grade"] == 4 and one["saw_full_file"]]
    known = said and cutoff is not None and step2 is not None
    if known and step2 <= cutoff - parameter(request, "significant_gap") and not backed:
        found.add("PIVOT.cutoff")
    for weakness in request["weaknesses"] or []:
        if weakness["months"] is not None and weakness["months"] > parameter(request, "max_fix_months"):
            found.add("REAPPLY.fix")
    if request["specialty"] == "dermatology":
        plan = facts.get("research_plan_months")
        if facts.get("willing_to_move_anywhere") is False:
            found.add("DERM.move")
        low, high = parameter(request, "plan_months_min"), parameter(request, "plan_months_max")
        if plan is not None and not low <= plan <= high:
            found.add("DERM.plan")
    return found


def missing(request: Request) -> set[str]:
    facts, found = request["facts"], set()
    if request["weaknesses"] is None:
        found.add("weaknesses")
    elif None in [weakness["months"] for weakness in request["weaknesses"]]:
        found.add("weakness_months")
    if not heard(request):
        found.add("statement")
    needed = ["interviews_offered", "financial_pressure"]
    if request["specialty"] in request.get("cutoffs", {}):
        needed.append("step2")
    if request["specialty"] == "dermatology":
        needed += ["willing_to_move_anywhere", "research_plan_months"]
    return found | {name for name in needed if facts.get(name) is None}


def outcome(request: Request) -> str:
    if reasons(request):
        return "PIVOT_NOW"
    if missing(request):
        return "INDETERMINATE"
    return "CONTESTED" if request["facts"]["financial_pressure"] else "REAPPLY"


def decided_by(request: Request) -> set[str]:
    found = outcome(request)
    return reasons(request) if found == "PIVOT_NOW" else {"PIVOT.money"} if found == "CONTESTED" else set()


def warnings(request: Request) -> set[str]:
    facts, found = request["facts"], set()
    cutoff = request.get("cutoffs", {}).get(request["specialty"])
    offers, handful = facts.get("interviews_offered"), parameter(request, "handful_min")
    if offers is not None:
        found |= {"thin-interviews"} if handful <= offers <= parameter(request, "thin_max") else set()
        found |= {"above-published-range"} if offers >= 16 else set()
        found |= {"literal-any"} if 0 < offers < handful else set()
    if cutoff is None:
        found.add("cutoff-unknown")
    elif facts.get("step2") is not None and 0 < cutoff - facts["step2"] < parameter(request, "significant_gap"):
        found.add("below-cutoff")
    sponsors = standing(request, {"pd", "apd", "faculty"}, trusted_only=False)
    many = (facts.get("applications") or 0) >= parameter(request, "shotgun_min")
    if many and request["specialty"] in HYPER and not [one for one in sponsors if one["champion_grade"] >= 3]:
        found.add("shotgun")
    excused = facts.get("blank_reason") in {"illness", "family_crisis", "military", "immigration"}
    if facts.get("planned_year") == "blank" and not (excused and facts.get("blank_proof")):
        found.add("blank-year")
    return found


def path(request: Request) -> list[str]:
    walked = ["TREE.start", "TREE.interviews"]
    offers = request["facts"].get("interviews_offered")
    if offers is None or offers < parameter(request, "handful_min"):
        return walked
    said = heard(request)
    if not said or max(one["champion_grade"] for one in said) < parameter(request, "champion_min"):
        return [*walked, "TREE.pd"]
    return [*walked, "TREE.pd", "TREE.fixable"]


def changed(request: Request, changes: list[dict[str, Any]], *, whole_person: bool = False) -> Request:
    """The request with a flip's changes made: on the one statement that counts, or on all that a person made."""
    request = {
        **request,
        "facts": dict(request["facts"]),
        "statements": [dict(one) for one in request["statements"]],
        "weaknesses": request["weaknesses"] and [dict(one) for one in request["weaknesses"]],
    }
    for change in changes:
        head, _, tail = change["fact"].partition("/")
        if head == "statements":
            by, _, field = tail.rpartition("/")
            theirs = [one for one in request["statements"] if one["by"] == by]
            if not whole_person:
                counting = [one for one in heard(request) if one["by"] == by]
                eligible = [one for one in standing(request, {"pd", "apd"}, trusted_only=False) if one["by"] == by]
                theirs = counting or eligible
                assert theirs[0].get(field) == change["from"]
            for one in theirs:
                one[field] = change["to"]
        elif head == "weaknesses":
            weakness = request["weaknesses"][int(tail.split("/")[0])]
            assert weakness["months"] == change["from"]
            weakness["months"] = change["to"]
        else:
            assert request["facts"][change["fact"]] == change["from"]
            request["facts"][change["fact"]] = change["to"]
    return request


def changeable(request: Request, most_months: int) -> dict[str, list[Any]]:
    """Every known fact that can still change, with its whole domain; months go up to `most_months`."""
    domains: dict[str, list[Any]] = {}
    for statement in request["statements"]:
        at = f"statements/{statement['by']}/"
        domains[at + "champion_grade"] = [0, 1, 2, 3, 4]
        domains[at + "saw_full_file"] = [False, True]
        if statement.get("trusted") is not None:
            domains[at + "trusted"] = [False, True]
    for index, weakness in enumerate(request["weaknesses"] or []):
        if weakness["months"] is not None:
            domains[f"weaknesses/{index}/months"] = list(range(most_months + 1))
    plain: dict[str, list[Any]] = {
        "financial_pressure": [False, True],
        "willing_to_move_anywhere": [False, True],
        "research_plan_months": list(range(most_months + 1)),
        "research": ["multiple", "limited", "minimal"],
        "applications": [0, 79, 80],
        "planned_year": ["research_year", "blank"],
    }
    return domains | {name: plain[name] for name in plain if request["facts"].get(name) is not None}


def sets_of_changes(request: Request, size: int, most_months: int) -> Iterator[list[dict[str, Any]]]:
    """Every set of exactly `size` changes; each person must have made one statement only."""
    domains = changeable(request, most_months)
    for names in combinations(domains, size):
        for values in product(*(domains[name] for name in names)):
            changes = [{"fact": n, "from": _now(request, n), "to": v} for n, v in zip(names, values, strict=True)]
            if all(change["from"] != change["to"] for change in changes):
                yield changes


def _now(request: Request, name: str) -> Any:
    head, _, tail = name.partition("/")
    if head == "statements":
        by, _, field = tail.rpartition("/")
        return next(one for one in request["statements"] if one["by"] == by)[field]
    return request["weaknesses"][int(tail.split("/")[0])]["months"] if head == "weaknesses" else request["facts"][name]
