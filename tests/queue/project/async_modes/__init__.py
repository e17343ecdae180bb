"""What an awaitable of this package must survive; each mode runs in a process of its own.

A mode gets the package and its `_core.testing`. It is a coroutine function, or, where it makes its
own event loops, a function that gets a factory of loops too.
"""

from . import calls, cancellation, crowds, errors, exits, loops, memory, process, values
from .harness import MODES

__all__ = [
    "MODES",
    "calls",
    "cancellation",
    "crowds",
    "errors",
    "exits",
    "loops",
    "memory",
    "process",
    "values",
]
