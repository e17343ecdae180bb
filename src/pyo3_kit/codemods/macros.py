"""Report macros that contain what a migration changes elsewhere, since rules do not see macro bodies.

`macros` of a migration are lines of words that occur together in such a body: `with_gil`, or `pymethods Option
-signature` with a word that must not occur. Each is a regular expression for one whole word of the code. A name is also
a word together with its parent (`str::from_utf8`), and with a reference to it (`&PyAny`); a name in PyO3's C interface
is only that (`ffi::PyObject`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pyo3_kit.codemods import syntax
from pyo3_kit.codemods.model import Migration, ReviewItem
from pyo3_kit.merge.model import File
from pyo3_kit.rust.tree import SyntaxNode

_DEFINED = re.compile(r"\bmacro_rules!\s*(\w+)")
_PART = re.compile(r"\w+|::|&")
_NO_CODE = ("line_comment", "block_comment", "string_literal", "raw_string_literal", "char_literal")


def unread(migrations: list[Migration], files: Mapping[str, File]) -> dict[str, list[ReviewItem]]:
    """One place for each macro that contains old words, by the id of the first migration that lists them."""
    found: dict[str, list[ReviewItem]] = {}
    lines = [(migration.id, line) for migration in migrations for line in migration.macros]
    if not lines:
        return found
    firsts = re.compile("|".join(rf"(?<!\w)(?:{line.split()[0].lstrip('&')})\b" for _, line in lines))
    texts = dict(_texts(files))
    own = {name for text in texts.values() for name in _DEFINED.findall(text)}
    for path, text in sorted(texts.items()):
        if firsts.search(text) is None:
            continue
        macros = syntax.tree(text, "rust").find_all(any=[{"kind": "macro_definition"}, {"kind": "macro_invocation"}])
        for macro in macros[:_MOST]:
            if firsts.search(macro.text()) is None:
                continue
            name = _name(macro)
            if macro.kind() == "macro_definition" or not syntax.readable(macro):
                words = _words(macro)
            elif name in own:
                # Rules see the arguments, but not which of them are types.
                words = _bare(macro)
            else:
                continue
            first, names = _held(words, lines)
            if names:
                shown = ", ".join(f"`{old}`" for old in names)
                note = f"macros are not migrated, and `{name}!` contains {shown}; change it by hand"
                found.setdefault(first, []).append(ReviewItem(path, macro.range().start.line + 1, note))
    return found


def _texts(files: Mapping[str, File]) -> Iterator[tuple[str, str]]:
    for path, file in files.items():
        if not file.link and path.endswith(".rs") and b"!" in file.content:
            try:
                yield path, file.content.decode().removeprefix("\ufeff")
            except UnicodeDecodeError:
                continue


_MOST = 2000
"""Macros of one file that are looked into; a file with more was written by a program."""


def _held(found: Iterable[str], lines: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The old words among those of a macro, and the first migration that lists one of them."""
    words = dict.fromkeys(found)
    first, names = "", dict[str, None]()
    for migration, line in lines:
        wanted = [_word(word) for word in line.split() if not word.startswith("-")]
        others = [_word(word.removeprefix("-")) for word in line.split() if word.startswith("-")]
        hits = [next((word for word in words if one.fullmatch(word)), None) for one in wanted]
        if None not in hits and not any(one.fullmatch(word) for one in others for word in words):
            first = first or migration
            names.update(dict.fromkeys(hit for hit in hits if hit is not None))
    return first, list(names)


def _name(macro: SyntaxNode) -> str:
    named = macro.field("name") or macro.field("macro")
    return named.text() if named is not None else ""


def _bare(invocation: SyntaxNode) -> Iterator[str]:
    """The arguments of a macro that are only a name, a path, or a reference to one."""
    tokens = invocation.children()[-1].children()[1:-1]
    argument: list[str] = []
    for text in [*(token.text() for token in tokens), ","]:
        if text == ",":
            if argument and all(_PART.fullmatch(part) for part in argument):
                yield f"&{argument[-1]}" if argument[0] == "&" else argument[-1]
            argument = []
        else:
            argument.append(text)


def _words(node: SyntaxNode) -> Iterator[str]:
    """Every word of the code (see the module's docstring), without strings and comments."""
    before: list[str] = []
    for text in _leaves(node):
        parent = before[-2] if before[-1:] == ["::"] and len(before) > 1 else ""
        if parent not in ("ffi", "pyo3_ffi"):
            yield text
        if parent:
            yield f"{parent}::{text}"
        # A lifetime is two leaves.
        reference = before[:-2] if before[-2:-1] == ["'"] else before
        if reference[-1:] == ["&"]:
            yield f"&{text}"
        before = [*before[-2:], text]


def _leaves(node: SyntaxNode) -> Iterator[str]:
    if node.kind() in _NO_CODE:
        return
    children = node.children()
    if not children:
        yield node.text()
    for child in children:
        yield from _leaves(child)


@cache
def _word(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
