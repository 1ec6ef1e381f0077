"""The read models: what pages show, folded from the journal; rebuildable at any time."""
