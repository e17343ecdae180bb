from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import present, recorded, toml

SINGLE = {"Cargo.toml", "src/lib.rs", "src/kernel/mod.rs"}
WORKSPACE = {
    "Cargo.toml",
    "crates/core/Cargo.toml",
    "crates/core/src/lib.rs",
    "crates/python/Cargo.toml",
    "crates/python/src/lib.rs",
}


def test_a_single_crate_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["layout"] == "single"
    assert present(project, *SINGLE, *WORKSPACE, "crates") == SINGLE
    assert "manifest-path" not in toml(project)["tool"]["maturin"]


def test_a_workspace_has_a_core_and_a_binding(render: Callable[..., Path]) -> None:
    project = render(layout="workspace")
    assert present(project, *SINGLE, *WORKSPACE, "src") == WORKSPACE
    assert toml(project, "Cargo.toml")["workspace"]["members"] == ["crates/core", "crates/python"]
    assert toml(project)["tool"]["maturin"]["manifest-path"] == "crates/python/Cargo.toml"
    assert "pyo3" not in toml(project, "crates/core/Cargo.toml").get("dependencies", {})


def test_the_kernel_is_the_same_in_both(render: Callable[..., Path]) -> None:
    single = render() / "src/kernel"
    core = render(layout="workspace") / "crates/core/src"
    assert {path.name for path in single.glob("*.rs")} - {"mod.rs"} == {path.name for path in core.glob("*.rs")} - {
        "lib.rs"
    }
    assert (single / "mod.rs").read_bytes() == (core / "lib.rs").read_bytes()
    assert (single / "text.rs").read_bytes() == (core / "text.rs").read_bytes()
