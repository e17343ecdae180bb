"""A Rust file that is parsed once, with what rules ask about it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from pyo3_kit.audit.items import FileItems, Function, Items
from pyo3_kit.rust.tokens import blank_words
from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from pyo3_kit.audit.manifests import Crate


class RustFile:
    """A file of a crate that depends on pyo3.

    `nodes` are those of the kinds that were asked for, in the order of the text. `items` are those of the whole
    project and are known once all files have been read; `own` are this file's.
    """

    items: Items

    def __init__(self, path: str, text: str, crate: Crate, nodes: list[tuple[str, SyntaxNode]], own: FileItems) -> None:
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
        self.gil_parts: list[Span] = []
        """The parts that a build for free-threaded Python leaves out."""

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

    def exposed_at(self, node: SyntaxNode) -> Function | None:
        """The innermost function around a node, when Python can call it."""
        function = self.function_at(span(node))
        return function if function is not None and function.exposed else None

    def in_tests(self, place: Span) -> bool:
        """Whether a place is in test code."""
        at = bisect_right(self._test_starts, place.start) - 1
        return self.is_test_file or (at >= 0 and place.end <= self._test_ends[at])

    def needs_gil(self, place: Span) -> bool:
        """Whether a build for free-threaded Python leaves a place out."""
        return self.items.needs_gil(self.path) or any(part.contains(place) for part in self.gil_parts)

    def add_test(self, place: Span) -> None:
        """Note that a part of the file is test code; a part in another one comes after it."""
        at = bisect_right(self._test_starts, place.start)
        if not at or place.end > self._test_ends[at - 1]:
            self._test_starts.insert(at, place.start)
            self._test_ends.insert(at, place.end)

    def node_of(self, function: Function) -> SyntaxNode:
        """A function's `function_item`."""
        return self._function_nodes[function.span.start]

    def nodes_in(self, place: Span, *kinds: str) -> list[SyntaxNode]:
        """The nodes inside a place of these kinds; only kinds that some rule or the facts ask for are there."""
        first = bisect_right(self._node_starts, place.start - 1)
        last = bisect_right(self._node_starts, place.end)
        return [node for kind, node in self.nodes[first:last] if kind in kinds and node.range().end.index <= place.end]

    @cached_property
    def code(self) -> str:
        """The text with spaces for comments and literals."""
        return blank_words(self.text)

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
    def _function_nodes(self) -> dict[int, SyntaxNode]:
        return {node.range().start.index: node for kind, node in self.nodes if kind == "function_item"}
