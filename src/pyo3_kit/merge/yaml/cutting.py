"""Entries taken out of a document, with the comments that are theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyo3_kit.merge.model import Labels

_HEAD = re.compile(r"(?:#[^\n]*\n)+\n")


def without(path: str, text: str, places: Iterable[tuple[str | int, ...]]) -> str | None:
    """The text, which ends in a newline, without the entries at these places: keys, and in lists numbers.

    A mapping or a list that would be left empty goes as well. None when the text cannot be read by key, or when what is
    left would mean something else.
    """
    from pyo3_kit.merge.yaml.edits import checked
    from pyo3_kit.merge.yaml.nodes import Entry, Node, NotUnderstood
    from pyo3_kit.merge.yaml.reader import parse
    from pyo3_kit.merge.yaml.restyle import Restyle, Style
    from pyo3_kit.merge.yaml.threeway import ThreeWay

    def child(node: Node, step: str | int) -> Entry:
        return node.entries[step] if isinstance(step, int) else next(e for e in node.entries if e.name == step)

    try:
        documents = parse(text)
        if len(documents) != 1 or documents[0].root is None:
            return None
        root = documents[0].root
        merge = ThreeWay(path, Labels(), Restyle(Style.of(root), Style.of(root)), set())
        goes = set(places)
        # From the deepest up: what becomes empty goes with its own entry.
        depth = max((len(place) for place in goes), default=0)
        for length in range(depth, 0, -1):
            for above in {place[:-1] for place in goes if len(place) == length}:
                parent = root
                for step in above:
                    parent = child(parent, step).value
                here = [place for place in goes if place[:-1] == above and len(place) == length]
                if above and len(here) == len(parent.entries):
                    goes = {place for place in goes if place[: len(above)] != above} | {above}
        for above in sorted({place[:-1] for place in goes}, key=str):
            if any(above[: len(place)] == place for place in goes):
                continue
            parent = root
            for step in above:
                parent = child(parent, step).value
            entries = [child(parent, place[-1]) for place in goes if place[:-1] == above]
            entries.sort(key=lambda entry: entry.start)
            merge.change(".".join(map(str, above)), parent, entries, [])
        cut, refused = checked(text, documents, merge.changes)
    except (NotUnderstood, IndexError, StopIteration):
        return None
    if refused or merge.conflicts:
        return None
    # A head of the file, apart from its first entry, is not that entry's.
    head = _HEAD.match(text)
    return head[0] + cut if head and not cut.startswith(head[0]) else cut
