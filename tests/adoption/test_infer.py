"""Every answer is inferred, with the place that it comes from and how sure it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.adoption.projects import CARGO, KERNEL, LAYOUTS, LIB, MEMBER, MIXED, PYPROJECT, Files, adopt, write

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
OTHER = '[package]\nname = "other"\nversion = "1.0.0"\nedition = "2021"\n'
RUNTIMES = '[dependencies]\npyo3 = "0.30"\npyo3-async-runtimes = "0.30"\n'
WITH_CORE = {**LAYOUTS["workspace"], "crates/binding/Cargo.toml": f'{MEMBER}stone-core = {{ path = "../core" }}\n'}
SUBFOLDER: Files = {f"py/{path}": text for path, text in MIXED.items()}

MONOREPOS: list[tuple[Files, dict[str, tuple[object, str]]]] = [
    # The binding is kept out of the workspace above it; neither the layout nor the benchmarks there are its own.
    (
        {
            **SUBFOLDER,
            "Cargo.toml": '[workspace]\nmembers = ["core"]\nexclude = ["py"]\n',
            "py/Cargo.toml": f"{CARGO}\n[workspace]\n",
            "core/Cargo.toml": OTHER,
            "core/src/lib.rs": "",
            "core/benches/bench.rs": "fn main() {}\n",
            "core/stone.pyi": "",
        },
        {"layout": ("single", "certain"), "benchmarks": (False, "certain"), "stubs": (True, "certain")},
    ),
    # The same, by `exclude` alone, and with members of its own.
    (
        {**SUBFOLDER, "Cargo.toml": '[workspace]\nexclude = ["py"]\n'},
        {"layout": ("single", "certain")},
    ),
    (
        {
            **SUBFOLDER,
            "py/Cargo.toml": f'{CARGO}\n[workspace]\nmembers = ["tool"]\n',
            "py/tool/Cargo.toml": OTHER,
            "py/tool/src/lib.rs": "",
        },
        {"layout": ("single", "certain")},
    ),
    # What a crate does that the binding depends on, it does too; of others that is not certain.
    (
        {**WITH_CORE, "crates/core/Cargo.toml": KERNEL + RUNTIMES},
        {"async_runtime": (True, "certain"), "async_bridge": ("pyo3-async-runtimes", "certain")},
    ),
    (
        {**LAYOUTS["workspace"], "crates/core/Cargo.toml": KERNEL + RUNTIMES},
        {"async_runtime": (False, "likely")},
    ),
    (
        {**WITH_CORE, "crates/core/Cargo.toml": f'{KERNEL}[dependencies]\ntokio = "1"\nmimalloc = "0.1"\n'},
        {"async_runtime": (False, "likely"), "allocator": ("mimalloc", "certain")},
    ),
    (
        {**WITH_CORE, "crates/core/benches/x.rs": ""},
        {"benchmarks": (True, "likely")},
    ),
    (
        {**LAYOUTS["workspace"], "crates/core/benches/x.rs": ""},
        {"benchmarks": (False, "certain")},
    ),
    # Documentation and profile-guided builds may be those of another product.
    (
        {**SUBFOLDER, "docs/conf.py": "", ".github/workflows/a.yml": "jobs: {a: {steps: [run: cargo pgo build]}}\n"},
        {"docs": ("sphinx", "likely"), "pgo": (True, "likely")},
    ),
    (
        {**SUBFOLDER, "py/docs/conf.py": "", "docs/conf.py": ""},
        {"docs": ("sphinx", "certain")},
    ),
]


def with_dependency(line: str) -> Files:
    return {**MIXED, "Cargo.toml": CARGO.replace("[dependencies]\n", f"[dependencies]\n{line}\n")}


def with_pyo3(dependency: str, pyproject: str = PYPROJECT, more: str = "") -> Files:
    cargo = CARGO.replace('{ version = "0.29", features = ["abi3-py311"] }', dependency) + more
    return {**MIXED, "Cargo.toml": cargo, "pyproject.toml": pyproject}


BY_MATURIN = f'{PYPROJECT}features = ["pyo3/abi3-py312"]\n'
BY_OWN_FEATURE = f'{PYPROJECT}features = ["stable"]\n'


@pytest.mark.parametrize(
    ("files", "name", "value", "sure"),
    [
        (with_dependency('pyo3-async-runtimes = "0.29"'), "async_runtime", True, "certain"),
        (with_dependency('pyo3-async-runtimes = "0.29"'), "async_bridge", "pyo3-async-runtimes", "certain"),
        (with_dependency('tokio = "1"'), "async_runtime", False, "likely"),
        (
            with_dependency('pyo3-async-runtimes = { version = "0.29", optional = true }'),
            "async_runtime",
            True,
            "likely",
        ),
        (with_dependency('mimalloc = "0.1"'), "allocator", "mimalloc", "certain"),
        (with_dependency('tikv-jemallocator = "0.6"'), "allocator", "system", "a default"),
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
        # Wheels with the stable ABI of 3.11 run nowhere else.
        ({**MIXED, "pyproject.toml": PYPROJECT.replace(">=3.11", ">=3.8")}, "python_min", "3.11", "likely"),
        ({**MIXED, "pyproject.toml": PYPROJECT.replace(">=3.11", ">=3.12")}, "python_min", "3.12", "certain"),
        ({**MIXED, "pyproject.toml": PYPROJECT.replace(">=3.11", "~=3.13")}, "python_min", "3.13", "certain"),
        ({**MIXED, "pyproject.toml": PYPROJECT.replace(">=3.11", "==3.13.*")}, "python_min", "3.13", "certain"),
        ({**MIXED, "pyproject.toml": PYPROJECT.replace(">=3.11", ">3.12.1")}, "python_min", "3.12", "certain"),
        (with_pyo3('"0.29"', PYPROJECT.replace(">=3.11", ">=3.8")), "python_min", "3.10", "likely"),
        (with_pyo3('{ version = "0.29", features = ["abi3-py39"] }'), "python_min", "3.11", "certain"),
        (
            with_pyo3('{ version = "0.29", features = ["abi3-py39"] }', PYPROJECT.replace(">=3.11", "!=3.9.0")),
            "python_min",
            "3.10",
            "likely",
        ),
        (with_pyo3('"0.29"', BY_MATURIN), "wheels", "abi3", "certain"),
        (with_pyo3('"0.29"', BY_MATURIN), "python_min", "3.12", "likely"),
        (
            with_pyo3('"0.29"', BY_OWN_FEATURE, '[features]\nstable = ["pyo3/abi3-py312"]\n'),
            "wheels",
            "abi3",
            "certain",
        ),
        (
            with_pyo3('"0.29"', PYPROJECT, '[features]\nstable = ["pyo3/abi3"]\n'),
            "wheels",
            "version-specific",
            "likely",
        ),
        (
            {**MIXED, "pyproject.toml": PYPROJECT.replace('requires-python = ">=3.11"\n', "")},
            "python_min",
            "3.11",
            "likely",
        ),
        ({**MIXED, "Cargo.toml": CARGO.replace("MIT", "GPL-3.0-only")}, "license", "proprietary", "a default"),
        ({**MIXED, "docs/conf.py": ""}, "docs", "sphinx", "certain"),
        ({**MIXED, "doc/conf.py": ""}, "docs", "sphinx", "certain"),
        ({**MIXED, "doc/source/conf.py": "", "docs/plan.md": ""}, "docs", "sphinx", "certain"),
        ({**MIXED, "docs/index.md": "", "mkdocs.yml": ""}, "docs", "none", "a default"),
        ({**MIXED, "doc/index.rst": ""}, "docs", "none", "a default"),
        ({**MIXED, "mkdocs.yml": ""}, "docs", "none", "a default"),
        ({**MIXED, ".gitlab-ci.yml": "build: {}\n"}, "ci", "gitlab", "certain"),
        ({**MIXED, ".github/workflows/a.yml": "on: push\n"}, "ci", "github", "certain"),
        ({**MIXED, "vendor/x/.github/workflows/a.yml": "on: push\n"}, "ci", "none", "certain"),
        ({**MIXED, ".pre-commit-config.yaml": "repos: []\n"}, "hooks", True, "certain"),
        ({**MIXED, "benches/x.rs": ""}, "benchmarks", True, "certain"),
        ({**MIXED, "benchmarks/test_speed.py": ""}, "benchmarks", True, "certain"),
        ({**MIXED, "vendored/Cargo.toml": OTHER, "vendored/benches/x.rs": ""}, "benchmarks", False, "certain"),
        (
            {**MIXED, "pyproject.toml": f'{PYPROJECT}[dependency-groups]\nbench = ["pytest-codspeed"]\n'},
            "benchmarks",
            True,
            "likely",
        ),
        ({**MIXED, "other/pyproject.toml": '[project]\nname = "o"\n', "other/o.pyi": ""}, "stubs", True, "certain"),
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
        *[(files, name, value, sure) for files, expected in MONOREPOS for name, (value, sure) in expected.items()],
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
