"""containment_ms: what it costs a page that a plugin answers in a process of its own, against a direct call."""

from __future__ import annotations

import statistics
import sys
import time
import types
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from plugins.contained import Contained
from plugins.installed import Found
from plugins.live import PANELS
from plugins.process import Limits
from rungwise.testing import JOURNEY, TODAY
from tests.bench import Figure
from tests.distributions import install, reference

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS: Final = 2_000
ASKED: Final = {"journey": JOURNEY, "today": TODAY}


def measure() -> list[Figure]:
    """Ask the plugin of the hook reference for panels, by turns in its process and directly."""
    with TemporaryDirectory() as folder:
        install(Path(folder), "space", reference())
        sys.path.insert(0, folder)
        try:
            (plugin,) = [one for one in Found().plugins() if one.name == "space"]
            module = types.ModuleType("space")
            exec(reference(), vars(module))  # noqa: S102 - the example of our own reference
            with closing(Contained(Limits(), lambda _: None)) as contained:
                if not contained.started([plugin]):
                    raise RuntimeError("the plugin did not start")
                answers = contained.ask([plugin], PANELS, ASKED)[0].value
                if answers != module.rungwise_panels(**ASKED):
                    raise RuntimeError("the contained plugin answers otherwise than the direct one")
                inside = _times(lambda: contained.ask([plugin], PANELS, ASKED))
            outside = _times(lambda: module.rungwise_panels(**ASKED))
        finally:
            sys.path.remove(folder)
    apart = statistics.median(inside) - statistics.median(outside)
    how = (
        f"median of {CALLS} calls for panels in the plugin's process ({statistics.median(inside):.3f} ms, p95 "
        f"{statistics.quantiles(inside, n=20)[-1]:.3f} ms) less that of as many direct ones "
        f"({statistics.median(outside):.3f} ms)"
    )
    return [Figure(name="containment_ms", value=apart, unit="ms", bound=1, better="less", how=how)]


def _times(call: Callable[[], object]) -> list[float]:
    """Return how long each call takes [ms]."""
    found = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found
