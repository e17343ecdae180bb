from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from tests.questions.reading import present, recorded, text

FILE = ".pre-commit-config.yaml"
# What only a hook reads.
SETTINGS = ".taplo.toml"


def test_yes_is_the_default_and_clones_nothing(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["hooks"] is True
    assert {repo["repo"] for repo in yaml.safe_load(text(project, FILE))["repos"]} == {"local"}
    assert present(project, SETTINGS)
    assert "taplo format" in text(project, FILE)
    assert "prek install" in text(project, "CONTRIBUTING.md")


def test_no_leaves_nothing(render: Callable[..., Path]) -> None:
    project = render(hooks=False)
    assert not present(project, FILE, SETTINGS)
    assert "prek" not in text(project, "CONTRIBUTING.md")
