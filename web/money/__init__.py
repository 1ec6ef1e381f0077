"""Money in the browser: up to four paths compared, offers judged, quarters of a practice; advice on none of it."""

from web.money import compare, offers, tracker
from web.money.place import blueprint

__all__ = ["blueprint", "compare", "offers", "tracker"]
