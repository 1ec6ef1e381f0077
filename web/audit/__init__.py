"""The auditor's desk: a search over the events of a cohort, and for each decision a checklist made from its record.

An auditor reads every journey of the cohorts they are given and writes nothing but findings.
"""

from web.audit import desk, journey
from web.audit.desk import blueprint

__all__ = ["blueprint", "desk", "journey"]
