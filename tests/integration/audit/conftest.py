"""The students of the journey pages, for the auditor's desk."""

from tests.integration.journey.conftest import priya

__all__ = ["priya"]
