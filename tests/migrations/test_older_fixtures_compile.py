"""Fixtures that lead up to the oldest line: the old forms compile on an old one, what comes out on the new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.codemods import Context, Migration, code_migrations
from pyo3_kit.merge.model import File
from tests.migrations.crates import LINES, OLD_LINE, OLDER, compiled, module, write_crate
from tests.migrations.support import SHIPPED, tree

pytestmark = pytest.mark.matrix


def before(*migrations: Migration) -> dict[str, File]:
    """Fixtures' old forms, each in a module of its own."""
    return {
        f"src/{module(migration)}/{path}": file
        for migration in migrations
        for path, file in tree(migration.folder / "before" / "src").items()
    }


def test_the_old_forms_compile_on_an_old_line(tmp_path: Path) -> None:
    deprecated = {module(migration): True for migration in OLDER}
    done = compiled(write_crate(tmp_path / "crate", OLD_LINE, before(*OLDER), deprecated))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", [LINES[0], LINES[-1]])
def test_all_old_forms_moved_to_a_line(line: str, tmp_path: Path) -> None:
    files = before(*OLDER)
    moved, _ = code_migrations(SHIPPED, files, Context(None, {"pyo3": OLD_LINE}), Context(None, {"pyo3": line}))
    deprecated = {module(migration): False for migration in OLDER}
    done = compiled(write_crate(tmp_path / "crate", line, moved, deprecated))
    assert done.returncode == 0, done.stderr


# What these keep is what the program does; the compiler takes the old form without a word.
SILENT = {"pyo3-0.23-bytes", "pyo3-0.24-signature", "pyo3-0.24-enum-equality", "pyo3-0.23-sync"}


@pytest.mark.parametrize("migration", OLDER, ids=lambda migration: migration.id)
def test_the_new_line_complains_about_the_old_form(migration: Migration, tmp_path: Path) -> None:
    folder = write_crate(tmp_path / "crate", LINES[0], before(migration), {module(migration): False})
    done = compiled(folder)
    if migration.id not in SILENT:
        assert done.returncode != 0
        assert f"src/{module(migration)}/" in done.stderr
