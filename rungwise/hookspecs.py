"""Every hook of API 1: what it is asked, when, and what it returns.

A data hook is asked when a playbook is put together, and what it returned is stored in that playbook as data, so that
no decision waits for a plugin. A live hook is asked while a page is made, of code plugins only; a page waits half a
second for all of them together. Each row of an answer is checked on its own; a bad row is left out and reported with
plugin, hook, field, value and what is allowed. A hook implementation gives its arguments no default values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from datetime import date

    from rungwise.data import (
        BaseRate,
        CycleDate,
        FieldPay,
        IncomeModel,
        InventoryField,
        Ladder,
        Lever,
        Milestone,
        Panel,
        Pay,
        Specialty,
        Track,
    )
    from rungwise.views import JourneyView, PathView

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


@hookspec
def rungwise_milestones() -> list[Milestone]:
    """Add milestones to the plans of those who missed a specialty.

    Args:
        None.

    Returns:
        One `Milestone` per id; its last day counts in calendar months from Match Day. A path decision plans it beside
        the playbook's own, unless that day is over.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_inventory_fields() -> list[InventoryField]:
    """Name what the inventory of a specialty asks beyond the playbook's facts.

    Args:
        None.

    Returns:
        One `InventoryField` per id. The answer is a recorded fact with a source; no rule reads it, and a protected
        attribute may not be asked.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_calendars() -> list[CycleDate]:
    """Give the last days that a match, an application service or a board sets for a cycle.

    Args:
        None.

    Returns:
        One `CycleDate` per id, for the cycle it names and no other. A milestone gets the earlier of the cycle date and
        its own day.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_evidence() -> list[BaseRate]:
    """Give base rates: how often something happened to those who missed a specialty.

    Args:
        None.

    Returns:
        One `BaseRate` per id, with its counts, its interval [percent], its years, its source and its license. It is
        shown beside the decision and the ladders, and no rule reads it.

    When:
        Once, each time a playbook is put together.
    """
    raise NotImplementedError


@hookspec
def rungwise_panels(journey: JourneyView, today: date) -> list[Panel]:
    """Show cards on the page of a journey.

    Args:
        journey: the journey as it stands.
        today: the calendar date in the institution's time zone.

    Returns:
        Up to six `Panel`s, in their order; an empty list where there is nothing to say of this journey.

    When:
        Each time somebody opens the page of a journey as it is today.
    """
    raise NotImplementedError


@hookspec
def rungwise_income_model(path: PathView, today: date) -> IncomeModel | None:
    """Give the pay of a whole path, in place of the built-in model.

    Args:
        path: the steps with their years.
        today: the calendar date in the institution's time zone.

    Returns:
        An `IncomeModel` with a row for each of `path.years`; pay is US dollars of `path.price_year`, before tax. Taxes,
        loans, worth and chances are computed from it as from the built-in model. None where the path is not one that
        the plugin knows.

    When:
        Each time a comparison is computed in which somebody chose this plugin's model for a path.
    """
    raise NotImplementedError
