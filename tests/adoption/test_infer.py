"""Every answer is inferred, with the place that it comes from and how sure it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.adoption.projects import CARGO, LAYOUTS, LIB, MIXED, PYPROJECT, Files, adopt, write

pytestmark = pytest.mark.slow


def inferred(root: Path, files: Files, *arguments: str) -> dict[str, dict[str, Any]]:
    result = adopt(write(root, files), "--dry-run", "--json", *arguments)
    assert result.code == 0, result.err
    answers = result.object["answers"]
    assert isinstance(answers, dict)
    return answers


def test_each_answer_tells_where_it_comes_from(tmp_path: Path) -> None:
    found = inferred(tmp_path, MIXED)
    assert {name: (one["value"], one["source"], one["sure"]) for name, one in found.items()} == {
        "project_name": ("stone", "pyproject.toml:6", "certain"),
        "python_package": ("stone", "pyproject.toml:16", "certain"),
        "crate_name": ("stone-age", "Cargo.toml:2", "certain"),
        "project_description": ("Stones.", "pyproject.toml:7", "certain"),
        "author_name": ("Ada Stone", "Cargo.toml:6", "certain"),
        "author_email": ("ada@example.org", "Cargo.toml:6", "certain"),
        "repository_url": ("https://example.org/ada/stone", "pyproject.toml:11", "certain"),
        "license": ("MIT", "Cargo.toml:5", "certain"),
        "async_runtime": (False, "Cargo.toml does not depend on an async runtime", "certain"),
        "free_threaded": (False, "src/lib.rs:3", "certain"),
        "bytes_feature": (False, "Cargo.toml:14", "certain"),
        "disable_reference_pool": (False, "the flag `pyo3_disable_reference_pool` is not set", "certain"),
        "pyo3": ("0.29", "Cargo.toml:14", "certain"),
        "python_min": ("3.11", "pyproject.toml:8", "certain"),
        "wheels": ("abi3", "Cargo.toml:14", "certain"),
        "starter": ("minimal", "the project keeps its own sources", "a default"),
        "layout": ("single", "Cargo.toml is the binding crate's", "certain"),
        "allocator": ("system", "Cargo.toml does not depend on mimalloc", "certain"),
        "stubs": (True, "python/stone/_stone.pyi", "certain"),
        "benchmarks": (False, "no benchmarks", "certain"),
        "pgo": (False, "no profile-guided build", "certain"),
        "hooks": (False, "no pre-commit hooks", "certain"),
        "ci": ("none", "no GitHub workflow or GitLab pipeline", "certain"),
        "docs": ("none", "no conf.py of Sphinx", "certain"),
    }


FLAG = "pyo3_disable_reference_pool"


def with_dependency(line: str) -> Files:
    return {**MIXED, "Cargo.toml": CARGO.replace("[dependencies]\n", f"[dependencies]\n{line}\n")}


@pytest.mark.parametrize(
    ("files", "name", "value", "sure"),
    [
        (with_dependency('pyo3-async-runtimes = "0.29"'), "async_runtime", True, "certain"),
        (with_dependency('pyo3-async-runtimes = "0.29"'), "async_bridge", "pyo3-async-runtimes", "certain"),
        (with_dependency('tokio = "1"'), "async_runtime", False, "likely"),
        (with_dependency('mimalloc = "0.1"'), "allocator", "mimalloc", "certain"),
        ({**MIXED, "src/lib.rs": LIB.replace("true", "false")}, "free_threaded", True, "certain"),
        ({**MIXED, "src/lib.rs": LIB.replace("(gil_used = true)", "")}, "free_threaded", True, "likely"),
        (
            {**MIXED, "Cargo.toml": CARGO.replace('"abi3-py311"', '"abi3t-py315"')},
            "wheels",
            "version-specific",
            "a default",
        ),
        ({**MIXED, "src/lib.rs": "// Never `gil_used = false`.\n" + LIB}, "free_threaded", False, "certain"),
        (
            {**MIXED, "src/lib.rs": f'const Q: char = \'"\';\n{LIB}const A: &str = "";'},
            "free_threaded",
            False,
            "certain",
        ),
        (
            {**MIXED, "src/lib.rs": f'const R: &str = r"C:\\";\n{LIB}const A: &str = "";'},
            "free_threaded",
            False,
            "certain",
        ),
        ({**MIXED, ".cargo/config.toml": f"# no {FLAG}\n"}, "disable_reference_pool", False, "certain"),
        ({**MIXED, "pyproject.toml": f"# no {FLAG}\n{PYPROJECT}"}, "disable_reference_pool", False, "certain"),
        (
            {**MIXED, ".cargo/config.toml": f"[build]\nrustflags = '--cfg {FLAG}'\n"},
            "disable_reference_pool",
            True,
            "certain",
        ),
        ({**MIXED, "Cargo.toml": CARGO.replace('"abi3-py311"', '"bytes"')}, "bytes_feature", True, "certain"),
        ({**MIXED, "pyproject.toml": PYPROJECT.replace(">=3.11", ">=3.8")}, "python_min", "3.10", "likely"),
        (
            {**MIXED, "pyproject.toml": PYPROJECT.replace('requires-python = ">=3.11"\n', "")},
            "python_min",
            "3.11",
            "likely",
        ),
        ({**MIXED, "Cargo.toml": CARGO.replace("MIT", "GPL-3.0-only")}, "license", "proprietary", "a default"),
        ({**MIXED, "docs/conf.py": ""}, "docs", "sphinx", "certain"),
        ({**MIXED, ".gitlab-ci.yml": "build: {}\n"}, "ci", "gitlab", "certain"),
        ({**MIXED, ".github/workflows/a.yml": "on: push\n"}, "ci", "github", "certain"),
        ({**MIXED, "vendor/x/.github/workflows/a.yml": "on: push\n"}, "ci", "none", "certain"),
        ({**MIXED, ".pre-commit-config.yaml": "repos: []\n"}, "hooks", True, "certain"),
        ({**MIXED, "benches/x.rs": ""}, "benchmarks", True, "certain"),
        (
            {**MIXED, ".github/workflows/a.yml": "jobs: {a: {steps: [run: maturin build --pgo]}}\n"},
            "pgo",
            True,
            "certain",
        ),
        ({**MIXED, ".github/workflows/a.yml": "on: push\n"}, "updates", "none", "a default"),
        (
            {**MIXED, ".github/workflows/a.yml": "on: push\n", ".github/renovate.json": "{}\n"},
            "updates",
            "renovate",
            "certain",
        ),
        (
            {
                **MIXED,
                ".github/workflows/a.yml": "on: push\n",
                ".github/dependabot.yml": 'updates:\n  - schedule:\n      interval: "weekly"\n',
            },
            "update_cadence",
            "weekly",
            "certain",
        ),
        (LAYOUTS["pure"], "python_package", "stone", "a default"),
        (LAYOUTS["setuptools"], "python_package", "stone", "certain"),
        (LAYOUTS["workspace"], "layout", "workspace", "certain"),
        (LAYOUTS["workspace"], "pyo3", "0.30", "certain"),
    ],
)
def test_what_a_project_says_is_taken(files: Files, name: str, value: object, sure: str, tmp_path: Path) -> None:
    found = inferred(tmp_path, files)
    assert (found[name]["value"], found[name]["sure"]) == (value, sure), found[name]


def test_what_is_given_is_taken_instead(tmp_path: Path) -> None:
    found = inferred(tmp_path, MIXED, "--data", "python_min=3.12")
    assert found["python_min"] == {"value": "3.12", "source": "given", "sure": "given"}


def test_what_the_template_does_not_take_gives_way_and_says_so(tmp_path: Path) -> None:
    found = inferred(tmp_path, {**MIXED, "pyproject.toml": PYPROJECT.replace('"stone"', '"pip"')})
    assert found["project_name"]["sure"] == "a default"
    assert "'pip'" in found["project_name"]["source"]
