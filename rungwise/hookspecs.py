"""Every hook of API 1: what it is asked, when, and what it returns.

A hook is asked when a playbook is put together, and what it returned is stored in that playbook as data: no decision
and no page waits for a plugin. Each row of an answer is checked on its own; a bad row is left out and reported with
plugin, hook, field, value and what is allowed. A hook implementation gives its arguments no default values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from rungwise.data import FieldPay, Ladder, Lever, Pay, Specialty, Track

hookspec = pluggy.HookspecMarker("rungwise")


@hookspec
def rungwise_specialties() -> list[Specialty]:
    """Name the specialties that the plugin answers for, and what reapplying to each asks.

    Args:
        None.

    Returns:
        One `Specialty` per slug; a slug belongs to one plugin, and only the general pack yields to others. Scores are
        Step 2 CK points [1-300], plans and remedies are calendar months.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_ladders() -> list[Ladder]:
    """Draw the pivot ladders, from a missed specialty to practice.

    Args:
        None.

    Returns:
        One `Ladder` per climb, in the order in which a page shows them; lengths are training years, pay is US dollars
        a year. Every slug is one that some plugin declares.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_income_tracks() -> list[Track]:
    """Name the high-income ways to practice a base specialty.

    Args:
        None.

    Returns:
        One `Track` per way of practice; pay is US dollars a year, before tax.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_pay() -> list[Pay]:
    """Give the ballpark pay of specialties.

    Args:
        None.

    Returns:
        One `Pay` per specialty or group of specialties; pay is US dollars a year, before tax.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_income_fields() -> list[FieldPay]:
    """Give the pay of fields that the income model draws from, with its spread.

    Args:
        None.

    Returns:
        One `FieldPay` per specialty; pay is US dollars a year, before tax. It goes before the built-in figures.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_income_levers() -> list[Lever]:
    """Give the levers on pay that a scenario may name.

    Args:
        None.

    Returns:
        One `Lever` per id; ratios are percent. One named as a built-in lever goes before it.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError
