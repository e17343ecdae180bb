"""The only place that starts child processes: `tests/trace/test_processes.py` fails on any other.

Projects, templates and repositories are written by strangers. So a program is looked for in the absolute folders of the
PATH alone, never in the current folder or in the project around it. Every child gets an environment that was made for
it, and Python starts isolated, so that no `json.py` or `sitecustomize.py` of a project is imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from pyo3_kit.system.platforms import children_variables, program_names

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder of this package: the working folder of children that have no business with the user's files."""

_TOPS = (".git", ".copier-answers.yml", "pyproject.toml", "Cargo.toml")
"""What makes a folder the top of a project."""

Completed = subprocess.CompletedProcess[bytes]
Process = subprocess.Popen[bytes]
TimedOut = subprocess.TimeoutExpired


def search_path() -> list[str]:
    """The folders in which programs are looked for: the absolute ones of the PATH outside the current project.

    The folder of the running Python counts even there: an environment may be in its project.
    """
    return list(_search_path(os.environ.get("PATH", os.defpath), _current_folder()))


def find_program(name: str) -> str | None:
    """The absolute path of a program, or None. A name with a folder in it has to be absolute itself."""
    if Path(name).name != name:
        return name if Path(name).is_absolute() and _is_program(Path(name)) else None
    for folder in search_path():
        for known_as in program_names(name):
            path = Path(folder, known_as)
            if _is_program(path):
                return str(path)
    return None


def current_environment() -> dict[str, str]:
    """The process's environment with the PATH that `find_program` goes by: children look for programs as well."""
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join(search_path())
    return {**environment, **children_variables()}


@contextmanager
def programs_of_the_system() -> Iterator[None]:
    """Let libraries find only what `find_program` finds: some start a program while they are imported (`uname`)."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.pathsep.join(search_path())
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    given: bytes = b"",
    timeout: float | None = None,
) -> Completed:
    """Run a program to its end with `given` as its input, and return what it printed.

    `FileNotFoundError` when there is no such program, any other `OSError` when it cannot be started, `TimedOut`.
    """
    return subprocess.run(
        _resolved(command),
        cwd=PACKAGE if folder is None else folder,
        env=dict(environment),
        input=given,
        capture_output=True,
        check=False,
        timeout=timeout,
    )


def start(command: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> Process:
    """Start a program whose output, errors included, is read from the process's `stdout`; `OSError` as `run` has it."""
    return subprocess.Popen(
        _resolved(command),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def interact(command: Sequence[str]) -> int:
    """Run a program of the user's own in the terminal, an editor for example; `OSError` as `run` has it."""
    return subprocess.run(_resolved(command), env=current_environment(), stdout=sys.stderr, check=False).returncode


def start_python(program: str, *arguments: str) -> Process:
    """Start this Python on a program text, isolated, with pipes to its input and from its output."""
    return subprocess.Popen(
        [sys.executable, "-I", "-c", program, *arguments],
        cwd=PACKAGE,
        env=_python_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def import_path() -> list[str]:
    """What children import from: the folders of this process's path that are absolute and outside the current project.

    The folder of this package and those of the running Python count even there.
    """
    home = str(PACKAGE.parent)
    strangers = _strangers(_current_folder())
    own = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix) if Path(prefix) != Path(os.sep)]
    found = []
    for folder in (folder for folder in sys.path if Path(folder).is_absolute()):
        place = Path(folder).resolve()
        ours = folder == home or any(place.is_relative_to(prefix) for prefix in own)
        if ours or not strangers(place):
            found.append(folder)
    return found if home in found else [*found, home]


def _python_environment() -> dict[str, str]:
    environment = {key: value for key, value in current_environment().items() if not key.startswith("PYTHON")}
    # A worker does not share this process's working directory.
    for name in ("PYO3_KIT_CACHE", "PYO3_KIT_CONFIG", "COPIER_SETTINGS_PATH", "GIT_CONFIG_GLOBAL"):
        if environment.get(name):
            environment[name] = str(Path(environment[name]).absolute())
    return environment


def _resolved(command: Sequence[str]) -> list[str]:
    program = find_program(command[0])
    if program is None:
        raise FileNotFoundError(2, os.strerror(2), command[0])
    return [program, *command[1:]]


@lru_cache(maxsize=8)
def _search_path(path: str, here: Path) -> tuple[str, ...]:
    strangers = _strangers(here)
    own = str(Path(sys.executable).absolute().parent) if sys.executable else ""
    listed = (folder for folder in path.split(os.pathsep) if Path(folder).is_absolute())
    return tuple(folder for folder in listed if folder == own or not strangers(Path(folder).resolve()))


def _strangers(here: Path) -> Callable[[Path], bool]:
    """Whether a folder may hold what others wrote: the current one, and all of the project around that."""
    here = here.resolve()
    top = _project_around(here)
    return lambda folder: folder == here or (top is not None and folder.is_relative_to(top))


def _project_around(folder: Path) -> Path | None:
    """The top of the project in which a folder lies; None outside of one, and for one that holds the user's home."""
    for top in (folder, *folder.parents):
        if any(os.path.lexists(top / name) for name in _TOPS):
            home = Path(os.environ.get("HOME") or os.environ.get("USERPROFILE") or os.sep)
            return None if home.resolve().is_relative_to(top) else top
    return None


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        # It was removed under this process.
        return Path(os.sep)


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
