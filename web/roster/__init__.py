"""The import: a roster file is shown as what it would do, and written only when that is confirmed."""

from web.roster.routes import blueprint

__all__ = ["blueprint"]
