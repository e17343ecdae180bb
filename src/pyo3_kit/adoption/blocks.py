"""Split a rendered TOML file, so that only some of its tables and keys are offered to a project.

The template's TOML has one form: each table header on its own line, with the table's comments directly above it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyo3_kit.texts.toml import parse_toml

_HEADER = re.compile(r"\[([^\[\]]+)\]\s*\Z")

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A table: its path, the comments above its header, and its lines."""

    path: Keys
    above: str
    body: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the table."""
        return tuple(parse_toml(self.body))


def blocks(text: str) -> list[Block]:
    """The tables of a rendered file, without anything before the first, and without arrays of tables."""
    found: list[tuple[str, str, list[str]]] = []
    pending: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            found.append((line, "".join(pending), []))
            pending = []
        elif line.startswith("#") or not line.strip():
            pending = [*pending, f"{line}\n"] if line.strip() else []
        elif found:
            found[-1][2].extend([*pending, f"{line}\n"])
            pending = []
    return [
        Block(_path(matched[1]), above, "".join(body))
        for header, above, body in found
        if (matched := _HEADER.match(header))
    ]


def chosen(found: Iterable[Block], wants: Callable[[Keys], bool]) -> list[Block]:
    """The blocks with only the keys that `wants` accepts, without empty blocks."""
    kept = []
    for block in found:
        keys = [key for key in block.keys if wants((*block.path, key))]
        if keys:
            kept.append(without(block, set(block.keys).difference(keys)))
    return kept


def without(block: Block, keys: Collection[str]) -> Block:
    """The block without some of its keys, and without the comments above these."""
    if not keys:
        return block
    lines = block.body.splitlines(keepends=True)
    kept: list[str] = []
    pending: list[str] = []
    at = 0
    while at < len(lines):
        if lines[at].startswith("#"):
            pending.append(lines[at])
            at += 1
            continue
        end = at + 1
        while not _whole("".join(lines[at:end])):
            end += 1
        key = next(iter(parse_toml("".join(lines[at:end]))))
        if key not in keys:
            kept += [*pending, *lines[at:end]]
        pending, at = [], end
    return replace(block, body="".join(kept))


def moved(block: Block, path: Keys) -> Block:
    """The block, moved to another table."""
    return replace(block, path=path)


def text_of(found: Iterable[Block]) -> str:
    """The blocks as one text."""
    return "\n".join(f"{block.above}[{_written(block.path)}]\n{block.body}" for block in found)


def shared(found: Iterable[Block], ours: Mapping[str, Any]) -> list[Block]:
    """The blocks with only the keys that the project's data also has: the inferred base."""
    kept = []
    for block in found:
        table: Any = ours
        for key in block.path:
            table = table.get(key) if isinstance(table, Mapping) else None
        if isinstance(table, Mapping):
            kept.append(without(block, [key for key in block.keys if key not in table]))
    return kept


def _whole(text: str) -> bool:
    try:
        parse_toml(text)
    except ValueError:
        return False
    return True


def _path(header: str) -> Keys:
    found: list[str] = []
    table: Any = parse_toml(f"[{header}]\n")
    while table:
        (key,) = table
        found.append(key)
        table = table[key]
    return tuple(found)


def _written(path: Keys) -> str:
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key) for key in path)
