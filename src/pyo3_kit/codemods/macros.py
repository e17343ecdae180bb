"""Report macros that contain what a migration changes elsewhere, since rules do not see macro bodies.

`macros` of a migration are lines of words that occur together in such a body: `with_gil`, or `pymethods Option
-signature` with a word that must not occur. Each is a regular expression for one whole word of the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pyo3_kit.codemods import syntax
from pyo3_kit.codemods.model import Migration, ReviewItem
from pyo3_kit.merge.model import File
from pyo3_kit.rust.tree import SyntaxNode

_NO_CODE = ("line_comment", "block_comment", "string_literal", "raw_string_literal", "char_literal")


def unread(migrations: list[Migration], files: Mapping[str, File]) -> dict[str, list[ReviewItem]]:
    """One place for each macro that contains old words, by the id of the first migration that lists them."""
    found: dict[str, list[ReviewItem]] = {}
    lines = [(migration.id, line) for migration in migrations for line in migration.macros]
    if not lines:
        return found
    firsts = re.compile("|".join(rf"\b(?:{line.split()[0]})\b" for _, line in lines))
    for path, file in sorted(files.items()):
        if file.link or not path.endswith(".rs") or b"!" not in file.content:
            continue
        try:
            text = file.content.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if firsts.search(text) is None:
            continue
        macros = syntax.tree(text, "rust").find_all(any=[{"kind": "macro_definition"}, {"kind": "macro_invocation"}])
        for macro in macros[:_MOST]:
            if firsts.search(macro.text()) is None:
                continue
            first, names = _held(macro, lines)
            if names and not (macro.kind() == "macro_invocation" and syntax.readable(macro)):
                shown = ", ".join(f"`{name}`" for name in names)
                note = f"macros are not migrated, and this one contains {shown}; change it by hand"
                found.setdefault(first, []).append(ReviewItem(path, macro.range().start.line + 1, note))
    return found


_MOST = 2000
"""Macros of one file that are looked into; a file with more was written by a program."""


def _held(macro: SyntaxNode, lines: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The old words in a macro, and the first migration that lists one of them."""
    words = dict.fromkeys(_words(macro))
    first, names = "", dict[str, None]()
    for migration, line in lines:
        wanted = [_word(word) for word in line.split() if not word.startswith("-")]
        others = [_word(word.removeprefix("-")) for word in line.split() if word.startswith("-")]
        hits = [next((word for word in words if one.fullmatch(word)), None) for one in wanted]
        if None not in hits and not any(one.fullmatch(word) for one in others for word in words):
            first = first or migration
            names.update(dict.fromkeys(hit for hit in hits if hit is not None))
    return first, list(names)


def _words(node: SyntaxNode) -> Iterator[str]:
    """The text of every leaf of the code, without strings and comments."""
    if node.kind() in _NO_CODE:
        return
    children = node.children()
    if not children:
        yield node.text()
    for child in children:
        yield from _words(child)


@cache
def _word(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
