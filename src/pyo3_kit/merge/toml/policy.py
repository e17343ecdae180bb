"""What the keys of well-known files mean: shorthands, requirements, what distinguishes the elements of an array."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]
Shorthands: TypeAlias = Callable[[Path], str]

_CARGO_DEPENDENCIES = {"dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies"}
_REQUIREMENTS = {
    "build-requires",
    "constraint-dependencies",
    "dependencies",
    "dev-dependencies",
    "extra-dependencies",
    "override-dependencies",
    "requires",
    "test-requires",
}
_FLAGS = {"rustflags", "rustdocflags", "rustc-args", "build-rustflags", "unstable-flags"}
# Their keys are names that people choose, so each key lives for itself.
_COLLECTIONS = {
    "alias",
    "dependency-groups",
    "entry-points",
    "env",
    "extend-per-file-ignores",
    "features",
    "gui-scripts",
    "lints",
    "optional-dependencies",
    "patch",
    "per-file-ignores",
    "profile",
    "scripts",
    "target",
    "tool",
    "urls",
}
_OPTIONS = {"--cfg", "--check-cfg", "--extern", "--cap-lints", "-C", "-Z", "-L", "-l", "-A", "-W", "-D", "-F"}
_LINKERS = {"-fuse-ld", "--ld-path"}
_MANY = {"link-arg", "link-args", "llvm-args", "pre-link-arg", "pre-link-args", "target-feature"}


def name_of(path: str) -> str:
    """The last part of a file's path."""
    return path.rsplit("/", 1)[-1]


def shorthands(path: str) -> Shorthands:
    """Of a file: which key a string is short for at a path in it, or nothing.

    A Cargo dependency `"1"` is `{ version = "1" }`, a lint `"deny"` is `{ level = "deny" }`.
    """
    if name_of(path) != "Cargo.toml":
        return lambda _: ""

    def key(at: Path) -> str:
        if len(at) >= 2 and at[-2] in _CARGO_DEPENDENCIES:
            return "version"
        if is_lint(path, at):
            return "level"
        if len(at) == 3 and at[0] == "patch":
            return "version"
        return ""

    return key


def is_requirements(path: str, at: Path) -> bool:
    """Whether an array holds Python requirements."""
    if name_of(path) not in {"pyproject.toml", "hatch.toml"}:
        return False
    if at == ("build-system", "requires") or at == ("project", "dependencies"):
        return True
    if len(at) == 2 and at[0] == "dependency-groups":
        return True
    if len(at) >= 3 and at[-2] in {"optional-dependencies", "dependency-groups"}:
        return True
    return at[:1] == ("tool",) and at[-1] in _REQUIREMENTS


def is_versions(at: Path) -> bool:
    """Whether a string is a set of version bounds as in `>=3.10,<4`."""
    return at[-1] in {"required-version", "requires-python"}


def is_minimum(path: str, at: Path) -> bool:
    """Whether a string is a lowest version, as of a Cargo dependency or of Rust."""
    if name_of(path) in {"rust-toolchain.toml", "rust-toolchain"} and at == ("toolchain", "channel"):
        return True
    if at[-1] in {"minversion", "python_version"}:
        return True
    if name_of(path) != "Cargo.toml":
        return False
    if at[-1] == "rust-version":
        return True
    return len(at) >= 3 and at[-1] == "version" and at[-3] in _CARGO_DEPENDENCIES


def is_contradiction(path: str, at: Path, keys: Collection[str]) -> bool:
    """Whether a table holds what cargo refuses together: lints of its own beside the workspace's."""
    return name_of(path) == "Cargo.toml" and at == ("lints",) and "workspace" in keys and len(keys) > 1


def is_flags(at: Path) -> bool:
    """Whether an array holds the compiler's arguments, some of which belong together in pairs."""
    return at[-1] in _FLAGS


def is_option(word: str) -> bool:
    """Whether the next argument belongs to this one."""
    return word in _OPTIONS


def flag_key(option: str, value: str) -> str:
    """What distinguishes a pair of arguments: `-C target-cpu=x` by its name, what may be given often by all of it.

    Of an argument for the linker or LLVM that sets something itself, `link-arg=-fuse-ld=x`, that is what it sets.
    """
    name, equals, rest = value.partition("=")
    if option in {"-C", "-Z"} and equals and name not in _MANY:
        return f"{option} {name}"
    setting = rest.rpartition("=")[0]
    if option in {"-C", "-Z"} and setting:
        return f"{option} {name}={'linker' if setting in _LINKERS else setting}"
    return f"{option} {value}"


def names_in_strings(path: str) -> bool:
    """Whether a string in an array is short for a table with that identity, as for cargo-deny and clippy."""
    return name_of(path) in {"deny.toml", "clippy.toml", ".clippy.toml", ".deny.toml"}


def is_off(path: str, at: Path, value: object) -> bool:
    """Whether a value switches off a lint: that is the user's say, whatever level the template raises it to."""
    return is_lint(path, at[:-1]) and at[-1] == "level" and value == "allow"


def is_lint(path: str, at: Path) -> bool:
    """Whether a lint of cargo's has its level at a place."""
    return name_of(path) == "Cargo.toml" and len(at) >= 3 and at[-3] == "lints" and at[:-3] in {(), ("workspace",)}


def is_collection(path: str, at: Path) -> bool:
    """Whether the keys of a table are names of independent things rather than settings of one."""
    if not at or (len(at) == 1 and path.endswith((".cargo/config.toml", ".cargo/config"))):
        return True
    if at[-1] in _COLLECTIONS or at[-1] in _CARGO_DEPENDENCIES:
        return True
    return len(at) >= 2 and at[-2] in {"lints", "patch", "entry-points"}
