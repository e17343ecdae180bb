from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import dependencies, present, recorded, text

FILES = ("src/runtime.rs", "src/tasks.rs", "tests/test_tasks.py")


def test_yes_brings_one_runtime_and_async_functions(render: Callable[..., Path]) -> None:
    project = render(async_runtime=True)
    assert present(project, *FILES) == set(FILES)
    assert "rt-multi-thread" in dependencies(project)["tokio"]["features"]
    assert "mod runtime;" in text(project, "src/lib.rs")


def test_no_is_the_default_and_leaves_nothing(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["async_runtime"] is False
    assert not present(project, *FILES, "src/runtime")
    assert dependencies(project).keys().isdisjoint({"tokio", "pyo3-async-runtimes"})
    assert "runtime" not in text(project, "src/lib.rs")
