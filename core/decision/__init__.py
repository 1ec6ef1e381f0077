"""Decisions: evidence and a playbook give a recommendation with its whole trace (playbook §1 and §4).

Pure functions: no clock, no files, no plugins. The one entry is `evaluate`.
"""

from __future__ import annotations

from core.decision.evidence import FACTS, Evidence, Statement, Weakness
from core.decision.playbook import DEFAULTS, Playbook, Specialty
from core.decision.profile import Profile, classify
from core.decision.recommendation import ENGINE, Recommendation, RuleResult, evaluate

__all__ = [
    "DEFAULTS",
    "ENGINE",
    "FACTS",
    "Evidence",
    "Playbook",
    "Profile",
    "Recommendation",
    "RuleResult",
    "Specialty",
    "Statement",
    "Weakness",
    "classify",
    "evaluate",
]
