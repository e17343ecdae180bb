"""Versions of a template: where they are, which there are, and what belongs to whom."""
