from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import metadata, present, recorded, text, toml


def test_yes_is_the_default_and_tests_without_the_gil(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["free_threaded"] is True
    assert present(render(starter="showcase"), "tests/test_free_threading.py")
    assert any("Free Threading" in line for line in metadata(project)["classifiers"])
    assert "pytest-run-parallel" in toml(project)["dependency-groups"]["test"]
    # No GIL is what PyO3 takes for granted since 0.28.
    assert "gil_used" not in text(project, "src/lib.rs")
    assert "3.14t" in text(project, ".github/workflows/ci.yml")
    assert "3.14t" in text(project, ".github/workflows/release.yml")


def test_no_turns_the_gil_on(render: Callable[..., Path]) -> None:
    project = render(free_threaded=False)
    assert not present(render(starter="showcase", free_threaded=False), "tests/test_free_threading.py")
    assert not any("Free Threading" in line for line in metadata(project)["classifiers"])
    assert "pytest-run-parallel" not in toml(project)["dependency-groups"]["test"]
    assert "gil_used = true" in text(project, "src/lib.rs")
    assert "3.14t" not in text(project, ".github/workflows/ci.yml")
    assert "3.14t" not in text(project, ".github/workflows/release.yml")
