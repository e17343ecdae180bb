"""The `--build` run: create a virtual environment, run `maturin develop` and the project's tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.system.environments import build_environment
from pyo3_kit.system.platforms import MACOS, WINDOWS, join_command, rust_hint, script_path
from pyo3_kit.system.processes import find_program, run, start
from pyo3_kit.system.reading import read_text
from pyo3_kit.texts.toml import parse_toml

_SHOWN_LINES = 40


class _Display(Protocol):
    def step(self, title: str) -> None: ...

    def line(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _Step:
    title: str
    command: list[str]


def check_tools(option: str = "--build") -> None:
    """Raise `Refused`, with what to install, if Rust or a linker is missing; called before anything is written.

    `option` is the option that needs them.
    """
    if not find_program("cargo") or not find_program("rustc"):
        raise Refused(f"Rust is not installed, and `{option}` needs it.", f"{rust_hint()} Or omit `{option}`.")
    # Not in the project, whose `rust-toolchain.toml` may name a compiler of its own.
    done = run(["rustc", "--version"], environment=build_environment())
    if done.returncode != 0:
        reason = (done.stderr.decode(errors="replace").strip().splitlines() or ["it gives no reason"])[-1]
        raise Refused(
            f"Rust is installed but does not work: {reason}", f"Run `rustup default stable`, or omit `{option}`."
        )
    if not WINDOWS and not _has_linker():
        raise Refused(
            "No C compiler is installed, which Rust needs for linking.", f"{_install_compiler()} Or omit `{option}`."
        )


def build_project(project: Path, *, quiet: bool = False, strict: bool = False) -> str:
    """Create `.venv` in the project, build the module into it and run the tests; `quiet` shows no progress.

    This runs the project's own code, without the variables that hold secrets; with `strict`, for what others write to,
    with few variables at all (see `system.environments`).

    Returns the command that runs the tests again. Raises `Failed`, with the last lines of output, if a step fails; the
    project itself stays.
    """
    pyproject = _read(project / "pyproject.toml")
    if pyproject.get("build-system", {}).get("build-backend") != "maturin":
        raise Failed(
            f"{project} does not use maturin, so it cannot be built.",
            "The project is complete.",
        )
    environment = _environment(project / ".venv", strict=strict)
    with _display(quiet=quiet) as display:
        for step in _steps(project, pyproject):
            display.step(step.title)
            _run(step, project, environment, display)
    return join_command([str(script_path(Path(".venv"), "python")), "-m", "pytest"])


def _steps(project: Path, pyproject: Mapping[str, Any]) -> list[_Step]:
    venv = project / ".venv"
    python = str(script_path(venv, "python"))
    needed = [*pyproject["build-system"]["requires"], *_group(pyproject, "test")]
    uv = find_program("uv")
    if uv:
        chosen = ["--python", sys.executable] if _suits(pyproject) else []
        make = [uv, "venv", "--quiet", *chosen, str(venv)]
        install = [uv, "pip", "install", "--python", python, *needed]
    else:
        if not _suits(pyproject):
            wanted = pyproject["project"]["requires-python"]
            raise Failed(
                f"The project needs Python {wanted}; this is {sys.version.split()[0]}.",
                "Install uv, which finds a suitable one.",
            )
        make = [sys.executable, "-I", "-m", "venv", str(venv)]
        # The pip bundled with Python may be too old for dependency groups, which maturin needs.
        install = [python, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--upgrade", "pip", *needed]
    develop = [str(script_path(venv, "maturin")), "develop", *(["--uv"] if uv else [])]
    return [
        _Step("Creating the virtual environment", make),
        _Step("Installing maturin and the test tools", install),
        _Step("Building the Rust module", develop),
        _Step("Running the tests", [python, "-m", "pytest", "-q"]),
    ]


def _run(step: _Step, project: Path, environment: Mapping[str, str], display: _Display) -> None:
    try:
        process = start(step.command, folder=project, environment=environment)
    except OSError as error:
        raise Failed(
            f"{step.title} failed: {step.command[0]}: {error.strerror}.", f"The project is complete in {project}."
        ) from error
    output = []
    try:
        for printed in process.stdout or ():
            line = printed.decode(errors="replace").rstrip()
            output.append(line)
            display.line(line)
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if code != 0:
        command = join_command([Path(step.command[0]).name, *step.command[1:]])
        raise Failed(
            f"{step.title} failed with exit code {code}.",
            f"The project is complete in {project}; the command that failed there: {command}",
            command=step.command,
            output="\n".join(output[-_SHOWN_LINES:]),
        )


def _group(pyproject: Mapping[str, Any], name: str) -> list[str]:
    """The requirements of a dependency group (PEP 735), including those of included groups."""
    found: list[str] = []
    for entry in pyproject.get("dependency-groups", {}).get(name, ()):
        found += [entry] if isinstance(entry, str) else _group(pyproject, entry["include-group"])
    return found


def _suits(pyproject: Mapping[str, Any]) -> bool:
    from packaging.specifiers import SpecifierSet

    wanted = pyproject.get("project", {}).get("requires-python", "")
    return "{}.{}.{}".format(*sys.version_info) in SpecifierSet(wanted)


def _read(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(read_text(path))
    except FileNotFoundError:
        return {}


def _environment(venv: Path, *, strict: bool) -> dict[str, str]:
    """The environment of builds, as if the virtual environment were active.

    Another active environment must not have an effect.
    """
    hidden = {"PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX", "__PYVENV_LAUNCHER__"}
    environment = {key: value for key, value in build_environment(strict=strict).items() if key not in hidden}
    environment["VIRTUAL_ENV"] = str(venv)
    environment["PATH"] = os.pathsep.join(
        [str(script_path(venv, "python").parent), environment.get("PATH", os.defpath)]
    )
    return environment


def _has_linker() -> bool:
    named = any(key == "CC" or (key.startswith("CARGO_TARGET_") and key.endswith("_LINKER")) for key in os.environ)
    return named or any(find_program(name) for name in ("cc", "gcc", "clang"))


def _install_compiler() -> str:
    if MACOS:
        return "Install one with `xcode-select --install`."
    known = {
        "apt-get": "apt-get install build-essential",
        "dnf": "dnf install gcc",
        "pacman": "pacman -S base-devel",
        "apk": "apk add build-base",
        "zypper": "zypper install gcc",
    }
    for tool, command in known.items():
        if find_program(tool):
            return f"Install one with `{command}`."
    return "Install gcc or clang with your system's package manager."


@contextmanager
def _display(*, quiet: bool) -> Iterator[_Display]:
    """Live progress on stderr that disappears at the end; one line per step if stderr is not a terminal."""
    if quiet:
        yield _Silent()
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(console)
        return
    with console.status("") as status:
        yield _Live(status)


class _Silent:
    def step(self, title: str) -> None:
        """Nothing."""

    def line(self, text: str) -> None:
        """Do nothing: the output is shown if the step fails."""


class _Lines:
    def __init__(self, console: Any) -> None:
        self._console = console

    def step(self, title: str) -> None:
        self._console.print(f"{title} …", markup=False)

    def line(self, text: str) -> None:
        """Do nothing: the output is shown if the step fails."""


class _Live:
    def __init__(self, status: Any) -> None:
        self._status = status
        self._title = ""

    def step(self, title: str) -> None:
        self._title = title
        self.line("")

    def line(self, text: str) -> None:
        from rich.text import Text

        shown = Text(f"{self._title} … ", no_wrap=True, overflow="ellipsis")
        shown.append(Text.from_ansi(text).plain.strip()[:120], style="dim")
        self._status.update(shown)
