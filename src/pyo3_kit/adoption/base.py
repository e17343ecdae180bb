"""Merge the accepted parts of the template into a project: the project is ours, and the base is inferred.

The base contains what both sides have, with the template's values. So what only the template has is added, and what
differs counts as changed by the project and is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyo3_kit.adoption.blocks import Block, Keys, shared, text_of
from pyo3_kit.adoption.groups import Addition
from pyo3_kit.adoption.model import Differs
from pyo3_kit.audit.profiles import same_value
from pyo3_kit.errors import Refused
from pyo3_kit.merge import toml
from pyo3_kit.merge.model import File, FileMerge, Labels, Outcome
from pyo3_kit.texts.toml import parse_toml


def merge_additions(path: str, additions: Iterable[Addition], ours: File | None) -> tuple[FileMerge, list[Differs]]:
    """Merge the file at `path`; also return the values that differ from the template's and are kept.

    Raises `Refused` if the file is a link or cannot be read.
    """
    listed = list(additions)
    whole = next((one.whole for one in listed if one.whole is not None), None)
    if whole is not None:
        return _whole(path, whole, ours)
    found = [block for one in listed for block in one.tables]
    if ours is None or not found:
        return FileMerge(path, Outcome.KEPT, "the project has no such file", ours, ours), []
    if ours.link:
        raise Refused(
            f"{path} is a symbolic link.", "Pass the project that it points to, or replace the link by the file."
        )
    return _tables(path, found, ours)


def _whole(path: str, theirs: File, ours: File | None) -> tuple[FileMerge, list[Differs]]:
    if ours is None:
        return FileMerge(path, Outcome.ADDED, "the project has none", None, theirs), []
    if ours == theirs:
        return FileMerge(path, Outcome.UNCHANGED, "you already have the same", ours, ours), []
    stays = FileMerge(path, Outcome.UNCHANGED, "you have your own", ours, ours)
    return stays, [Differs(path, "", "your own", "the template's")]


def _tables(path: str, found: list[Block], ours: File) -> tuple[FileMerge, list[Differs]]:
    mark = "\ufeff" if ours.content.startswith("\ufeff".encode()) else ""
    ending = "\r\n" if b"\r\n" in ours.content else "\n"
    try:
        text = ours.content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
        data = parse_toml(text)
    except ValueError as error:
        raise Refused(f"{path} cannot be read: {error}", "Fix the file; it must be TOML in UTF-8.") from error
    merged = toml.merge(path, text_of(shared(found, data)), text, text_of(found), Labels())
    differs = list(_differing(path, found, data))
    if merged is None or merged.text == text:
        return FileMerge(path, Outcome.UNCHANGED, "nothing is missing", ours, ours), differs
    result = File((mark + merged.text.replace("\n", ending)).encode(), ours.executable)
    return FileMerge(path, Outcome.MERGED, "keys were added", ours, result), differs


def _differing(path: str, found: Iterable[Block], ours: Mapping[str, Any]) -> Iterator[Differs]:
    for block in found:
        table: Any = ours
        for key in block.path:
            table = table.get(key, {}) if isinstance(table, Mapping) else {}
        for key, value in parse_toml(block.body).items():
            if isinstance(table, Mapping) and key in table and not _same(block.path, key, table[key], value):
                yield Differs(path, ".".join((*block.path, key)), _shown(table[key]), _shown(value))


def _same(path: Keys, key: str, ours: Any, theirs: Any) -> bool:
    return ours == theirs or (path[0] == "profile" and same_value(key, ours, theirs))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
