from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import recorded, text, toml


def test_no_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["pgo"] is False
    assert "pgo-command" not in toml(project)["tool"]["maturin"]
    assert "--pgo" not in text(project, ".github/workflows/release.yml")


def test_yes_trains_on_the_benchmarks(render: Callable[..., Path]) -> None:
    project = render(pgo=True)
    assert "benchmarks" in toml(project)["tool"]["maturin"]["pgo-command"]
    assert "--pgo" in text(project, ".github/workflows/release.yml")


def test_it_trains_on_what_there_is(render: Callable[..., Path]) -> None:
    project = render(pgo=True, benchmarks=False)
    command = toml(project)["tool"]["maturin"]["pgo-command"]
    for folder in command.rpartition("pytest ")[2].split():
        assert (project / folder).is_dir(), f"`{command}` names {folder}, which the project has not"
