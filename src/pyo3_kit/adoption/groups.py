"""The groups of changes that a user accepts or declines, and the parts of the template in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pyo3_kit.adoption.blocks import Block, Keys, blocks, chosen, moved, without
from pyo3_kit.adoption.facts import Facts
from pyo3_kit.adoption.names import package_folder
from pyo3_kit.adoption.surroundings import own_docs
from pyo3_kit.audit.flags import flags
from pyo3_kit.audit.profiles import missing_keys, other_products, wheel_profiles
from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File, Tree

_UNSAFE = re.compile(r"\bunsafe\b")


@dataclass(frozen=True, slots=True)
class Addition:
    """A group's addition to one file of the project: the whole file, or some TOML tables."""

    path: str
    whole: File | None = None
    tables: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its additions to a project for which the template renders `Tree`, and why it is declined by default."""

    id: str
    title: str
    additions: Callable[[Facts, Tree, str], Iterator[Addition]]
    declined: Callable[[Facts], str]


def _profile(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
    """What the profiles for wheels lack; not the template's other profiles, which a project can do without."""
    del package
    crate, project = facts.crate, facts.project
    release = [one for one in _tables(tree, "Cargo.toml") if one.path == ("profile", "release")]
    found = []
    for profile in wheel_profiles(crate, project):
        ours = crate.profiles.get("profile", profile)
        missing = set(missing_keys(crate, project, profile))
        # Alone it saves little: cargo leaves debug information out of release builds by itself.
        if missing == {"strip"}:
            missing = set()
        wanted = missing | set(ours if isinstance(ours, Mapping) else ())
        at: Keys = ("profile", profile)
        found += [moved(without(one, set(one.keys) - wanted), at) for one in release if wanted.intersection(one.keys)]
    yield Addition(crate.profiles.path, tables=tuple(found))


def _other_products(facts: Facts) -> str:
    others = other_products(facts.crate, facts.project)
    return f"{others} are built with the same profile" if others else ""


def flags_obstacle(facts: Facts) -> str:
    """Why the template's flags and the project's would override each other; empty if they do not.

    Flags of a `[target]` table replace those of `[build]`; if both files exist, cargo reads `config`.
    """
    if build := next((one.origin for one in flags(facts.project) if not one.target), ""):
        return f"{build} sets `[build] rustflags`, which cargo ignores if a target has flags"
    legacy = facts.below(".cargo/config")
    return f"cargo reads {legacy} instead of a config.toml next to it" if legacy in facts.tracked else ""


