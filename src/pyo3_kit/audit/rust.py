"""A Rust file that is parsed once, with what rules ask about it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from pyo3_kit.audit.items import FileItems, Function, Items
from pyo3_kit.audit.model import Span
from pyo3_kit.audit.syntax import span

if TYPE_CHECKING:
    from ast_grep_py import SgNode

    from pyo3_kit.audit.manifests import Crate


class RustFile:
    """A file of a crate that depends on pyo3.

    `nodes` are those of the kinds that were asked for, in the order of the text. `items` are those of the whole
    project and are known once all files have been read; `own` are this file's.
    """

    items: Items

    def __init__(self, path: str, text: str, crate: Crate, nodes: list[tuple[str, SgNode]], own: FileItems) -> None:
        self.path = path
        self.text = text
        self.crate = crate
        self.nodes = nodes
        self.own = own
        self.uses: dict[str, str] = {}
        # The outermost parts that are tests; they come from the outside in.
        self._test_starts: list[int] = []
        self._test_ends: list[int] = []
        self.is_test_file = False

    @property
    def version(self) -> tuple[int, ...]:
        """The crate's PyO3 version."""
        return self.crate.pyo3_version

    def full(self, name: str) -> str:
        """A path with its first part spelled out by the file's `use`s: `PyList` → `pyo3::types::PyList`.

        What no `use` names stays as it is; glob imports bring nothing.
        """
        first, colons, rest = name.replace(" ", "").partition("::")
        return self.uses.get(first, first) + colons + rest

    def function_at(self, place: Span) -> Function | None:
        """The innermost function around a place, exposed or not."""
        index = bisect_right(self._starts, place.start) - 1
        while index >= 0 and self._furthest_ends[index] >= place.end:
            function = self.own.functions[index]
            if function.span.contains(place):
                return function
            index -= 1
        return None

    def exposed_at(self, node: SgNode) -> Function | None:
        """The innermost function around a node, when Python can call it."""
        function = self.function_at(span(node))
        return function if function is not None and function.exposed else None

    def in_tests(self, place: Span) -> bool:
        """Whether a place is in test code."""
        at = bisect_right(self._test_starts, place.start) - 1
        return self.is_test_file or (at >= 0 and place.end <= self._test_ends[at])

    def add_test(self, place: Span) -> None:
        """Note that a part of the file is test code; a part in another one comes after it."""
        at = bisect_right(self._test_starts, place.start)
        if not at or place.end > self._test_ends[at - 1]:
            self._test_starts.insert(at, place.start)
            self._test_ends.insert(at, place.end)

    def node_of(self, function: Function) -> SgNode:
        """A function's `function_item`."""
        return self._function_nodes[function.span.start]

    def nodes_in(self, place: Span, *kinds: str) -> list[SgNode]:
        """The nodes inside a place of these kinds; only kinds that some rule or the facts ask for are there."""
        first = bisect_right(self._node_starts, place.start - 1)
        last = bisect_right(self._node_starts, place.end)
        return [node for kind, node in self.nodes[first:last] if kind in kinds and node.range().end.index <= place.end]

    @cached_property
    def _starts(self) -> list[int]:
        return [function.span.start for function in self.own.functions]

    @cached_property
    def _furthest_ends(self) -> list[int]:
        """For each function where the last of it and those before it ends."""
        return list(accumulate((function.span.end for function in self.own.functions), max))

    @cached_property
    def _node_starts(self) -> list[int]:
        return [node.range().start.index for _, node in self.nodes]

    @cached_property
    def _function_nodes(self) -> dict[int, SgNode]:
        return {node.range().start.index: node for kind, node in self.nodes if kind == "function_item"}


class _Latest:
    """What was found out about the latest node: all rules ask the same of one node after the other."""

    method_of: SgNode | None = None
    method: tuple[SgNode, str, SgNode | None] | None = None
    path_of: SgNode | None = None
    path: str | None = None


def method_call(node: SgNode) -> tuple[SgNode, str, SgNode | None] | None:
    """Of the call `receiver.name::<T>(…)`: receiver, name, and the node of `<T>`; None for another call."""
    if node is not _Latest.method_of:
        _Latest.method_of, _Latest.method = node, _method_call(node)
    return _Latest.method


def called_path(node: SgNode) -> str | None:
    """Of the call `a::b::<T>(…)`: `a::b`; None for a method call."""
    if node is not _Latest.path_of:
        _Latest.path_of, _Latest.path = node, _called_path(node)
    return _Latest.path


def _method_call(node: SgNode) -> tuple[SgNode, str, SgNode | None] | None:
    function = node.field("function")
    if function is None:
        return None
    turbofish = None
    if function.kind() == "generic_function":
        turbofish = function.field("type_arguments")
        function = function.field("function")
        if function is None:
            return None
    if function.kind() != "field_expression":
        return None
    receiver, name = function.field("value"), function.field("field")
    return (receiver, name.text(), turbofish) if receiver is not None and name is not None else None


def _called_path(node: SgNode) -> str | None:
    function = node.field("function")
    if function is not None and function.kind() == "generic_function":
        function = function.field("function")
    if function is None or function.kind() not in ("identifier", "scoped_identifier"):
        return None
    return "".join(function.text().split())


def arguments(node: SgNode) -> list[SgNode]:
    """The arguments of a call, without comments."""
    listed = node.field("arguments")
    if listed is None:
        return []
    return [child for child in listed.children() if child.is_named() and "comment" not in child.kind()]


def ancestor(node: SgNode, *kinds: str, within: tuple[str, ...] = ("function_item",)) -> SgNode | None:
    """The nearest node around this one of these kinds, sought no further than `within`."""
    found = node.parent()
    while found is not None:
        kind = found.kind()
        if kind in kinds:
            return found
        if kind in within:
            return None
        found = found.parent()
    return None
