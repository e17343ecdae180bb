"""What kind of text a file is, by its path."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal[
    "toml",
    "yaml",
    "json",
    "rust",
    "python",
    "markdown",
    "ignore",
    "ini",
    "make",
    "just",
    "env",
    "requirements",
    "xml",
    "lock",
    "lines",
]

LOCK_FILES: Mapping[str, str] = {
    "Cargo.lock": "cargo update --workspace",
    "Gemfile.lock": "bundle lock",
    "Pipfile.lock": "pipenv lock",
    "bun.lock": "bun install --lockfile-only",
    "composer.lock": "composer update --lock",
    "deno.lock": "deno install",
    "flake.lock": "nix flake lock",
    "go.sum": "go mod tidy",
    "npm-shrinkwrap.json": "npm install --package-lock-only",
    "package-lock.json": "npm install --package-lock-only",
    "pdm.lock": "pdm lock --update-reuse",
    "pixi.lock": "pixi lock",
    "pnpm-lock.yaml": "pnpm install --lockfile-only",
    "poetry.lock": "poetry lock",
    "pylock.toml": "uv export --format pylock.toml --output-file pylock.toml",
    "uv.lock": "uv lock",
    "yarn.lock": "yarn install --mode=update-lockfile",
}
"""Files that a tool writes as a whole, each with the command that brings it up to date."""

KINDS: tuple[tuple[str, Kind], ...] = (
    *((name, "lock") for name in LOCK_FILES),
    ("*.toml", "toml"),
    ("Pipfile", "toml"),
    ("*.yml", "yaml"),
    ("*.yaml", "yaml"),
    (".clang-format", "yaml"),
    (".clang-tidy", "yaml"),
    (".yamllint", "yaml"),
    ("CITATION.cff", "yaml"),
    ("*.json", "json"),
    ("*.json5", "json"),
    ("*.jsonc", "json"),
    ("*.code-workspace", "json"),
    ("*.webmanifest", "json"),
    (".babelrc", "json"),
    (".renovaterc", "json"),
    ("*.rs", "rust"),
    ("*.py", "python"),
    ("*.pyi", "python"),
    ("*.md", "markdown"),
    ("*.markdown", "markdown"),
    (".*ignore", "ignore"),
    (".gitattributes", "ignore"),
    (".git-blame-ignore-revs", "ignore"),
    ("CODEOWNERS", "ignore"),
    ("*.ini", "ini"),
    ("*.cfg", "ini"),
    (".coveragerc", "ini"),
    (".editorconfig", "ini"),
    (".flake8", "ini"),
    (".gitmodules", "ini"),
    (".pylintrc", "ini"),
    ("pylintrc", "ini"),
    ("Makefile", "make"),
    ("makefile", "make"),
    ("GNUmakefile", "make"),
    ("*.mk", "make"),
    ("justfile", "just"),
    ("Justfile", "just"),
    (".justfile", "just"),
    ("*.just", "just"),
    (".env", "env"),
    (".env.*", "env"),
    ("*.env", "env"),
    ("*requirements*.txt", "requirements"),
    ("*requirements*.in", "requirements"),
    ("*constraints*.txt", "requirements"),
    ("*.xml", "xml"),
    ("*.csproj", "xml"),
    ("*.iml", "xml"),
    ("*.plist", "xml"),
    ("*.vcxproj", "xml"),
)
"""Patterns of file names, the first that fits counts; any other file is `lines`."""

BY_KEY: frozenset[Kind] = frozenset({"toml", "yaml"})
"""Kinds that programs read by key: they are merged so, and never left with conflict markers."""

MEANING_FIRST: frozenset[Kind] = BY_KEY | {"ignore", "json"}
"""Kinds in which lines side by side have nothing to do with each other, so that a merge by lines would be wrong."""


def kind_of(path: str) -> Kind:
    """The kind of the text at `path`."""
    name = path.rpartition("/")[2]
    return next((kind for pattern, kind in KINDS if fnmatchcase(name, pattern)), "lines")
