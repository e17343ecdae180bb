"""PYO171."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._advisories import ADVISORIES, required_at, shown, used_version


class PYO171(ProjectRule):
    """A PyO3 version with known advisories.

    ## What it does

    Compares the locked PyO3 with RustSec's advisories; without a Cargo.lock, the newest version of the line that the
    requirement names. An advisory that a `deny.toml` names is taken as known.

    ## Why

    Each of them is about memory: reads out of bounds, use after free, a missing `Sync`. What your own code calls may
    be safe from them today; nothing keeps it so, and scanners report the wheel.

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

    Where a companion keeps you on an older line: ban the functions in question by clippy's `disallowed-methods`, and
    name the advisory in `deny.toml` with that reason.
    """

    title = "PyO3 with known advisories"
    severity = Severity.ERROR

    def check(self, project: Project) -> Iterator[Finding]:
        """The advisories of each PyO3 that is required."""
        accepted = "\n".join(text for path, text in project.others.items() if basename(path) == "deny.toml")
        for crate, manifest, place in required_at(project):
            version = used_version(crate)
            if version is None:
                continue
            known = [one for one in ADVISORIES if one.since <= version < one.fixed and one.name not in accepted]
            if known:
                fixed = max(one.fixed for one in known)
                yield self.finding(
                    manifest.path,
                    place,
                    f"PyO3 {shown(version)}: {'; '.join(f'{one.what} ({one.name})' for one in known)}",
                    f"move to {shown(fixed)} or newer",
                )
