"""Projects in real repositories, merges for them, and what must stand there before and after."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyo3_kit.merge.model import Conflict, File, FileMerge, Labels, Outcome
from pyo3_kit.transaction.journal import Place

ANSWERS = ".copier-answers.yml"
LABELS = Labels("yours", "template v1", "template v2")
META = {"from": "v1", "to": "v2"}

Snapshot = dict[str, tuple[str, int, bytes]]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode(errors="surrogateescape")


def repository(top: Path, files: Mapping[str, File], prefix: str = "") -> Place:
    """A repository at `top` with the files committed; the project is in the folder `prefix` of it."""
    root = top / prefix if prefix else top
    root.mkdir(parents=True, exist_ok=True)
    git(top, "init", "--quiet", "--template=")
    write(root, files)
    git(top, "add", "--all")
    git(top, "-c", "gc.auto=0", "commit", "--quiet", "--allow-empty", "-m", "before")
    return Place(root, top / ".git", prefix)


def copy(place: Place, top: Path) -> Place:
    """Another repository, with the same things in it."""
    shutil.copytree(place.git_dir.parent, top, symlinks=True)
    return Place(top / place.prefix if place.prefix else top, top / ".git", place.prefix)


def write(root: Path, files: Mapping[str, File]) -> None:
    for path, file in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.link:
            place.symlink_to(os.fsdecode(file.content))
        else:
            place.write_bytes(file.content)
            place.chmod(0o755 if file.executable else 0o644)


def snapshot(root: Path) -> Snapshot:
    """Every path below `root` but Git's own with its kind, its mode and its content; temporary files too."""
    found: Snapshot = {}
    for above, folders, names in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        for name in (*folders, *names):
            path = Path(above, name)
            mode = path.lstat().st_mode
            key = path.relative_to(root).as_posix()
            if stat.S_ISLNK(mode):
                found[key] = ("link", 0, os.fsencode(path.readlink()))
            elif stat.S_ISDIR(mode):
                found[key] = ("folder", stat.S_IMODE(mode), b"")
            elif stat.S_ISREG(mode):
                found[key] = ("file", stat.S_IMODE(mode), path.read_bytes())
            else:
                found[key] = ("other", stat.S_IMODE(mode), b"")
    return found


def index(place: Place) -> tuple[str, str]:
    """The index's entries with their flags, and what Git says of the work tree."""
    top = place.git_dir.parent
    return git(top, "ls-files", "-v", "--stage", "-z"), git(top, "status", "--porcelain=v2", "-z", "-uall")


def kept(place: Place) -> list[str]:
    """What stands in the Git directory of ours."""
    ours = place.git_dir / "pyo3-kit"
    return sorted(path.relative_to(ours).as_posix() for path in ours.rglob("*")) if ours.exists() else []


def expected(before: Mapping[str, File], merges: Iterable[FileMerge]) -> dict[str, File]:
    """The files after the merges, sidecars left out."""
    after = dict(before)
    for merge in merges:
        if merge.source is not None:
            after.pop(merge.source, None)
    for merge in merges:
        if merge.result is None:
            after.pop(merge.path, None)
        else:
            after[merge.path] = merge.result
    return after


def files_of(snapshot: Snapshot) -> dict[str, File]:
    """The files of a snapshot, sidecars left out."""
    return {
        path: File(content, bool(mode & 0o111), kind == "link")
        for path, (kind, mode, content) in snapshot.items()
        if kind != "folder" and not path.startswith(".pyo3-kit/")
    }


def merge(path: str, ours: File | None, result: File | None, **more: Any) -> FileMerge:
    return FileMerge(path, more.pop("outcome", Outcome.UPDATED), "only the template changed it", ours, result, **more)


def marked(ours: bytes, theirs: bytes, base: bytes = b"base\n") -> File:
    return File(
        b"<<<<<<< yours\n" + ours + b"||||||| template v1\n" + base + b"=======\n" + theirs + b">>>>>>> template v2\n"
    )


