"""A crate that keeps its version keeps its features, and the code that uses it: what is required, and where."""

from __future__ import annotations

from textwrap import dedent

import pytest

from pyo3_kit.codemods import Context, code_migrations
from pyo3_kit.merge.model import File
from tests.migrations.support import SHIPPED

BUILD = "fn main() {\n    let config = pyo3_build_config::get();\n    let _ = config.version;\n}\n"
BUILD_CONFIG = 'pyo3-build-config = { version = "%s", features = ["resolve-config"] }\n'


def migrated(before: str, **files: str) -> dict[str, str]:
    """A tree of `crate__build_rs="…"` moved from a line to 0.30."""
    tree = {name.replace("__", "/").replace("_", "."): File(dedent(text).encode()) for name, text in files.items()}
    after, _ = code_migrations(SHIPPED, tree, Context(None, {"pyo3": before}), Context(None, {"pyo3": "0.30"}))
    return {path: file.content.decode() for path, file in after.items()}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.26", '{ version = "0.30" }'),
        ("=0.26.1", '{ version = "=0.30.1" }'),
        # An older line than PyO3's is not changed, nor is a range.
        ("0.22", '{ version = "0.22", features = ["resolve-config"] }'),
        (">=0.24, <0.27", '{ version = ">=0.24, <0.27", features = ["resolve-config"] }'),
    ],
)
def test_features_and_code_follow_the_version(version: str, expected: str) -> None:
    manifest = f'[dependencies]\npyo3 = "0.26"\n\n[build-dependencies]\n{BUILD_CONFIG % version}'
    after = migrated("0.26", Cargo_toml=manifest, build_rs=BUILD)
    assert after["Cargo.toml"].endswith(f"pyo3-build-config = {expected}\n")
    moved = "0.30" in expected
    assert after["build.rs"] == (BUILD.replace("config.version", "config.version()") if moved else BUILD)


@pytest.mark.parametrize(
    "entry",
    [
        '{ git = "https://example.org/pyo3", features = ["abi3-py38", "generate-import-lib"] }',
        '{ git = "https://example.org/pyo3", version = "0.26", features = ["abi3-py38"] }',
        '{ path = "../pyo3", features = ["abi3-py38"] }',
        '{ version = ">=0.22, <0.27", features = ["abi3-py38", "extension-module"] }',
    ],
)
def test_what_has_no_version_of_a_line_is_left(entry: str) -> None:
    manifest = f'[features]\nmodule = ["pyo3/extension-module"]\n\n[dependencies]\npyo3 = {entry}\n'
    pyproject = (
        '[build-system]\nrequires = ["maturin>=1.9.4"]\n\n[tool.maturin]\nfeatures = ["pyo3/extension-module"]\n'
    )
    after = migrated("0.26", Cargo_toml=manifest, pyproject_toml=pyproject)
    assert (after["Cargo.toml"], after["pyproject.toml"]) == (manifest, pyproject)


@pytest.mark.parametrize(("version", "moves"), [("0.26", True), ("0.22", False)])
def test_a_version_of_the_workspace(version: str, moves: bool) -> None:
    after = migrated(
        "0.26",
        Cargo_toml=f'[workspace]\nmembers = ["a"]\n\n[workspace.dependencies]\npyo3 = "{version}"\n',
        a__Cargo_toml='[dependencies]\npyo3 = { workspace = true, features = ["abi3-py38"] }\n',
    )
    assert ("abi3-py39" in after["a/Cargo.toml"]) == moves


@pytest.mark.parametrize(("version", "moves"), [("0.26", True), ("0.22", False)])
@pytest.mark.parametrize(
    ("folder", "named"), [("", 'manifest-path = "a/Cargo.toml"\n'), ("a/", "")], ids=["named", "beside"]
)
def test_features_of_maturin_follow_the_crate_that_it_builds(
    folder: str, named: str, version: str, moves: bool
) -> None:
    pyproject = (
        f'[build-system]\nrequires = ["maturin>=1.9.4"]\n\n[tool.maturin]\n{named}features = ["pyo3/abi3-py38"]\n'
    )
    after = migrated(
        "0.26",
        **{f"{folder.replace('/', '__')}pyproject_toml": pyproject},
        a__Cargo_toml=f'[package]\nname = "a"\n\n[target."cfg(unix)".dependencies]\npyo3 = "{version}"\n',
    )
    assert ("pyo3/abi3-py39" in after[f"{folder}pyproject.toml"]) == moves
