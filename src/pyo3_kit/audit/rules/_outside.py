"""Whether a value depends on arguments from Python or on the system, judging by one function's text."""

from __future__ import annotations

import re

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.rules._attached import root_of
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments

_PYTHON = re.compile(
    r"call[01]?|call_method[01]?|cast(?:_into|_exact|_into_exact)?|del_item|delattr|downcast(?:_into|_exact|_into_exact)?|"
    r"extract|get_item|getattr|hasattr|import|is_truthy|rich_compare|set_item|setattr|to_str|try_iter"
)
"""Methods of Python objects that raise."""

_CAST = re.compile(r"cast|downcast")
_WORLD = ("std::fs::", "std::net::", "std::env::", "std::process::", "fs_err::")
_TOKENS = frozenset({"Python", "PyRef", "PyRefMut"})
_WORD = re.compile(r"(?<![\w.'])([a-z_]\w*)\b(?!\s*(?:\(|!|::))")


def asks_outside(value: SyntaxNode, file: RustFile) -> bool:
    """Whether a value comes from a Python object or from the system."""
    if any(_PYTHON.fullmatch(name) for name in _methods(value)):
        return True
    path = called_path(root_of(value))
    return path is not None and file.full(path).startswith(_WORLD)


def handed_in(value: SyntaxNode, function: Function, file: RustFile) -> set[str]:
    """The parameters from Python that a value is computed from.

    Parameters that are classes of the project do not count, since the project controls their content.
    """
    return parameters_from_python(function, file) & set(_WORD.findall(value.text()))


def _methods(value: SyntaxNode) -> list[str]:
    """The names of the methods in a call chain."""
    found = []
    node: SyntaxNode | None = value
    while node is not None:
        kind = node.kind()
        if kind == "call_expression":
            call = method_call(node)
            if call is None:
                break
            # PyO3's casts take no argument; a cast with an argument belongs to a data frame or the like.
            if not (_CAST.match(call[1]) and arguments(node)):
                found.append(call[1])
            node = call[0]
        elif kind == "field_expression":
            node = node.field("value")
        elif kind in ("try_expression", "parenthesized_expression", "await_expression"):
            node = next((child for child in node.children() if child.is_named()), None)
        else:
            break
    return found


def parameters_from_python(function: Function, file: RustFile) -> set[str]:
    """The parameters from Python. Values derived from them have usually been checked on the way."""
    names: set[str] = set()
    for parameter in function.parameters:
        types = {part.name for part in parameter.type.every()}
        if not _TOKENS & types and not any(map(file.items.is_user_class, types)):
            names.update(re.findall(r"[a-z_]\w*", parameter.name))
    return names - {"mut"}
