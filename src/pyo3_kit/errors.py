"""The errors of pyo3-kit, in one small family.

Only `pyo3_kit.cli` turns them into output and an exit code.
"""

from __future__ import annotations

import errno
import re

DONE = 0
CONFLICTS = 1
"""An update is done, but there are unresolved conflicts."""
BEHIND = 1
"""A project is behind its template, has drifted from it, or an update of it is unfinished."""
FOUND = 1
"""A check is done, and there are findings."""
LEFT = 1
"""A migration is done, but some places have to be changed by hand."""
REFUSED = 2
FAILED = 3
OUTPUT_LOST = 4
"""The command is done (it would have ended with 0 or 1), and its output could not be written."""
INTERRUPTED = 130

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

# Greedy up to the last `@` before the path: a password may hold one. `git@` is the user of every SSH address.
_CREDENTIALS = re.compile(r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]*://)(?!git@[^/@\s]*(?:[/\s]|$))[^/?#\s'\"<>]*@")
_QUERY = re.compile(
    r"(?P<key>[?&](?:[a-z_-]*(?:token|secret|key)|password|sig|signature|auth)=)[^&#\s'\"<>]+",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """The text with credentials taken out of its addresses: user and password, except SSH's `git@`, and tokens.

    The only place that decides what a secret in an address is. Every error and everything that Git says goes through
    it, and every address before it is shown or written down.
    """
    if "@" in text:
        text = _CREDENTIALS.sub(r"\g<scheme>", text)
    return _QUERY.sub(r"\g<key>…", text) if "?" in text else text


class KitError(Exception):
    """The base class of all errors.

    `message` says what is wrong, `hint` what to do about it, `details` holds data for programs (it
    goes into the JSON output).
    """

    exit_code = FAILED

    def __init__(self, message: str, hint: str = "", **details: object) -> None:
        self.message = without_secrets(message)
        self.hint = without_secrets(hint)
        self.details = {name: _shown(value) for name, value in details.items()}
        super().__init__(self.message)


def _shown(value: object) -> object:
    return without_secrets(value) if isinstance(value, str) else value


class Refused(KitError):  # noqa: N818 (said as it is raised)
    """The input is invalid; nothing was written."""

    exit_code = REFUSED


class Unreachable(Refused):
    """A template or repository is not where its address says."""


class Failed(KitError):  # noqa: N818 (said as it is raised)
    """A step failed; nothing is left behind, unless the message says so."""

    exit_code = FAILED


class Interrupted(KitError):  # noqa: N818 (said as it is raised)
    """The user or the system ended the run; nothing was written."""

    exit_code = INTERRUPTED

    def __init__(self, message: str = "Interrupted: nothing was written.", hint: str = "") -> None:
        super().__init__(message, hint)


class UnreadableFile(OSError):  # noqa: N818 (said as it is raised)
    """A file is not read: it is not a regular file, or too large. `strerror` says which."""


def is_full(error: OSError) -> bool:
    """Whether the operating system reports missing space: a full disk, a quota, a file size limit."""
    return error.errno in _FULL


def from_os_error(error: OSError, doing: str) -> Refused:
    """Convert an operating system error that occurred while `doing` something."""
    if isinstance(error, UnreadableFile):
        return Refused(f"{error.filename} cannot be read: {error.strerror}.", "Replace or remove it.")
    where = f" at {error.filename}" if error.filename else ""
    reason = error.strerror or str(error)
    if is_full(error):
        return Refused(
            f"No space left while {doing}{where}: {reason}.", "Free some space, or choose a folder on another disk."
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return Refused(f"Permission denied while {doing}{where}: {reason}.", "Choose a folder that you can write to.")
    return Refused(
        f"The system reported an error while {doing}{where}: {reason}.", "Check the path, or choose another folder."
    )
