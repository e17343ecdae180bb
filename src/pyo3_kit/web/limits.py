"""What a process that renders may use of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File
from pyo3_kit.web.setup import FILES_LIMIT, MEMORY_LIMIT, PROJECT_LIMIT


def limit_process() -> None:
    """Limit the memory and the size of files of this process, where the system has such limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_FSIZE, PROJECT_LIMIT)):
            _, hard = resource.getrlimit(what)
            limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_large(files: Mapping[str, File]) -> None:
    """`Refused` for a project that is too large to be shown."""
    size = sum(len(file.content) for file in files.values())
    if len(files) > FILES_LIMIT or size > PROJECT_LIMIT:
        raise Refused(
            f"With these answers the template renders {len(files):,} files of {size:,} bytes, which is too much here.",
            "Create the project with `pyo3-kit new`.",
        )
