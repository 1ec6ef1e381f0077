"""People of the institution: members and what they may do; the institution itself and its cohorts."""
