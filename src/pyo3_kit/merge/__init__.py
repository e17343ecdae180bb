"""Merging a template's change with a user's edits: by meaning where a file has a meaning, else by lines."""
