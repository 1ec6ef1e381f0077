"""A journey: one student, one miss. One file for each kind of event, with its decide functions beside it."""
