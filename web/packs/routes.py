"""The pages of packs, parameters and proposals; each module puts its routes on the one blueprint."""

from web.packs import decide, editor, files, listing, new, pack, parameters, plugins, propose
from web.packs.place import blueprint

__all__ = ["blueprint", "decide", "editor", "files", "listing", "new", "pack", "parameters", "plugins", "propose"]
