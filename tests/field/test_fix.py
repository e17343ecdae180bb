"""`check --fix` on published projects: they compile before and after without a new warning, and their tests pass."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.field.support import project, unpacked
from tests.support.project import Venv, attempt, tool

pytestmark = pytest.mark.field


@dataclass(frozen=True)
class Own:
    """A project's own tests, as far as they are in its sdist: what they import, and what of them runs here."""

    requirements: tuple[str, ...]
    arguments: tuple[str, ...] = ("tests",)


OWN = {
    "rpds-py": Own(("pytest",)),
    "rtoml": Own(
        ("pytest", "dirty-equals", "hypothesis"),
        ("tests/test_load.py", "tests/test_dump.py", "tests/test_misc.py", "tests/test_order.py"),
    ),
    "rignore": Own(("pytest", "inline-snapshot")),
    "python-calamine": Own(("pytest",), ("tests/test_base.py", "tests/test_sheet_type.py", "tests/test_tables.py")),
}
FIXED = ["rpds-py", "rtoml", "rignore", "python-calamine", "watchfiles", "pycrdt", "safetensors", "tokenizers"]
OLD = ["html2text_rs 0.2.1"]


@pytest.mark.parametrize("name", [pytest.param("rpds-py", marks=pytest.mark.part), *FIXED[1:], *OLD])
def test_a_project_compiles_before_and_after(name: str, tmp_path: Path) -> None:
    published = project(*name.split())
    root = unpacked(published, tmp_path, git=True)
    crate = root / published.crate
    before = warnings(crate)

    fix(root)
    fixed = diff(root)
    assert fixed
    assert warnings(crate) <= before
    fix(root)
    assert diff(root) == fixed, "a second --fix changes something"

    fix(root, "--unsafe-fixes")
    assert warnings(crate) <= before

    if name in OWN:
        venv = Venv(tmp_path / "venv", Path(sys.executable), *OWN[name].requirements)
        tool("maturin", "build", "--out", tmp_path / "wheel", "--interpreter", sys.executable, cwd=root)
        venv.install(*map(str, (tmp_path / "wheel").glob("*.whl")))
        passed = venv.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *OWN[name].arguments, cwd=root)
        assert " passed" in passed


def fix(root: Path, *more: str) -> None:
    """What is left to tell is exit code 1."""
    done = attempt("pyo3-kit", "check", "--fix", *more, ".", cwd=root)
    assert done.returncode in (0, 1), done.stdout + done.stderr


def diff(root: Path) -> str:
    """What differs from the commit; Cargo.lock is cargo's to write."""
    return tool("git", "diff", "--", ".", ":!*Cargo.lock", cwd=root)


def warnings(crate: Path) -> set[str]:
    """The compiler's warnings, without their places; the test fails when it does not compile."""
    said = tool("cargo", "check", cwd=crate, env={"PYO3_PYTHON": sys.executable})
    return {line for line in said.splitlines() if line.startswith("warning:") and "generated" not in line}
