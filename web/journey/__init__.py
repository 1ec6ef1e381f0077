"""Everything about one journey in the browser: its sheet, inventory, opinions, decision, ladders, and every form.

Each module holds a page or a family of forms and puts its routes on the one blueprint; `record` is what they share.
"""

from web.journey import (
    decision,
    facts,
    inventory,
    lab,
    ladders,
    more_time,
    opinion_forms,
    opinions,
    plan,
    renewal,
    sheet,
    team,
    weaknesses,
)
from web.journey.record import blueprint

__all__ = [
    "blueprint",
    "decision",
    "facts",
    "inventory",
    "lab",
    "ladders",
    "more_time",
    "opinion_forms",
    "opinions",
    "plan",
    "renewal",
    "sheet",
    "team",
    "weaknesses",
]
