"""The host side of the plugin surface, and the built-in packs."""
