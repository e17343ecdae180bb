"""What the Cargo manifests of a tree require of their dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from posixpath import basename, dirname, join, normpath
from typing import Any

from pyo3_kit.merge.model import File
from pyo3_kit.texts.toml import parse_toml

TABLES = ("dependencies", "dev-dependencies", "build-dependencies")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")


class Requirements:
    """The requirements in a tree of files, as they are before a migration changes any of them."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files
        self._data = cache(self._read)

    def behind(self, path: str, dependency: str, line: str, entry: Any = None) -> bool:
        """Whether a manifest requires less than a release line of a dependency, or an unknown version of it.

        `path` is the Cargo.toml, or another file that refers to one: a pyproject.toml, or Rust code. `entry` is the
        dependency's entry, by default the one in the manifest. False if there is no such manifest or entry.
        """
        manifest = self._manifest(path)
        if entry is None:
            entry = next(self._entries(manifest, dependency), None)
        if isinstance(entry, Mapping) and entry.get("workspace") is True:
            entry = self._inherited(manifest, dependency)
        if entry is None:
            return False
        version = entry.get("version") if isinstance(entry, Mapping) and "git" not in entry else entry
        lowest = _lowest(version)
        return lowest is None or lowest < _numbers(line)

    def _manifest(self, path: str) -> str:
        """The manifest that a file belongs to; the path of a file that does not exist if there is none."""
        folder = dirname(path)
        if basename(path) == "pyproject.toml":
            tool = self._data(path).get("tool")
            maturin = tool.get("maturin") if isinstance(tool, Mapping) else None
            named = maturin.get("manifest-path") if isinstance(maturin, Mapping) else None
            return normpath(join(folder, named if isinstance(named, str) else "Cargo.toml"))
        while (manifest := join(folder, "Cargo.toml")) not in self._files and folder:
            folder = dirname(folder)
        return manifest

    def _inherited(self, manifest: str, dependency: str) -> Any:
        """The entry in `[workspace.dependencies]` of the nearest workspace."""
        folder = dirname(manifest)
        while True:
            workspace = self._data(join(folder, "Cargo.toml")).get("workspace")
            if isinstance(workspace, Mapping):
                shared = workspace.get("dependencies")
                return shared.get(dependency) if isinstance(shared, Mapping) else None
            if not folder:
                return None
            folder = dirname(folder)

    def _entries(self, manifest: str, dependency: str) -> Iterator[Any]:
        data = self._data(manifest)
        targets = data.get("target")
        homes = [data, *(targets.values() if isinstance(targets, Mapping) else [])]
        for home in homes:
            for name in TABLES:
                table = home.get(name) if isinstance(home, Mapping) else None
                if isinstance(table, Mapping) and dependency in table:
                    yield table[dependency]

    def _read(self, path: str) -> Mapping[str, Any]:
        file = self._files.get(path)
        if file is None or file.link:
            return {}
        try:
            return parse_toml(file.content.decode().removeprefix("\ufeff"))
        except ValueError:
            return {}


def _lowest(version: Any) -> tuple[int, ...] | None:
    """The line of the lowest version that a requirement allows, if there is one."""
    for part in version.split(",") if isinstance(version, str) else ():
        number = _NUMBER.search(part)
        if number is not None and not part.strip().startswith("<"):
            return _numbers(number[0])
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
