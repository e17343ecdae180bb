"""What has to hold of a merged source text, whoever made it."""

from __future__ import annotations

import ast
import warnings
from collections import Counter

from pyo3_kit.merge.code import python, rust
from pyo3_kit.merge.code.source import Source
from pyo3_kit.rust.attributes import attribute_nodes
from pyo3_kit.rust.tree import SyntaxNode, span
from pyo3_kit.rust.uses import bound_names

# fmt: off
_COMMON = frozenset({
    "as", "async", "await", "bool", "break", "class", "const", "continue", "crate", "def", "derive", "else", "enum",
    "f32", "f64", "fn", "for", "from", "i32", "i64", "if", "impl", "import", "in", "int", "let", "loop", "match",
    "mod", "move", "mut", "None", "return", "self", "Self", "Some", "static", "str", "struct", "super", "test",
    "trait", "type", "u8", "u32", "u64", "unsafe", "use", "usize", "where", "while",
})
# fmt: on
"""Words that come and go for no reason of their own."""

Names = Counter[tuple[str, ...]]


def names(source: Source) -> Names:
    """How often each item is defined in its scope."""
    found: Names = Counter()
    _collect(source, source.root, (), found)
    return found


def repeats(result: Source, ours: Source, theirs: Source) -> bool:
    """Whether the result defines something more often than both sides do."""
    mine, yours = names(ours), names(theirs)
    return any(times > 1 and times > max(mine[name], yours[name]) for name, times in names(result).items())


def compiles(text: str) -> bool:
    """Whether Python's own parser accepts the text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def accounted(base: Source, ours: Source, theirs: Source, result: Source) -> bool:
    """Whether every word is as often in the result as it can be after what both sides added and removed.

    What both sides did alike counts once, so a word that is there more often has some play.
    """
    before, mine, yours, after = (_words(source) for source in (base, ours, theirs, result))
    for word in {*before, *mine, *yours, *after} - _COMMON:
        counts = before[word], mine[word], yours[word]
        both = mine[word] + yours[word] - before[word]
        if max(counts) == 1 and mine[word] != yours[word] and after[word] != max(0, both):
            return False
        if not min(*counts[1:], both) <= after[word] <= max(*counts[1:], both):
            return False
    return True


def mentions(base: Source, side: Source, text: str) -> bool:
    """Whether every word that is new on that side is somewhere in the text."""
    return all(word in text for word in _words(side) - _words(base))


def _words(source: Source) -> Counter[str]:
    words = (token.text for token in source.tokens if not token.text.startswith("\n"))
    # A text of several lines is merged line by line.
    lines = (line.strip() for word in words for line in word.split("\n"))
    return Counter(line for line in lines if any(letter.isalnum() for letter in line))


def _collect(source: Source, node: SyntaxNode, scope: tuple[str, ...], found: Names) -> None:
    for child in node.children():
        name = rust.named(child) if source.language == "rust" else python.defined(child)
        inside = scope
        if child.kind() == "use_declaration":
            found.update((*scope, "use", name, *_marks(source, child)) for name in bound_names(child))
        if name and name[1] != "_" and child.kind() != "decorated_definition":
            inside = (*scope, *name, *_marks(source, child))
            found[inside] += 1
        elif child.kind() == "impl_item":
            inside = (*scope, "impl", rust.header(source, child))
        if child.kind() in _SCOPES:
            _collect(source, child, inside, found)


_SCOPES = {
    "mod_item",
    "impl_item",
    "trait_item",
    "struct_item",
    "enum_item",
    "declaration_list",
    "field_declaration_list",
    "enum_variant_list",
    "class_definition",
    "decorated_definition",
    "block",
}


def _marks(source: Source, node: SyntaxNode) -> tuple[str, ...]:
    """What distinguishes overloads, accessors and variants for different targets."""
    if source.language == "python":
        parent = node.parent()
        holder = parent if parent is not None and parent.kind() == "decorated_definition" else node
        return tuple(" ".join(source.between(*span(child))) for child in python.decorators(holder))
    return tuple(text for text in (before.text() for before in attribute_nodes(node)) if "cfg" in text)
