"""PYO173."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._advisories import YANKED, required_at, shown, used_version


class PYO173(ProjectRule):
    """A yanked PyO3 version.

    ## What it does

    Finds a yanked PyO3 in Cargo.lock or in an exact requirement.

    ## Why

    A version is yanked for a reason, usually because it breaks programs: 0.28.0 and 0.28.1 corrupt memory in
    subclasses of native types, 0.23.0 to 0.23.2 could build wheels for the wrong Python. A lock file keeps using it,
    while anyone who builds without the lock file gets a version that you did not test.

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

    Never: `cargo update -p pyo3` selects a later version of the same line.
    """

    title = "yanked PyO3 version"

    def check(self, project: Project) -> Iterator[Finding]:
        """Report each required PyO3 whose version is yanked."""
        for crate, manifest, place in required_at(project):
            version = used_version(crate)
            if version in YANKED:
                yield self.finding(
                    manifest.path,
                    place,
                    f"PyO3 {shown(version)} was yanked",
                    "run `cargo update -p pyo3`, and require a later version",
                )
