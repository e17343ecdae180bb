"""Addresses of repositories: which are passed to Git, and how they are shown."""

from __future__ import annotations

import re
from pathlib import Path

from pyo3_kit.errors import Refused, without_secrets

SCHEMES = ("https", "http", "ssh", "git", "file")
PROTOCOLS = ":".join(SCHEMES)
"""For `GIT_ALLOW_PROTOCOL`: what Git may follow, also by way of a redirect or a rewritten address."""

_SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
_SCP = re.compile(r"(?:[\w.+-]+@)?[\w.-]+:(?!//)")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<user>[^/@]*)@)?(?P<rest>.*)")


def is_address(text: str) -> bool:
    """Whether a line of a list is a Git address rather than a path."""
    if text.startswith(tuple(_SHORT)) or "://" in text or re.match(r"[A-Za-z][A-Za-z0-9+.-]*::", text):
        return True
    # One letter before the colon is a drive of Windows.
    return bool(_SCP.match(text)) and not re.match(r"[A-Za-z]:", text)


def checked_address(address: str) -> str:
    """The address that is passed to Git for this one.

    `Refused` for what could be more than an address: an option, a command, a transport of another program.
    """
    for short, long in _SHORT.items():
        if address.startswith(short):
            address = long + address.removeprefix(short)
    shown = without_secrets(address)
    if re.search(r"[\x00-\x20\x7f]", address):
        raise Refused(
            f"The address {shown!r} contains a space or a control character.", "Give only the repository's address."
        )
    if address.startswith("-"):
        raise Refused(f"The address {shown} is a Git option.", "Give only the repository's address.")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*::", address):
        raise Refused(f"The address {shown} would let Git run another program.", f"Use one of {', '.join(SCHEMES)}.")
    url = _URL.fullmatch(address)
    if url is None:
        host, _, path = address.rpartition("@")[2].partition(":")
        if not _SCP.match(address) or host.startswith("-") or path.startswith("-") or not path:
            raise Refused(f"{shown} is not a Git repository's address.", "Write it as `https://host/owner/name.git`.")
        return address
    if url["scheme"].lower() not in SCHEMES:
        raise Refused(f"The address {shown} has the scheme {url['scheme']}.", f"Use one of {', '.join(SCHEMES)}.")
    if url["rest"].startswith("-") or (url["user"] or "").startswith("-") or not url["rest"].strip("/"):
        raise Refused(f"The address {shown} has an option as its host.", "Give only the repository's address.")
    return address


def name_of(address: str) -> str:
    """A repository's name: the last two parts of its address, or its folder's name."""
    plain = re.sub(r"(\.git)?/*$", "", address)
    if not is_address(address):
        return Path(plain).name
    parts = [part for part in re.split(r"[/:]", re.sub(r"^[^:]+://[^/]*|^[^:/]+:", "", plain)) if part]
    return "/".join(parts[-2:]) or plain


def checked_name(name: str) -> str:
    """The name, which is also a folder's name in the workspace; `Refused` when it could lead out of that."""
    parts = name.split("/")
    if not all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*", part) for part in parts) or len(name) > 200:
        raise Refused(
            f"The name {name!r} cannot be used for a folder in the workspace.",
            "Give another `name`: letters, digits and `_.+-`, with `/` between.",
        )
    return name
