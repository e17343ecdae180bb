from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import dependencies, present, recorded, text


def test_the_system_allocator_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["allocator"] == "system"
    assert not present(project, "src/allocator.rs")
    assert "mimalloc" not in dependencies(project)


def test_mimalloc_is_a_file_and_a_dependency(render: Callable[..., Path]) -> None:
    project = render(allocator="mimalloc")
    assert "#[global_allocator]" in text(project, "src/allocator.rs")
    assert "mod allocator;" in text(project, "src/lib.rs")
    assert "mimalloc" in dependencies(project)
