"""Install the built files as users do, each in an environment of its own, and create a project with each.

    python scripts/try_distributions.py dist/*                       # with pip, pipx, uv tool and uvx
    python scripts/try_distributions.py dist/* --installer pip

The installers are taken from the PATH. Dependencies come from the package index. Fails with the output of the first
command that fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def with_pip(file: Path, folder: Path) -> list[str]:
    """Install into a virtual environment; return how to run the command, as the other installers do."""
    run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run([str(scripts / "python"), "-m", "pip", "install", "--quiet", str(file)], folder)
    return [str(scripts / "pyo3-kit")]


def with_pipx(file: Path, folder: Path) -> list[str]:
    """Install with pipx, in a home of its own."""
    os.environ |= {"PIPX_HOME": str(folder / "home"), "PIPX_BIN_DIR": str(folder / "bin")}
    run(["pipx", "install", "--python", sys.executable, str(file)], folder)
    return [str(folder / "bin" / "pyo3-kit")]


def with_uv_tool(file: Path, folder: Path) -> list[str]:
    """Install with `uv tool`, in a home of its own."""
    os.environ |= {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    run(["uv", "tool", "install", "--quiet", "--python", sys.executable, str(file)], folder)
    return [str(folder / "bin" / "pyo3-kit")]


def with_uvx(file: Path, folder: Path) -> list[str]:
    """Run without installing, from a cache of its own."""
    os.environ["UV_CACHE_DIR"] = str(folder / "cache")
    return ["uvx", "--quiet", "--python", sys.executable, "--from", str(file), "pyo3-kit"]


INSTALLERS = {"pip": with_pip, "pipx": with_pipx, "uv-tool": with_uv_tool, "uvx": with_uvx}


def main() -> None:
    """Try each file with each installer; raise `SystemExit` with the output of what fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a wheel or an sdist")
    parser.add_argument("--installer", choices=INSTALLERS, action="append", help="only this one; can be repeated")
    arguments = parser.parse_args()
    # The package of this checkout must not be imported instead.
    os.environ.pop("PYTHONPATH", None)
    for file in (path.resolve() for path in arguments.files):
        for name in arguments.installer or INSTALLERS:
            with tempfile.TemporaryDirectory() as folder:
                try_one(INSTALLERS[name](file, Path(folder)), Path(folder))
            print(f"{file.name}: works with {name}")


def try_one(command: list[str], folder: Path) -> None:
    """Run what a new user runs first."""
    run([*command, "--version"], folder)
    run([*command, "new", "my-lib", "--defaults"], folder)
    run([*command, "check", "my-lib"], folder)
    run([*command, "status", "my-lib"], folder)


def run(command: list[str], folder: Path) -> None:
    """Run a program in a folder outside this repository; raise `SystemExit` with its output if it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}\nexit code {done.returncode}")


if __name__ == "__main__":
    main()
