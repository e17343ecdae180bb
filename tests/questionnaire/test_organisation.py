"""An organisation's preset and overlay in a real terminal: what is not asked, what is asked, what cannot be changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pexpect needs a pseudo-terminal", allow_module_level=True)

from tests.overlays.templates import QUESTIONS
from tests.questionnaire.terminal import CTRL_U, DOWN, ENTER, Terminal
from tests.questionnaire.test_walk import answers
from tests.support.forks import Forks
from tests.update.templates import ANSWERS, Template

pytestmark = pytest.mark.slow

PRESET = """\
[presets.house]
hidden = ["repository_url", "docs"]

[presets.house.answers]
author_name = "ACME"
author_email = "oss@acme.example"

[presets.house.defaults]
async_runtime = true

[presets.house.fixed]
license = "MIT"
disable_reference_pool = true
wheels = "abi3+abi3t"
async_bridge = "completion-queue"
"""


@pytest.fixture
def here(forks: Forks, tmp_path: Path) -> Iterator[Terminal]:
    """The questionnaire with the preset and an overlay that asks for a team."""
    (tmp_path / "acme.toml").write_text(PRESET)
    questions = QUESTIONS.replace("below.name", "below.project_name")
    files = {"copier.yml": questions, f"template/{ANSWERS}": "{{ _copier_answers | to_nice_yaml }}"}
    overlay = Template(tmp_path / "overlay").release("v1.0.0", files)
    words = ["new", "my-lib", "--preset", "acme.toml#house", "--overlay", str(overlay.root)]
    with closing(Terminal(forks, words, tmp_path)) as terminal:
        yield terminal


def test_what_the_preset_decided_is_neither_asked_nor_shown(here: Terminal, tmp_path: Path) -> None:
    asked = ["project_name", "python_package", "crate_name", "project_description"]
    asked += ["starter", "async_runtime", "free_threaded", "bytes_feature"]
    for number, name in enumerate(asked, 1):
        here.wait_for(f"{number} of {len(asked)}", name)
        # What a fixed answer rules out cannot be taken.
        here.type(*([DOWN] if name == "free_threaded" else []), ENTER)
        if name == "free_threaded":
            here.wait_for("free_threaded is unchanged: wheels is fixed")
    here.wait_for("Last page", "Create the project")
    screen = here.text()
    assert " async_runtime " in screen
    assert " author_name " in screen
    for name in ("license", "repository_url", "docs", "disable_reference_pool", "async_bridge"):
        assert f" {name} " not in screen
    here.choose("Create the project")
    here.wait_for("team")
    here.type(CTRL_U, "core", ENTER)
    here.wait_for("name")
    here.type(ENTER)
    here.wait_for("Last page", "Continue with the overlay acme")
    here.type(ENTER)
    assert here.wait_end() == 0
    found = answers(tmp_path)
    assert (found["license"], found["async_runtime"], found["async_bridge"]) == ("MIT", True, "completion-queue")
    assert (found["author_name"], found["free_threaded"], found["wheels"]) == ("ACME", True, "abi3+abi3t")
    assert "team: core" in (tmp_path / "my-lib" / ".copier-answers.acme.yml").read_text()
    assert "name: my-lib" in (tmp_path / "my-lib" / ".copier-answers.acme.yml").read_text()
