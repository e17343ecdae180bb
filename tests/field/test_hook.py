"""The pre-commit hooks as a project gets them: cloned, installed from the clone and run by prek."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.field.support import project, unpacked
from tests.support.project import attempt, tool
from tests.support.template import ROOT

CONFIG = """\
repos:
  - repo: {repository}
    rev: {commit}
    hooks:
      - id: pyo3-kit-check
      - id: pyo3-kit-fix
"""


@pytest.mark.field
@pytest.mark.part
def test_prek_installs_and_runs_the_hooks(tmp_path: Path) -> None:
    kit, commit = snapshot(tmp_path / "kit")
    root = unpacked(project("html2text_rs"), tmp_path, git=True)
    (root / ".pre-commit-config.yaml").write_text(CONFIG.format(repository=kit.as_uri(), commit=commit))
    tool("git", "add", "--all", cwd=root)
    env = {"PREK_HOME": str(tmp_path / "prek")}

    checked = attempt("prek", "run", "pyo3-kit-check", "--all-files", cwd=root, env=env)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "src/lib.rs:17:10: warning: PYO111" in checked.stdout
    assert tool("git", "diff", cwd=root) == ""

    fixed = attempt("prek", "run", "pyo3-kit-fix", "--all-files", cwd=root, env=env)
    assert fixed.returncode == 1, fixed.stdout + fixed.stderr
    assert "files were modified by this hook" in fixed.stdout
    assert "maturin>=1.9.4" in tool("git", "diff", cwd=root)


def snapshot(folder: Path) -> tuple[Path, str]:
    """A clone of this repository, tags and all, with the files as they are now in a last commit."""
    tool("git", "clone", "--quiet", ROOT, folder, cwd=folder.parent)
    for name in tool("git", "ls-files", "-z", cwd=ROOT).rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    tool("git", "add", "--all", cwd=folder)
    tool("git", "commit", "--quiet", "--allow-empty", "--message=As it is", cwd=folder)
    return folder, tool("git", "rev-parse", "HEAD", cwd=folder).strip()
