"""A file as the tree that its own language makes of it, so that a foreign key, step or statement shows."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Nested tuples, lists and mappings with strings as leaves.
Tree = Any

# The joiner that keeps an e-mail address from becoming a link; the questionnaire refuses it in text.
WORD_JOINER = "\u2060"
# What GitHub and PyPI link without any markup; markdown-it knows it by a plugin only.
BARE_LINK = re.compile(r"(?<!\\)://|\bwww\.|\b(mailto|xmpp):(?=\S+@)")
BARE_ADDRESS = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(path: str, text: str) -> Tree:
    """The tree of a file, by its name; a syntax error is raised as the language's own."""
    match PurePosixPath(path).suffix:
        case ".toml":
            return tomllib.loads(text)
        case ".yml" | ".yaml":
            return _yaml(yaml.compose(text, Loader=LOADER))
        case ".py" | ".pyi":
            return _python(ast.parse(text))
        case ".md":
            return [_markdown(token) for token in MARKDOWN.parse(text)]
        case _:
            return text.splitlines()


def substitute(tree: Tree, words: Mapping[str, str]) -> Tree:
    """The tree with each of `words` replaced wherever it stands in a leaf or a key."""
    if isinstance(tree, str):
        pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)
        return re.sub(pattern, lambda match: words[match[0]], tree) if pattern else tree
    if isinstance(tree, dict):
        return {substitute(key, words): substitute(value, words) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [substitute(item, words) for item in tree]
    return tree


def difference(tree: Tree, expected: Tree, at: str = "") -> str:
    """The first place where two trees differ, or nothing; pytest would take minutes to show all of it."""
    if isinstance(tree, dict) and isinstance(expected, dict):
        if tree.keys() != expected.keys():
            return f"{at}: {sorted(tree)} instead of {sorted(expected)}"
        pairs = [(str(key), tree[key], expected[key]) for key in tree]
    elif isinstance(tree, list) and isinstance(expected, list) and len(tree) == len(expected):
        pairs = [(str(index), *pair) for index, pair in enumerate(zip(tree, expected, strict=True))]
    else:
        return "" if tree == expected else f"{at}: {str(tree)[:500]} instead of {str(expected)[:500]}"
    return next((found for key, one, other in pairs if (found := difference(one, other, f"{at}/{key}"))), "")


def _yaml(node: yaml.Node | None) -> Tree:
    # Nodes keep what loading drops: a key that stands there twice, and the type that a plain scalar is taken for.
    if isinstance(node, yaml.MappingNode):
        return [node.tag, [[_yaml(key), _yaml(value)] for key, value in node.value]]
    if isinstance(node, yaml.SequenceNode):
        return [node.tag, [_yaml(item) for item in node.value]]
    return None if node is None else [node.tag, node.value]


def _python(node: Any) -> Tree:
    if isinstance(node, ast.AST):
        return [type(node).__name__, {name: _python(value) for name, value in ast.iter_fields(node)}]
    if isinstance(node, list):
        return [_python(item) for item in node]
    return node if isinstance(node, str) else repr(node)


def _markdown(token: Token) -> Tree:
    if token.type == "inline":
        return ["inline", [_markdown(child) for child in token.children or []], _bare_links(token)]
    attributes = {name: str(value) for name, value in token.attrs.items()}
    # In running text `info` tells only that something was escaped.
    info = "" if token.type == "text" else token.info
    return [token.type, token.tag, info, attributes, token.content.replace(WORD_JOINER, "")]


def _bare_links(inline: Token) -> Tree:
    depth = 0
    found = []
    source = inline.content
    for child in inline.children or []:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and not depth:
            found += BARE_ADDRESS.findall(child.content)
    # A link's own target may hold what links by itself.
    outside = re.sub(r"(?<!\\)\]\([^)\s]*\)", "", source)
    return [len(found), len(BARE_LINK.findall(outside))]
