"""`migrate` on published projects: they compile before and after, nothing deprecated is left, and their tests pass."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.field.support import project, unpacked
from tests.support.project import Venv, attempt, tool

pytestmark = pytest.mark.field


@dataclass(frozen=True)
class Moved:
    """A version on an older line, where it goes, and what its own tests need, as far as they are in its sdist."""

    name: str
    version: str
    line: str
    requirements: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ("tests",)
    review: tuple[str, ...] = ()
    """The files with places to change by hand."""


PROJECTS = [
    Moved("html2text_rs", "0.2.1", "0.28", ("pytest",)),
    Moved("rpds-py", "0.19.0", "0.28", ("pytest",)),
    # Its jobs build for Python 3.8, which 0.30 has dropped.
    Moved("rignore", "0.5.1", "0.30", ("pytest", "inline-snapshot"), review=(".github/workflows/CI.yml",)),
    Moved("fastuuid", "0.14.0", "0.29", ("pytest", "hypothesis"), ("tests/test_uuid.py",)),
    Moved("blake3", "1.0.2", "0.28"),
    Moved("safetensors", "0.4.4", "0.28"),
    # Its jobs build for Python 3.8, too.
    Moved("uuid-utils", "0.9.0", "0.30", review=(".github/workflows/ci.yml",)),
    # Its jobs build for 3.13t, which 0.29 has dropped.
    Moved("tzfpy", "0.16.2", "0.30", review=(".github/workflows/CI.yml",)),
    # It pins PyO3 exactly.
    Moved("pyromark", "0.6.1", "0.30"),
    Moved("minijinja", "2.5.0", "0.30"),
    Moved("common-expression-language", "0.5.0", "0.30"),
    Moved("regress", "2024.11.1", "0.30"),
    Moved("zxcvbn-rs-py", "0.2.0", "0.30"),
    Moved("chardetng-py", "0.3.4", "0.30"),
]
PART = "html2text_rs"


@pytest.mark.parametrize(
    "moved",
    [pytest.param(one, id=one.name, marks=[pytest.mark.part] if one.name == PART else []) for one in PROJECTS],
)
def test_a_project_is_moved(moved: Moved, tmp_path: Path) -> None:
    published = project(moved.name, moved.version)
    root = unpacked(published, tmp_path, git=True)
    done = attempt("pyo3-kit", "migrate", "--to", moved.line, "--verify", "--json", cwd=root, env=ENVIRONMENT)
    assert done.returncode == bool(moved.review), done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert {place["path"] for place in told["review"]} == set(moved.review)
    assert told["from"] == published.pyo3
    assert told["cargo"] == {"passed": True, "errors": [], "deprecated": []}
    assert told["files"]
    written = diff(root)
    again = attempt("pyo3-kit", "migrate", "--to", moved.line, "--allow-dirty", cwd=root)
    assert (again.returncode, diff(root)) == (0, written)
    if moved.requirements:
        run_tests(moved, root, tmp_path)


def test_what_no_migration_can_see_is_the_compilers_to_tell(tmp_path: Path) -> None:
    root = unpacked(project("rtoml", "0.11.0"), tmp_path, git=True)
    done = attempt("pyo3-kit", "migrate", "--to", "0.28", "--verify", "--json", cwd=root, env=ENVIRONMENT)
    assert done.returncode == 1, done.stdout + done.stderr
    told = json.loads(done.stdout)
    # A return type that borrows, and a name of a type that is a Python string now.
    assert {place["path"] for place in told["cargo"]["errors"]} == {"src/datetime.rs", "src/ser.rs"}
    assert [place["path"] for place in told["review"]] == ["src/datetime.rs"]


ENVIRONMENT = {"PYO3_PYTHON": sys.executable}


def diff(root: Path) -> str:
    """What differs from the commit; Cargo.lock is cargo's to write."""
    return tool("git", "diff", "--", ".", ":!*Cargo.lock", cwd=root)


def run_tests(moved: Moved, root: Path, folder: Path) -> None:
    """Build the project as it is now, install it, and run its own tests."""
    venv = Venv(folder / "venv", Path(sys.executable), *moved.requirements)
    tool("maturin", "build", "--out", folder / "wheel", "--interpreter", sys.executable, cwd=root)
    venv.install(*map(str, (folder / "wheel").glob("*.whl")))
    passed = venv.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *moved.arguments, cwd=root)
    assert " passed" in passed
