"""A team's work on a whole cohort: decisions, caseload, hand-over, activity, saved filters, ladders and the tree.

Each module holds a page or a family of forms and puts its routes on the one blueprint; `place` is what they share.
"""

from web.registers import activity, caseload, decisions, drift, handover, pictures, saved
from web.registers.place import blueprint

__all__ = ["activity", "blueprint", "caseload", "decisions", "drift", "handover", "pictures", "saved"]
