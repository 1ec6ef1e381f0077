"""The cohort board: everybody at a glance, the same as a file, and the form that opens one journey."""

from web.board.routes import blueprint

__all__ = ["blueprint"]
