"""The commands of a contributor; needs Python 3.10, Rust and git, and installs what else it needs into `.venv`.

python dev.py try [FOLDER]   make a project in FOLDER (default: build/my-lib), build it and run its tests
python dev.py test           lint, types and all tests
python dev.py matrix         the build matrix: every combination of the pairwise set, built and tested for real
python dev.py matrix --part  the part of it that CI runs
python dev.py field          check, fix and migrate published projects, which are downloaded
python dev.py field --part   the part of it that CI runs
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code, 2 for a command that there is not."""
    match arguments:
        case ["try", *rest] if len(rest) <= 1:
            install("")
            target = rest[0] if rest else str(ROOT / "build" / "my-lib")
            return run("pyo3-kit", "new", target, "--defaults", "--build")
        case ["test"]:
            install("[test]")
            return test()
        case ["matrix", *rest] if rest in ([], ["--part"]):
            install("[test]")
            selection = "matrix and part" if rest else "matrix"
            return run("pytest", "-m", selection, "tests/rendered", "--durations=0", "-v")
        case ["field", *rest] if rest in ([], ["--part"]):
            install("[test]")
            selection = "field and part" if rest else "field"
            return run("pytest", "-m", selection, "tests/field", "--durations=0", "-v")
    print(__doc__, file=sys.stderr)
    return 2


def install(extra: str) -> None:
    """Make `.venv` and install the package into it, editable, with its extra dependencies."""
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(VENV, with_pip=True)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--editable", f".{extra}"], cwd=ROOT, check=True)


def test() -> int:
    """All checks in the order of their cost, and all of them even when one fails; returns the first exit code but 0."""
    codes = [
        run("ruff", "format", "--check", "."),
        run("ruff", "check", "."),
        run("mypy"),
        run("lint-imports"),
        run("pytest", "-m", "not slow and not matrix and not field", "-n", "auto"),
        run("pytest", "-m", "slow and not field", "-n", "auto", "--dist", "loadfile"),
    ]
    return next((code for code in codes if code), 0)


def run(*command: str) -> int:
    """Run a program of `.venv` in the repository; returns its exit code."""
    print("$", *command, flush=True)
    program, *rest = command
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    return subprocess.run(
        [str(BIN / program), *rest], cwd=ROOT, env={**os.environ, "PATH": path}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
