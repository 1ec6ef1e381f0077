"""Income models that show the money honestly (playbook §2, §3, §5, §7, FAQ.ceiling).

`read_scenario` makes plain data into a `Scenario` or names every fault; `compare` answers it. Nothing here reads a
file, a clock or unseeded chance; the public figures come in as `Tables`. Method, sources and checks: docs/income.md.
"""

from __future__ import annotations

from core.income.answers import Comparison, PathResult, agree
from core.income.compare import MODEL_VERSION, compare
from core.income.faults import BadScenario, Fault, Question
from core.income.read_paths import ladder_path
from core.income.scenario import Scenario, read_scenario
from core.income.tables import Tables

__all__ = [
    "MODEL_VERSION",
    "BadScenario",
    "Comparison",
    "Fault",
    "PathResult",
    "Question",
    "Scenario",
    "Tables",
    "agree",
    "compare",
    "ladder_path",
    "read_scenario",
]
