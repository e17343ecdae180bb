"""Time `pyo3-kit check` against the ast-grep CLI with as many plain patterns, alternately, as whole processes.

    python benchmarks/check.py [--rounds 5] [--files 100 2000]

Each tree is one crate, made of the Rust files of the published projects that the field tests fetch with pip.
ast-grep runs one pattern for each of our rules for Rust code: with one `ast-grep run --pattern` for each, and with
one `ast-grep scan` with all of them as rules. `ast-grep-cli` and the package with its `test` extra must
be installed in the environment of this Python.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.new import program
from benchmarks.paired import Command, machine, measure, table
from pyo3_kit.audit import registry
from pyo3_kit.audit.rule import ClassRule, FileRule, FunctionRule, NodeRule
from tests.field.support import published, unpacked

MANIFEST = """\
[package]
name = "tree"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.30"
"""
PATTERNS = (
    "$A.unwrap()", "$A.expect($B)", "$A.extract()", "$A.extract::<$T>()", "$A.is_instance_of::<$T>()", "$A.clone()",
    "Python::attach($$$A)", "Python::with_gil($$$A)", "PyTuple::new($$$A)", "PyDict::new($$$A)", "PyList::new($$$A)",
    "PyBuffer::get($$$A)", "$A.as_slice($B)", "$A.detach($$$B)", "$A.getattr($B)", "$A.call_method1($$$B)",
    "$A.call_method0($$$B)", "$A.get_item($B)", "$A.cast::<$T>()", "LazyLock::new($$$A)", "static mut $A: $T = $B;",
    "RefCell::new($A)", "std::fs::read($A)", "File::open($A)", "std::thread::sleep($A)", "$A.block_on($B)",
    "$A.into_par_iter()", "$A.par_iter()", "future_into_py($$$A)", "PyCFunction::new_closure($$$A)", "intern!($$$A)",
    "$A.to_string()", "$A.borrow_mut()", "mem::transmute($A)", "panic!($$$A)", "$A.lock()",
)  # fmt: skip


def main() -> None:
    """Print a table for the commands that answer immediately, and one for each size of tree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each command runs (default: 5)")
    parser.add_argument("--files", type=int, nargs="*", default=[100, 2000], help="sizes of the trees")
    arguments = parser.parse_args()
    print(f"{machine()}; {arguments.rounds} rounds in turns\n")
    print(table(measure(at_once(), arguments.rounds), "python -c pass"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        for number in arguments.files:
            tree = Path(folder, str(number))
            lines = plant(tree, number)
            print(f"{number} Rust files, {lines} lines; {len(patterns())} rules and patterns\n")
            print(table(measure(checking(tree), arguments.rounds), "pyo3-kit check"), "\n")


def at_once() -> dict[str, Command]:
    """Return the commands that should answer immediately."""
    kit = program("pyo3-kit")
    return {
        "python -c pass": lambda _: [sys.executable, "-c", "pass"],
        "pyo3-kit check --help": lambda _: [kit, "check", "--help"],
        "pyo3-kit explain": lambda _: [kit, "explain"],
        "pyo3-kit explain PYO081": lambda _: [kit, "explain", "PYO081"],
    }


def checking(tree: Path) -> dict[str, Command]:
    """Return the commands that check the tree; findings do not count as a failure."""

    def over(*lines: str) -> Command:
        return lambda _: ["sh", "-c", "\n".join([f"cd {shlex.quote(str(tree))}", *lines, "[ $? -le 1 ]"])]

    kit, grep = program("pyo3-kit"), program("ast-grep")
    runs = [f"{grep} run --lang rust --json=compact --pattern {shlex.quote(one)} src" for one in patterns()]
    return {
        "pyo3-kit check": over(f"{kit} check --format json ."),
        "ast-grep run, for each pattern": over(*runs),
        "ast-grep scan, all patterns at once": over(f"{grep} scan --json=compact src"),
    }


def patterns() -> tuple[str, ...]:
    """Return as many patterns as there are rules for Rust code."""
    rules = [
        one for one in registry.rules().values() if isinstance(one, NodeRule | FunctionRule | ClassRule | FileRule)
    ]
    assert len(rules) <= len(PATTERNS)
    return PATTERNS[: len(rules)]


def plant(tree: Path, number: int) -> int:
    """Create a crate with this many files, taken from the projects in turn; return the number of lines."""
    (tree / "src").mkdir(parents=True)
    (tree / "Cargo.toml").write_text(MANIFEST)
    (tree / "sgconfig.yml").write_text("ruleDirs: [rules]\n")
    (tree / "rules").mkdir()
    for index, pattern in enumerate(patterns()):
        rule = {"id": f"p{index}", "language": "rust", "severity": "warning", "rule": {"pattern": pattern}}
        (tree / "rules" / f"p{index}.yml").write_text(json.dumps(rule))
    lines = 0
    with tempfile.TemporaryDirectory() as folder:
        files = list(_files(Path(folder)))
        assert len(files) >= number, f"the projects have {len(files)} files"
        for index, path in enumerate(files[:number]):
            text = path.read_bytes()
            lines += text.count(b"\n")
            (tree / "src" / f"m{index}.rs").write_bytes(text)
    return lines


def _files(folder: Path) -> Iterator[Path]:
    """Yield the Rust files of the projects, one of each in turn, without vendored code."""
    newest = {one.name: one for one in published()}.values()
    listed = []
    for project in newest:
        root = unpacked(project, folder)
        listed.append(
            sorted(
                path for path in root.rglob("*.rs") if "include" not in path.parts and path.stat().st_size < 1_000_000
            )
        )
    return (path for path in chain.from_iterable(zip_longest(*listed)) if path is not None)


if __name__ == "__main__":
    main()
