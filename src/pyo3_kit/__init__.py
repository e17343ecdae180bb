"""Make and keep Python libraries in Rust: the library behind the `pyo3-kit` command.

The public names are loaded when they are first used, so that `import pyo3_kit` costs nothing.
"""

from __future__ import annotations

from pyo3_kit.system.version import __version__

__all__ = [
    "Adoption",
    "CheckReport",
    "CheckResult",
    "Conflict",
    "Created",
    "Failed",
    "FileMerge",
    "FileStatus",
    "Finding",
    "Fixes",
    "Interrupted",
    "KitError",
    "MigrationPlan",
    "Refused",
    "Request",
    "Status",
    "UpdatePlan",
    "__version__",
    "adopt_project",
    "check_project",
    "create",
    "create_project",
    "migrate_project",
    "read_status",
    "update_project",
]

# Not that of `typing`, which takes longer to import than all of the above.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyo3_kit.adoption import Adoption
    from pyo3_kit.api import (
        CheckResult,
        adopt_project,
        check_project,
        create_project,
        migrate_project,
        read_status,
        update_project,
    )
    from pyo3_kit.audit.engine import Fixes
    from pyo3_kit.audit.engine import Report as CheckReport
    from pyo3_kit.audit.model import Finding
    from pyo3_kit.creation import Created, Request, create
    from pyo3_kit.errors import Failed, Interrupted, KitError, Refused
    from pyo3_kit.merge.model import Conflict, FileMerge
    from pyo3_kit.migrate.planning import Plan as MigrationPlan
    from pyo3_kit.update.comparing import FileStatus
    from pyo3_kit.update.model import Plan as UpdatePlan
    from pyo3_kit.update.status import Status

_HOMES = {
    "Adoption": "adoption",
    "CheckReport": "audit.engine:Report",
    "CheckResult": "api",
    "Conflict": "merge.model",
    "Created": "creation",
    "Failed": "errors",
    "FileMerge": "merge.model",
    "FileStatus": "update.comparing",
    "Finding": "audit.model",
    "Fixes": "audit.engine",
    "Interrupted": "errors",
    "KitError": "errors",
    "MigrationPlan": "migrate.planning:Plan",
    "Refused": "errors",
    "Request": "creation",
    "Status": "update.status",
    "UpdatePlan": "update.model:Plan",
    "adopt_project": "api",
    "check_project": "api",
    "create": "creation",
    "create_project": "api",
    "migrate_project": "api",
    "read_status": "api",
    "update_project": "api",
}
"""The module of each name, and after a colon its name there if that is another one."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, _, known_as = _HOMES[name].partition(":")
    value = getattr(import_module(f"pyo3_kit.{module}"), known_as or name)
    globals()[name] = value
    return value
