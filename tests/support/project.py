"""What a rendered project goes through: cargo, maturin, pytest, for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.support.template import ROOT

# One folder for whatever is compiled, so that no dependency is built twice in the same configuration.
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / ".cache" / "target"))


def tool(*command: str | os.PathLike[str], cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a program to its end and return what it printed; a failure fails the test with the output."""
    done = attempt(*command, cwd=cwd, env=env)
    output = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(map(str, command))} in {cwd} → {done.returncode}\n{output}"
    return output


def attempt(
    *command: str | os.PathLike[str], cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program that may fail."""
    scripts = sysconfig.get_path("scripts")
    cargo = {"CARGO_TARGET_DIR": str(TARGET), "CARGO_TERM_COLOR": "never"}
    # Nobody debugs what tests build, or builds it again after an edit.
    cargo |= {"CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_INCREMENTAL": "0"}
    merged = {**os.environ, **cargo, **(env or {})}
    merged["PATH"] = os.pathsep.join([scripts, merged["PATH"]])
    words = [os.fspath(part) for part in command]
    # maturin moves what cargo has built, and nothing keeps another one from doing the same.
    with _alone() if words[0] == "maturin" else nullcontext():
        return subprocess.run(words, cwd=cwd, env=merged, capture_output=True, text=True, check=False)


@contextmanager
def _alone() -> Iterator[None]:
    """No other process of the tests does the same with the folder of what is compiled."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    TARGET.mkdir(parents=True, exist_ok=True)
    with (TARGET / "maturin.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def interpreter(version: str) -> Path | None:
    """The CPython of this version (`3.11`, `3.14t`) on this machine, or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(f"python{version}")
    candidates = [Path(on_path)] if on_path else []
    candidates += pyenv.glob(f"{version}.*/bin/python{version}")
    for candidate in candidates:
        # pyenv's shims are there for versions that are not.
        if attempt(candidate, "-c", "", cwd=ROOT).returncode == 0:
            return candidate
    return None


def touch(folder: Path) -> None:
    """Make all files new.

    Cargo takes members of two workspaces for the same crate when name and version are, and in a shared target folder
    it builds the second only if its files are newer than what it built; those of an sdist are as old as they can be.
    """
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path)


class Project:
    """A rendered project in a git repository of its own, and one interpreter."""

    def __init__(self, rendered: Path, folder: Path, python: Path) -> None:
        self.path = folder / rendered.name
        self.python = python
        shutil.copytree(rendered, self.path)
        touch(self.path)
        # maturin puts into an sdist what git knows.
        tool("git", "init", "--quiet", cwd=self.path)
        self.commit()

    def commit(self) -> None:
        """Make git know all files as they are now."""
        tool("git", "add", "--all", cwd=self.path)
        tool("git", "commit", "--quiet", "--allow-empty", "--message=Test", cwd=self.path)

    @property
    def env(self) -> dict[str, str]:
        """The interpreter for PyO3's build script, and its library for test programs that embed it."""
        code = "import sysconfig; print(sysconfig.get_config_var('LIBDIR'))"
        libdir = tool(self.python, "-c", code, cwd=self.path).strip()
        return {"PYO3_PYTHON": str(self.python), "LD_LIBRARY_PATH": libdir}

    def cargo(self, *arguments: str) -> str:
        """Run cargo for the interpreter."""
        return tool("cargo", *arguments, cwd=self.path, env=self.env)

    def clippy(self) -> str:
        """Clippy over everything that there is, without a warning."""
        return self.cargo("clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings")

    def venv(self, *requirements: str) -> Venv:
        """A new virtual environment of the interpreter with these packages."""
        return Venv(self.path.parent / f"venv-{self.python.name}", self.python, *requirements)

    def sdist(self) -> Path:
        """Build the sdist and unpack it; returns the unpacked folder."""
        out = self.path.parent / "sdist"
        tool("maturin", "sdist", "--out", out, cwd=self.path)
        archive = next(out.glob("*.tar.gz"))
        with tarfile.open(archive) as tar:
            tar.extractall(out, filter="data")
        source = out / archive.name.removesuffix(".tar.gz")
        touch(source)
        return source

    def wheel(self, source: Path, *arguments: str) -> Path:
        """Build a wheel from a project's folder and return its path."""
        out = self.path.parent / f"wheel-{self.python.name}"
        command = ["maturin", "build", "--out", str(out), "--interpreter", str(self.python), *arguments]
        tool(*command, cwd=source, env={"MATURIN_PYPI_TOKEN": ""})
        return next(out.glob("*.whl"))


class Venv:
    """A virtual environment made by uv."""

    def __init__(self, path: Path, python: Path, *requirements: str) -> None:
        self.path = path
        tool("uv", "venv", "--quiet", "--python", python, path, cwd=path.parent)
        self.install(*requirements)

    @property
    def env(self) -> dict[str, str]:
        """What activating it would set."""
        return {"VIRTUAL_ENV": str(self.path), "PATH": os.pathsep.join([str(self.path / "bin"), os.environ["PATH"]])}

    def install(self, *requirements: str) -> None:
        """Install packages, wheels, or `--group FILE:NAME`."""
        if requirements:
            tool("uv", "pip", "install", "--quiet", *requirements, cwd=self.path.parent, env=self.env)

    def run(self, *command: str | os.PathLike[str], cwd: Path, env: dict[str, str] | None = None) -> str:
        """Run one of its programs."""
        program, *rest = command
        return tool(self.path / "bin" / program, *rest, cwd=cwd, env={**self.env, **(env or {})})

    def run_line(self, line: str, cwd: Path) -> str:
        """Run a line of shell with its programs before all others."""
        return tool("sh", "-c", f'PATH="{self.path / "bin"}:$PATH"; {line}', cwd=cwd, env=self.env)
