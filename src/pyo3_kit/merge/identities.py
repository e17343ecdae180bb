"""What identifies an item of a list, best first: in TOML, in YAML, and in an overlay's fragment of either."""

from __future__ import annotations

# fmt: off
TOML = (
    "id", "name", "crate", "module", "path", "file", "include-group", "package", "repo", "url", "git", "env", "dir",
    "pattern", "files", "target", "key", "code",
)
YAML: tuple[tuple[str, ...], ...] = (
    ("id",), ("name",), ("uses",), ("component",), ("repo",), ("package-ecosystem", "directory"), ("run",),
    ("project", "file"), ("local",), ("remote",), ("template",), ("if",),
)
"""Keys that identify an item together; of `VERSIONED` without the version, of `run` the first line."""

FRAGMENT = ("id", "name", "repo", "uses", "package-ecosystem", "include-group", "local", "project", "url", "path")
"""Listed in docs/reference/overlays.md."""
# fmt: on

VERSIONED = ("uses", "component")


def identity_value(key: str, value: str) -> str:
    """The part of a key's value that stays when the item is updated."""
    if key in VERSIONED:
        return value.rpartition(":")[0] if value.startswith("docker://") else value.partition("@")[0]
    return value.strip().partition("\n")[0] if key == "run" else value
