"""No module but the writer's own writes to the disk: the whole source is read, call by call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.calls import parsed

SOURCE = Path(__file__).parents[2] / "src" / "pyo3_kit"

ALLOWED = {
    "system/writing.py": "the writer for folders that others may have filled",
    "system/own_files.py": "the writer for what is this program's or the user's own",
    "system/streams.py": "the program's own output and errors",
}

MODULES = {
    "os": {
        "chmod", "chown", "fchmod", "lchmod", "link", "makedirs", "mkdir", "mkfifo", "mknod", "remove", "removedirs",
        "rename", "renames", "replace", "rmdir", "symlink", "truncate", "ftruncate", "unlink", "utime", "write",
    },
    "shutil": {
        "chown", "copy", "copy2", "copyfile", "copymode", "copystat", "copytree", "make_archive", "move", "rmtree",
        "unpack_archive",
    },
    "tempfile": {
        "mkdtemp", "mkstemp", "mktemp", "NamedTemporaryFile", "SpooledTemporaryFile", "TemporaryDirectory",
        "TemporaryFile",
    },
}  # fmt: skip
METHODS = {
    "chmod", "extract", "extractall", "hardlink_to", "lchmod", "mkdir", "rename", "rmdir", "symlink_to", "touch",
    "unlink", "write_bytes", "write_text",
}  # fmt: skip
FLAGS = {"O_APPEND", "O_CREAT", "O_RDWR", "O_TRUNC", "O_WRONLY"}


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each call that writes, and of each name that is imported to write."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            for name in node.names:
                if name.name in MODULES[node.module]:
                    yield node.lineno, f"from {node.module} import {name.name}"
        if not isinstance(node, ast.Call):
            continue
        called, text = node.func, ast.unparse(node.func)
        if isinstance(called, ast.Name) and called.id == "open" and opens_to_write(node, 1):
            yield node.lineno, ast.unparse(node)
        if not isinstance(called, ast.Attribute):
            continue
        owner = ast.unparse(called.value)
        if owner in MODULES and called.attr in MODULES[owner]:
            yield node.lineno, text
        elif owner == "os" and called.attr == "open":
            flags = " ".join(ast.unparse(one) for one in [*node.args[1:], *(word.value for word in node.keywords)])
            # Nothing is written to what leads nowhere.
            if "os.devnull" not in ast.unparse(node) and any(flag in flags for flag in FLAGS):
                yield node.lineno, ast.unparse(node)
        elif called.attr in METHODS and owner != "re":
            yield node.lineno, text
        elif called.attr == "open" and opens_to_write(node, 1 if owner in ("io", "codecs", "gzip", "zipfile") else 0):
            yield node.lineno, ast.unparse(node)
        elif called.attr == "replace" and len(node.args) == 1 and not node.keywords and owner not in ("dataclasses",):
            # A text is given two, a path one.
            yield node.lineno, text


def opens_to_write(call: ast.Call, position: int) -> bool:
    mode = next((word.value for word in call.keywords if word.arg == "mode"), None)
    if mode is None and len(call.args) > position:
        mode = call.args[position]
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set(mode.value) & set("wax+"))


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_no_other_module_writes() -> None:
    found = [
        f"{path.relative_to(SOURCE.parent)}:{line}: {what}"
        for path in modules()
        if path.relative_to(SOURCE).as_posix() not in ALLOWED
        for line, what in writes(parsed(path))
    ]
    assert not found, "use `system/writing.py` or `system/own_files.py`:\n" + "\n".join(found)


def test_those_that_are_allowed_to_do_write() -> None:
    for path in ALLOWED:
        assert list(writes(ast.parse((SOURCE / path).read_text(encoding="utf-8")))), path


@pytest.mark.parametrize(
    "line",
    [
        "open('x', 'w')",
        "open('x', mode='ab')",
        "Path('x').open('r+')",
        "Path('x').write_text('')",
        "path.write_bytes(b'')",
        "path.replace(other)",
        "path.rename(other)",
        "path.unlink(missing_ok=True)",
        "os.replace(a, b)",
        "os.open(path, os.O_RDWR | os.O_CREAT)",
        "shutil.rmtree(path)",
        "from shutil import copytree",
        "tempfile.mkdtemp()",
        "archive.extractall(folder)",
    ],
)
def test_the_test_sees(line: str) -> None:
    assert list(writes(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    ["open('x')", "path.open('rb')", "'a'.replace('b', 'c')", "replace(row, state=1)", "os.open(p, os.O_RDONLY)"],
)
def test_the_test_lets_pass(line: str) -> None:
    assert not list(writes(ast.parse(line)))
