"""PYO171."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._advisories import known_advisories, required_at, shown, upgrade_help, used_version


class PYO171(ProjectRule):
    """A PyO3 version with known advisories.

    ## What it does

    Compares the locked PyO3 with RustSec's advisories; without a Cargo.lock, the newest version of the required
    line. Advisories that are listed in `deny.toml` are not reported.

    ## Why

    All of them are about memory: out-of-bounds reads, use after free, a missing `Sync`. Your code may not trigger
    them today, but nothing guarantees that it stays so, and scanners report the wheel.

    ## Example

    ```toml
    [dependencies]
    pyo3 = "0.28.3"
    ```

    ## Use instead

    ```toml
    [dependencies]
    pyo3 = "0.30.1"
    ```

    ## When not

    If a companion crate keeps you on an older line: ban the affected functions with clippy's `disallowed-methods`,
    and list the advisory in `deny.toml` with that reason.
    """

    title = "PyO3 with known advisories"
    severity = Severity.ERROR

    def check(self, project: Project) -> Iterator[Finding]:
        """Report the advisories against each required PyO3."""
        for crate, manifest, place in required_at(project):
            version = used_version(crate)
            if version is None:
                continue
            known = known_advisories(version, project)
            if known:
                yield self.finding(
                    manifest.path,
                    place,
                    f"PyO3 {shown(version)}: {'; '.join(f'{one.what} ({one.name})' for one in known)}",
                    upgrade_help(version, project),
                )
