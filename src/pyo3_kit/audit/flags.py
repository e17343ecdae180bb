"""Which flags a project gives rustc, and where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyo3_kit.audit.manifests import TomlFile, table
from pyo3_kit.audit.project import Project
from pyo3_kit.texts.edits import Span

POOL = "pyo3_disable_reference_pool"
"""The cfg that disables PyO3's reference pool."""

_EVERY_TARGET = re.compile(r"""cfg\(\s*(?:all\(\s*\))?\s*\)|cfg\(true\)""")
_INLINE_TARGET = re.compile(r"""^\s*target\.(?:'([^']*)'|"([^"]*)"|([\w-]+))\.rustflags\s*=\s*(.*)$""", re.DOTALL)
_INLINE_BUILD = re.compile(r"^\s*build\.rustflags\s*=\s*(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Flags:
    """Flags from one place. `target` is "" for `[build]`; `file` is None above the project's root."""

    words: tuple[str, ...]
    target: str
    origin: str
    file: TomlFile | None
    at: tuple[str, ...]

    @property
    def everywhere(self) -> bool:
        """Whether they are for all targets."""
        return not self.target or _EVERY_TARGET.fullmatch(self.target) is not None

    @property
    def span(self) -> Span:
        """Their place in the file."""
        assert self.file is not None
        return self.file.place(*self.at)


def words(value: Any) -> tuple[str, ...]:
    """The words of `rustflags`: a list, or a text with spaces between."""
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return tuple(value.split()) if isinstance(value, str) else ()


def flags(project: Project) -> Iterator[Flags]:
    """What cargo's configurations say, and `[tool.maturin] config` of the pyprojects."""
    for config in project.cargo_configs:
        build = words(table(config.data, "build").get("rustflags"))
        if build:
            yield Flags(build, "", config.origin, config.file, ("build", "rustflags"))
        for name, target in table(config.data, "target").items():
            found = words(target.get("rustflags")) if isinstance(target, Mapping) else ()
            if found:
                yield Flags(found, name, config.origin, config.file, ("target", name, "rustflags"))
    for pyproject in project.pyprojects:
        listed = pyproject.get("tool", "maturin", "config")
        for one in words(listed) if isinstance(listed, list) else ():
            at = ("tool", "maturin", "config")
            if match := _INLINE_TARGET.match(one):
                name = next(part for part in match.groups()[:3] if part is not None)
                yield Flags(_quoted(match[4]), name, pyproject.path, pyproject, at)
            elif match := _INLINE_BUILD.match(one):
                yield Flags(_quoted(match[1]), "", pyproject.path, pyproject, at)


def pool_disabled(project: Project) -> Flags | None:
    """The first place that disables the reference pool, one inside the project before others."""
    found = [one for one in flags(project) if any(POOL in word for word in one.words)]
    return next((one for one in found if one.file is not None), next(iter(found), None))


def missing(expected: tuple[str, ...], given: str) -> bool:
    """Whether a text of flags lacks one of these words."""
    there = given.replace("\x1f", " ").replace("=", " ").replace('"', " ").split()
    return any(part not in there for word in expected for part in word.replace("=", " ").replace('"', " ").split())


def _quoted(text: str) -> tuple[str, ...]:
    return tuple(part for pair in re.findall(r"""'([^']*)'|"([^"]*)\"""", text) for part in pair if part)
