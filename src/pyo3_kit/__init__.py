"""Make and keep Python libraries in Rust: the library behind the `pyo3-kit` command.

The public names are loaded when they are first used, so that `import pyo3_kit` costs nothing.
"""

from __future__ import annotations

__version__ = "0.3.0"

__all__ = ["Created", "Failed", "KitError", "Refused", "Request", "__version__", "create"]

# Not that of `typing`, which takes longer to import than all of the above.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyo3_kit.creation import Created, Request, create
    from pyo3_kit.errors import Failed, KitError, Refused

_HOMES = {
    "Created": "creation",
    "Request": "creation",
    "create": "creation",
    "Failed": "errors",
    "KitError": "errors",
    "Refused": "errors",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"pyo3_kit.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
