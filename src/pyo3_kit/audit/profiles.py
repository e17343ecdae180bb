"""The cargo profiles that wheels are built with, and their effective settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyo3_kit.audit.crates import Manifests
from pyo3_kit.audit.manifests import Crate, TomlFile, crate_types, table
from pyo3_kit.audit.project import Project, Workflow
from pyo3_kit.audit.targets import has_programs

_COMMAND = re.compile(r"\bmaturin\s+([\w-]+)([^\n&;|]*)")
_ARGUMENTS = re.compile(r"^\s*args:([^\n]*)", re.MULTILINE)
_NAMED = re.compile(r"--profile[= ]([\w-]+)")
_CONTINUED = re.compile(r"\\\n\s*")
_DEVELOP = frozenset({"dev", "develop"})
_ROOTS = frozenset({"release", "dev"})
_PARENTS = {"bench": "release", "test": "dev"}
"""What cargo's own profiles inherit from without saying so."""

_WANTED = {"lto": '"fat"', "codegen-units": "1", "strip": "true"}
"""The keys of a profile for wheels, and their values in TOML."""
_AS_BY_DEFAULT = {"lto": ("false", "off", "none"), "codegen-units": ("16",), "strip": ("none",)}
"""Values that are cargo's own for a release profile, or as good as them."""

_SAME: Mapping[str, Mapping[str, str]] = {
    "lto": {"true": "fat", "yes": "fat", "y": "fat", "on": "fat", "no": "off", "n": "off"},
    "strip": {"true": "symbols", "false": "none"},
    "debug": {"true": "full", "2": "full", "1": "limited", "false": "none", "0": "none"},
}
"""Values that mean the same to cargo as another, by key."""


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
    for path, manifest in _sharing(crate, project):
        name = manifest.get("package", "name")
        if has_programs(manifest, project):
            return f"the programs of `{name}`"
        if path not in modules:
            return f"`{name}`"
    return ""


def other_products(crate: Crate, project: Project) -> str:
    """What else is delivered from the workspace and built with the profiles of a crate; "" if nothing is.

    These are programs, and libraries for other languages than Python and Rust.
    """
    modules = {one.manifest.path for one in project.crates if is_module(one)}
    for path, manifest in _sharing(crate, project):
        name = manifest.get("package", "name")
        if has_programs(manifest, project):
            return f"the programs of `{name}`"
        if path not in modules and {"cdylib", "staticlib"} & set(crate_types(manifest)):
            return f"the library `{name}`"
    return ""


def _sharing(crate: Crate, project: Project) -> Iterator[tuple[str, TomlFile]]:
    """The manifests of the crates that are built with the profiles of a crate, by path."""
    manifests = Manifests(project.manifests)
    for path, manifest in sorted(project.manifests.items()):
        if not isinstance(manifest.get("package"), Mapping):
            continue
        if (manifests.workspace_of(manifest) or manifest).path == crate.profiles.path:
            yield path, manifest


def wheel_profiles(crate: Crate, project: Project) -> list[str]:
    """The profiles that wheels are built with: those passed to maturin, or else `release`.

    Not those of `maturin develop`, nor those that inherit from `dev`: they are for development.
    """
    known = [name for name in _named_profiles(project) if name not in ("dev", "test", "bench")]
    defined = [
        name
        for name in known
        if name == "release" or (_tables(crate, project, name) and _ancestry(crate, project, name)[-1] != "dev")
    ]
    return defined or ["release"]


def _named_profiles(project: Project) -> list[str]:
    """The profiles that are passed to maturin by name, each once."""
    named = [one.get("tool", "maturin", "profile") for one in project.pyprojects]
    named += [name for workflow in project.workflows for name in _built_profiles(workflow)]
    return [name for name in dict.fromkeys(named) if isinstance(name, str)]


def _built_profiles(workflow: Workflow) -> Iterator[str]:
    """The profiles that a workflow passes to maturin, other than for `maturin develop`."""
    # A command may continue after a backslash at the end of a line.
    text = _CONTINUED.sub(" ", workflow.text)
    for command, rest in _COMMAND.findall(text):
        if command not in _DEVELOP:
            yield from _NAMED.findall(rest)
    steps = [step for _, _, step in workflow.steps()]
    developed = [table(step, "with").get("args") for step in steps if table(step, "with").get("command") in _DEVELOP]
    for arguments in _ARGUMENTS.findall(text):
        if not any(isinstance(one, str) and one.strip() in arguments for one in developed):
            yield from _NAMED.findall(arguments)


def setting(crate: Crate, project: Project, profile: str, key: str) -> Setting | None:
    """The effective value of a key of a profile, its own or inherited; None if nothing sets it."""
    for name in _ancestry(crate, project, profile):
        for file, data in _tables(crate, project, name):
            if key in data:
                return Setting(data[key], file, name)
    return None


