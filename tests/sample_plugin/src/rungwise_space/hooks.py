"""What the plugin answers: a specialty, a way to practice, a panel with the days left, and a model of pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rungwise import hookimpl

if TYPE_CHECKING:
    from datetime import date

    from rungwise import IncomeModel, JourneyView, Panel, PanelRow, PathView, Specialty, Track

STATION_USD = (310_000, 420_000, 560_000)
TRAINING_USD = 70_000


@hookimpl
def rungwise_specialties() -> list[Specialty]:
    """Name space medicine."""
    return [{"slug": "space-medicine", "name": "Space medicine", "short": "space"}]


@hookimpl
def rungwise_income_tracks() -> list[Track]:
    """Say what a station pays."""
    low, _, high = STATION_USD
    return [
        {
            "id": "TRACK.space-station",
            "name": "Physician of a station",
            "base": "emergency-medicine",
            "low_usd": low,
            "high_usd": high,
            "source": "the plugin's own survey",
            "year": 2025,
        }
    ]


@hookimpl
def rungwise_panels(journey: JourneyView, today: date) -> list[Panel]:
    """Count the milestones ahead."""
    ahead = [one for one in journey.milestones if one.status == "planned" and one.due_on >= today]
    soonest = [f"{(min(one.due_on for one in ahead) - today).days} days to the next"] if ahead else []
    rows: list[PanelRow] = [{"label": "Milestones ahead", "value": ", ".join([str(len(ahead)), *soonest])}]
    return [{"title": "Days to launch", "text": f"Missed: {journey.specialty_name}.", "rows": rows}]


@hookimpl
def rungwise_income_model(path: PathView) -> IncomeModel | None:
    """Give the pay of a station to whoever ends in emergency medicine."""
    if path.steps[-1].specialty != "emergency-medicine":
        return None
    begins = path.steps[-1].from_year
    years = range(path.start_year, path.start_year + path.years)
    return {
        "gross_usd": [list(STATION_USD) if year >= begins else [TRAINING_USD] * 3 for year in years],
        "sources": [{"what": "pay on stations", "source": "the plugin's own survey", "year": 2025}],
    }
