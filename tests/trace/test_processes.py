"""Child processes are started in one module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.calls import parsed
from tests.support.command import ROOT

SOURCE = ROOT / "src" / "pyo3_kit"
ONLY = SOURCE / "system" / "processes.py"
MODULES = {"subprocess", "multiprocessing", "pty", "posix", "_posixsubprocess", "plumbum", "sh", "pexpect"}
NAMES = {"ProcessPoolExecutor", "create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "popen"}
OF_OS = ("system", "popen", "exec", "spawn", "posix_spawn", "fork", "startfile")


def starting(tree: ast.AST) -> list[str]:
    """What in a module could start a process."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module or "").split(".")[0] in MODULES:
                found += [f"{node.module}.{name}" for name in names]
            found += sorted(names & NAMES)
            if node.module == "os":
                found += [f"os.{name}" for name in names if name.startswith(OF_OS)]
        elif isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "os" and node.attr.startswith(OF_OS):
                found.append(f"os.{node.attr}")
            elif node.attr in NAMES:
                found.append(node.attr)
    return found


def test_one_module_starts_processes() -> None:
    others = {
        path.relative_to(SOURCE).as_posix(): found
        for path in sorted(SOURCE.rglob("*.py"))
        if path != ONLY and (found := starting(parsed(path)))
    }
    # Copier's own errors are caught by their type, and to show a command does not start it.
    harmless = {"plumbum.ProcessExecutionError", "subprocess.list2cmdline"}
    others = {path: [name for name in found if name not in harmless] for path, found in others.items()}
    assert {path: found for path, found in others.items() if found} == {}, "call system/processes.py instead"


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess",
        "from subprocess import run",
        "import multiprocessing.pool",
        "import os\nos.system('x')",
        "import os\nos.execvp('x', [])",
        "import os\nos.spawnv(0, 'x', [])",
        "from os import popen",
        "from concurrent.futures import ProcessPoolExecutor",
        "import concurrent.futures\nconcurrent.futures.ProcessPoolExecutor()",
        "import asyncio\nasyncio.create_subprocess_exec('x')",
    ],
)
def test_each_way_is_seen(text: str) -> None:
    assert starting(ast.parse(text))


def test_copier_starts_none() -> None:
    """Nothing of Copier's that runs Git is called: templates are at hand before it is asked."""
    text = Path(SOURCE / "render" / "_copier.py").read_text(encoding="utf-8")
    assert "_vcs" not in text
