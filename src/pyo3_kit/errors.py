"""What can go wrong, in one small family.

`pyo3_kit.cli` is the only place that turns it into output and an exit code.
"""

from __future__ import annotations

import errno

DONE = 0
CONFLICTS = 1
"""An update is done, and conflicts are left for a person."""
BEHIND = 1
"""A project is behind its template, has drifted from it, or an update of it is unfinished."""
FOUND = 1
"""A check is done, and it found something."""
LEFT = 1
"""A migration is done, and places are left for a person."""
REFUSED = 2
FAILED = 3
OUTPUT_LOST = 4
"""The command is done (it would have ended with 0 or 1), and its output could not be written."""
INTERRUPTED = 130

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class KitError(Exception):
    """The base of the family.

    `message` says what is the matter, `hint` what to do about it, `details` holds what a program may want to know (it
    goes into the JSON output).
    """

    exit_code = FAILED

    def __init__(self, message: str, hint: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class Refused(KitError):  # noqa: N818 (said as it is raised)
    """The input cannot be used; nothing was written."""

    exit_code = REFUSED


class Failed(KitError):  # noqa: N818 (said as it is raised)
    """A step failed inside; nothing is left behind, unless the message says so."""

    exit_code = FAILED


class Interrupted(KitError):  # noqa: N818 (said as it is raised)
    """The user or the system ended the run; nothing was written."""

    exit_code = INTERRUPTED

    def __init__(self, message: str = "Interrupted: nothing was written.", hint: str = "") -> None:
        super().__init__(message, hint)


class UnreadableFile(OSError):  # noqa: N818 (said as it is raised)
    """What lies under a file's name is not read: it is no regular file, or too large. `strerror` says which."""


def is_full(error: OSError) -> bool:
    """Whether the operating system refused for want of room: a full disk, a quota, a file size limit."""
    return error.errno in _FULL


def from_os_error(error: OSError, doing: str) -> Refused:
    """Translate an operating system's refusal while `doing` something into ours."""
    if isinstance(error, UnreadableFile):
        return Refused(f"{error.filename} cannot be read: {error.strerror}.", "Replace it, or take it away.")
    where = f" at {error.filename}" if error.filename else ""
    reason = error.strerror or str(error)
    if is_full(error):
        return Refused(
            f"No room left while {doing}{where}: {reason}.", "Free some space, or choose a folder on another disk."
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return Refused(f"Not allowed while {doing}{where}: {reason}.", "Choose a folder that you may write to.")
    return Refused(f"The system refused while {doing}{where}: {reason}.", "Check the path, or choose another folder.")
