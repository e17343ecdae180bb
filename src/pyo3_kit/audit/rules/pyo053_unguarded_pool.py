"""PYO053."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.flags import POOL, pool_disabled
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule


class PYO053(ProjectRule):
    """A disabled reference pool that no build script checks.

    ## What it does

    Finds `--cfg pyo3_disable_reference_pool` in a project whose build scripts do not check that the flag took
    effect.

    ## Why

    The flag is lost silently: if `RUSTFLAGS` is set, even to nothing, if there is a `[target.…]` table next to
    `[build]`, if the build starts in another folder, or from an sdist. In the crate, `cfg!()` can be misled by flags
    for the last crate only; a build script sees the real value.

    ## Example

    ```toml
    # .cargo/config.toml, and no build.rs
    [target.'cfg(all())']
    rustflags = ["--cfg", "pyo3_disable_reference_pool"]
    ```

    ## Use instead

    ```rust
    // build.rs
    fn main() {
        println!("cargo::rerun-if-changed=build.rs");
        if std::env::var_os("CARGO_CFG_PYO3_DISABLE_REFERENCE_POOL").is_none() {
            println!("cargo::error=this build lost `--cfg pyo3_disable_reference_pool`");
        }
    }
    ```

    ## When not

    If builds without the flag should be allowed.
    """

    title = "disabled reference pool without a guard"
    severity = Severity.INFO

    def check(self, project: Project) -> Iterator[Finding]:
        """Report the flag in a file of the project if no build script of a crate mentions it."""
        flags = pool_disabled(project)
        if flags is None or flags.file is None:
            return
        if any(POOL.upper() in crate.build_script or POOL in crate.build_script for crate in project.crates):
            return
        yield self.finding(
            flags.file.path,
            flags.span,
            f"no build script notices if `--cfg {POOL}` is lost",
            f"fail the build in build.rs if `CARGO_CFG_{POOL.upper()}` is not set",
        )
