"""What a module of Python calls, as it is written there."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path


@cache
def parsed(path: Path) -> ast.Module:
    """A module's tree, which is only read: several tests go through all of the package."""
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, last_names: Collection[str]) -> Iterator[tuple[int, str]]:
    """The line and the text of what is called, wherever its last name is one of these: `a.b` for `a.b(c)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            last = called.id if isinstance(called, ast.Name) else getattr(called, "attr", None)
            if last in last_names:
                yield node.lineno, ast.unparse(called)
