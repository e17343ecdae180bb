"""`ARCHITECTURE.md` matches the repository: the paths that it names exist, and its picture of the rooms is true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.calls import parsed
from tests.support.template import ROOT

PAGE = ROOT / "ARCHITECTURE.md"
PACKAGE = ROOT / "src" / "pyo3_kit"
LEFT_OUT = {"errors", "__init__", "__main__"}
"""Every room may import the first; the other two have no jobs of their own."""


def named_paths(text: str) -> list[str]:
    """What is in backticks and is a path: it has a slash or ends like the name of a file."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    quoted = re.findall(r"`([^`\n]+)`", prose)
    return [name for name in quoted if "/" in name or re.fullmatch(r"[\w.-]+\.(?:py|yml|toml|md)", name)]


def is_there(path: str) -> bool:
    """Whether a path exists below the repository or the package; `<name>` and `NN` mean any name."""
    pattern = re.sub(r"<\w+>|\bNN(?=_)", "*", path.rstrip("/"))
    return any(any(folder.glob(pattern)) for folder in (ROOT, PACKAGE))


def imports() -> dict[str, set[str]]:
    """The rooms that each room imports."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        room = room_of(path)
        for node in ast.walk(parsed(path)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom) and node.module == "pyo3_kit":
                names = [f"pyo3_kit.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            parts = [name.split(".") for name in names if name.startswith("pyo3_kit.")]
            found.setdefault(room, set()).update(part[1] for part in parts if part[1] != room)
    rooms = found.keys() - LEFT_OUT
    return {room: found[room] & rooms for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    rest = list(graph.get(start, ()))
    while rest:
        room = rest.pop()
        if room not in found:
            found.add(room)
            rest += graph.get(room, ())
    return found


def pictured(text: str) -> Iterator[tuple[str, str]]:
    """The arrows of the picture of the rooms."""
    picture = re.search(r"```mermaid\ngraph TD\n(.*?)```", text, re.DOTALL)
    assert picture, "ARCHITECTURE.md has no picture of the rooms"
    for line in picture[1].splitlines():
        chain = [part.split(" & ") for part in line.strip().split(" --> ")]
        for sources, targets in pairwise(chain):
            yield from ((source, target) for source in sources for target in targets)


def test_the_paths_exist() -> None:
    paths = named_paths(PAGE.read_text(encoding="utf-8"))
    assert len(paths) > 50, "the paths were not found"
    missing = [path for path in paths if not is_there(path)]
    assert not missing, f"ARCHITECTURE.md names what does not exist: {', '.join(missing)}"


def test_the_picture_shows_the_imports() -> None:
    graph = imports()
    expected = {
        (room, other)
        for room, others in graph.items()
        for other in others
        if not any(other in reachable(graph, between) for between in others - {other})
    }
    shown = set(pictured(PAGE.read_text(encoding="utf-8")))
    assert (sorted(expected - shown), sorted(shown - expected)) == ([], []), "arrows to add, arrows to remove"


def test_the_table_has_every_room() -> None:
    text = PAGE.read_text(encoding="utf-8")
    entries = (path for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    rooms = {path.name + "/" * path.is_dir() for path in entries if path.stem not in {"__init__", "__main__"}}
    rows = set(re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| .*$", text, re.MULTILINE))))
    assert not rooms - rows


@pytest.mark.parametrize("path", ["system/telepathy.py", "tests/nothing/", "questions/NN_<name>.toml"])
def test_a_missing_path_is_found(path: str) -> None:
    assert named_paths(f"see `{path}`") == [path]
    assert not is_there(path)
