"""Every address that can be asked for, from the application's own routes, so that a new page cannot be forgotten."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from core.people.access import Permission
from core.people.member import member_id
from web.app import create_app
from web.house import open_house
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from werkzeug.routing import Rule

    from tests.journeys.conftest import Demo

# These lead on to a page, or are asked for by one; nobody of the demonstration audits, so `test_record` looks at that.
NO_PAGES = {"static", "home.start", "audit.record_finding"}
NO_PAGES |= {"money.stored", "money.offered", "money.stored_sheet"}  # of what is saved first: `test_money` does
NO_PAGES |= {"packs.opened"}  # of a file that is chosen first: `test_accessibility` looks at one
NO_PAGES_UNDER = ("/live/", "/api/")
MARK = "rungwise_admits"  # which every view carries (web.edge)
STEWARDS = {Permission.MANAGE_MEMBERS, Permission.MANAGE_SETTINGS, Permission.PUBLISH_PLAYBOOK}
OWN_PACK = "thoracic-surgery-integrated"
# What stands in the parameters, and whose journey has that; without a word here it is Nora's, who is undecided.
NORA: dict[str, str] = {"ref": "LF-0433"}
ROWAN, PAVEL, KOFI = {"ref": "LF-0238"}, {"ref": "LF-0452"}, {"ref": "LF-0422"}
FILLED: dict[str, tuple[dict[str, str], ...]] = {
    # all of it years ago; decided, taken back and decided again; a disputed fact; a field without a ladder; a long name
    "journey.sheet": (NORA, ROWAN, PAVEL, {"ref": "LF-0470"}),
    "journey.decision": (NORA, PAVEL, KOFI),
    "journey.inventory": (NORA, KOFI),
    "journey.opinions": (NORA, ROWAN),
    "journey.ladders": (NORA, {"ref": "LF-0468"}),
    "explorer.field": tuple(
        {**NORA, "specialty": slug} for slug in ("orthopaedic-surgery", "radiation-oncology", "ophthalmology")
    ),
    "journey.record_facts": ({**NORA, "group": "plans"}, {**NORA, "group": "flags"}, {**NORA, "group": "scores"}),
    "journey.fact": ({**NORA, "name": "step2"}, {**KOFI, "name": "interviews_offered"}),
    "journey.dispute_fact": ({**NORA, "name": "step2"},),
    "journey.milestone": ({**NORA, "milestone_id": "PLAN.3.decide"}, {**NORA, "milestone_id": "WEEK1.tell"}),
    "journey.receive_opinion": ({**NORA, "opinion_id": "sandpiper"},),
    "journey.decline_opinion": ({**NORA, "opinion_id": "sandpiper"},),
    "journey.withdraw_opinion": ({**NORA, "opinion_id": "grebe"},),
    "journey.mark_trust": ({"ref": "LF-0388", "opinion_id": "wigeon"},),
    "audit.journey": (PAVEL, NORA),
    "journey.reverse_decision": ({**PAVEL, "decision_id": "path-2"},),
    # in force, and one that is not finished; a change that waits for a second person
    "packs.pack": ({**NORA, "name": "dermatology"}, {**NORA, "name": OWN_PACK}),
    "packs.edit": ({**NORA, "name": OWN_PACK},),
    "packs.download": ({**NORA, "name": OWN_PACK},),
    "packs.propose": ({**NORA, "name": "ortho_neuro", "kind": "withdrawal"},),
    "packs.proposal": ({**NORA, "number": "1"},),
    "packs.parameter": ({**NORA, "name": "handful_min"},),
    "packs.cutoff": ({**NORA, "slug": "neurosurgery"},),
}


@dataclass(frozen=True)
class Page:
    """An address, and who may open it; None is somebody who is not signed in."""

    endpoint: str
    path: str
    who: str | None


def every_page(demo: Demo, more: Mapping[str, str]) -> list[Page]:
    """Every page of the demonstration, with its parameters filled in; a few addresses hand over a file instead.

    Args:
        demo: whose journeys are shown.
        more: values that exist in a running server alone, by the name of the parameter.
    """
    with closing(open_house(Settings(data_dir=demo.folder), {})) as house:
        app = create_app(house)
        chen = str(member_id(house.desk.journal.keys, "chen@larkfield.example"))
        given = {"cohort": "2026", "cycle": "2026", "member_id": chen, **more}
        with app.test_request_context():
            return [
                Page(endpoint=rule.endpoint, path=url_for(rule.endpoint, **values), who=_who(app, rule))
                for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule)
                if _is_page(rule)
                for values in _values(rule, given, demo)
            ]


def _is_page(rule: Rule) -> bool:
    asked = "GET" in (rule.methods or ())
    return asked and rule.endpoint not in NO_PAGES and not rule.rule.startswith(NO_PAGES_UNDER)


def _who(app: Flask, rule: Rule) -> str | None:
    mark = getattr(app.view_functions[rule.endpoint], MARK)
    if isinstance(mark, Permission) and mark in STEWARDS:
        return "sundqvist"
    return None if mark == "everybody" else "okafor"


def _values(rule: Rule, given: Mapping[str, str], demo: Demo) -> list[dict[str, Any]]:
    """What stands in the parameters of a route, once for every way in which its page looks different."""
    found = []
    for filled in FILLED.get(rule.endpoint, (NORA,)):
        known = {**given, **filled, "journey_id": demo.journeys[filled["ref"]].rpartition("/")[2]}
        strange = rule.arguments - known.keys()
        if strange - {"opinion_id"}:  # one route of two for an opinion: asked for before, or not
            raise AssertionError(f"{rule.rule}: say in {__name__} what stands in {', '.join(sorted(strange))}")
        if not strange:
            found.append({name: known[name] for name in rule.arguments})
    return found
