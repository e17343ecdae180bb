from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import present, recorded, text, toml


def test_none_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["docs"] == "none"
    assert not present(project, "docs")
    assert "docs" not in toml(project)["dependency-groups"]


def test_sphinx_is_a_folder_a_group_and_a_job(render: Callable[..., Path]) -> None:
    project = render(docs="sphinx")
    assert present(project, "docs/conf.py", "docs/index.md", "docs/api.md") == {
        "docs/conf.py",
        "docs/index.md",
        "docs/api.md",
    }
    assert "sphinx" in toml(project)["dependency-groups"]["docs"]
    assert "sphinx-build" in text(project, ".github/workflows/ci.yml")
    assert ".. automodule:: my_lib\n" in text(project, "docs/api.md")
