"""The corpus's cases as trees to merge, and what a merge made of one in comparison to what it should."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pyo3_kit.merge.model import File, FileMerge, Labels, Tree
from pyo3_kit.merge.tree import merge_trees

CORPUS = Path(__file__).with_name("corpus")
LABELS = Labels("yours", "template v1", "template v2")
OUTCOMES = {"unchanged", "updated", "merged", "added", "removed", "renamed", "kept", "conflict"}

_CASE_KEYS = {"why", "base", "ours", "theirs", "seed", "newline", "expect", "human"}
_FILE_KEYS = {"content", "executable", "link"}
_EXPECT_KEYS = {"outcome", "text", "conflicts", "source", "executable"}


@dataclass(frozen=True)
class Expected:
    """What has to become of one file."""

    outcome: str
    content: bytes | None
    conflicts: frozenset[str]
    source: str | None
    executable: bool | None


@dataclass(frozen=True)
class Case:
    """One edit of a project against one change of its template."""

    name: str
    why: str
    base: Tree
    ours: Tree
    theirs: Tree
    seed: tuple[str, ...]
    expect: Mapping[str, Expected]
    human: bool

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]

    @property
    def wants_conflict(self) -> bool:
        return any(wanted.outcome == "conflict" for wanted in self.expect.values())

    def merge(self) -> list[FileMerge]:
        """What our merge makes of it."""
        return merge_trees(
            self.base,
            self.ours,
            self.theirs,
            seed=lambda path: any(fnmatchcase(path, pattern) for pattern in self.seed),
            labels=LABELS,
        )


@cache
def all_cases() -> tuple[Case, ...]:
    return tuple(load(path) for path in sorted(CORPUS.glob("*/*.yml")))


def load(path: Path) -> Case:
    """Read a case; AssertionError names what is wrong with its file."""
    raw = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert isinstance(raw, dict), f"{path}: no mapping"
    _known(path, raw, _CASE_KEYS)
    assert {"why", "base", "ours", "theirs", "expect"} <= raw.keys(), f"{path}: a key is missing"
    assert isinstance(raw["why"], str), f"{path}: why is a sentence"
    assert raw.get("human", True) is True, f"{path}: human is true or left out"
    crlf = raw.get("newline") == "crlf"
    assert crlf or "newline" not in raw, f"{path}: newline is crlf or left out"
    trees = {side: _tree(path, raw[side] or {}, crlf and side == "ours") for side in ("base", "ours", "theirs")}
    expect = {}
    for name, wanted in raw["expect"].items():
        _known(path, wanted, _EXPECT_KEYS)
        expect[name] = _expected(path, name, wanted, trees, crlf)
    name = f"{path.parent.name}/{path.stem}"
    seed = tuple(raw.get("seed", ()))
    return Case(name, raw["why"], trees["base"], trees["ours"], trees["theirs"], seed, expect, "human" in raw)


def _known(path: Path, mapping: Mapping[str, Any], keys: set[str]) -> None:
    unknown = mapping.keys() - keys
    assert not unknown, f"{path}: unknown {', '.join(sorted(unknown))}"


def _tree(path: Path, files: Mapping[str, Any], crlf: bool) -> Tree:
    tree = {}
    for name, value in files.items():
        if not isinstance(value, dict):
            tree[name] = File(_bytes(value, crlf))
            continue
        _known(path, value, _FILE_KEYS)
        if "link" in value:
            tree[name] = File(value["link"].encode(), link=True)
        else:
            tree[name] = File(_bytes(value["content"], crlf), executable=value.get("executable", False))
    return tree


def _bytes(value: str | bytes, crlf: bool) -> bytes:
    content = value if isinstance(value, bytes) else value.encode()
    return content.replace(b"\n", b"\r\n") if crlf else content


def _expected(path: Path, name: str, wanted: Mapping[str, Any], trees: Mapping[str, Tree], crlf: bool) -> Expected:
    outcome = wanted["outcome"]
    assert outcome in OUTCOMES, f"{path}: no outcome {outcome}"
    conflicts = wanted.get("conflicts", ())
    conflicts = [conflicts] if isinstance(conflicts, str) else conflicts
    assert bool(conflicts) == (outcome == "conflict"), f"{path}: a conflict, and nothing else, has conflicts"
    if "text" in wanted:
        text = wanted["text"]
        content = None if text is None else _bytes(text, crlf)
    else:
        side = {"unchanged": "ours", "kept": "ours", "updated": "theirs", "added": "theirs", "removed": ""}.get(outcome)
        assert side is not None, f"{path}: {outcome} needs a text"
        file = trees[side].get(name) if side else None
        content = file.content if file else None
    return Expected(outcome, content, frozenset(conflicts), wanted.get("source"), wanted.get("executable"))
