from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import present, recorded, toml

FILES = {"benches/kernel.rs", "benchmarks", "src/comparisons.rs"}


def test_no_is_the_default(render: Callable[..., Path]) -> None:
    for starter in ("minimal", "showcase"):
        project = render(starter=starter)
        assert recorded(project)["benchmarks"] is False
        assert not present(project, *FILES, "benches")


def test_the_showcase_compares_each_practice(render: Callable[..., Path]) -> None:
    project = render(starter="showcase", benchmarks=True)
    assert present(project, *FILES) == FILES
    cargo = toml(project, "Cargo.toml")
    assert cargo["bench"] == [{"name": "kernel", "harness": False}]
    assert "comparisons" in cargo["features"]
    assert toml(project)["dependency-groups"]["bench"] == ["pytest", "pytest-benchmark"]


def test_the_minimal_starter_has_nothing_to_compare(render: Callable[..., Path]) -> None:
    project = render(benchmarks=True)
    assert present(project, "benches/kernel.rs", "src/comparisons.rs") == {"benches/kernel.rs"}
    assert "features" not in toml(project, "Cargo.toml")


def test_they_stand_with_the_kernel_in_a_workspace(render: Callable[..., Path]) -> None:
    project = render(layout="workspace", benchmarks=True)
    assert present(project, "benches", "crates/core/benches/kernel.rs", "crates/python/benches", "benchmarks") == {
        "crates/core/benches/kernel.rs",
        "benchmarks",
    }
    assert "divan" in toml(project, "crates/core/Cargo.toml")["dev-dependencies"]


def test_no_leaves_nothing(render: Callable[..., Path]) -> None:
    project = render(benchmarks=False)
    assert not present(project, *FILES, "benches")
    assert toml(project, "Cargo.toml").keys().isdisjoint({"bench", "dev-dependencies", "features"})
    assert "bench" not in toml(project)["dependency-groups"]
