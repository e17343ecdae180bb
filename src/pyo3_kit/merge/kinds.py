"""What kind of text a file is, by its path."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["toml", "yaml", "json", "rust", "python", "markdown", "ignore", "lines"]

KINDS: tuple[tuple[str, Kind], ...] = (
    ("*.toml", "toml"),
    ("Cargo.lock", "toml"),
    ("Pipfile", "toml"),
    ("poetry.lock", "toml"),
    ("uv.lock", "toml"),
    ("*.yml", "yaml"),
    ("*.yaml", "yaml"),
    (".clang-format", "yaml"),
    (".clang-tidy", "yaml"),
    (".yamllint", "yaml"),
    ("CITATION.cff", "yaml"),
    ("*.json", "json"),
    ("*.rs", "rust"),
    ("*.py", "python"),
    ("*.pyi", "python"),
    ("*.md", "markdown"),
    ("*.markdown", "markdown"),
    (".*ignore", "ignore"),
    (".gitattributes", "ignore"),
    (".git-blame-ignore-revs", "ignore"),
    ("CODEOWNERS", "ignore"),
)
"""Patterns of file names, the first that fits counts; any other file is `lines`."""

BY_KEY: frozenset[Kind] = frozenset({"toml", "yaml"})
"""Kinds that programs read by key: they are merged so, and never left with conflict markers."""

MEANING_FIRST: frozenset[Kind] = BY_KEY | {"ignore"}
"""Kinds in which lines side by side have nothing to do with each other, so that a merge by lines would be wrong."""


def kind_of(path: str) -> Kind:
    """The kind of the text at `path`."""
    name = path.rpartition("/")[2]
    return next((kind for pattern, kind in KINDS if fnmatchcase(name, pattern)), "lines")
