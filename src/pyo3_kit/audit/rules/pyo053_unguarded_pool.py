"""PYO053."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.flags import POOL, pool_disabled
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ProjectRule


class PYO053(ProjectRule):
    """A disabled reference pool that no build script asks for.

    ## What it does

    Finds `--cfg pyo3_disable_reference_pool` in a project whose build scripts do not look whether it arrived.

    ## Why

    The flag vanishes silently: with `RUSTFLAGS` set, even empty, with a `[target.…]` table beside `[build]`, with a
    build that starts in another folder, in an sdist. `cfg!()` in the crate can be made to lie by flags of the last
    crate; a build script is told the truth.

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

    Where builds without the flag are wanted too.
    """

    title = "disabled reference pool without a guard"
    severity = Severity.INFO

    def check(self, project: Project) -> Iterator[Finding]:
        """The flag in a file of the project, and no build script of a crate that names it."""
        flags = pool_disabled(project)
        if flags is None or flags.file is None:
            return
        if any(POOL.upper() in crate.build_script or POOL in crate.build_script for crate in project.crates):
            return
        yield self.finding(
            flags.file.path,
            flags.span,
            f"no build script notices when `--cfg {POOL}` gets lost",
            f"fail the build in build.rs where `CARGO_CFG_{POOL.upper()}` is not set",
        )
