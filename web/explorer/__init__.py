"""The ladder explorer: for each missed specialty its climbs side by side, filtered by drive, up to four compared.

What is filtered and compared stands in the address, so that it can be shared and works without script. Nothing here
ranks climbs: their order is that of the packs.
"""

from web.explorer import field, index
from web.explorer.asked import blueprint

__all__ = ["blueprint", "field", "index"]
