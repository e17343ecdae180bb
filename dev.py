"""The commands of a contributor; needs Python 3.10, Rust and git, and installs what else it needs into `.venv`.

python dev.py try [FOLDER]   make a project in FOLDER (default: build/my-lib), build it and run its tests
python dev.py test           lint, types and all tests
python dev.py lint           lint and types
python dev.py test --fast    the tests that take less than a second each
python dev.py test --slow    those that compile projects or take longer
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
            return first_failure([lint(), test("not matrix and not field")])
        case ["lint"]:
            install("[test]")
            return lint()
        case ["test", "--fast"]:
            install("[test]")
            return test("not slow and not matrix and not field")
        case ["test", "--slow"]:
            install("[test]")
            return test("slow and not field")
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
    """Run all linters side by side, even if one fails; returns the first exit code other than 0."""
    commands = [
        ("mypy",),
        # With a cache of its own: each platform would discard that of the other.
        ("mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32", "src"),
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
    ]
    # import-linter needs Python 3.11.
    if next(BIN.glob("lint-imports*"), None):
        commands.append(("lint-imports",))
    return run_together(commands)


def test(selection: str) -> int:
    """Run the tests with these markers; returns pytest's exit code."""
    # One process more than there are processors, since builds wait for each other. Groups and order are those of
    # tests/conftest.py.
    spread = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "loadgroup", "--no-loadscope-reorder")
    return run("pytest", "-m", selection, *spread)


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
    return start(command).wait()


def run_together(commands: list[tuple[str, ...]]) -> int:
    """Run programs of `.venv` side by side, and print what each has to say; returns the first exit code but 0."""
    started = [(command, start(command, subprocess.PIPE)) for command in commands]
    for command, process in started:
        output, _ = process.communicate()
        print("$", *command, flush=True)
        sys.stdout.buffer.write(output)
        sys.stdout.flush()
    return first_failure([process.returncode for _, process in started])


def start(command: tuple[str, ...], output: int | None = None) -> subprocess.Popen[bytes]:
    """Start a program of `.venv` in the repository; `output` is where all that it prints goes."""
    program, *rest = command
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path}
    # The tests start thousands of Pythons, each of which would compile all that it imports.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    errors = None if output is None else subprocess.STDOUT
    return subprocess.Popen([str(BIN / program), *rest], cwd=ROOT, env=environment, stdout=output, stderr=errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
