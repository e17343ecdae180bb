"""What untrusted projects, templates and repositories must not be able to do."""
