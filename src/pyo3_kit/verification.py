"""Verify that a project works with an update: build and test a copy before anything is written."""

from __future__ import annotations

import os
from pathlib import Path

from pyo3_kit.build import build_project
from pyo3_kit.errors import Failed, KitError
from pyo3_kit.system.caches import scratch_folder
from pyo3_kit.update.copying import copy_merged
from pyo3_kit.update.model import Plan


def verify_update(plan: Plan, *, target: Path | None = None, quiet: bool = False, strict: bool = False) -> None:
    """Build and test a copy of the project with the update; raise `Failed` if that fails.

    Compiled code is kept in `target`, by default the project's own; `quiet` shows no progress; `strict` is for projects
    that others write to.
    """
    before = os.environ.get("CARGO_TARGET_DIR")
    with scratch_folder() as scratch:
        copy = scratch / plan.project.root.name
        copy.mkdir()
        copy_merged(plan, copy)
        # Reuse what the project has already compiled.
        os.environ["CARGO_TARGET_DIR"] = before or str(target or plan.project.root / "target")
        try:
            build_project(copy, quiet=quiet, strict=strict)
        except KitError as error:
            raise Failed(
                f"The updated project fails: {error.message.replace(str(copy), copy.name)}",
                "Nothing was written. See the output above, or update without `--verify` and fix the project then.",
                **error.details,
            ) from error
        finally:
            if before is None:
                del os.environ["CARGO_TARGET_DIR"]
            else:
                os.environ["CARGO_TARGET_DIR"] = before
