"""The README: its links lead somewhere, and a block that shows output is made by running the commands."""

from __future__ import annotations

import re

import pytest

from tests.support.command import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_local_links_lead_to_files() -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", TEXT)
    assert len(targets) > 20
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_all_output_is_made_by_running_the_commands() -> None:
    """`scripts/build_readme.py` fills the marked blocks, and `dev.py docs --check` compares them."""
    blocks = re.findall(r"(?:<!-- output: (\w+) -->\n\n)?```console\n(.*?)```", TEXT, re.DOTALL)
    marked = [name for name, _ in blocks if name]
    assert marked == ["new", "update", "check"]
    assert all(text.startswith("$ pyo3-kit ") == bool(name) for name, text in blocks)


@pytest.mark.parametrize("command", ["python3 dev.py try", "python3 dev.py test"])
def test_a_clone_has_two_commands(command: str) -> None:
    assert f"```console\n{command}\n```\n" in TEXT
