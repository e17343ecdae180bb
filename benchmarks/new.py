"""Time `pyo3-kit new` against plain Copier, `maturin new`, `uv init` and `cargo new`, alternately, as whole processes.

    python benchmarks/new.py [--rounds 7] [--build]

`--build` also times everything up to a working import: `new --build`, until it starts the
project's tests, against `maturin new` + `maturin develop` with the same dependencies. The package must be installed in
the environment of this Python.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import sysconfig
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.paired import Command, machine, measure, table

ROOT = Path(__file__).resolve().parent.parent
TO_THE_IMPORT = """
import subprocess, sys
command, project = sys.argv[1:]
kit = subprocess.Popen([command, "new", project, "--defaults", "--build"], stderr=subprocess.PIPE, text=True)
for line in kit.stderr:
    if line.startswith("Running the tests"):
        break
else:
    sys.exit("the build failed")
kit.terminate()
kit.stderr.read()
subprocess.run([f"{project}/.venv/bin/python", "-c", "import my_lib"], check=True)
"""
PARTS = ("copier.yml", "questions", "extensions", "catalogue", "template", "migrations")


def main() -> None:
    """Print one table each for commands that answer immediately, for creating a project, and for building it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each command runs (default: 7)")
    parser.add_argument("--build", action="store_true", help="time a first build as well (some minutes)")
    arguments = parser.parse_args()
    print(f"{machine()}; {arguments.rounds} rounds in turns\n")
    print(table(measure(at_once(), arguments.rounds), "python -c pass"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        template = plain_template(Path(folder))
        print(table(measure(making(template), arguments.rounds), "copier copy"), "\n")
    if arguments.build:
        print(table(measure(building(), max(1, arguments.rounds // 2)), "maturin new + develop + import"), "\n")


def program(name: str) -> str:
    """Return the path of a program in this environment; exit if it does not exist."""
    path = Path(sysconfig.get_path("scripts"), name)
    if not path.exists():
        sys.exit(f"{name} is not in this environment: the benchmark's docstring lists its requirements.")
    return str(path)


def plain_template(folder: Path) -> Path:
    """Export the template without history, so that Copier has nothing to clone."""
    import shutil

    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part)
        else:
            shutil.copy2(source, folder / part)
    return folder


def at_once() -> dict[str, Command]:
    """Return the commands that should answer immediately."""
    kit = program("pyo3-kit")
    return {
        "python -c pass": lambda _: [sys.executable, "-c", "pass"],
        "pyo3-kit --version": lambda _: [kit, "--version"],
        "pyo3-kit --help": lambda _: [kit, "--help"],
    }


def making(template: Path) -> dict[str, Command]:
    """Return the commands that create a project without building it."""
    kit, copier = program("pyo3-kit"), program("copier")
    return {
        "copier copy": lambda folder: [copier, "copy", "--quiet", "--defaults", str(template), str(folder / "my-lib")],
        "pyo3-kit new": lambda folder: [kit, "new", str(folder / "my-lib"), "--defaults"],
        "pyo3-kit new --no-git": lambda folder: [kit, "new", str(folder / "my-lib"), "--defaults", "--no-git"],
        "maturin new": lambda folder: [program("maturin"), "new", "--bindings=pyo3", str(folder / "my-lib")],
        "uv init": lambda folder: [program("uv"), "init", "--lib", "--build-backend=maturin", str(folder / "my-lib")],
        "cargo new": lambda folder: ["cargo", "new", "--lib", str(folder / "my-lib")],
    }


def building() -> dict[str, Command]:
    """Return the commands up to a working import, with warm registry caches and nothing compiled before."""

    def shell(*lines: str) -> list[str]:
        return ["sh", "-e", "-c", "\n".join(lines)]

    def plain(folder: Path) -> list[str]:
        project = shlex.quote(str(folder / "my-lib"))
        crates = " && ".join(["cargo add --quiet rayon@1.12", "cargo add --quiet --dev divan@0.1"])
        return shell(
            f"{program('maturin')} new --bindings=pyo3 {project}",
            f"cd {project} && {crates}",
            f"{program('uv')} venv --quiet .venv",
            f"{program('uv')} pip install --quiet --python .venv pytest hypothesis pytest-run-parallel mypy ruff",
            f"VIRTUAL_ENV=.venv {program('maturin')} develop --quiet",
            '.venv/bin/python -c "import my_lib"',
        )

    def ours(folder: Path) -> list[str]:
        return [sys.executable, "-c", TO_THE_IMPORT, program("pyo3-kit"), str(folder / "my-lib")]

    def tested(folder: Path) -> list[str]:
        return [program("pyo3-kit"), "new", str(folder / "my-lib"), "--defaults", "--build"]

    return {
        "maturin new + develop + import": plain,
        "pyo3-kit new --build, to the import": ours,
        "pyo3-kit new --build, tests included": tested,
    }


if __name__ == "__main__":
    main()
