"""The commands of a contributor; needs Python 3.10, Rust and git, and installs what else it needs into `.venv`.

python dev.py try [FOLDER]   make a project in FOLDER (default: build/my-lib), build it and run its tests
python dev.py test           lint, types and all tests
python dev.py lint           lint, types and the generated pages; the first part of `test`
python dev.py test --fast    the fast tests; the second part
python dev.py test --slow    the slow tests; the third part
python dev.py matrix         the build matrix: every combination of the pairwise set, built and tested for real
python dev.py matrix --part  the part of it that CI runs
python dev.py field          check, fix and migrate published projects, which are downloaded
python dev.py field --part   the part of it that CI runs
python dev.py docs           write the pages of docs/ that are generated
python dev.py docs --check   fail if one of them is out of date
python dev.py docs --site    build the docs site into build/site; a warning is an error
python dev.py docs --serve   build it, and serve it on this machine
python dev.py add KIND …     write the skeleton of a rule, a question or a migration; without more, say how
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
SITE = ROOT / "build" / "site"
BUILD_SITE = (
    "python",
    "-m",
    "sphinx",
    "--fail-on-warning",
    "--keep-going",
    "--quiet",
    "--jobs=auto",
    "-c",
    "docs/site",
)


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit code, 2 for a command that there is not."""
    match arguments:
        case ["try", *rest] if len(rest) <= 1:
            install("")
            target = rest[0] if rest else str(ROOT / "build" / "my-lib")
            return run("pyo3-kit", "new", target, "--defaults", "--build")
        case ["test"]:
            install("[test]")
            return first_failure([lint(), test_fast(), test_slow()])
        case ["lint"]:
            install("[test]")
            return lint()
        case ["test", "--fast"]:
            install("[test]")
            return test_fast()
        case ["test", "--slow"]:
            install("[test]")
            return test_slow()
        case ["matrix", *rest] if rest in ([], ["--part"]):
            install("[test]")
            selection = "matrix and part" if rest else "matrix"
            return run("pytest", "-m", selection, "tests/rendered", "--durations=0", "-v")
        case ["field", *rest] if rest in ([], ["--part"]):
            install("[test]")
            selection = "field and part" if rest else "field"
            return run("pytest", "-m", selection, "tests/field", "--durations=0", "-v")
        case ["docs", *rest] if rest in ([], ["--check"]):
            if not BIN.exists():
                install("[test]")
            return docs(*rest)
        case ["docs", "--site"]:
            install("[docs]")
            return site()
        case ["docs", "--serve"]:
            install("[docs]")
            return site() or serve()
        case ["add", *rest]:
            return subprocess.run([sys.executable, ROOT / "scripts" / "add.py", *rest], check=False).returncode
    print(__doc__, file=sys.stderr)
    return 2


def install(extra: str) -> None:
    """Make `.venv` and install the package into it, editable, with its extra dependencies."""
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(VENV, with_pip=True)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--editable", f".{extra}"], cwd=ROOT, check=True)


def lint() -> int:
    """Run all linters in the order of their cost, even if one fails; returns the first exit code other than 0."""
    codes = [run("ruff", "format", "--check", "."), run("ruff", "check", "."), run("mypy")]
    # With a cache of its own: each platform would discard that of the other.
    codes.append(run("mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32", "src"))
    # import-linter needs Python 3.11.
    if next(BIN.glob("lint-imports*"), None):
        codes.append(run("lint-imports"))
    return first_failure([*codes, docs("--check")])


def test_fast() -> int:
    """Run the tests that take less than a second each; returns pytest's exit code."""
    return run("pytest", "-m", "not slow and not matrix and not field", "-n", "auto")


def test_slow() -> int:
    """Run the tests that compile projects or take longer than a second; returns pytest's exit code."""
    # Files in the order of LONGEST in tests/conftest.py.
    spread = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
    return run("pytest", "-m", "slow and not field", *spread)


def docs(*options: str) -> int:
    """Run all generators of pages, each of which takes `--check`; returns the first exit code other than 0."""
    scripts = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scripts").glob("build_*.py"))
    return first_failure([run("python", script, *options) for script in scripts])


def site() -> int:
    """Build the docs site; returns the exit code of Sphinx."""
    return run(*BUILD_SITE, "docs", str(SITE))


def serve() -> int:
    """Serve the docs site until it is interrupted."""
    try:
        return run("python", "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(SITE))
    except KeyboardInterrupt:
        return 0


def first_failure(codes: list[int]) -> int:
    """Return the first exit code other than 0, else 0."""
    return next((code for code in codes if code), 0)


def run(*command: str) -> int:
    """Run a program of `.venv` in the repository; returns its exit code."""
    print("$", *command, flush=True)
    program, *rest = command
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path}
    # The tests start thousands of Pythons, each of which would compile all that it imports.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run([str(BIN / program), *rest], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
