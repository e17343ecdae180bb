"""Time the commands that should answer at once against `python -c pass`, alternately, as whole processes.

    python benchmarks/startup.py [--rounds 21] [--check]

`pyo3-kit` must be installed in the environment of this Python. Compiled bytecode is used, as in any installation. With
`--check` the exit code is 1 if a command takes more than its limit, which is a multiple of `python -c pass`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.new import program
from benchmarks.paired import Command, machine, measure, table

REFERENCE = "python -c pass"
LIMITS = {
    "pyo3-kit --version": 3,
    "pyo3-kit --help": 3,
    "pyo3-kit new --help": 3,
    "pyo3-kit status --quick": 8,
    "pyo3-kit check, one file": 20,
}
"""How many times as long as the reference each command may take."""

CRATE = {
    "Cargo.toml": """\
[package]
name = "tiny"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.30"

[profile.release]
lto = "fat"
codegen-units = 1
strip = true
""",
    "pyproject.toml": """\
[build-system]
requires = ["maturin>=1.9.4,<2"]
build-backend = "maturin"

[project]
name = "tiny"
version = "0.1.0"
""",
    "src/lib.rs": """\
use pyo3::prelude::*;

#[pyfunction]
fn double(number: i64) -> i64 {
    2 * number
}

#[pymodule]
mod tiny {
    #[pymodule_export]
    use super::double;
}
""",
}


def commands(folder: Path) -> dict[str, Command]:
    """The reference and the commands, on a project and a crate that are created in `folder`."""
    project, crate = folder / "my-lib", folder / "tiny"
    subprocess.run([program("pyo3-kit"), "new", str(project), "--defaults"], check=True, capture_output=True)
    for name, text in CRATE.items():
        path = crate / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(*words: str) -> Command:
        return lambda _folder: [program("pyo3-kit"), *words]

    lines: Sequence[Command] = (
        run("--version"),
        run("--help"),
        run("new", "--help"),
        run("status", "--quick", str(project)),
        run("check", str(crate)),
    )
    return {REFERENCE: lambda _folder: [sys.executable, "-c", "pass"], **dict(zip(LIMITS, lines, strict=True))}


def main() -> int:
    """Print a table; return 1 if limits are checked and one is exceeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=21, help="how often each command runs (default: 21)")
    parser.add_argument("--check", action="store_true", help="fail if a command exceeds its limit")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        timings = measure(commands(Path(folder)), arguments.rounds, {"PYTHONDONTWRITEBYTECODE": ""})
    print(f"{machine()}; {arguments.rounds} rounds in turns\n")
    print(table(timings, REFERENCE), "\n")
    slow = [name for name, limit in LIMITS.items() if timings[name].ratio(timings[REFERENCE]) > limit]
    for name, limit in LIMITS.items():
        print(f"{name}: at most {limit}×{', exceeded' if name in slow else ''}")
    return 1 if arguments.check and slow else 0


if __name__ == "__main__":
    sys.exit(main())
