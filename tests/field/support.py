"""Published projects: fetched once by pip from whatever index the user has configured, unpacked fresh for each test."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.texts.toml import parse_toml
from tests.support.project import tool, touch
from tests.support.template import ROOT

HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "field"
# Read before a fixture hides the user's configuration: pip is to find the index that it names.
_ENVIRONMENT = dict(os.environ)


@dataclass(frozen=True)
class Published:
    """One version of a project; `line` is the PyO3 line that it is on, `crate` the folder of its binding crate."""

    name: str
    version: str
    sha256: str
    pyo3: str
    crate: str = "."
    part: bool = False
    drawn: int = 0
    """The draw that it is from, for the sample whose hits are judged strictly; 0 if it is not in the sample."""

    @property
    def line(self) -> tuple[int, int]:
        major, minor = self.pyo3.split(".")
        return int(major), int(minor)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@cache
def published(listed: str = "projects.toml") -> tuple[Published, ...]:
    """All of `projects.toml`, or of another list: those of `migrated.toml` are only migrated."""
    text = (HERE / listed).read_text(encoding="utf-8")
    return tuple(Published(**table) for table in parse_toml(text)["project"])


def project(name: str, version: str | None = None) -> Published:
    """The project of that name, in its newest version (the last in the list) or the given one of either list."""
    listed = published() if version is None else (*published(), *published("migrated.toml"))
    return [one for one in listed if one.name == name and version in (None, one.version)][-1]


def params(wanted: Callable[[Published], bool] = lambda _: True) -> list[Any]:
    """Parameters for `pytest.mark.parametrize`: those wanted, CI's part of them marked."""
    return [
        pytest.param(one, id=f"{one.name}-{one.version}", marks=[pytest.mark.part] if one.part else [])
        for one in published()
        if wanted(one)
    ]


def archive(one: Published) -> Path:
    """The sdist, fetched where the cache does not have it; the test fails when it is not the file that was judged."""
    kept = CACHE / f"{one.name}-{one.version}.tar.gz"
    if not kept.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            _fetch(one, Path(folder)).replace(kept)
    found = hashlib.sha256(kept.read_bytes()).hexdigest()
    assert found == one.sha256, f"{kept} has the sum {found}; projects.toml says {one.sha256}"
    return kept


def unpacked(one: Published, folder: Path, *, git: bool = False) -> Path:
    """A fresh copy of the project below `folder`; with `git` in a repository of its own, committed."""
    with tarfile.open(archive(one)) as packed:
        packed.extractall(folder, filter="data")
        root = folder / packed.getnames()[0].split("/")[0]
    touch(root)
    if git:
        tool("git", "init", "--quiet", cwd=root)
        tool("git", "add", "--all", "--force", cwd=root)
        tool("git", "commit", "--quiet", f"--message={one}", cwd=root)
    return root


def _fetch(one: Published, folder: Path) -> Path:
    """Let pip download the sdist, with a backend in the place of the project's (see `metadata.py`)."""
    backend = folder / "backend"
    (backend / "setuptools").mkdir(parents=True)
    (backend / "setuptools" / "__init__.py").touch()
    for name in ("maturin.py", "setuptools/build_meta.py"):
        shutil.copy(HERE / "metadata.py", backend / name)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-build-isolation", "--no-binary", ":all:", "--ignore-requires-python"]
    command += ["--dest", str(folder), f"{one.name}=={one.version}"]
    environment = {**_ENVIRONMENT, "PYTHONPATH": str(backend)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"pip cannot fetch {one}:\n{done.stdout}{done.stderr}"
    return next(folder.glob("*.tar.gz"))
