"""Migrations: the changes to a project's answers and code when it moves to another version.

They are data in the template's folder `migrations/`, one folder each; nothing is executed. Everything here is pure:
answers and trees in, answers and trees out.
"""

from __future__ import annotations

from pyo3_kit.codemods.answers import answer_migrations
from pyo3_kit.codemods.code import code_migrations
from pyo3_kit.codemods.loading import FOLDER, load
from pyo3_kit.codemods.model import Applied, Context, Migration, Migrations, ReviewItem

__all__ = [
    "FOLDER",
    "Applied",
    "Context",
    "Migration",
    "Migrations",
    "ReviewItem",
    "answer_migrations",
    "code_migrations",
    "load",
]
