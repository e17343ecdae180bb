"""Where a project begins: from the path that the user names to the folder whose facts count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyo3_kit.audit.manifests import table
from pyo3_kit.audit.project import CargoConfig
from pyo3_kit.errors import Refused
from pyo3_kit.texts.toml import parse_toml


@dataclass(frozen=True)
class Scope:
    """The project's root, and the part of it that is asked about ("" for all of it, else `crates/a/` or a file)."""

    root: Path
    part: str = ""

    def holds(self, path: str) -> bool:
        """Whether a file of the project is in the part that is asked about."""
        return path == self.part or not self.part or (self.part.endswith("/") and path.startswith(self.part))


def find_scope(path: Path) -> Scope:
    """The project that a folder or file belongs to; `Refused` when there is none.

    The root is the outermost workspace around the path, else the nearest crate around it, else the path itself, whose
    crates are then below it.
    """
    try:
        here = path.resolve()
        exists = here.exists()
    except (OSError, RuntimeError):
        exists = False
    if not exists:
        raise Refused(f"There is no {path}.", "Name a folder with a Cargo.toml in it or below it.")
    folder = here if here.is_dir() else here.parent
    crates = [one for one in (folder, *folder.parents) if (one / "Cargo.toml").is_file()]
    workspaces = [one for one in crates if "workspace" in _read(one / "Cargo.toml")]
    inside = [one for one in workspaces if not _excluded(one, folder)]
    root = inside[-1] if inside else crates[0] if crates else folder
    if here == root:
        return Scope(root)
    part = here.relative_to(root).as_posix()
    return Scope(root, part if here.is_file() else f"{part}/")


def outer_configs(root: Path) -> Iterator[CargoConfig]:
    """Cargo's configurations above the root, the nearest first, the user's own last."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    folders = [folder / ".cargo" for folder in root.parents if folder / ".cargo" != home]
    for folder in (*folders, home):
        for name in ("config", "config.toml"):
            path = folder / name
            if path.is_file():
                yield CargoConfig(str(path), _read(path))
                break


def _excluded(workspace: Path, folder: Path) -> bool:
    inside = folder.relative_to(workspace).as_posix()
    excluded = table(_read(workspace / "Cargo.toml"), "workspace").get("exclude")
    listed = excluded if isinstance(excluded, list) else []
    return any(inside == one or inside.startswith(f"{one}/") for one in listed)


def _read(path: Path) -> dict[str, Any]:
    """The data of a file; empty if it cannot be read, which the walk reports."""
    try:
        return parse_toml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
