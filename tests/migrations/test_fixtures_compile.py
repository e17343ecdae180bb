"""The fixtures are code that compiles: the old forms before their step, what comes out after it, not the other way."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.codemods import Context, Migration, code_migrations
from pyo3_kit.codemods.selection import order
from pyo3_kit.merge.model import File
from tests.migrations.crates import LINES, RUST, compiled, module, write_crate
from tests.migrations.support import SHIPPED, tree
from tests.support.template import ROOT

pytestmark = pytest.mark.slow


def before(migration: Migration) -> dict[str, File]:
    """A fixture's old forms in a module of their own."""
    found = tree(migration.folder / "before" / "src")
    return {f"src/{module(migration)}/{path}": file for path, file in found.items()}


@pytest.mark.parametrize("line", LINES)
def test_all_old_forms_moved_to_a_line(line: str, tmp_path: Path) -> None:
    """All migrations together, one after the other, on all fixtures; for the oldest line none."""
    # What tidies up has nothing old to start from.
    fixtures = [migration for migration in RUST if not migration.last]
    files = {path: file for migration in fixtures for path, file in before(migration).items()}
    files |= tree(ROOT / "migrations" / "pyo3-0.29-build-config" / "before")
    moved, _ = code_migrations(SHIPPED, files, Context(None, {"pyo3": LINES[0]}), Context(None, {"pyo3": line}))
    deprecated = {module(migration): newer(migration, line) for migration in fixtures}
    done = compiled(write_crate(tmp_path / "crate", line, moved, deprecated))
    assert done.returncode == 0, done.stderr


def newer(migration: Migration, line: str) -> bool:
    return (order(migration.when.after) or ((), 0)) > (order(line) or ((), 0))


@pytest.mark.parametrize("migration", RUST, ids=lambda migration: migration.id)
def test_the_new_line_complains_about_the_old_form(migration: Migration, tmp_path: Path) -> None:
    folder = write_crate(tmp_path / "crate", migration.when.after, before(migration), {module(migration): False})
    # An expectation of a lint of clippy's is noticed by clippy only.
    done = compiled(folder, "clippy" if "clippy::" in migration.mentions[0] else "check")
    assert done.returncode != 0
    assert f"src/{module(migration)}/" in done.stderr