def same_value(key: str, one: Any, other: Any) -> bool:
    """Whether two values of a profile's key mean the same to cargo, e.g. `lto = true` and `lto = "fat"`."""
    return _meaning(key, one) == _meaning(key, other)


def _meaning(key: str, value: Any) -> object:
    if isinstance(value, Mapping):
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _SAME.get(key, {}).get(text, text)


def missing_keys(crate: Crate, project: Project, profile: str) -> dict[str, str]:
    """The keys for small and fast wheels that nothing sets for a profile, each with its value in TOML.

    `strip` is not missing if the profile keeps debug information, or if one that inherits from it does. A key
    is not missing either if the profile has it as a comment, or if a profile for published builds sets all of them.
    """
    missing = {
        key: value
        for key, value in _WANTED.items()
        if setting(crate, project, profile, key) is None
        and not _in_workflows(project, profile, key)
        and not (key == "strip" and (_stripped_elsewhere(project) or _needs_symbols(crate, project, profile)))
        and not _is_commented_out(crate, profile, key)
    }
    return {} if _is_set_for_publishing(crate, project, profile, missing) else missing


def _is_commented_out(crate: Crate, profile: str, key: str) -> bool:
    """Whether a profile has a key as a comment: it was switched off on purpose."""
    header = re.search(rf"^[ \t]*\[[ \t]*profile\.{re.escape(profile)}[ \t]*\]", crate.profiles.text, re.MULTILINE)
    if header is None:
        return False
    body = re.split(r"^[ \t]*\[", crate.profiles.text[header.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    return re.search(rf"^[ \t]*#[# \t]*{re.escape(key)}[ \t]*=", body, re.MULTILINE) is not None


def _is_set_for_publishing(crate: Crate, project: Project, profile: str, missing: Mapping[str, str]) -> bool:
    """Whether another profile inherits from this one, sets what is missing, and is probably the one for wheels.

    Not if something asks for this profile. cargo-dist's `dist` is only for programs, and a profile with debug
    information is for profiling.
    """
    if profile in _named_profiles(project) or any("--release" in workflow.text for workflow in project.workflows):
        return False
    for name in _all_profiles(crate, project):
        if name == "dist" or name in _PARENTS or profile not in _ancestry(crate, project, name)[1:]:
            continue
        debug = setting(crate, project, name, "debug")
        if debug is not None and not same_value("debug", debug.value, False):
            continue
        values = {key: setting(crate, project, name, key) for key in missing}
        if all(one and str(_meaning(key, one.value)) not in _AS_BY_DEFAULT[key] for key, one in values.items()):
            return True
    return False


def _stripped_elsewhere(project: Project) -> bool:
    return any("strip" in table(one.data, "tool", "maturin") for one in project.pyprojects) or any(
        "--strip" in workflow.text for workflow in project.workflows
    )


def _needs_symbols(crate: Crate, project: Project, profile: str) -> bool:
    """Whether symbols of a profile are used, or those of a profile that would inherit its `strip`."""
    for name in (profile, *_all_profiles(crate, project)):
        line = _ancestry(crate, project, name)
        if profile not in line:
            continue
        own = line[: line.index(profile)]
        if any("strip" in data for one in own for _, data in _tables(crate, project, one)):
            # It does not inherit that key.
            continue
        debug = setting(crate, project, name, "debug")
        if debug is not None and not same_value("debug", debug.value, False):
            return True
        place = setting(crate, project, name, "split-debuginfo")
        if debug is None and place is not None and place.value != "off":
            # Who says where debug information goes also makes some, e.g. by an environment variable.
            return True
        if _in_workflows(project, name, "debug"):
            return True
    return False


def _in_workflows(project: Project, profile: str, key: str) -> bool:
    variable = f"CARGO_PROFILE_{profile}_{key}".upper().replace("-", "_")
    return any(variable in workflow.text for workflow in project.workflows)


def _all_profiles(crate: Crate, project: Project) -> list[str]:
    return [name for _, data in _sources(crate, project) for name in table(data, "profile")]


def _ancestry(crate: Crate, project: Project, profile: str) -> list[str]:
    """A profile, and those that it inherits from, the nearest first."""
    found: list[str] = []
    while profile and profile not in found:
        found.append(profile)
        if profile in _ROOTS:
            break
        said = (data.get("inherits") for _, data in _tables(crate, project, profile))
        profile = next((str(one) for one in said if one), _PARENTS.get(profile, ""))
    return found


def _tables(crate: Crate, project: Project, profile: str) -> list[tuple[TomlFile | None, Mapping[str, Any]]]:
    """The tables of a profile, the strongest first: cargo's configuration overrides the manifest."""
    return [(file, found) for file, data in _sources(crate, project) if (found := table(data, "profile", profile))]


def _sources(crate: Crate, project: Project) -> Iterator[tuple[TomlFile | None, Mapping[str, Any]]]:
    for config in project.cargo_configs:
        yield config.file, config.data
    yield crate.profiles, crate.profiles.data
