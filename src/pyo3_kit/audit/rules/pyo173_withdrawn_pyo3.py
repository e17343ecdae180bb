"""PYO173."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._advisories import YANKED, required_at, shown, used_version


class PYO173(ProjectRule):
    """A PyO3 version that was withdrawn.

    ## What it does

    Finds a yanked PyO3 in Cargo.lock, or required exactly.

    ## Why

    A version is yanked for a reason, mostly one that breaks programs: 0.28.0 and 0.28.1 corrupt memory in subclasses
    of native types, 0.23.0 to 0.23.2 could build wheels for the wrong Python. A lock file keeps it nevertheless, while
    whoever builds without the lock file gets another version than you tested.

    ## Example

    ```toml
    [[package]]
    name = "pyo3"
    version = "0.28.1"
    ```

    ## Use instead

    ```toml
    [[package]]
    name = "pyo3"
    version = "0.28.3"
    ```

    ## When not

    There is no such case: `cargo update -p pyo3` takes a later one of the same line.
    """

    title = "PyO3 version that was withdrawn"

    def check(self, project: Project) -> Iterator[Finding]:
        """Each PyO3 that is required and whose version is yanked."""
        for crate, manifest, place in required_at(project):
            version = used_version(crate)
            if version in YANKED:
                yield self.finding(
                    manifest.path,
                    place,
                    f"PyO3 {shown(version)} was yanked",
                    "run `cargo update -p pyo3`, and require a later version",
                )
