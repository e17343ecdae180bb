"""PYO174."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._advisories import required_at, shown, used_version


class PYO174(ProjectRule):
    """A PyO3 line that gets no fixes any more.

    ## What it does

    Finds a PyO3 before 0.28.

    ## Why

    PyO3 mends its newest lines only. An older one does not know newer Pythons, keeps its advisories, and holds back
    the companions that move with it. Each line that is skipped makes the move longer.

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

    Where a Python older than 3.7, or a Rust older than 1.83, has to be served.
    """

    title = "PyO3 line that gets no fixes"
    until = (0, 28)

    def check(self, project: Project) -> Iterator[Finding]:
        """Each PyO3 that is required and of such a line."""
        for crate, manifest, place in required_at(project):
            version = used_version(crate)
            if version is not None and version < (0, 28):
                yield self.finding(
                    manifest.path,
                    place,
                    f"PyO3 {shown(version[:2])} gets no fixes any more",
                    "move to 0.28 or newer, line by line, as PyO3's migration guide has it",
                )
