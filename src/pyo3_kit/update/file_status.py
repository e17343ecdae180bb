"""How a file of a project differs from what its template renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a file differs; the value is the word that is printed."""

    CUSTOMISED = "customised"
    DRIFTED = "drifted"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file that is not what the template renders.

    Customised: a file that users are meant to change, or additions to any other file. Drifted: the template's own part
    was changed. In TOML files `keys` are the keys that were changed, or added to a customised file. Stale: the file is
    from an older version. `reason` is one clause.
    """

    path: str
    kind: Kind
    reason: str
    keys: tuple[str, ...] = ()
