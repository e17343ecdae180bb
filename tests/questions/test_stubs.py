from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import metadata, present, recorded, text, toml

FILES = {"python/my_lib/_core.pyi", "python/my_lib/py.typed"}


def test_yes_is_the_default_and_is_checked(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["stubs"] is True
    assert present(project, *FILES) == FILES
    assert "Typing :: Typed" in metadata(project)["classifiers"]
    assert toml(project)["tool"]["mypy"]["strict"] is True
    assert "mypy.stubtest my_lib" in text(project, ".github/workflows/ci.yml")


def test_no_leaves_the_package_untyped(render: Callable[..., Path]) -> None:
    project = render(stubs=False)
    assert not present(project, *FILES)
    assert "Typing :: Typed" not in metadata(project)["classifiers"]
    assert "mypy" not in toml(project)["tool"]
    assert "stubtest" not in text(project, ".github/workflows/ci.yml")
