"""The signature that a function of PyO3's had in Python before it had to say so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_TOKEN = re.compile(r"(\w+::)*Python\b")
_OPTION = re.compile(r"((std|core)::option::)?Option\s*<")
_RECEIVER = re.compile(r"(&\s*('\w+\s+)?)?(\w+::)*(PyRef|PyRefMut|Py|Bound|PyCell|PyClassGuard|PyClassGuardMut)\b.*\bSelf\b", re.DOTALL)
_TYPE = re.compile(r"&?\s*('\w+\s+)?(\w+::)*(Bound|Py)?\b.*\bPyType\b|&\s*('\w+\s+)?(\w+::)*PyType\b", re.DOTALL)


def signature(parameters: SgNode) -> str:
    """`(x, amount=None)` for the `parameters` of a function: the options at the end may be left out.

    What stands for the interpreter, for `self` or for the class is no argument.
    """
    names: list[tuple[str, bool]] = []
    first = True
    for child in parameters.children():
        kind, typed = child.kind(), child.field("type")
        if kind == "self_parameter":
            first = False
        if kind != "parameter" or typed is None:
            continue
        text = typed.text()
        if _TOKEN.match(text):
            continue
        if not (first and (_RECEIVER.match(text) or _TYPE.match(text))):
            pattern = child.field("pattern")
            names.append((_name(pattern), _OPTION.match(text) is not None))
        first = False
    last = len(names)
    while last and names[last - 1][1]:
        last -= 1
    return f"({', '.join(name if place < last else f'{name}=None' for place, (name, _) in enumerate(names))})"


def _name(pattern: SgNode | None) -> str:
    return pattern.text().removeprefix("mut ").strip() if pattern is not None else "_"
