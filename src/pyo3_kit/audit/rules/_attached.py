"""Whether code runs attached to the interpreter, judging by the syntax of one function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode

DETACHING = frozenset({"detach", "allow_threads"})
"""Methods of the token that run a closure without the GIL."""

TOKEN = re.compile(r"_?py|[\w.]+\.py\(\)")
"""An argument that is a token: `py`, `value.py()`."""

_ATTACHING = frozenset({"attach", "with_gil"})
_INLINE = re.compile(
    r"all|and_then|any|chain|filter|filter_map|find|find_map|flat_map|fold|for_each|get_or_init|get_or_try_init|"
    r"inspect|inspect_err|is_none_or|is_some_and|map|map_err|map_or|map_or_else|ok_or_else|or_else|position|retain|"
    r"scan|skip_while|sort_by|sort_by_key|take_while|then|try_fold|try_for_each|unwrap_or_else"
)
_PARALLEL = re.compile(r"(?:into_)?par_iter(?:_mut)?|par_(?:bridge|extend|split|windows|(?:r?chunks|sort)\w*)")
_TOKENS = frozenset({"Python", "Bound", "Borrowed", "PyRef", "PyRefMut"})


def is_attaching(node: SyntaxNode, file: RustFile) -> bool:
    """Whether a call is `Python::attach(…)` or, by its old name, `Python::with_gil(…)`."""
    path = called_path(node)
    if path is None:
        return False
    owner, _, name = path.rpartition("::")
    return name in _ATTACHING and file.full(owner) in ("Python", "pyo3::Python", "pyo3::prelude::Python")


def closures_around(node: SyntaxNode) -> Iterator[tuple[SyntaxNode, SyntaxNode | None]]:
    """The closures and async blocks around a node within its function, innermost first.

    Each comes with the call that it is an argument of, if any.
    """
    found = node.parent()
    while found is not None and found.kind() != "function_item":
        if found.kind() in ("closure_expression", "async_block"):
            yield found, _call_of(found)
        found = found.parent()


def runs_in_place(node: SyntaxNode, file: RustFile, *, waited_for: bool = False) -> bool:
    """Whether code runs on its function's thread, attached as the function is.

    False in a closure passed to `detach` or rayon, in an async block, and if it is unknown what
    happens to a closure. With `waited_for`, a rayon pool's `install` counts too, since the thread waits attached.
    """

    def in_place(receiver: SyntaxNode, name: str) -> bool:
        return (waited_for and name == "install") or (
            _INLINE.fullmatch(name) is not None and parallel(receiver) is None
        )

    return _runs(node, file, in_place)


def runs_at_once(node: SyntaxNode, file: RustFile) -> bool:
    """Whether code runs while its function does, on any thread: in no closure that may be stored, and in no future."""
    known = DETACHING | {"install", "scope", "with"}
    return _runs(node, file, lambda _, name: name in known or _INLINE.fullmatch(name) is not None)


def _runs(node: SyntaxNode, file: RustFile, called: Callable[[SyntaxNode, str], bool]) -> bool:
    """Whether each closure around code is given to `attach`, or to a method that is `called` at once."""
    for closure, call in closures_around(node):
        if closure.kind() == "async_block" or call is None:
            return False
        method = method_call(call)
        if not (is_attaching(call, file) if method is None else called(*method[:2])):
            return False
    return True


def is_parallel(name: str) -> bool:
    """Whether a method creates a rayon iterator, or sorts with rayon."""
    return _PARALLEL.fullmatch(name) is not None


def parallel(chain: SyntaxNode) -> str | None:
    """The method that makes a call chain a rayon iterator, e.g. `par_iter`."""
    node: SyntaxNode | None = chain
    while node is not None:
        call = method_call(node) if node.kind() == "call_expression" else None
        if call is None:
            return None
        if is_parallel(call[1]):
            return call[1]
        node = call[0]
    return None


def is_token(text: str, name: str, file: RustFile) -> bool:
    """Whether a type of this name provides a token: `Python`, `Bound` and the like, but not `std::ops::Bound`."""
    return name in _TOKENS and not file.full(name).startswith(("std::", "core::")) and "ops::" not in text


def token_of(function: Function, file: RustFile) -> str | None:
    """How a function gets a token: `py`, `value.py()`, `self.py()`; None if its parameters provide none."""
    for parameter in function.parameters:
        bare = parameter.type.bare
        if bare.name == "Python" and _NAME.fullmatch(parameter.name):
            return parameter.name
    for parameter in function.parameters:
        bare = parameter.type.bare
        if is_token(bare.text, bare.name, file) and _NAME.fullmatch(parameter.name):
            return f"{parameter.name}.py()"
    return "self.py()" if function.receiver and is_token(function.owner, function.owner, file) else None


def _call_of(closure: SyntaxNode) -> SyntaxNode | None:
    listed = closure.parent()
    if listed is None or listed.kind() != "arguments":
        return None
    call = listed.parent()
    return call if call is not None and call.kind() == "call_expression" else None


def root_of(node: SyntaxNode) -> SyntaxNode:
    """The start of a chain of calls and fields: `a::b(c)` for `a::b(c).d()?.e`, `x` for `x.y.z()`."""
    while True:
        kind = node.kind()
        inner: SyntaxNode | None = None
        if kind == "call_expression":
            call = method_call(node)
            inner = call[0] if call else None
        elif kind == "field_expression":
            inner = node.field("value")
        elif kind in ("try_expression", "await_expression", "parenthesized_expression", "reference_expression"):
            inner = next((child for child in node.children() if child.is_named()), None)
        if inner is None:
            return node
        node = inner


_NAME = re.compile(r"[A-Za-z_]\w*")
