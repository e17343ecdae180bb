"""What may import what, beside the contracts of import-linter: no circle, no private name of another room."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.calls import parsed
from tests.support.command import ROOT

PACKAGE = ROOT / "src" / "pyo3_kit"
MOST_LOOSE = 10
"""Modules beside the rooms, at the package's top."""

MOST_LINES = 299


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def all_imports(path: Path) -> Iterator[str]:
    """Every name that a file imports: at its top, in functions, and for types only."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def imported_names(path: Path) -> list[str]:
    return [name for name in all_imports(path) if name.split(".")[0] == "pyo3_kit"]


def imported_modules(path: Path) -> set[str]:
    return {name if name in modules() else name.rpartition(".")[0] for name in imported_names(path)}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_nothing_imports_in_a_circle() -> None:
    graph = {module: imported_modules(path) - {module} for module, path in modules().items()}
    assert sum(map(len, graph.values())) > 1000, "the imports were not found"
    circle: list[str] = []
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle == [], "move what both sides need to a module that imports neither"


def test_no_room_imports_a_private_name_of_another() -> None:
    private = [
        f"{module} imports {name}"
        for module, path in modules().items()
        for name in imported_names(path)
        if room_of(name) != room_of(module) and re.search(r"\._(?!_)", name)
    ]
    assert private == [], "give the name a public place in its room"


def test_few_modules_lie_beside_the_rooms() -> None:
    loose = sorted(path.name for path in PACKAGE.glob("*.py"))
    assert "errors.py" in loose
    assert len(loose) <= MOST_LOOSE, f"put some of {loose} into a room"


def test_files_stay_small() -> None:
    lines = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in modules().items()}
    assert {module: count for module, count in lines.items() if count > MOST_LINES} == {}, "split these modules"


@pytest.mark.parametrize(
    ("library", "files"),
    [
        ("copier", ["render/_copier.py", "render/_copier_errors.py", "render/_copier_template.py", "render/_light.py"]),
        ("ast_grep_py", ["rust/tree.py"]),
        ("tomli", ["texts/toml.py"]),
    ],
)
def test_a_library_has_one_door(library: str, files: list[str]) -> None:
    importing = [
        path.relative_to(PACKAGE).as_posix()
        for path in modules().values()
        if re.search(rf"^\s*(from|import) {library}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(importing) == files


def test_merging_reads_no_disk_and_runs_no_program() -> None:
    outside = {"os", "pathlib", "shutil", "socket", "subprocess", "tempfile"}
    importing = {
        f"{module} imports {name}"
        for module, path in modules().items()
        if room_of(module) in ("merge", "rust")
        for name in all_imports(path)
        if name.split(".")[0] in outside and name != "pathlib.PurePosixPath"
    }
    assert importing == set(), "what a merge gives must not depend on the machine"
