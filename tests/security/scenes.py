"""Commands that write, each with a place to run it, and what is there before and after."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tests.adoption.projects import MIXED
from tests.adoption.projects import write as write_mixed
from tests.fleet.small import BRANCH
from tests.migrate.support import make as make_migrated
from tests.overlays.templates import first_overlay
from tests.support.command import environment, snapshot
from tests.support.forks import Forks, Running
from tests.update.templates import FIRST, SECOND, Template, git

State = Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """A command: `words` are run in the folder `inside` of a copy of `before`; `resumes`: it has a journal."""

    forks: Forks
    name: str
    before: Path
    words: tuple[str, ...]
    inside: str
    resumes: bool
    state: Callable[[Path], State]

    def copy(self, folder: Path) -> Path:
        shutil.copytree(self.before, folder, symlinks=True)
        return folder

    def popen(self, folder: Path, *words: str, changes: Mapping[str, str | None] | None = None, **options: Any) -> Any:
        """The command, or with `words` another one of it, as a process of its own from its start."""
        command = [sys.executable, "-m", "pyo3_kit", *(words or self.words)]
        usual = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            command, cwd=folder / self.inside, env=environment(changes), **{**usual, "errors": "replace", **options}
        )

    def run_anew(self, folder: Path, **options: Any) -> tuple[int, str]:
        """Exit code and messages of such a process."""
        with self.popen(folder, **options) as process:
            _, said = process.communicate(timeout=300)
            return process.returncode, said

    def start(self, folder: Path, *words: str, **options: Any) -> Running:
        """The command, or with `words` another one of it, as a fork."""
        return self.forks.start(*(words or self.words), folder=folder / self.inside, **options)

    def run(self, folder: Path, *words: str, **options: Any) -> tuple[int, str]:
        """Exit code and messages of a fork."""
        done = self.start(folder, *words, **options).wait()
        return done.code, done.err

    def is_pending(self, folder: Path) -> bool:
        """Whether the journal of an unfinished run is there."""
        return any((folder / self.inside / ".git/pyo3-kit").glob("*/journal"))

    def again(self, way: str) -> tuple[str, ...]:
        """The words that finish or undo it."""
        return ("update" if self.words[0] == "overlay" else self.words[0], way)


def files(root: Path) -> State:
    """Every file of a project with its mode, and what Git says of them."""
    found = {
        path: (content, (root / path).lstat().st_mode)
        for path, content in snapshot(root).items()
        if path.partition("/")[0] != ".git"
    }
    status = git(root, "status", "--porcelain", "-uall") if (root / ".git").exists() else ""
    return {"files": found, "status": status}


def _of_project(folder: Path) -> State:
    return files(folder / "p")


def _of_new(folder: Path) -> State:
    commit = git(folder / "p", "rev-parse", "HEAD^{tree}", check=False) if (folder / "p").exists() else ""
    return {"all": {path: "" for path in snapshot(folder) if "/.git" not in path}, "commit": commit}


def _of_fleet(folder: Path) -> State:
    branches = [f"refs/heads/{BRANCH}^{{tree}}", "HEAD^{tree}"]
    return {
        name: [git(folder / name, "rev-parse", "--verify", "-q", one, check=False) for one in branches]
        + [git(folder / name, "status", "--porcelain")]
        for name in ("one", "two")
    }


def scenes(forks: Forks, folder: Path) -> dict[str, Scene]:
    """All of them, made in `folder`."""
    template = Template(folder / "template").release("v1.0.0", FIRST)
    project = template.project(folder / "made")
    template.release("v2.0.0", SECOND)
    overlay = first_overlay(folder / "overlay")
    for name in ("new", "update", "overlay add", "adopt", "migrate", "fleet update"):
        (folder / name).mkdir()
    for name in ("update", "overlay add"):
        project.copy(folder / name / "p")
    for name in ("one", "two"):
        project.copy(folder / "fleet update" / name)
    text = f"templates = [{json.dumps(str(template.root))}]\n"
    text += "".join(f"[[repository]]\npath = {json.dumps(name)}\n" for name in ("one", "two"))
    (folder / "fleet update" / "fleet.toml").write_text(text)
    write_mixed(folder / "adopt" / "p", MIXED)
    make_migrated(folder / "migrate" / "p", {"src/more.rs": "fn f(x: &pyo3::PyAny) -> pyo3::PyObject { todo!() }\n"})
    new = ("new", "p", "--defaults", "--template", str(template.root), "--data", "name=x")
    add = ("overlay", "add", str(overlay.root))
    made = [
        Scene(forks, "new", folder / "new", new, "", False, _of_new),
        Scene(forks, "update", folder / "update", ("update",), "p", True, _of_project),
        Scene(forks, "overlay add", folder / "overlay add", add, "p", True, _of_project),
        Scene(forks, "adopt", folder / "adopt", ("adopt", "--defaults"), "p", True, _of_project),
        Scene(forks, "migrate", folder / "migrate", ("migrate", "--to", "0.28"), "p", True, _of_project),
        Scene(forks, "fleet update", folder / "fleet update", ("fleet", "update", "--jobs", "1"), "", False, _of_fleet),
    ]
    return {scene.name: scene for scene in made}


def leftovers(folder: Path) -> list[str]:
    """Temporary files and folders beside the project's own."""
    return [
        path for path in snapshot(folder) if PurePosixPath(path).name.startswith(".pyo3-kit-") and "fleet" not in path
    ]