def _flags(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
    del package
    if facts.pyproject is None or not facts.maturin:
        return
    wanted: set[Keys] = set()
    if not flags_obstacle(facts):
        config = ".cargo/config.toml"
        if config in tree:
            yield Addition(facts.below(config), whole=tree[config])
        wanted |= {("tool", "maturin", key) for key in ("include", "config")}
    found = chosen(_tables(tree, "pyproject.toml"), wanted.__contains__)
    yield Addition(facts.pyproject.path, tables=(*found, *_cache_keys(facts, tree)))


def _cache_keys(facts: Facts, tree: Tree) -> list[Block]:
    """When uv builds the project again, if uv builds it and its crate is below its folder."""
    if not facts.uses_uv or not f"{facts.crate.folder}/".startswith(f"{facts.folder}/".lstrip("/")):
        return []
    absent = [f'"{name}"' for name in ("Cargo.lock",) if facts.below(name) not in facts.tracked]
    return [
        replace(one, body="".join(line for line in one.body.splitlines(True) if not any(key in line for key in absent)))
        for one in chosen(_tables(tree, "pyproject.toml"), {("tool", "uv", "cache-keys")}.__contains__)
    ]


def _lints(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
    del package
    crate = facts.crate
    inherits = crate.manifest.get("lints", "workspace") is True and crate.workspace is not None
    manifest = crate.workspace if inherits and crate.workspace is not None else crate.manifest
    unsafe = any(_UNSAFE.search(text) for text in facts.rust.values())

    def wants(path: Keys) -> bool:
        # Code that needs `unsafe` would no longer compile.
        return "lints" in path[:2] and path[-2:] != ("lints", "workspace") and not (unsafe and "unsafe_code" in path)

    found = chosen(_tables(tree, "Cargo.toml"), wants)
    at: Keys = ("workspace", "lints") if inherits else ("lints",)
    yield Addition(manifest.path, tables=tuple(moved(one, (*at, one.path[-1])) for one in found))
    for name in ("clippy.toml", "deny.toml"):
        if name in tree and f".{name}" not in facts.tracked and name not in facts.tracked:
            yield Addition(name, whole=tree[name])
    if facts.pyproject is not None and not facts.has("/ruff.toml", "/.ruff.toml"):
        # The project decides where its sources are.
        keys = {("tool", "ruff", "line-length"), ("tool", "ruff", "lint", "select")}
        found = chosen(_tables(tree, "pyproject.toml"), keys.__contains__)
        yield Addition(facts.pyproject.path, tables=tuple(found))


def _stubs(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
    marker = next((path for path in tree if path.endswith("/py.typed")), None)
    folder = package_folder(facts, package)
    # Without stubs the marker would promise types that are not there.
    if marker and folder and any(path.startswith(f"{folder}/") and path.endswith(".pyi") for path in facts.tracked):
        yield Addition(f"{folder}/py.typed", whole=tree[marker])


def _below(*starts: str) -> Callable[[Facts, Tree, str], Iterator[Addition]]:
    def additions(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
        del package
        folded = {path.casefold() for path in facts.tracked}
        for path, file in sorted(tree.items()):
            # On case-insensitive file systems, one would replace the other.
            if path.startswith(starts) and (path in facts.tracked or path.casefold() not in folded):
                yield Addition(path, whole=file)

    return additions


def _hooks(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
    hooks, formatting = ".pre-commit-config.yaml", ".taplo.toml"
    yield from _below(hooks)(facts, tree, package)
    # Only the template's own hook reads it, and it would override a taplo.toml.
    if {hooks, formatting} <= tree.keys() and not facts.has(f"/{hooks}", "/taplo.toml", f"/{formatting}"):
        yield Addition(formatting, whole=tree[formatting])


def _nothing(facts: Facts) -> str:
    del facts
    return ""


def _own_lints(facts: Facts) -> str:
    del facts
    return "existing code was not written for them"


def _for_this_package(facts: Facts) -> str:
    return f"they would be for the whole repository: {facts.monorepo}" if facts.monorepo else ""


def _own_ci(facts: Facts) -> str:
    found = facts.has("/.github/workflows/*.yml", "/.github/workflows/*.yaml", "/.gitlab-ci.yml")
    return f"the project has its own CI, {found}" if found else _for_this_package(facts)


def _own_docs(facts: Facts) -> str:
    found = own_docs(facts)
    return f"the project has its own documentation, {found}" if found else _for_this_package(facts)


def _ci(facts: Facts, tree: Tree, package: str) -> Iterator[Addition]:
    # It is only read at the root of the repository.
    if not facts.nested:
        yield from _below(".github/", ".gitlab", "renovate.json")(facts, tree, package)


GROUPS = (
    Group("profile", "build profile: link-time optimisation and the like", _profile, _other_products),
    Group("flags", "flags: build settings for maturin, cargo and uv", _flags, _nothing),
    Group("lints", "lints: rustc, clippy, cargo-deny, ruff", _lints, _own_lints),
    Group("stubs", "stubs: the marker file py.typed", _stubs, _nothing),
    Group("ci", "CI: tests, wheels, publishing", _ci, _own_ci),
    Group("hooks", "hooks: formatters and linters before a commit", _hooks, _for_this_package),
    Group("docs", "docs: a documentation site", _below("docs/"), _own_docs),
)
SETS = {"build": ("profile", "flags")}
"""Groups that are named together."""


def expand_groups(names: Iterable[str]) -> tuple[str, ...]:
    """The ids of the named groups and sets of groups.

    Raises `Refused` for an unknown one.
    """
    known = [group.id for group in GROUPS]
    found: list[str] = []
    for name in names:
        if name not in known and name not in SETS:
            raise Refused(
                f"There is no group `{name}`.",
                f"The groups are {', '.join(known)}; `build` is short for {' and '.join(SETS['build'])}.",
            )
        found += SETS.get(name, (name,))
    return tuple(dict.fromkeys(found))


def _tables(tree: Tree, name: str) -> list[Block]:
    """The tables of all rendered files of that name: those of a workspace are in two manifests."""
    found = [tree[path] for path in sorted(tree) if PurePosixPath(path).name == name]
    return [block for file in found for block in blocks(file.content.decode())]
