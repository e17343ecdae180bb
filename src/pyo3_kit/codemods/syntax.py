"""Apply ast-grep rules to a text: find matches, and make fixes.

A rule has the format of ast-grep's rule files (`rule`, `constraints`, `utils`, `transform`, `fix`, `message`). A rule
without `fix` only reports places. For a file without a grammar (`language: Text`), a rule's `regex` reports
lines. Rules also see the arguments of macros, which the grammar treats as loose tokens.
A `transform` can be one of ours: `{signature: {source: $PARAMETERS}}` is PyO3's implicit signature of the
parameters, `{unbraced: {source: $BLOCK}}` is the content of a block, `{bound: {source: $TYPE}}` is `Bound`, with its
path if it is not imported at the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from pyo3_kit.codemods.signatures import signature
from pyo3_kit.rust.origins import bound
from pyo3_kit.rust.tree import Config, SyntaxNode, parse
from pyo3_kit.texts.edits import Edit, apply_edits

TEXT = "text"
LANGUAGES = {".rs": "rust", ".py": "python", ".pyi": "python", ".yml": "yaml", ".yaml": "yaml", ".cfg": TEXT}
_COMMENTS = {"rust": ("line_comment", "block_comment"), "python": ("comment",), "yaml": ("comment",)}
_ROUNDS = 50
_SEARCH = ("rule", "constraints", "utils", "transform")
_VARIABLE = re.compile(r"(?P<many>\$\$\$)(?P<names>[A-Z_][A-Z0-9_]*)|\$(?P<name>[A-Z_][A-Z0-9_]*)")
_OPENING = "fn __() { __("
_CLOSING = "); }"


def _unbraced(block: SyntaxNode) -> str:
    return block.text().strip()[1:-1].strip()


# ast-grep's own transforms indent lines, which would change multi-line strings.
_OWN: dict[str, Callable[[SyntaxNode], str]] = {"signature": signature, "unbraced": _unbraced, "bound": bound}


class RuleError(Exception):
    """A rule that cannot be used; its message says why."""


def tree(text: str, language: str) -> SyntaxNode:
    """The root of the text's syntax tree, cached."""
    return _pieces(text, language)[0][0]


def matches(node: SyntaxNode, rule: Mapping[str, Any]) -> list[SyntaxNode]:
    """The matches of an ast-grep rule below a node; raises `RuleError` if ast-grep cannot read it."""
    config = {key: rule[key] for key in _SEARCH if key in rule}
    if own := _own_transforms(rule):
        config["transform"] = {name: how for name, how in rule["transform"].items() if name not in own}
    try:
        return list(node.find_all(cast(Config, config)))
    except (RuntimeError, TypeError, ValueError) as error:
        causes = [line.strip() for line in str(error).split("Stack backtrace")[0].splitlines() if line.strip()]
        raise RuleError(f"{_named(rule)}{causes[-1].rstrip('.') if causes else error}") from None


