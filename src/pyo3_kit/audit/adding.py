"""Insert keys into the text of a TOML file where you would by hand: after the last key of their table.

tomlkit puts them behind the blank lines and comments that follow, which belong to the next table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyo3_kit.audit.manifests import TomlFile
from pyo3_kit.audit.model import Fix
from pyo3_kit.merge.toml.nodes import Document, Inline, Node, Table
from pyo3_kit.merge.toml.sections import indentation
from pyo3_kit.merge.toml.values import quoted
from pyo3_kit.texts.edits import Edit


def addition(file: TomlFile, path: tuple[str, ...], keys: Mapping[str, str]) -> Fix | None:
    """The fix that adds keys, with values as TOML writes them, to a table, which is made where there is none.

    None if the form of the table cannot be determined.
    """
    document = file.document
    if document is None:
        return None
    node, missing = _reached(document.root, path)
    if isinstance(node, Inline):
        return None if missing else _in_braces(file, node, _pairs(keys))
    if not isinstance(node, Table):
        return None
    if missing or node.home is None:
        return _new_table(file, document, path, _pairs(keys))
    existing = [one for one in node.home.pairs if one.path[: len(path)] == path]
    last = existing[-1] if existing else node.home.header
    if last is None:
        return None
    indent = indentation(document.text, last)
    return _in_lines(file, last.end, [indent + pair for pair in _pairs(keys, node.prefix)])


def _reached(node: Node, path: tuple[str, ...]) -> tuple[Node, tuple[str, ...]]:
    """The last table on a path that is there, and what of the path is not."""
    for depth, name in enumerate(path):
        entries = node.entries if isinstance(node, Table | Inline) else {}
        if name not in entries:
            return node, path[depth:]
        node = entries[name]
    return node, ()


def _pairs(keys: Mapping[str, str], prefix: Iterable[str] = ()) -> list[str]:
    return [f"{'.'.join((*prefix, quoted(key)))} = {value}" for key, value in keys.items()]


def _in_braces(file: TomlFile, table: Inline, pairs: list[str]) -> Fix:
    listed = ", ".join(pairs)
    if table.cells:
        return _insertion(file.at(table.cells[-1].value.end), f", {listed}")
    return _insertion(file.at(table.start + 1), f" {listed}{'' if table.tail else ' '}")


def _new_table(file: TomlFile, document: Document, path: tuple[str, ...], pairs: list[str]) -> Fix:
    """A table of its own: behind the last one beside it, as another profile, else at the end."""
    parent = path[:-1]
    beside = [one for one in document.statements if parent and one.section.path[: len(parent)] == parent]
    index = beside[-1].end if beside else len(document.text)
    gap = [] if not file.text or document.text[:index].endswith("\n\n") else [""]
    return _in_lines(file, index, [*gap, f"[{'.'.join(map(quoted, path))}]", *pairs])


def _in_lines(file: TomlFile, index: int, lines: list[str]) -> Fix:
    newline = "\r\n" if "\r\n" in file.text else "\n"
    at = file.at(index)
    begin = newline if at and not file.text.endswith("\n", 0, at) else ""
    return _insertion(at, begin + "".join(f"{line}{newline}" for line in lines))


def _insertion(at: int, text: str) -> Fix:
    return Fix((Edit(at, at, text),))
