"""`pyo3-kit new --build`, for real."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Result

Run = Callable[..., Result]

BROKEN = {
    "copier.yml": "_subdirectory: template\n",
    "template/Cargo.toml": """\
[package]
name = "broken"
version = "0.1.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[dependencies]
""",
    "template/pyproject.toml": """\
[build-system]
requires = ["maturin>=1.14,<2"]
build-backend = "maturin"
[project]
name = "broken"
version = "0.1.0"
requires-python = ">=3.10"
[dependency-groups]
test = [{ include-group = "runner" }]
runner = ["pytest"]
""",
    "template/src/lib.rs": "fn broken() -> u8 { missing_value }\n",
}


@pytest.fixture
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template of a maturin project that does not compile."""
    root = tmp_path_factory.mktemp("broken")
    for name, content in BROKEN.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


@pytest.mark.slow
def test_a_project_is_built_and_tested(kit: Run, tmp_path: Path) -> None:
    result = kit("new", "my-lib", "--preset", "lean", "--build", "--json", timeout=1800)
    assert result.code == 0, result.err
    assert result.object["built"] is True
    assert "Running the tests" in result.err
    python = tmp_path / "my-lib" / ".venv" / "bin" / "python"
    subprocess.run([python, "-c", "import my_lib; assert my_lib.Counter().add() == 1"], check=True)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path / "my-lib", capture_output=True, check=True)
    assert status.stdout == b""
    tracked = subprocess.run(["git", "ls-files"], cwd=tmp_path / "my-lib", capture_output=True, text=True, check=True)
    assert "Cargo.lock" in tracked.stdout.split()
    assert result.object["next"] == ["cd my-lib", ".venv/bin/python -m pytest"]


@pytest.mark.slow
def test_a_failed_build_shows_why_and_keeps_the_project(kit: Run, tmp_path: Path, broken: Path) -> None:
    result = kit("new", "broken", "--template", str(broken), "--build", timeout=1800)
    assert result.code == 3
    assert "missing_value" in result.err
    assert "Building the Rust module failed" in result.err
    assert "maturin develop" in result.err.splitlines()[-1]
    assert (tmp_path / "broken" / ".git").is_dir()
    assert (tmp_path / "broken" / "src" / "lib.rs").is_file()


@pytest.mark.slow
def test_a_failed_build_as_json(kit: Run, broken: Path) -> None:
    failed = kit("new", "broken", "--template", str(broken), "--build", "--json", timeout=1800).object
    assert failed["exit_code"] == 3
    assert "missing_value" in failed["output"]
    assert failed["committed"] is True
    assert failed["built"] is False


def test_what_maturin_does_not_build(kit: Run, tmp_path: Path, tiny: Path) -> None:
    result = kit("new", "place", "--template", str(tiny), "--data", "name=x", "--build")
    assert result.code == 3
    assert "does not use maturin" in result.err
    assert (tmp_path / "place" / "x.txt").is_file()
