"""Update a project to its template's newest version without losing the user's changes."""
