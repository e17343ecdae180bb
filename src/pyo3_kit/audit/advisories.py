"""A project's PyO3 in two words: its line, and what is known against it."""

from __future__ import annotations

from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rules._advisories import ADVISORIES, used_version


def pyo3_facts(project: Project) -> tuple[str | None, tuple[str, ...]]:
    """The oldest PyO3 line of the project's crates, as `0.29`, and RustSec's ids of what concerns their versions.

    Includes advisories that a `deny.toml` accepts. None and nothing if the version is unknown.
    """
    versions = [version for crate in project.crates if (version := used_version(crate)) is not None]
    known = {one.name for one in ADVISORIES for version in versions if one.since <= version < one.fixed}
    line = ".".join(map(str, min(versions)[:2])) if versions else None
    return line, tuple(sorted(known))