def _own_transforms(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The transforms of a rule that are ours and not ast-grep's, by the name of their result."""
    return {name: how for name, how in rule.get("transform", {}).items() if _OWN.keys() & how.keys()}


def _named(rule: Mapping[str, Any]) -> str:
    return f"rule {rule['id']}: " if "id" in rule else ""


def errors(text: str, language: str) -> int:
    """The number of syntax errors in a text."""
    if language == "python":
        import ast

        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return 1
        return 0
    if language == TEXT:
        return 0
    root = tree(text, language)
    # A node inserted by error recovery has no text.
    return len(root.find_all(kind="ERROR")) + len(root.find_all(regex=r"^$"))


def fixed(text: str, language: str, rule: Mapping[str, Any], joined: Any = None) -> tuple[str, list[int]]:
    """The text with all fixes of the rule, and the lines where a comment would be lost, which are not changed.

    `joined`, if given, can reject a match. Raises `RuleError`
    for a rule that matches its own result.
    """
    for _ in range(_ROUNDS):
        fixes = list(_fixes(text, language, rule, joined))
        edits = [edit for edit, loses_comment in fixes if not loses_comment]
        if not edits:
            return text, [text.count("\n", 0, edit.start) + 1 for edit, _ in fixes]
        text = apply_edits(text, edits)
    raise RuleError(f"{_named(rule)}it matches its own result")


def places(text: str, language: str, rule: Mapping[str, Any], joined: Any = None) -> list[int]:
    """The lines (from 1) where a rule matches."""
    if language == TEXT:
        sought = re.compile(rule["rule"]["regex"])
        return [number for number, line in enumerate(text.splitlines(), 1) if sought.search(line)]
    found = []
    for root, _, offset in _pieces(text, language):
        for node in matches(root, rule):
            start = node.range().start.index + offset
            if 0 <= start < len(text) and (joined is None or joined(node)):
                found.append(text.count("\n", 0, start) + 1)
    return sorted(set(found))


@lru_cache(maxsize=64)
def _pieces(text: str, language: str) -> tuple[tuple[SyntaxNode, str, int], ...]:
    """The text, and the arguments of its macros parsed as arguments of a call.

    Each with its syntax tree and its offset. Cached, because many rules look at the same text.
    """
    root = parse(text, language)
    pieces = [(root, text, 0)]
    if language == "rust" and "!" in text:
        for node in root.find_all(kind="macro_invocation"):
            tokens = node.children()[-1]
            piece = _arguments(tokens)
            if piece is not None:
                pieces.append((*piece, tokens.range().start.index + 1 - len(_OPENING)))
    return tuple(pieces)


def readable(macro: SyntaxNode) -> bool:
    """Whether rules see a macro's arguments, because they look like arguments of a function."""
    return _arguments(macro.children()[-1]) is not None


def _arguments(tokens: SyntaxNode) -> tuple[SyntaxNode, str] | None:
    """A macro's arguments parsed as arguments of a call; None if they are empty or cannot be parsed."""
    inside = tokens.text()[1:-1]
    if tokens.kind() != "token_tree" or not inside:
        return None
    piece = f"{_OPENING}{inside}{_CLOSING}"
    parsed = parse(piece, "rust")
    return (parsed, piece) if parsed.find(kind="ERROR") is None else None


def _fixes(text: str, language: str, rule: Mapping[str, Any], joined: Any) -> Iterator[tuple[Edit, bool]]:
    """The edits of one round, none over another, and whether a comment would be lost: of two the outer goes first."""
    taken = -1
    found = []
    for root, piece, offset in _pieces(text, language):
        for node in matches(root, rule):
            if joined is not None and not joined(node):
                continue
            edit, loses_comment = _fix(piece, node, language, rule)
            # The text wrapped around a macro's arguments is not in the file.
            if offset == 0 or (edit.start >= len(_OPENING) and edit.end <= len(piece) - len(_CLOSING)):
                found.append((Edit(edit.start + offset, edit.end + offset, edit.text), loses_comment))
    for edit, loses_comment in sorted(found, key=lambda fix: (fix[0].start, -fix[0].end)):
        if edit.start >= taken and text[edit.start : edit.end] != edit.text:
            yield edit, loses_comment
            taken = max(edit.end, edit.start + 1)


def _fix(text: str, node: SyntaxNode, language: str, rule: Mapping[str, Any]) -> tuple[Edit, bool]:
    fix = rule["fix"]
    if isinstance(fix, str):
        template, start, end, behind = fix, node.range().start.index, node.range().end.index, False
    else:
        template, (start, end, behind) = fix["template"], _widened(node, fix)
    if template == "":
        return _deletion(text, start, end, swallow=behind), False
    line = text[text.rfind("\n", 0, start) + 1 : start]
    indent = line[: len(line) - len(line.lstrip())]
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = template.rstrip("\n").split("\n")
    shape = (ending + indent).join(lines) if len(lines) > 1 else lines[0]
    replacement = _VARIABLE.sub(_Captured(text, node, _own_transforms(rule)), shape)
    comments = node.find_all(any=[{"kind": kind} for kind in _COMMENTS[language]])
    return Edit(start, end, replacement), any(comment.text() not in replacement for comment in comments)


def _widened(node: SyntaxNode, fix: Mapping[str, Any]) -> tuple[int, int, bool]:
    """Start and end of a match including the siblings that the fix removes, and whether there were any after it.

    A list item includes one comma: the one after it, or for the last item the one before.
    """
    first = last = node
    while "expandEnd" in fix and (sibling := last.next()) is not None and sibling.matches(**fix["expandEnd"]):
        last = sibling
    behind = last is not node
    while not behind and "expandStart" in fix:
        before = first.prev()
        if before is None or not before.matches(**fix["expandStart"]):
            break
        first = before
    return first.range().start.index, last.range().end.index, behind


def _deletion(text: str, start: int, end: int, *, swallow: bool) -> Edit:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    if not text[line_start:start].strip() and not text[end:line_end].strip():
        return Edit(line_start, line_end, "")
    while swallow and end < len(text) and text[end] == " ":
        end += 1
    return Edit(start, end, "")


class _Captured:
    """The text that a metavariable matched."""

    def __init__(self, text: str, node: SyntaxNode, own: Mapping[str, Any]) -> None:
        self.text, self.node, self.own = text, node, own

    def __call__(self, found: re.Match[str]) -> str:
        if found["many"]:
            nodes = self.node.get_multiple_matches(found["names"])
            return self.text[nodes[0].range().start.index : nodes[-1].range().end.index] if nodes else ""
        matched = self.node.get_match(found["name"])
        if matched is not None:
            return matched.text()
        if found["name"] in self.own:
            ((name, how),) = self.own[found["name"]].items()
            source = self.node.get_match(how["source"].removeprefix("$"))
            return _OWN[name](source) if source is not None else ""
        return self.node.get_transformed(found["name"]) or ""
