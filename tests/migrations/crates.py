"""Rust of fixtures as a crate that is compiled for one PyO3 line."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml

from pyo3_kit.codemods import Migration
from pyo3_kit.codemods.selection import order
from pyo3_kit.merge.model import Tree
from tests.migrations.support import SHIPPED
from tests.support.project import attempt, interpreter
from tests.support.template import ROOT

PINS = yaml.safe_load((ROOT / "catalogue" / "versions.yml").read_text(encoding="utf-8"))
LINES = sorted(PINS["pyo3"], key=lambda line: order(line) or ((), 0))
# `PyMutex` needs it.
PYTHON = "3.13"
BY_HAND = "by_hand.rs"

_ALL = [migration for migration in SHIPPED.of("code") if (migration.folder / "before" / "src" / "lib.rs").is_file()]
RUST = [migration for migration in _ALL if (order(migration.when.before) or ((), 0)) >= (order(LINES[0]) or ((), 0))]
OLDER = [migration for migration in _ALL if migration not in RUST]
"""Those that lead up to the oldest line of the template."""

OLD_LINE, OLD_PIN = "0.22", "0.22.6"
"""Where the old forms of all of them compile."""


@cache
def python() -> Path:
    """The CPython that fixtures are compiled for; without it the test is skipped."""
    found = interpreter(PYTHON)
    if found is None:
        pytest.skip(f"no CPython {PYTHON} on this machine")
    return found


def module(migration: Migration) -> str:
    """The name of a fixture's module."""
    return migration.id.replace("-", "_").replace(".", "_")


def write_crate(folder: Path, line: str, tree: Tree, deprecated: Mapping[str, bool]) -> Path:
    """Write a crate whose modules are the folders of `src/` in the tree; warnings are errors in it.

    `deprecated` has the modules, and whether they may use what is deprecated. On the old line nothing is an error.
    """
    old_line = line == OLD_LINE
    text = [] if old_line else ["#![deny(warnings)]"]
    text += ["#![allow(dead_code, unexpected_cfgs, clippy::all)]"]
    for name, old in sorted(deprecated.items()):
        files = {path.rpartition("/")[2]: file for path, file in tree.items() if path.startswith(f"src/{name}/")}
        root = files["lib.rs"].content.decode()
        own = sorted(stem for stem in map(_stem, files) if f"mod {stem};" not in root and f"{stem}.rs" != BY_HAND)
        text += ["#[allow(deprecated)]"] if old else []
        text += [f"pub mod {name} {{"]
        text += [f'    #[path = "{folder.as_posix()}/src/{name}/{stem}.rs"]\n    pub mod {stem}_;' for stem in own]
        text += ["}"]
    pin = OLD_PIN if old_line else PINS["pyo3"][line]["pyo3"]
    edition = "2021" if old_line else "2024"
    manifest = ["[package]", 'name = "fixtures"', 'version = "0.1.0"', f'edition = "{edition}"', "[workspace]"]
    features = ', features = ["gil-refs"]' if old_line else ""
    manifest += ["[dependencies]", f'bytes = "{PINS["crates"]["bytes"]}"']
    manifest += [f'pyo3 = {{ version = "{pin}"{features} }}']
    if "build.rs" in tree:
        features = ', features = ["resolve-config"]' if line == LINES[0] else ""
        manifest += ["[build-dependencies]", f'pyo3-build-config = {{ version = "{pin}"{features} }}']
    for path, file in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(file.content)
    for path, lines in (("src/lib.rs", text), ("Cargo.toml", manifest), ("clippy.toml", [])):
        (folder / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _stem(name: str) -> str:
    return name.removesuffix(".rs")


def compiled(folder: Path, command: str = "check") -> subprocess.CompletedProcess[str]:
    """What the compiler says of the crate."""
    return attempt("cargo", command, "--quiet", cwd=folder, env={"PYO3_PYTHON": str(python())})
