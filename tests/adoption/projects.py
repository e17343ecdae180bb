"""Small PyO3 projects that no template made, one for each layout, in repositories of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.support.command import Result, run_kit, snapshot
from tests.support.history import commit_all, git

Files = Mapping[str, str]

CARGO = """\
[package]
name = "stone-age"
version = "3.1.0"
edition = "2021"
license = "MIT"
authors = ["Ada Stone <ada@example.org>"]

[lib]
name = "_stone"
crate-type = ["cdylib"]

[dependencies]
# The line is chosen with care.
pyo3 = { version = "0.29", features = ["abi3-py311"] }

[profile.release]
lto = "thin" # measured
"""

PYPROJECT = """\
[build-system]
requires = ["maturin>=1.9,<2"]
build-backend = "maturin"

[project]
name = "stone"
description = "Stones."
requires-python = ">=3.11"
dynamic = ["version"]

[project.urls]
Source = "https://example.org/ada/stone"

[tool.maturin]
python-source = "python"
module-name = "stone._stone"
"""

LIB = """\
use pyo3::prelude::*;

#[pymodule(gil_used = true)]
mod _stone {}
"""

MIXED: Files = {
    "Cargo.toml": CARGO,
    "pyproject.toml": PYPROJECT,
    "src/lib.rs": LIB,
    "python/stone/__init__.py": "from stone._stone import *\n",
    "python/stone/_stone.pyi": "",
}

SETUPTOOLS = """\
[build-system]
requires = ["setuptools", "setuptools-rust"]
build-backend = "setuptools.build_meta"

[project]
name = "stone"
version = "3.1.0"

[[tool.setuptools-rust.ext-modules]]
target = "stone._stone"
"""

WORKSPACE = """\
[workspace]
members = ["crates/*"]
resolver = "2"

[workspace.dependencies]
pyo3 = "0.30"
"""

MEMBER = """\
[package]
name = "stone-binding"
version = "3.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3.workspace = true
"""

KERNEL = '[package]\nname = "stone-core"\nversion = "3.1.0"\nedition = "2021"\n'

LAYOUTS: Mapping[str, Files] = {
    "mixed": MIXED,
    "pure": {
        "Cargo.toml": CARGO,
        "pyproject.toml": PYPROJECT.partition("\n[tool.maturin]")[0],
        "src/lib.rs": LIB,
    },
    "source": {
        "Cargo.toml": CARGO,
        "pyproject.toml": PYPROJECT.replace('"python"', '"lib/py"'),
        "src/lib.rs": LIB,
        "lib/py/stone/__init__.py": "",
        "lib/py/stone/_stone.pyi": "",
    },
    "setuptools": {"Cargo.toml": CARGO, "pyproject.toml": SETUPTOOLS, "src/lib.rs": LIB, "stone/__init__.py": ""},
    "workspace": {
        "Cargo.toml": WORKSPACE,
        "pyproject.toml": PYPROJECT + 'manifest-path = "crates/binding/Cargo.toml"\n',
        "crates/binding/Cargo.toml": MEMBER,
        "crates/binding/src/lib.rs": LIB,
        "crates/core/Cargo.toml": KERNEL,
        "crates/core/src/lib.rs": "",
    },
    "subfolder": {
        "README.md": "A library of many languages.\n",
        "bindings/python/Cargo.toml": CARGO + "\n[workspace]\n",
        "bindings/python/pyproject.toml": PYPROJECT,
        "bindings/python/src/lib.rs": LIB,
        "bindings/python/python/stone/__init__.py": "",
    },
    "bare": {"Cargo.toml": CARGO, "src/lib.rs": LIB},
}


def write(root: Path, files: Files) -> Path:
    """The files in a repository at `root`, committed."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    commit_all(root)
    return root


def adopt(root: Path, *arguments: str) -> Result:
    """`pyo3-kit adopt` in the project, without a terminal."""
    return run_kit("adopt", *arguments, folder=root)


def deleted(root: Path) -> dict[str, int]:
    """How many lines of each changed file are gone."""
    rows = [line.split("\t") for line in git(root, "diff", "--numstat").splitlines()]
    return {path: int(lost) for _, lost, path in rows}


def refused(root: Path, *arguments: str, said: str) -> Result:
    """Run `adopt`, which has to say no in one message with a hint, and to leave everything as it is."""
    before = snapshot(root)
    result = adopt(root, *arguments)
    assert (result.code, result.out) == (2, ""), (result.out, result.err)
    lines = result.err.splitlines()
    assert lines[0].startswith("error: "), result.err
    assert lines[-1].startswith(" hint: "), result.err
    assert said in result.err, result.err
    assert snapshot(root) == before
    return result
