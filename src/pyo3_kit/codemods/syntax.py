"""ast-grep rules on one text: what they match, and the text with their fixes.

A rule is what ast-grep's own rule files hold (`rule`, `constraints`, `utils`, `transform`, `fix`, `message`). A rule
without `fix` only points at places. Of a file that has no grammar (`language: Text`) a rule's `regex` points at
lines. Rules see the arguments of macros too, which to the grammar are loose tokens.
A `transform` may be one of ours: `{signature: {source: $PARAMETERS}}` is what PyO3 made of parameters without being
told, `{unbraced: {source: $BLOCK}}` what stands in a block, `{bound: {source: $TYPE}}` is `Bound`, with its path where
the source stands among no import of it.
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


# ast-grep's own transforms shift lines, which would change a text of several lines.
_OWN: dict[str, Callable[[SyntaxNode], str]] = {"signature": signature, "unbraced": _unbraced, "bound": bound}


class RuleError(Exception):
    """A rule that cannot be used; its text says why."""


def tree(text: str, language: str) -> SyntaxNode:
    """The root of the text's syntax tree, from those that are kept if it is among them."""
    return _pieces(text, language)[0][0]


def matches(node: SyntaxNode, rule: Mapping[str, Any]) -> list[SyntaxNode]:
    """What an ast-grep rule matches below a node; `RuleError` when ast-grep cannot read it."""
    config = {key: rule[key] for key in _SEARCH if key in rule}
    if own := _own_transforms(rule):
        config["transform"] = {name: how for name, how in rule["transform"].items() if name not in own}
    try:
        return list(node.find_all(cast(Config, config)))
    except (RuntimeError, TypeError, ValueError) as error:
        causes = [line.strip() for line in str(error).split("Stack backtrace")[0].splitlines() if line.strip()]
        raise RuleError(f"{_named(rule)}{causes[-1].rstrip('.') if causes else error}") from None


def _own_transforms(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The transforms of a rule that are ours and not ast-grep's, by the name of what they make."""
    return {name: how for name, how in rule.get("transform", {}).items() if _OWN.keys() & how.keys()}


def _named(rule: Mapping[str, Any]) -> str:
    return f"rule {rule['id']}: " if "id" in rule else ""


def errors(text: str, language: str) -> int:
    """How many places of a text its grammar does not understand."""
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
    # What the grammar had to make up is a node without text.
    return len(root.find_all(kind="ERROR")) + len(root.find_all(regex=r"^$"))


def fixed(text: str, language: str, rule: Mapping[str, Any], joined: Any = None) -> tuple[str, list[int]]:
    """The text with the rule's fix in every place, until none is left, and the lines where a comment would be lost.

    Those stay as they are. `joined`, where given, is asked about each match and may refuse it. Raises `RuleError`
    for a rule that matches what it made itself.
    """
    for _ in range(_ROUNDS):
        fixes = list(_fixes(text, language, rule, joined))
        edits = [edit for edit, loses_comment in fixes if not loses_comment]
        if not edits:
            return text, [text.count("\n", 0, edit.start) + 1 for edit, _ in fixes]
        text = apply_edits(text, edits)
    raise RuleError(f"{_named(rule)}it matches what it made itself")


def places(text: str, language: str, rule: Mapping[str, Any], joined: Any = None) -> list[int]:
    """The lines, counted from 1, where a rule matches."""
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
    """The text, and what stands in its macros' parentheses as arguments of a call.

    Each with its syntax tree, and with its offset. Many rules look at the same text, so some are kept.
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
    """Whether what a macro is called with is seen by rules, because it looks like arguments of a function."""
    return _arguments(macro.children()[-1]) is not None


def _arguments(tokens: SyntaxNode) -> tuple[SyntaxNode, str] | None:
    """What stands in a macro's parentheses as arguments of a call; None where it cannot be that, or is nothing."""
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
            # What is wrapped around a macro's arguments is none of the file's text.
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
    """Start and end of a match with the siblings that the fix takes along, and whether there were any behind it.

    A list's item takes one comma with it: the one behind, or for the last item the one before.
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
    """What stands for a metavariable: the text that it matched."""

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
