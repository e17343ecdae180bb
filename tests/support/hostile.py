"""A project that tries everything it can to have something run: each trap that springs leaves a file with its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from tests.support.command import Result, environment
from tests.update.templates import Project, git

MODULES = (
    "json.py",
    "_socket.py",
    "pickle.py",
    "sitecustomize.py",
    "usercustomize.py",
    "conftest.py",
    "multiprocessing/__init__.py",
    "concurrent/__init__.py",
    "pyo3_kit/__init__.py",
    "copier/__init__.py",
)
PROGRAMS = (
    "git",
    "cargo",
    "rustc",
    "rustup",
    "python",
    "python3",
    "uv",
    "ssh",
    "sh",
    "mergiraf",
    "gh",
    "nano",
    "git-upload-pack",
    "uname",
    "true",
)
HOOKS = ("pre-commit", "post-checkout", "post-index-change", "pre-push", "reference-transaction", "fsmonitor-watchman")
RECEIVE_HOOKS = ("pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive")


def run_installed(*arguments: str, folder: Path, changes: Mapping[str, str] | None = None) -> Result:
    """Run the entry point, as a user does: `python -m` would import from the current folder by itself."""
    program = Path(sysconfig.get_path("scripts")) / "pyo3-kit"
    done = subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=folder,
        env=environment(changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


class Traps:
    """Things that leave a file in `folder` when they are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    @property
    def sprung(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def shell(self, name: str) -> str:
        return f"touch {self.folder}/{name}"

    def program(self, path: Path, name: str = "") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n/usr/bin/{self.shell(name or path.name)}\nexit 1\n")
        path.chmod(0o755)

    def module(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        name = "-".join(path.parts[-2:])
        path.write_text(f"open({str(self.folder / name)!r}, 'w').close()\n")

    def hooks(self, git_dir: Path, names: tuple[str, ...] = HOOKS) -> None:
        for name in names:
            self.program(git_dir / "hooks" / name, f"hook-{name}")

    def configure(self, git_dir: Path) -> None:
        """Every key of a repository's configuration by which Git could run a program, filters aside."""
        for key in (
            "core.fsmonitor",
            "core.sshCommand",
            "core.pager",
            "core.editor",
            "core.askPass",
            "core.gitProxy",
            "core.alternateRefsCommand",
            "diff.external",
            "gpg.program",
            "credential.helper",
            "uploadpack.packObjectsHook",
            "gc.recentObjectsHook",
            "sequence.editor",
            "remote.origin.uploadpack",
            "remote.origin.receivepack",
        ):
            git(git_dir, "config", "--file", str(git_dir / "config"), key, f"{self.shell(f'config-{key}')}; false")
        for key, value in {
            "protocol.ext.allow": "always",
            "url.ext::sh -c touch% x .insteadOf": "file://",
            "gc.auto": "1",
            "receive.autogc": "true",
            "log.showSignature": "true",
            "core.hooksPath": "hooks",
        }.items():
            git(git_dir, "config", "--file", str(git_dir / "config"), key, value)


class HostileProject(Project):
    """A copy of a project, with traps of every kind in it. Others may add theirs: `traps` tells what has sprung."""

    def __init__(self, seed: Project, root: Path, traps: Traps) -> None:
        shutil.copytree(seed.root, root, symlinks=True)
        super().__init__(root)
        self.traps = traps
        for name in MODULES:
            traps.module(root / name)
        (root / "evil.pth").write_text(f"import os; os.system({traps.shell('pth')!r})\n")
        for name in PROGRAMS:
            traps.program(root / name)
            traps.program(root / "bin" / name)
        (root / "rust-toolchain.toml").write_text('[toolchain]\npath = "toolchain"\n')
        for name in ("cargo", "rustc"):
            traps.program(root / "toolchain" / "bin" / name, f"toolchain-{name}")
        (root / ".cargo").mkdir(exist_ok=True)
        (root / ".cargo" / "config.toml").write_text('[build]\nrustc-wrapper = "./rustc"\n')
        self.commit()

    def arm(self) -> None:
        """Let its own `.git` try as well: from now on a plain `git` springs traps."""
        self.traps.configure(self.root / ".git")
        self.traps.hooks(self.root / ".git")

    def environment(self) -> dict[str, str]:
        """Variables as a careless user has them."""
        return {"PATH": os.pathsep.join(["", ".", "bin", str(self.root), str(self.root / "bin"), os.environ["PATH"]])}


def bare_inside(template: Path, place: Path, traps: Traps) -> None:
    """A bare repository of a template as files in a project, as a clone of the project brings it along."""
    git(template, "clone", "-q", "--bare", str(template), str(place))
    traps.configure(place)
    git(place, "config", "--file", str(place / "config"), "filter.x.smudge", f"{traps.shell('smudge')}; cat")
    git(place, "config", "--file", str(place / "config"), "core.worktree", str(place.parent))
