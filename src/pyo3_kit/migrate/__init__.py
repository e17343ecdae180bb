"""`migrate` as a library: any project on PyO3 0.21 or later, moved to a later line by code migrations."""
