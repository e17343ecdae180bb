"""Bringing a project up to its template, without losing anything of the user's."""
