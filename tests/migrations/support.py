"""Trees from folders, and a template made of nothing but migrations."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from pyo3_kit.codemods import Applied, Context, Migrations, code_migrations, load
from pyo3_kit.merge.model import File
from tests.support.template import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "migrations").glob("*/migration.yml"))
# Loaded once for all tests, as are their rules: each load reads a hundred files.
SHIPPED = load(ROOT)
BY_NAME = {migration.id: migration for migration in SHIPPED.all}
CODE = [folder for folder in FOLDERS if BY_NAME[folder.name].kind == "code"]
DOCS = "https://example.org/changes"


def tree(folder: Path) -> dict[str, File]:
    """Every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): File(path.read_bytes()) for path in files}


def contents(files: Mapping[str, File]) -> dict[str, str]:
    return {path: file.content.decode() for path, file in files.items()}


def alone(folder: Path, files: Mapping[str, File]) -> tuple[dict[str, File], list[Applied]]:
    """One of the shipped migrations, and no other, on a tree."""
    migration = BY_NAME[folder.name]
    migrations = Migrations((migration,), SHIPPED.rules)
    if migration.when.answer is None:
        before, after = Context("v0.1.0", {}), Context(f"v{migration.when.after}", {})
        return code_migrations(migrations, files, before, after)
    before = Context(None, {migration.when.answer or "": migration.when.before})
    after = Context(None, {migration.when.answer or "": migration.when.after})
    return code_migrations(migrations, files, before, after)


def template(root: Path, **files: str) -> Migrations:
    """Migrations from their files: `{"one/migration.yml": …}`, where a name's `__` stands for a slash and a dot."""
    for name, text in files.items():
        path = root / "migrations" / name.replace("__", "/").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return load(root)


def metadata(name: str = "one", **changes: str) -> str:
    """A migration's metadata, some of it changed; a value that is empty is left out."""
    values = {
        "id": name,
        "kind": "code",
        "title": "One",
        "why": "Because.",
        "docs": DOCS,
        "safe": "true",
        "when": '{answer: line, from: "1", to: "2"}',
        "files": '["**/*.rs"]',
        **changes,
    }
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value)


def move(migrations: Migrations, **files: str | bytes) -> tuple[dict[str, bytes], list[Applied]]:
    """A tree of `lib_rs="…"` moved from line 1 to line 2."""
    given = {
        name.replace("_", "."): File(text if isinstance(text, bytes) else text.encode()) for name, text in files.items()
    }
    moved, applied = code_migrations(migrations, given, Context(None, {"line": "1"}), Context(None, {"line": "2"}))
    return {path: file.content for path, file in moved.items()}, applied
