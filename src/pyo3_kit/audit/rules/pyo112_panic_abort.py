"""PYO112."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Finding, Fix, Safety, Severity
from pyo3_kit.audit.profiles import first_of_workspace, setting, shared_with, wheel_profiles
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import CrateRule


class PYO112(CrateRule):
    """A module that is built with `panic = "abort"`.

    ## What it does

    Finds `panic = "abort"` in the profiles used to build wheels: `release`, those named in `[tool.maturin]` or in
    workflows, and those they inherit from, in the workspace's Cargo.toml and in `.cargo/config.toml`.

    ## Why

    PyO3 catches panics at the boundary and raises `PanicException`. With `abort` there is nothing to catch: the
    first panic in any dependency ends the whole interpreter, without a traceback.

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

    If a program in the same workspace needs it: give the program its own profile that inherits from `release`.

    ## Fix

    Removes the key. Unsafe if a program, or a crate that is not a PyO3 module, is built with the same profile.
    """

    title = 'module built with `panic = "abort"`'
    severity = Severity.ERROR
    fix = Safety.SAFE

    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Report the key in a profile for wheels, once per workspace."""
        if not first_of_workspace(crate, project):
            return
        reported = set()
        for name in wheel_profiles(crate, project):
            found = setting(crate, project, name, "panic")
            if found is None or found.value != "abort" or found.file is None or found.profile in reported:
                continue
            reported.add(found.profile)
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
    return Fix(change=change, safety=Safety.UNSAFE, note=f"It affects {shared} too: panics unwind there as well.")
