from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.questions.reading import metadata, present, recorded, text, toml

FILES = {"python/my_lib/_core.pyi", "python/my_lib/py.typed"}


def test_yes_is_the_default_and_is_checked(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["stubs"] is True
    assert present(project, *FILES) == FILES
    assert "Typing :: Typed" in metadata(project)["classifiers"]
    assert toml(project)["tool"]["mypy"]["strict"] is True
    assert "mypy.stubtest my_lib" in text(project, ".github/workflows/ci.yml")


@pytest.mark.parametrize(
    ("answers", "features"),
    [
        ({}, False),
        ({"starter": "showcase"}, False),
        ({"starter": "showcase", "benchmarks": True}, True),
        ({"benchmarks": True}, False),
    ],
)
def test_the_stubs_are_compared_with_a_build_without_features(
    render: Callable[..., Path], answers: dict[str, Any], features: bool
) -> None:
    # Benchmarks are run with submodules that the stubs know nothing of.
    project = render(**answers)
    assert ("features" in toml(project, "Cargo.toml")) == features
    lines = [line.partition("  #")[0] for line in text(project, "CONTRIBUTING.md").splitlines()]
    before = lines[lines.index("python -m mypy.stubtest my_lib") - 1]
    assert before == ("maturin develop" if features else "mypy")


def test_no_leaves_the_package_untyped(render: Callable[..., Path]) -> None:
    project = render(stubs=False)
    assert not present(project, *FILES)
    assert "Typing :: Typed" not in metadata(project)["classifiers"]
    assert "mypy" not in toml(project)["tool"]
    assert "stubtest" not in text(project, ".github/workflows/ci.yml")
