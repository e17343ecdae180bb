"""`adopt` on published projects: no line of the author's goes, they build and import, and a second run does nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.texts.toml import parse_toml
from tests.field.support import HERE, Published, params, project, unpacked
from tests.support.project import Venv, attempt, tool

pytestmark = pytest.mark.field


@dataclass(frozen=True)
class Adopted:
    """A project, and what is to be inferred of it; `maturin` builds it, or its own backend."""

    name: str
    package: str
    pyo3: str
    crate: str = "Cargo.toml"
    layout: str = "single"
    maturin: bool = True


PROJECTS = [
    Adopted("rtoml", "rtoml", "0.29"),
    Adopted("rpds-py", "rpds", "0.29"),
    Adopted("blake3", "blake3", "0.29"),
    Adopted("rignore", "rignore", "0.29"),
    Adopted("jiter", "jiter", "0.30", "crates/jiter-python/Cargo.toml", "workspace"),
    Adopted("safetensors", "safetensors", "0.28", "bindings/python/Cargo.toml"),
    Adopted("tiktoken", "tiktoken", "0.29", maturin=False),
]
PART = ("rtoml", "rpds-py")


@pytest.mark.parametrize(
    "adopted",
    [pytest.param(one, id=one.name, marks=[pytest.mark.part] if one.name in PART else []) for one in PROJECTS],
)
def test_a_project_is_adopted(adopted: Adopted, tmp_path: Path) -> None:
    root = unpacked(project(adopted.name), tmp_path, git=True)
    done = attempt("pyo3-kit", "adopt", "--defaults", "--json", cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    answers = {name: answer["value"] for name, answer in told["answers"].items()}
    assert (told["crate"], answers["layout"]) == (adopted.crate, adopted.layout)
    assert (answers["python_package"], answers["pyo3"]) == (adopted.package, adopted.pyo3)
    assert {answer["sure"] for answer in told["answers"].values()} <= {"certain", "likely", "a default"}

    counted = [line.split("\t") for line in tool("git", "diff", "--numstat", cwd=root).splitlines()]
    assert counted
    assert {deleted for _, deleted, _ in counted} == {"0"}
    assert not [path for _, _, path in counted if path.endswith((".rs", ".py", ".pyi"))]

    tool("git", "add", "--all", cwd=root)
    tool("git", "commit", "--quiet", "--message=Adopt", cwd=root)
    for again in ("adopt", "update"):
        assert "Nothing to do" in tool("pyo3-kit", again, cwd=root)
        assert tool("git", "status", "--porcelain", cwd=root) == ""

    venv = Venv(tmp_path / "venv", Path(sys.executable), "pip")
    wheels = tmp_path / "wheels"
    if adopted.maturin:
        tool("maturin", "build", "--out", wheels, "--interpreter", sys.executable, cwd=root)
    else:
        venv.run("python", "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(wheels), str(root), cwd=root)
    venv.install(*map(str, wheels.glob("*.whl")))
    venv.run("python", "-c", f"import {adopted.package}", cwd=tmp_path)


def _can_be_adopted(one: Published) -> bool:
    """Those on a line that the template has; orjson has PyO3's C interface alone."""
    return one.line >= (0, 28) and one.name != "orjson"


@pytest.mark.parametrize("one", params(_can_be_adopted))
def test_every_project_of_a_line_that_the_template_has(one: Published, tmp_path: Path) -> None:
    root = unpacked(one, tmp_path, git=True)
    tool("pyo3-kit", "adopt", "--defaults", cwd=root)
    tool("git", "add", "--all", "--force", cwd=root)
    tool("git", "commit", "--quiet", "--message=Adopt", cwd=root)
    # A last line without a line feed, which gets one, is not deleted.
    command = ["git", "diff", "--numstat", "--ignore-space-at-eol", "HEAD~"]
    changed = [line.split("\t") for line in tool(*command, cwd=root).splitlines()]
    assert {deleted for _, deleted, _ in changed} == {"0"}
    paths = {path for _, _, path in changed}
    assert ".copier-answers.yml" in paths
    assert not [path for path in paths if path.endswith((".rs", ".py", ".pyi"))]
    for path in paths:
        if path.endswith(".toml"):
            parse_toml((root / path).read_text())
    for again in ("adopt", "update"):
        assert "Nothing to do" in tool("pyo3-kit", again, cwd=root)
        assert tool("git", "status", "--porcelain", cwd=root) == ""
    # What is left out is noted, so nothing is missing.
    tool("pyo3-kit", "status", cwd=root)


@dataclass(frozen=True)
class Judged(Published):
    """A project of `adopted.toml`; `answers` are values with their certainty, `changes` the files that change."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def judged() -> list[Judged]:
    tables = parse_toml((HERE / "adopted.toml").read_text(encoding="utf-8"))["project"]
    return [Judged(**{**table, "changes": tuple(table["changes"])}) for table in tables]


@pytest.mark.parametrize("one", judged(), ids=str)
def test_a_project_is_adopted_as_judged(one: Judged, tmp_path: Path) -> None:
    root = unpacked(one, tmp_path, git=True)
    found = json.loads(tool("pyo3-kit", "adopt", "--defaults", "--json", cwd=root))
    answers = {name: [found["answers"][name][key] for key in ("value", "sure")] for name in one.answers}
    assert answers == one.answers
    tool("git", "add", "--all", cwd=root)
    tool("git", "commit", "--quiet", "--message=Adopt", cwd=root)
    changed = [line.split("\t") for line in tool("git", "diff", "--numstat", "HEAD~", cwd=root).splitlines()]
    assert {deleted for _, deleted, _ in changed} == {"0"}
    assert {path for _, _, path in changed} == {*one.changes, ".copier-answers.yml"}
    added = [line for line in tool("git", "diff", "HEAD~", cwd=root).splitlines() if line.startswith("+")]
    # They are cargo's own, or of profiles that nobody asked for.
    assert not [line for line in added if line.startswith(("+opt-level", "+[profile.dev", "+[profile.profiling"))]
    assert "Nothing to do" in tool("pyo3-kit", "update", cwd=root)
    tool("pyo3-kit", "status", cwd=root)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("orjson", "binds to Python by pyo3-ffi"),
        ("outlines-core", "is on PyO3 0.27"),
        ("bcrypt", "is on PyO3 0.26"),
    ],
)
def test_what_the_template_has_no_place_for_is_refused(name: str, said: str, tmp_path: Path) -> None:
    root = unpacked(project(name), tmp_path, git=True)
    done = attempt("pyo3-kit", "adopt", "--defaults", cwd=root)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert tool("git", "status", "--porcelain", "--ignored", cwd=root) == ""
