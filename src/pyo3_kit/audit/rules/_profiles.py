"""The cargo profiles that wheels are built with, and their effective settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyo3_kit.audit.crates import Manifests
from pyo3_kit.audit.manifests import Crate, TomlFile, table
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rules._targets import has_programs

_NAMED = re.compile(r"maturin[^\n]*--profile[= ]([\w-]+)|^\s*args:[^\n]*--profile[= ]([\w-]+)", re.MULTILINE)
_ROOTS = frozenset({"release", "dev"})


@dataclass(frozen=True)
class Setting:
    """A key of a profile: its value, and where it is set."""

    value: Any
    file: TomlFile | None
    """None for cargo configuration outside the project."""
    profile: str


def first_of_workspace(crate: Crate, project: Project) -> bool:
    """Whether a crate is the first module of those that share its profiles, so that findings are reported once."""
    modules = [one for one in project.crates if is_module(one) and one.profiles.path == crate.profiles.path]
    modules.sort(key=lambda one: project.is_test_code(one.manifest.path))
    return bool(modules) and modules[0] is crate


def is_module(crate: Crate) -> bool:
    """Whether a crate is built as a Python module."""
    return "cdylib" in crate.crate_types


def shared_with(crate: Crate, project: Project) -> str:
    """What else is built with the profiles of a crate and may need other settings; "" if nothing is.

    These are programs of the crates that share them, and crates that are not PyO3 modules, whose
    manifests do not say what they are for.
    """
    modules = {one.manifest.path for one in project.crates if is_module(one)}
    manifests = Manifests(project.manifests)
    for path, manifest in sorted(project.manifests.items()):
        if not isinstance(manifest.get("package"), Mapping):
            continue
        if (manifests.workspace_of(manifest) or manifest).path != crate.profiles.path:
            continue
        name = manifest.get("package", "name")
        if has_programs(manifest, project):
            return f"the programs of `{name}`"
        if path not in modules:
            return f"`{name}`"
    return ""


def wheel_profiles(crate: Crate, project: Project) -> list[str]:
    """The profiles that wheels are built with: those passed to maturin, or else `release`."""
    named = [one.get("tool", "maturin", "profile") for one in project.pyprojects]
    named += [match[1] or match[2] for workflow in project.workflows for match in _NAMED.finditer(workflow.text)]
    known = [name for name in dict.fromkeys(named) if isinstance(name, str) and name not in ("dev", "test", "bench")]
    defined = [name for name in known if name == "release" or _tables(crate, project, name)]
    return defined or ["release"]


def setting(crate: Crate, project: Project, profile: str, key: str) -> Setting | None:
    """The effective value of a key of a profile, its own or inherited; None if nothing sets it."""
    seen: set[str] = set()
    while profile not in seen:
        seen.add(profile)
        parent = ""
        for file, data in _tables(crate, project, profile):
            if key in data:
                return Setting(data[key], file, profile)
            parent = parent or str(data.get("inherits") or "")
        if profile in _ROOTS or not parent:
            return None
        profile = parent
    return None


def _tables(crate: Crate, project: Project, profile: str) -> list[tuple[TomlFile | None, Mapping[str, Any]]]:
    """The tables of a profile, the strongest first: cargo's configuration overrides the manifest."""
    return [(file, found) for file, data in _sources(crate, project) if (found := table(data, "profile", profile))]


def _sources(crate: Crate, project: Project) -> Iterator[tuple[TomlFile | None, Mapping[str, Any]]]:
    for config in project.cargo_configs:
        yield config.file, config.data
    yield crate.profiles, crate.profiles.data
