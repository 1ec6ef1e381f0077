"""The one package that a plugin author imports; it needs nothing else of the product.

The smallest whole plugin is a module with one marked function, named by an entry point of the group "rungwise":

    from rungwise import Specialty, hookimpl

    @hookimpl
    def rungwise_specialties() -> list[Specialty]:
        return [{"slug": "space-medicine", "name": "Space medicine"}]

A plugin without any code is a folder with a `pack.toml`; both kinds answer the same hooks (`rungwise.hookspecs`).
Within one API version hooks and keys are only ever added.
"""

from __future__ import annotations

import pluggy

from rungwise.data import (
    BaseRate,
    Condition,
    Cutoff,
    CycleDate,
    FieldPay,
    IncomeModel,
    InventoryField,
    Ladder,
    Lever,
    Milestone,
    ModelSource,
    Note,
    Panel,
    PanelRow,
    Pay,
    PayRange,
    Question,
    RangeCondition,
    Rung,
    SourcedPay,
    Specialty,
    Track,
    ValueCondition,
)
from rungwise.views import FactView, JourneyView, MilestoneView, PathView, StepView

API_VERSION = 1

hookimpl = pluggy.HookimplMarker("rungwise")

__all__ = [
    "API_VERSION",
    "BaseRate",
    "Condition",
    "Cutoff",
    "CycleDate",
    "FactView",
    "FieldPay",
    "IncomeModel",
    "InventoryField",
    "JourneyView",
    "Ladder",
    "Lever",
    "Milestone",
    "MilestoneView",
    "ModelSource",
    "Note",
    "Panel",
    "PanelRow",
    "PathView",
    "Pay",
    "PayRange",
    "Question",
    "RangeCondition",
    "Rung",
    "SourcedPay",
    "Specialty",
    "StepView",
    "Track",
    "ValueCondition",
    "hookimpl",
]
