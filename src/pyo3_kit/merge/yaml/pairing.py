"""Which item of one list is which item of another, and which key was renamed.

Equal items are the same one; then those with the same identity (a step's `id` or `name`, a hook's `id`, an action
without its version, a requirement's name); then those between the same neighbours that are alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

from pyo3_kit.merge.identities import YAML, identity_value
from pyo3_kit.merge.pairing import SURELY_ALIKE, Pairing, Pairs
from pyo3_kit.merge.toml.requirements import normalised
from pyo3_kit.merge.yaml.nodes import Node

_LABELS = ("id", "name", "uses", "repo", "package-ecosystem", "local", "if", "run")
_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?\s*([=<>~!]=|[<>@]).*", re.DOTALL)


def pair(one: Sequence[Node], other: Sequence[Node]) -> Pairs:
    """The items of a list and what became of it, paired."""
    return _PAIRING.pair(one, other)


def pair_new(one: Sequence[Node], other: Sequence[Node]) -> Pairs:
    """The items that two sides added to a list, paired where both added the same one."""
    return _PAIRING.known(one, other)


def renamed(gone: Sequence[tuple[str, Node]], new: Sequence[tuple[str, Node]]) -> dict[str, str]:
    """Old keys to new ones, where one entry was taken out and another put in that is surely the same."""
    likeness = sorted(
        (
            (-alike(a, b), i, j)
            for i, (_, a) in enumerate(gone)
            for j, (_, b) in enumerate(new)
            if a.kind == b.kind == "map"
        ),
    )
    found: dict[str, str] = {}
    for negative, i, j in likeness:
        if -negative >= SURELY_ALIKE and gone[i][0] not in found and new[j][0] not in found.values():
            found[gone[i][0]] = new[j][0]
    return found


def label(node: Node, index: int) -> str:
    """What names an item in a key that people read: `[name=Build]`, `[3.14t]`, `[2]`."""
    if node.kind == "map":
        values = {entry.name: entry.value for entry in node.entries}
        for name in _LABELS:
            value = values.get(name)
            if value is not None and value.kind == "scalar":
                return f"[{name}={identity_value(name, value.value)}]"
    elif node.kind == "scalar" and "\n" not in node.value and node.value:
        return f"[{node.value}]"
    return f"[{index}]"


def alike(one: Node, other: Node) -> float:
    """How much two values have in common: 0 nothing, 1 everything."""
    if one.kind == other.kind == "scalar":
        if "\n" not in one.value + other.value:
            return SequenceMatcher(None, one.value, other.value, autojunk=False).ratio()
    elif one.kind != other.kind:
        return 0.0
    if (flat := _flat(one)) and (values := _flat(other)) and flat.keys() == values.keys():
        # A step that is one command has nothing in common with itself but the words that nobody changed.
        return sum(alike(value, values[name]) for name, value in flat.items()) / len(flat)
    a, b = Counter(_leaves(one, ())), Counter(_leaves(other, ()))
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def _flat(node: Node) -> dict[str, Node]:
    """The entries of a mapping whose values are all plain; empty for any other node."""
    if node.kind != "map" or any(entry.value.kind != "scalar" for entry in node.entries):
        return {}
    return {entry.name: entry.value for entry in node.entries}


def _leaves(node: Node, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Hashable]]:
    if node.kind in ("map", "list") and node.entries:
        return [leaf for entry in node.entries for leaf in _leaves(entry.value, (*path, entry.name))]
    if node.kind == "scalar" and "\n" in node.value.strip():
        return [(path, line) for line in node.value.strip().split("\n")]
    return [(path, node.plain)]


# Identities


def _scalar(node: Node, name: str) -> str | None:
    for entry in node.entries:
        if entry.name == name and entry.value.kind == "scalar":
            return entry.value.value
    return None


def _keyed(names: tuple[str, ...]) -> Callable[[Node], Hashable]:
    def identity(node: Node) -> Hashable:
        if node.kind != "map":
            return None
        values = [identity_value(name, value) for name in names if (value := _scalar(node, name)) is not None]
        return (names, tuple(values)) if len(values) == len(names) else None

    return identity


def _requirement(node: Node) -> Hashable:
    found = _REQUIREMENT.fullmatch(node.value) if node.kind == "scalar" else None
    return None if found is None else ("requirement", normalised(found[1]))


_IDENTITIES: tuple[Callable[[Node], Hashable], ...] = (
    lambda node: node.plain,
    *map(_keyed, YAML),
    _requirement,
)

_PAIRING = Pairing(_IDENTITIES, alike, lambda node: node.kind == "map")