BEFORE: dict[str, File] = {
    ANSWERS: File(b"_commit: v1\n"),
    "Cargo.toml": File(b'[dependencies]\npyo3 = "0.28"\n'),
    "src/lib.rs": File(b"fn mine() {}\n"),
    "README.md": File(b"# before\n"),
    "run.sh": File(b"#!/bin/sh\n"),
    "old/a.txt": File(b"a\n"),
    "old/deep/b.txt": File(b"b\n"),
    "shared/gone.txt": File(b"x\n"),
    "shared/stays.txt": File(b"mine\n"),
    "moved.txt": File(b"moved\n"),
    "swap": File(b"a file that becomes a folder\n"),
    "dir/x": File(b"in a folder that becomes a file\n"),
    "link": File(b"README.md", link=True),
    "untouched.txt": File(b"u\r\n\xff\xfe"),
}


def everything() -> list[FileMerge]:
    """Merges of every sort for `BEFORE`; the answers file is the first of them."""
    key = Conflict("Cargo.toml", "dependencies.pyo3", None, '"0.27"', '"0.28"', '"0.29"')
    line = Conflict("src/lib.rs", None, 1, "base\n", "fn mine() {}\n", "fn theirs() {}\n")
    text = marked(BEFORE["src/lib.rs"].content, b"fn theirs() {}\n")
    sides = (File(b"base\n"), BEFORE["src/lib.rs"], File(b"fn theirs() {}\n"))
    toml = File(b'[dependencies]\npyo3 = "0.28"\nserde = "1"\n')
    return [
        merge(ANSWERS, BEFORE[ANSWERS], File(b"_commit: v2\n")),
        merge("Cargo.toml", BEFORE["Cargo.toml"], toml, outcome=Outcome.CONFLICT, conflicts=(key,)),
        merge("src/lib.rs", BEFORE["src/lib.rs"], text, outcome=Outcome.CONFLICT, conflicts=(line,), stages=sides),
        merge("README.md", BEFORE["README.md"], File(b"# after\n")),
        merge("run.sh", BEFORE["run.sh"], File(b"#!/bin/sh\n", executable=True)),
        merge("old/a.txt", BEFORE["old/a.txt"], None, outcome=Outcome.REMOVED),
        merge("old/deep/b.txt", BEFORE["old/deep/b.txt"], None, outcome=Outcome.REMOVED),
        merge("shared/gone.txt", BEFORE["shared/gone.txt"], None, outcome=Outcome.REMOVED),
        merge("new/place/moved.txt", None, File(b"moved\nand more\n"), outcome=Outcome.RENAMED, source="moved.txt"),
        merge("swap", BEFORE["swap"], None, outcome=Outcome.REMOVED),
        merge("swap/inner.txt", None, File(b"inner\n"), outcome=Outcome.ADDED),
        merge("dir/x", BEFORE["dir/x"], None, outcome=Outcome.REMOVED),
        merge("dir", None, File(b"a file now\n"), outcome=Outcome.ADDED),
        merge("link", BEFORE["link"], File(b"untouched.txt", link=True)),
        merge("untouched.txt", BEFORE["untouched.txt"], BEFORE["untouched.txt"], outcome=Outcome.UNCHANGED),
    ]


def clean() -> list[FileMerge]:
    """Those of `everything` that leave nothing to decide."""
    return [one for one in everything() if not one.conflicts]


def unswapped() -> list[FileMerge]:
    """`everything` but the file that becomes a folder, which cannot be made before the file is gone."""
    return [one for one in everything() if not one.path.startswith("swap")]


MERGES = {"everything": everything, "clean": clean, "unswapped": unswapped}


class Farm:
    """A process that runs `apply` in children of its own, each to be killed or refused something at one moment."""

    def __init__(self) -> None:
        folder = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.update.farm"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder / "src"), str(folder)])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, place: Place, **order: Any) -> dict[str, Any]:
        """Run one child; see `tests.update.farm` for what an order may say, and what comes back."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        record = {"root": str(place.root), "git_dir": str(place.git_dir), "prefix": place.prefix, **order}
        self._process.stdin.write(json.dumps(record) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert isinstance(answer, dict)
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
