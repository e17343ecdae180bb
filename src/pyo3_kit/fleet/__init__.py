"""Many repositories at once: how they stand to their templates, and bringing all of them up to date."""
