"""PYO174."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._advisories import SUPPORTED, required_at, shown, upgrade_help, used_version


class PYO174(ProjectRule):
    """A PyO3 line that no longer receives fixes.

    ## What it does

    Finds PyO3 before 0.28.

    ## Why

    PyO3 fixes only its newest lines. An older one does not support newer Pythons, keeps its advisories, and holds
    back its companion crates. Every skipped line makes the upgrade longer.

    ## Example

    ```toml
    [dependencies]
    pyo3 = "0.25"
    ```

    ## Use instead

    ```toml
    [dependencies]
    pyo3 = "0.30.1"
    ```

    ## When not

    If you have to support a Python older than 3.7 or a Rust older than 1.83.
    """

    title = "PyO3 line that no longer receives fixes"
    until = (0, 28)

    def check(self, project: Project) -> Iterator[Finding]:
        """Report each required PyO3 of such a line."""
        for crate, manifest, place in required_at(project):
            version = used_version(crate)
            if version is not None and version < SUPPORTED:
                yield self.finding(
                    manifest.path,
                    place,
                    f"PyO3 {shown(version[:2])} no longer receives fixes",
                    upgrade_help(version, project),
                )
