"""Git: one runner, and the repositories that are read with it."""
