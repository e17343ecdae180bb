"""`migrate` as a library: migrate any project on PyO3 0.21 or later to a newer line."""
