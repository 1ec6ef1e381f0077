"""Prints the figures; see `scripts/bench --help`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from tests.bench import boards, commands, decisions, live, mix
from tests.bench.asof import measure as measure_asof
from tests.bench.comparing import measure as measure_comparing
from tests.bench.containing import measure as measure_containing
from tests.bench.income import measure as measure_income
from tests.bench.previewing import measure as measure_previewing
from tests.bench.verifying import measure as measure_verifying
from tests.bench.views import measure_catch_up, measure_rebuild

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench import Figure

# figure name → the measurement that gives it; one measurement may give several
MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "command_vs_stock": commands.measure,
    "evaluate_ms": decisions.measure,
    "flips_ms": decisions.measure,
    "income_growth": measure_income,
    "income_mb": measure_income,
    "income_vs_naive": measure_income,
    "compare_ms": measure_comparing,
    "containment_ms": measure_containing,
    "verify_vs_raw": measure_verifying,
    "catchup_vs_stock_full": measure_catch_up,
    "catchup_vs_stock_normal": measure_catch_up,
    "rebuild_vs_raw": measure_rebuild,
    "rebuild_mb": measure_rebuild,
    "board_growth": boards.measure_growth,
    "board_all_ms": boards.measure_all,
    "mix_p99_ms": mix.measure,
    "visible_ms": live.measure_visible,
    "live_cost": live.measure_cost,
    "preview_10000_s": measure_previewing,
    # last, for it writes to the big store
    "asof_journey_ms": measure_asof,
    "asof_cohort_ms": measure_asof,
    "drift_10000_s": measure_asof,
}


def main() -> int:
    """Measure and print; return 1 when a figure does not hold."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the figures the product promises.")
    parser.add_argument("--only", metavar="NAME", choices=MEASUREMENTS, help="one of " + ", ".join(MEASUREMENTS))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    wanted = {options.only} if options.only else set(MEASUREMENTS)
    chosen = dict.fromkeys(MEASUREMENTS[name] for name in MEASUREMENTS if name in wanted)
    figures = [figure for measure in chosen for figure in measure() if figure.name in wanted]
    if options.json:
        print(json.dumps({"figures": [figure.to_dict() for figure in figures]}, indent=1))
    else:
        for figure in (one.to_dict() for one in figures):
            state = "holds" if figure["holds"] else "DOES NOT HOLD"
            print(
                f"{figure['name']} = {figure['value']} {figure['unit']} ({figure['target']}): {state}. {figure['how']}"
            )
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
