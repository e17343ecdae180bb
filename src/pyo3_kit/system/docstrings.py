"""Docstrings that are shown to users. Under `python -OO` they are read from the source, where they still are."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any


def docstring_of(documented: type | Callable[..., Any]) -> str:
    """The docstring of a class or a function at the top of its module; empty where there is none, and no source."""
    if documented.__doc__ is not None:
        return documented.__doc__
    module = inspect.getmodule(documented)
    try:
        source = "" if module is None else inspect.getsource(module)
    except OSError:
        return ""
    return _docstrings(source).get(documented.__name__, "")


@cache
def _docstrings(source: str) -> dict[str, str]:
    documented = (ast.ClassDef, ast.FunctionDef)
    return {node.name: ast.get_docstring(node) or "" for node in ast.parse(source).body if isinstance(node, documented)}
