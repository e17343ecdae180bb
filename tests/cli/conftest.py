"""Fixtures for tests of the command line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Result, run_kit, snapshot

TINY = {
    "copier.yml": """\
_subdirectory: template
_message_after_copy: "Made {{ name }}."
name:
  type: str
  help: The name. It has no default.
shout:
  type: bool
  default: false
colour:
  type: str
  default: red
  choices: [red, green]
depth:
  type: int
  default: 3
  when: "{{ shout }}"
upper:
  type: str
  default: "{{ name | upper }}"
  when: false
""",
    "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
    "template/{{ name }}.txt.jinja": "{{ upper }} {{ colour }} {{ _folder_name }} {{ _copier_conf.dst_path.name }}\n",
    "template/plain/run.sh": "#!/bin/sh\n",
    "template/{% if shout %}loud.txt{% endif %}": "LOUD\n",
    "template/{% yield part from ['one', 'two'] %}{{ part }}{% endyield %}.txt.jinja": "{{ part }}\n",
}


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small template that is not ours: with conditions, computed answers, a yield, a file mode."""
    root = tmp_path_factory.mktemp("tiny") / "tiny"
    for name, content in TINY.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (root / "template/plain/run.sh").chmod(0o755)
    return root


@pytest.fixture
def kit(tmp_path: Path) -> Callable[..., Result]:
    """Run `pyo3-kit` in the test's own folder."""

    def run(*arguments: str, **options: Any) -> Result:
        return run_kit(*arguments, **{"folder": tmp_path, **options})

    return run


@pytest.fixture
def refused(tmp_path: Path, kit: Callable[..., Result]) -> Callable[..., Result]:
    """Run `pyo3-kit`, which has to refuse with one message and a hint and to leave every folder as it was."""

    def run(*arguments: str, **options: Any) -> Result:
        before = snapshot(tmp_path), _aside()
        result = kit(*arguments, **options)
        assert result.code == 2, (result.out, result.err)
        assert result.out == ""
        lines = result.err.splitlines()
        assert lines[0].startswith("error: ")
        assert lines[-1].startswith(" hint: ")
        assert "Traceback" not in result.err
        assert (snapshot(tmp_path), _aside()) == before
        return result

    return run


def _aside() -> set[str]:
    folder = Path(os.environ["TMPDIR"])
    return {path.name for pattern in ("pyo3-kit-*", "copier*clone*") for path in folder.glob(pattern)}


@pytest.fixture
def as_repository() -> Callable[[Path], Path]:
    """Make a folder a Git repository with everything in it committed."""

    def make(folder: Path) -> Path:
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "First"], ["tag", "v1.0.0"]):
            subprocess.run(["git", *command], cwd=folder, check=True)
        return folder

    return make
