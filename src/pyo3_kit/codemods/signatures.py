"""The implicit Python signature of a PyO3 function in older versions."""

from __future__ import annotations

import re

from pyo3_kit.rust.attributes import attribute_nodes
from pyo3_kit.rust.tree import SyntaxNode

_TOKEN = re.compile(r"(\w+::)*Python\b")
_OPTION = re.compile(r"((std|core)::option::)?Option\s*<")
_POINTER = r"(&\s*('\w+\s+)?)?(\w+::)*"
_RECEIVER = re.compile(
    _POINTER + r"(PyRef|PyRefMut|Py|Bound|PyCell|PyClassGuard|PyClassGuardMut)\s*<.*\bSelf\b", re.DOTALL
)
_CLASS = re.compile(_POINTER + r"((Bound|Py)\s*<.*\bPyType\b|PyType\b)", re.DOTALL)


def signature(parameters: SyntaxNode) -> str:
    """`(x, amount=None)` for the `parameters` of a function: trailing options can be omitted.

    The interpreter token, `self` and the class do not count as arguments.
    """
    names: list[tuple[str, bool]] = []
    first = _first(parameters)
    for child in parameters.children():
        kind, typed = child.kind(), child.field("type")
        if kind == "self_parameter":
            first = None
        if kind != "parameter" or typed is None:
            continue
        text = typed.text()
        if _TOKEN.match(text):
            continue
        if first is None or not first.match(text):
            pattern = child.field("pattern")
            names.append((_name(pattern), _OPTION.match(text) is not None))
        first = None
    last = len(names)
    while last and names[last - 1][1]:
        last -= 1
    return f"({', '.join(name if place < last else f'{name}=None' for place, (name, _) in enumerate(names))})"


def _first(parameters: SyntaxNode) -> re.Pattern[str] | None:
    """The type of a first parameter that is not an argument; None if there is no such parameter."""
    function = parameters.parent()
    listed = function.parent() if function is not None else None
    if function is None or listed is None or listed.kind() != "declaration_list":
        return None
    for attribute in attribute_nodes(function):
        text = attribute.text()
        if text.startswith("#[staticmethod"):
            return None
        if text.startswith("#[classmethod"):
            return _CLASS
    return _RECEIVER


def _name(pattern: SyntaxNode | None) -> str:
    return pattern.text().removeprefix("mut ").strip() if pattern is not None else "_"
