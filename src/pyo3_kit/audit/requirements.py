"""What pyproject.toml requires of the tools that build a project."""

from __future__ import annotations

from dataclasses import dataclass

from pyo3_kit.audit.manifests import TomlFile
from pyo3_kit.audit.model import Version


@dataclass(frozen=True)
class BuildRequirement:
    """An entry of `[build-system] requires`."""

    text: str
    number: int
    """Its place in the list."""
    lowest: Version | None
    """The lowest version that it allows; None when it has no lower bound."""
    bounded: bool
    """Whether it has an upper bound."""


def build_requirement(pyproject: TomlFile, name: str) -> BuildRequirement | None:
    """The entry for a package, by its normalised name; None when there is none or it cannot be read."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    listed = pyproject.get("build-system", "requires")
    for number, text in enumerate(listed if isinstance(listed, list) else ()):
        try:
            requirement = Requirement(str(text))
        except InvalidRequirement:
            continue
        if canonicalize_name(requirement.name) != name:
            continue
        lowest: Version | None = None
        bounded = False
        for specifier in requirement.specifier:
            release = tuple(int(part) for part in specifier.version.split(".") if part.isdigit())
            if specifier.operator in (">=", "==", "~=", ">"):
                lowest = max(lowest or (), release)
            bounded = bounded or specifier.operator in ("<", "<=", "==", "~=")
        return BuildRequirement(str(text), number, lowest, bounded)
    return None
