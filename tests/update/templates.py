"""Small Copier templates with a history, made on the spot, and projects of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.command import Result, run_kit, snapshot

ANSWERS = "{{ _copier_conf.answers_file }}.jinja"

QUESTIONS = """\
_subdirectory: template
_skip_if_exists: [once.txt]
name:
  type: str
  help: The name. It has no default.
colour:
  type: str
  default: red
  choices: [red, green]
shout:
  type: bool
  default: false
level:
  type: int
  default: 3
  when: "{{ shout }}"
"""

FIRST: Mapping[str, str | bytes | None] = {
    "copier.yml": QUESTIONS,
    f"template/{ANSWERS}": "# Written by Copier.\n{{ _copier_answers | to_nice_yaml }}",
    "template/notes.txt": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n",
    "template/config.toml.jinja": '[tool]\nname = "{{ name }}"\ncolour = "{{ colour }}"\nsize = 1\n',
    "template/run.sh": "#!/bin/sh\necho run\n",
    "template/old.txt": "old\nand\ngone\n",
    "template/once.txt": "first\n",
    "template/{% if shout %}loud.txt{% endif %}.jinja": "LOUD {{ level }}\n",
    "template/docs/index.md": "# Docs\n\nText.\n",
    "template/data.bin": b"\x00\x01\x02",
}

SECOND: Mapping[str, str | bytes | None] = {
    "template/notes.txt": "one\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n",
    "template/config.toml.jinja": '[tool]\nname = "{{ name }}"\ncolour = "{{ colour }}"\nsize = 2\n\n[extra]\na = 1\n',
    "template/old.txt": None,
    "template/once.txt": "second\n",
    "template/new/fresh.txt": "fresh\n",
    "template/data.bin": b"\x00\x01\x03",
}


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip()


def write(root: Path, files: Mapping[str, str | bytes | None]) -> None:
    for name, content in files.items():
        path = root / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


class Template:
    """A template in a Git repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        git(root, "init", "-q")

    def release(self, tag: str, files: Mapping[str, str | bytes | None]) -> Template:
        """Write files (None: remove), commit, and tag the commit, moving the tag where it is there."""
        write(self.root, files)
        if (program := self.root / "template" / "run.sh").exists():
            program.chmod(0o755)
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", tag)
        git(self.root, "tag", "-f", tag)
        return self

    def project(self, root: Path, ref: str = "v1.0.0", overlays: Sequence[str] = (), **answers: Any) -> Project:
        """A project of that version, with these overlays on it, committed."""
        data = [word for key, value in {"name": "x", **answers}.items() for word in ("--data", f"{key}={value}")]
        data += [word for overlay in overlays for word in ("--overlay", overlay)]
        made = run_kit("new", str(root), "--template", str(self.root), "--ref", ref, *data, folder=root.parent)
        assert made.code == 0, made.err
        return Project(root)


class Project:
    """A project, and `pyo3-kit` in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def copy(self, root: Path) -> Project:
        shutil.copytree(self.root, root, symlinks=True)
        return Project(root)

    def edit(self, files: Mapping[str, str | bytes | None], *, commit: bool = True) -> Project:
        write(self.root, files)
        if commit:
            self.commit()
        return self

    def replace(self, name: str, old: str, new: str, *, commit: bool = True) -> Project:
        text = self.text(name)
        assert old in text
        return self.edit({name: text.replace(old, new)}, commit=commit)

    def commit(self) -> None:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", "Work", "--allow-empty")

    def text(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def kit(self, *arguments: str, folder: Path | None = None, **options: Any) -> Result:
        return run_kit(*arguments, folder=folder or self.root, **options)

    def update(self, *arguments: str, **options: Any) -> Result:
        return self.kit("update", *arguments, **options)

    def files(self) -> dict[str, tuple[bytes | None, int]]:
        """Every file outside the repository's own folder, with its mode."""
        return {
            name: (content, (self.root / name).lstat().st_mode)
            for name, content in snapshot(self.root).items()
            if not name.startswith(".git/") and name != ".git"
        }

    def everything(self) -> dict[str, tuple[bytes | None, int]]:
        """Every file, Git's own included: its index, objects and refs."""
        return {name: (content, (self.root / name).lstat().st_mode) for name, content in snapshot(self.root).items()}


def refused(project: Project, *arguments: str, said: str, code: int = 2, **options: Any) -> Result:
    """Run an update, which has to say no with a message and a hint, and to leave everything as it is."""
    before, aside = project.everything(), leftovers()
    result = project.update(*arguments, **options)
    assert result.code == code, (result.out, result.err)
    assert result.out == ""
    lines = result.err.splitlines()
    assert lines[0].startswith("error: "), result.err
    assert lines[-1].startswith(" hint: "), result.err
    assert said in result.err, result.err
    assert "Traceback" not in result.err
    assert project.everything() == before
    assert leftovers() == aside
    return result


def leftovers() -> set[str]:
    """What runs leave in the folders for temporary files."""
    places = [Path(os.environ["TMPDIR"]), Path(os.environ["PYO3_KIT_CACHE"], "scratch")]
    return {
        path.name
        for place in places
        if place.is_dir()
        for path in place.iterdir()
        if path.name.startswith(("pyo3-kit-", "copier", "pid-"))
    }
