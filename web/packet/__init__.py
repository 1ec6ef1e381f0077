"""The decision record in the hand: one decision with all that it rests on, as JSON and as a tagged PDF.

`build` reads it out of the journal, `paper` sets it, `explain` evaluates it again without a store.
"""
