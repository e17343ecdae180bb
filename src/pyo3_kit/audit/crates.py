"""Finds the crates of a project that depend on pyo3, with what workspace, lock and features say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Any

from pyo3_kit.audit.manifests import NEWEST, NUMBER, Crate, Dependency, TomlFile, table
from pyo3_kit.audit.model import Version


def nearest(locks: Mapping[str, Mapping[str, Any]], folder: str) -> Mapping[str, Any]:
    """The data of the Cargo.lock that counts for a folder: its own or the nearest above."""
    while True:
        if folder in locks:
            return locks[folder]
        if not folder:
            return {}
        folder = dirname(folder)


@dataclass
class Manifests:
    """The Cargo.toml files of a project."""

    files: Mapping[str, TomlFile]
    locks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Each Cargo.lock's data, by folder."""
    texts: Mapping[str, str] = field(default_factory=dict)

    def crates(self) -> tuple[Crate, ...]:
        """The crates that depend on pyo3, by path."""
        found = []
        for path, manifest in sorted(self.files.items()):
            if not isinstance(manifest.get("package"), Mapping):
                continue
            normal, others = self.dependencies_of(manifest)
            if "pyo3" not in normal and "pyo3" not in others:
                continue
            workspace = self.workspace_of(manifest)
            depends = normal.get("pyo3") or others["pyo3"]
            locked = self._locked(depends, dirname(path))
            found.append(
                Crate(
                    manifest,
                    workspace,
                    normal,
                    others,
                    locked or depends.lowest or NEWEST,
                    locked,
                    self._features(manifest, workspace),
                    self.texts.get(self._build_script(path, manifest), ""),
                )
            )
        return tuple(found)

    def workspace_of(self, manifest: TomlFile) -> TomlFile | None:
        """The nearest manifest above (or this one) with `[workspace]`."""
        explicit = manifest.get("package", "workspace")
        folder = dirname(manifest.path)
        if isinstance(explicit, str):
            return self.files.get(join(normpath(join(folder, explicit)), "Cargo.toml").removeprefix("./"))
        while True:
            candidate = self.files.get(join(folder, "Cargo.toml"))
            if candidate is not None and isinstance(candidate.get("workspace"), Mapping):
                inside = normpath(join(".", dirname(manifest.path)))[len(folder) :].lstrip("/")
                excluded = candidate.get("workspace", "exclude") or ()
                if not any(inside == one or inside.startswith(f"{one}/") for one in excluded):
                    return candidate
            if not folder:
                return None
            folder = dirname(folder)

    def closure(self, manifest: TomlFile) -> list[TomlFile]:
        """The manifest, and those of the crates of the project that it depends on, directly or not."""
        named: dict[str, TomlFile] = {}
        for one in self.files.values():
            name = one.get("package", "name")
            if isinstance(name, str):
                named.setdefault(name, one)
        found = [manifest]
        for one in found:
            normal, _ = self.dependencies_of(one)
            found += [named[name] for name in sorted(normal) if name in named and named[name] not in found]
        return found

    def dependencies_of(self, manifest: TomlFile) -> tuple[dict[str, Dependency], dict[str, Dependency]]:
        """What a crate depends on, and what only its tests and build script do, by the crates' real names."""
        normal: dict[str, Dependency] = {}
        others: dict[str, Dependency] = {}
        tables: list[tuple[str, ...]] = [()]
        tables += [("target", name) for name in table(manifest.data, "target")]
        inherited = table((self.workspace_of(manifest) or manifest).data, "workspace", "dependencies")
        for prefix in tables:
            for kind, into in (("dependencies", normal), ("dev-dependencies", others), ("build-dependencies", others)):
                for key, value in table(manifest.data, *prefix, kind).items():
                    one = _dependency(key, value, inherited, (*prefix, kind, key))
                    into.setdefault(one.name, one)
        return normal, others

    def _features(self, manifest: TomlFile, workspace: TomlFile | None) -> frozenset[str]:
        members = [manifest]
        if workspace is not None:
            members = [one for one in self.files.values() if self.workspace_of(one) is workspace]
        features: set[str] = set()
        for member in members:
            normal, _ = self.dependencies_of(member)
            if "pyo3" in normal:
                features |= normal["pyo3"].features
                if normal["pyo3"].default_features:
                    features.add("macros")
            key = normal["pyo3"].at[-1] if "pyo3" in normal else "pyo3"
            features |= enabled_features(table(member.data, "features"), "default", key)
        return frozenset(features)

    def _locked(self, depends: Dependency, folder: str) -> Version | None:
        packages = nearest(self.locks, folder).get("package")
        versions = [
            tuple(int(part) for part in match[0].split("."))
            for one in (packages if isinstance(packages, list) else ())
            if one.get("name") == "pyo3" and (match := NUMBER.match(str(one.get("version"))))
        ]
        lowest = depends.lowest
        if len(versions) > 1 and lowest:
            fitting = [version for version in versions if version[:2] == lowest[:2]]
            versions = fitting or versions
        return max(versions, default=None)

    @staticmethod
    def _build_script(path: str, manifest: TomlFile) -> str:
        named = manifest.get("package", "build")
        return join(dirname(path), named if isinstance(named, str) else "build.rs")


def _dependency(key: str, value: Any, inherited: Mapping[str, Any], at: tuple[str, ...]) -> Dependency:
    own = value if isinstance(value, Mapping) else {"version": value}
    from_workspace = own.get("workspace") is True
    base = inherited.get(key, {}) if from_workspace else {}
    base = base if isinstance(base, Mapping) else {"version": base}
    features = [*_list(base.get("features")), *_list(own.get("features"))]
    default = own.get("default-features", base.get("default-features", True))
    requirement = own.get("version", base.get("version"))
    return Dependency(
        str(own.get("package") or base.get("package") or key),
        requirement if isinstance(requirement, str) else None,
        frozenset(features),
        default is not False,
        own.get("optional") is True,
        from_workspace,
        at,
    )


def enabled_features(features: Mapping[str, Any], start: str, key: str) -> set[str]:
    """The features of pyo3 that a crate's feature brings, through its other features; `key` is pyo3's name there."""
    found: set[str] = set()
    seen: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for entry in _list(features.get(name)):
            crate, slash, feature = entry.partition("/")
            if slash and crate.rstrip("?") == key:
                found.add(feature)
            elif not slash:
                pending.append(entry)
    return found


def _list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
