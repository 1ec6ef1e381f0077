"""Sets a decision record on paper: a tagged PDF, from the record alone.

Texts reach the typesetter as data, never as source, so nothing that somebody typed can become a command. Nothing is
fetched: the serif and the monospaced face are embedded in the typesetter; a face of the machine is used only for signs
that they lack, such as a name in another script.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

import typst

from web.journey.pictures import tree_of
from web.journey.words import OUTCOMES, WARNINGS, clock_time
from web.pictures.tree import drawn_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PAPER_STYLE", "pages_as_pictures", "pdf_of"]

_TEMPLATE: Final = Path(__file__).with_name("record.typ")
#: Tagged for screen readers, checked by the typesetter. Source: ISO 14289-1.
_STANDARD: Final = "ua-1"
#: The classes of `pictures.css` in their light colors: a page reads them from `tokens.css`, paper has none.
PAPER_STYLE: Final = """
text { fill: #182325; font-family: "Libertinus Serif"; font-size: 14px }
.q { fill: #4a5859; font-size: 13px }
.b { font-weight: 700 }
.e { text-anchor: end }
.bx { fill: #ffffff; stroke: #72807c; stroke-width: 1.25 }
.bx.on { stroke: #182325; stroke-width: 2.5 }
.k-reapply .bx { stroke: #40489c } .k-pivot .bx { stroke: #0d625b }
.k-contested .bx { stroke: #7a4f00 } .k-unknown .bx { stroke: #55616a }
.bx.out.on { stroke-width: 3 }
.bx.open { stroke-dasharray: 6 4 }
.st { fill: none; stroke: #0d625b; stroke-width: 2.5 }
.pt { fill: none; stroke: #72807c; stroke-width: 1.5; stroke-dasharray: 4 4 }
.pt.on { stroke: #182325; stroke-width: 4; stroke-dasharray: none }
.pt.ask { stroke: #182325; stroke-width: 2.5; stroke-dasharray: 3 5 }
"""
_RELATIONS: Final = {
    "agrees": "It agrees with what the rules said.",
    "differs": "It differs from what the rules said.",
    "contested": "The rules had called it contested.",
    "not_decidable": "The rules could not say anything yet.",
    "own_gate": "A decision of SOAP week: it has its own conditions, and the tree does not judge it.",
}
_VERDICTS: Final = {
    "holds": "holds",
    "fails": "does not hold",
    "missing": "not known",
    "cannot_evaluate": "cannot be evaluated",
    "not_applicable": "does not apply",
}


def pdf_of(packet: Mapping[str, Any]) -> bytes:
    """Return the record as a tagged PDF."""
    taken = int(datetime.fromisoformat(packet["taken"]["at"]).timestamp())
    try:
        made = _compiler(packet).compile(format="pdf", pdf_standards=[_STANDARD], timestamp=taken)
    except typst.TypstError:  # a sign of another script, and no face on this machine has it: tagged all the same
        made = _compiler(packet).compile(format="pdf", timestamp=taken)
    return cast("bytes", made)


def pages_as_pictures(packet: Mapping[str, Any]) -> list[bytes]:
    """Return each page as PNG, to be looked at."""
    made = _compiler(packet).compile(format="png", ppi=80)
    return cast("list[bytes]", made if isinstance(made, list) else [made])


def _compiler(packet: Mapping[str, Any]) -> typst.Compiler:
    words = _Words(packet)
    inputs = {"record": json.dumps(words.record()), "tree": words.tree[0]}
    return typst.Compiler(_TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs=inputs)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


class _Words:
    """A record as its pages say it: dates with weekday, times in the institution's zone, verdicts in words."""

    def __init__(self, packet: Mapping[str, Any]) -> None:
        self.packet = packet
        self.zone = ZoneInfo(packet["institution"]["time_zone"])
        self.tree = self._tree()

    def record(self) -> dict[str, Any]:
        """Return all that the template sets, as texts."""
        packet, said = self.packet, self.packet["recommendation"]
        return {
            **packet,
            "playbook": {name: packet["playbook"][name] for name in ("digest", "label")}
            | {"since": self.day(packet["playbook"]["since"])},
            "evidence": None,
            "taken": {**packet["taken"], "at": self.moment(packet["taken"]["at"])},
            "journey": packet["journey"]
            | {name: self.day(packet["journey"][name]) for name in ("match_day", "learned_on")},
            "decision": self._decision(),
            "recommendation": said and self._recommendation(said),
            "known": self._known(),
            "later": [self._who(one) for one in packet["later"]],
            "tree_alt": self.tree[1],
        }

    def day(self, text: str) -> str:
        on = datetime.fromisoformat(text).astimezone(self.zone).date() if "T" in text else date.fromisoformat(text)
        return f"{on:%A, %B} {on.day}, {on.year}"

    def moment(self, text: str) -> str:
        at = datetime.fromisoformat(text)
        return f"{self.day(text)}, {clock_time(at, self.zone)} {at.astimezone(self.zone):%Z}"

    def _who(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """Add when and by whom in words; where it had happened on another day, both days."""
        happened = one.get("happened_on")
        on = self.day(one["at"])
        late = happened and self.day(happened) != on
        when = f"{self.day(happened)}; written down {on}" if happened and late else on
        return {**one, "when": when, "moment": self.moment(one["at"]), "who": f"{when}, by {one['by']}"}

    def _decision(self) -> dict[str, Any] | None:
        one = self.packet["decision"]
        if one is None:
            return None
        return self._who(one) | {
            "relation_words": _RELATIONS[one["relation"]],
            "plan": [{**each, "due": self.day(each["due_on"])} for each in one["plan"]],
            "stances": [self._who(each) for each in one["stances"]],
            "reversal": one["reversal"] and self._who(one["reversal"]),
            "gate_passed": one["gate_passed"] and self._who(one["gate_passed"]),
            "overrides": [self._who(each) for each in one["overrides"]],
        }

    def _recommendation(self, said: Mapping[str, Any]) -> dict[str, Any]:
        result = said["result"]
        sentences = {one["id"]: one for one in said["words"]}
        rules = [
            {
                "id": rule["id"],
                "sentence": sentences[rule["id"]]["sentence"],
                "verdict": _VERDICTS[rule["verdict"]],
                "why": rule["why"],
                "decisive": rule["id"] in result["decided_by"],
                "behind": [self._who(one) for one in sentences[rule["id"]]["turned_on"]],
            }
            for rule in result["rules"]
        ]
        return self._who(said) | {
            "outcome": OUTCOMES[result["outcome"]],
            "decided_by": [one for one in rules if one["decisive"]],
            "rules": rules,
            "flips": [one["words"] for one in result["flips"]],
            "would_decide": [f"{one['words']}: {OUTCOMES[one['outcome']]}" for one in result["would_decide"]],
            "warnings": [" ".join(WARNINGS[code]) for code in result["warnings"] if code in WARNINGS],
        }

    def _known(self) -> dict[str, Any]:
        known = self.packet["known"]
        weaknesses = known["weaknesses"]
        return {
            **known,
            "facts": [self._who(one) for one in known["facts"]],
            "weaknesses": weaknesses and self._who(weaknesses),
            "before": [self._who(one) for one in known["before"]],
            "opinions": [
                self._who(one) | {"dated": self.day(one["said"]["dated"]) if one["said"] else None}
                for one in known["opinions"]
            ],
        }

    def _tree(self) -> tuple[str, str]:
        """Draw the path as the page does, in colors for paper; with what it says."""
        said = self.packet["recommendation"]
        if said is None:
            return "", ""
        sentences = {one["id"]: one["sentence"] for one in said["words"]}
        journey = self.packet["journey"]
        picture = tree_of(said["result"], journey["specialty_short"], self.day(journey["learned_on"]), sentences)
        drawing, says = drawn_tree(picture)
        head, _, rest = drawing.partition(">")
        return f"{head}><style>{PAPER_STYLE}</style>{rest}", says
