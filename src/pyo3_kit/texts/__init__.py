"""Texts: edits, identities, and how lists of files are shown."""
