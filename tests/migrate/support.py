"""Small PyO3 projects in Git repositories."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

MANIFEST = '[package]\nname = "x"\nversion = "1.0.0"\n\n[dependencies]\npyo3 = "0.25" # the line\n'
CODE = """\
use pyo3::prelude::*;

#[pyfunction]
fn half(py: Python<'_>, number: u64) -> PyObject {
    // with_gil
    Python::with_gil(|_| py.None())
}
"""


def make(root: Path, files: Mapping[str, str | bytes] | None = None, *, git: bool = True) -> Path:
    """A small project with these files in it or in the place of its own; committed, unless there is to be no Git."""
    given: dict[str, str | bytes] = {"Cargo.toml": MANIFEST, "src/lib.rs": CODE, **(files or {})}
    for name, text in given.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if git:
        commit(root)
    return root


def commit(root: Path) -> None:
    """Make the folder a repository, if it is none, and commit all."""
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message=x"]):
        subprocess.run(["git", *command], cwd=root, check=True, capture_output=True)


def files(root: Path) -> dict[str, bytes]:
    """Every file but Git's, with its content."""
    found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}
