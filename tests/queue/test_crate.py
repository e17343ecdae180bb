"""The completion queue is a crate of its own: nothing of a project in it, no circle, and ready to be published."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.questions.reading import dependencies
from tests.support.project import Project, attempt, interpreter, tool
from tests.support.template import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CRATE = ROOT / "template" / "crates" / "completion-queue"
NAME = "pyo3-completion-queue"
MODULES = {path.stem: path.read_text(encoding="utf-8") for path in (CRATE / "src").glob("*.rs") if path.stem != "lib"}
LAYOUTS = {"single": "crates/completion-queue", "workspace": "../completion-queue"}


def manifest() -> dict[str, dict[str, object]]:
    return tomllib.loads((CRATE / "Cargo.toml").read_text(encoding="utf-8"))


def test_it_has_no_jinja_and_no_name_of_a_project() -> None:
    for path in CRATE.rglob("*"):
        if path.is_file():
            assert path.suffix != ".jinja"
            assert not re.search(r"\{\{|\{%|my.lib", path.read_text(encoding="utf-8")), path


def test_no_module_uses_one_that_uses_it() -> None:
    uses = {name: set(re.findall(r"\bcrate::(\w+)::", text)) & MODULES.keys() for name, text in MODULES.items()}
    assert uses["dispatcher"] >= {"queue", "notifier"}
    left = dict(uses)
    while left:
        free = [name for name, used in left.items() if not used & left.keys()]
        assert free, f"a circle among {sorted(left)}"
        for name in free:
            del left[name]


def test_it_follows_the_pins_of_the_catalogue() -> None:
    pins = yaml.safe_load((ROOT / "catalogue" / "versions.yml").read_text(encoding="utf-8"))
    assert manifest()["package"]["rust-version"] == pins["rust"]
    lines = sorted(pins["pyo3"], key=lambda line: int(line.split(".")[1]))
    oldest, newest = pins["pyo3"][lines[0]]["pyo3"], int(lines[-1].split(".")[1])
    pyo3 = manifest()["dependencies"]["pyo3"]
    assert isinstance(pyo3, dict)
    assert pyo3["version"] == f">={oldest}, <0.{newest + 1}"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_project_depends_on_it_by_one_line(layout: str, render: Callable[..., Path]) -> None:
    project = render(async_runtime=True, async_bridge="completion-queue", layout=layout)
    version = manifest()["package"]["version"]
    assert (project / "crates/completion-queue/Cargo.toml").read_bytes() == (CRATE / "Cargo.toml").read_bytes()
    crate = project if layout == "single" else project / "crates/python"
    assert dependencies(crate)[NAME] == {"version": version, "path": LAYOUTS[layout]}
    named = [
        path.relative_to(project).as_posix()
        for path in project.rglob("Cargo.toml")
        if NAME in path.read_text(encoding="utf-8")
    ]
    assert sorted(named) == sorted(
        ["crates/completion-queue/Cargo.toml", (crate / "Cargo.toml").relative_to(project).as_posix()]
    )


@pytest.mark.parametrize("answers", [{}, {"async_runtime": True}, {"disable_reference_pool": True}])
def test_it_comes_only_where_it_is_chosen(answers: dict[str, bool], render: Callable[..., Path]) -> None:
    assert not (render(**answers) / "crates").exists()
    assert {path.name for path in (render(**answers, layout="workspace") / "crates").iterdir()} == {"core", "python"}


@pytest.mark.slow
def test_it_can_be_published(tmp_path: Path) -> None:
    crate = tmp_path / "crate"
    shutil.copytree(CRATE, crate)
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    tool("cargo", "fmt", "--check", cwd=crate)
    tool("cargo", "clippy", "--all-targets", "--", "-D", "warnings", cwd=crate, env={"PYO3_PYTHON": str(python)})
    done = attempt("cargo", "publish", "--dry-run", "--allow-dirty", cwd=crate, env={"PYO3_PYTHON": str(python)})
    assert done.returncode == 0, done.stderr
    assert "warning: manifest has no" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_sdist_carries_it(layout: str, render: Callable[..., Path], tmp_path: Path) -> None:
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    answers = {"async_bridge": "completion-queue", "disable_reference_pool": True, "wheels": "abi3"}
    project = Project(render(async_runtime=True, layout=layout, **answers), tmp_path, python)
    source = project.sdist()
    assert (source / "crates/completion-queue/src/queue.rs").is_file()
    venv = project.venv(
        "--group", f"{project.path}/pyproject.toml:test", str(project.wheel(source, "--profile", "dev"))
    )
    venv.run("pytest", "-q", cwd=project.path)
