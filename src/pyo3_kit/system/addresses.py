"""Refuse addresses, folders and versions that no system accepts."""

from __future__ import annotations

import re
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.system.escaping import line

_LONGEST_ADDRESS = 2000
_LONGEST_VERSION = 250
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# Bytes that are not UTF-8 are allowed in a path.
_BYTES = re.compile("[\udc80-\udcff]")


def refuse_address(text: str, what: str) -> None:
    """`Refused` for an address or a path that holds control characters, is too long, or is of an unknown user."""
    _refuse(_BYTES.sub("", text), what, _LONGEST_ADDRESS, text)
    try:
        Path(text).expanduser().exists()
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "there is no such user"
        raise Refused(f"{what} `{line(text[:80])}` cannot be looked up: {reason}.", "Check the address.") from None


def refuse_version(text: str, what: str) -> None:
    """`Refused` for the name of a version that holds control characters or is too long."""
    _refuse(text, what, _LONGEST_VERSION, text)


def _refuse(text: str, what: str, longest: int, shown: str) -> None:
    if len(text) > longest:
        raise Refused(f"{what} has {len(text)} characters; at most {longest} are allowed.", "Check it.")
    if _CONTROL.search(text):
        raise Refused(f"{what} `{line(shown)}` contains a control character.", "Remove it.")
