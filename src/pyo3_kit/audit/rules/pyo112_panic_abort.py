"""PYO112."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Finding, Fix, Safety, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule
from pyo3_kit.audit.rules._profiles import first_of_workspace, setting, shared_with, wheel_profiles


class PYO112(CrateRule):
    """A module that is built with `panic = "abort"`.

    ## What it does

    Finds `panic = "abort"` in the profiles that wheels are built with: `release`, what `[tool.maturin]` names and what
    workflows name, with what these inherit, in the workspace's Cargo.toml and in `.cargo/config.toml`.

    ## Why

    PyO3 catches a panic at the border and raises `PanicException`. With `abort` there is nothing to catch: the first
    panic, in any dependency, ends the interpreter with all that runs in it, without a traceback.

    ## Example

    ```toml
    [profile.release]
    lto = "fat"
    panic = "abort"
    ```

    ## Use instead

    ```toml
    [profile.release]
    lto = "fat"
    ```

    ## When not

    Where a program of the same workspace wants it: give that one a profile of its own, which inherits `release`.

    ## Fix

    Removes the key; unsafe where a program, or a crate that is no module of PyO3, is built with the same profile.
    """

    title = 'module built with `panic = "abort"`'
    severity = Severity.ERROR
    fix = Safety.SAFE

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """The key in a profile of wheels; once for the crates of a workspace."""
        if not first_of_workspace(crate, project):
            return
        told = set()
        for name in wheel_profiles(crate, project):
            found = setting(crate, project, name, "panic")
            if found is None or found.value != "abort" or found.file is None or found.profile in told:
                continue
            told.add(found.profile)
            at = ("profile", found.profile)
            yield self.finding(
                found.file.path,
                found.file.place(*at, "panic"),
                "any panic ends the Python interpreter instead of raising a `PanicException`",
                'remove `panic = "abort"`',
                _removal(found.profile, shared_with(crate, project)),
            )


def _removal(profile: str, shared: str) -> Fix:
    def change(document: Any) -> None:
        del document["profile"][profile]["panic"]

    if not shared:
        return Fix(change=change)
    return Fix(change=change, safety=Safety.UNSAFE, note=f"It changes {shared} too: a panic unwinds there as well.")
