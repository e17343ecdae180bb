"""A project: where it is, its answers file, its opt-outs, and its lock file."""
