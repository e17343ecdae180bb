"""The names of overlays, their answers files, and how users refer to their templates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from pyo3_kit.errors import Refused
from pyo3_kit.git.remotes import refuse_bad_address, split_ref

_ANSWERS = re.compile(r"\.copier-answers\.(?P<name>[A-Za-z0-9][A-Za-z0-9_-]*)\.ya?ml")


class OverlaySource(NamedTuple):
    """An overlay's template as the user specifies it: its address, and a version or None for the newest."""

    address: str
    ref: str | None


def overlay_source(text: str) -> OverlaySource:
    """Split `SRC[@REF]`; the `@` in `git@host:path` does not start a ref. Raises `Refused` for an empty address."""
    address, ref = split_ref(text)
    refuse_bad_address(address, "an overlay")
    if address.endswith("@"):
        raise Refused(f"`{text}` has an empty version after the `@`.", "Write e.g. `SRC@v1.2.0`, or omit the `@`.")
    return OverlaySource(address, ref)


def name_of(answers_file: str) -> str:
    """The name of the overlay with this answers file; empty for any other file."""
    found = _ANSWERS.fullmatch(answers_file)
    return found["name"] if found else ""


def overlay_answers(root: Path) -> dict[str, str]:
    """The answers file of each overlay of the project at `root`, by the overlay's name, sorted by name.

    Raises `Refused` if two of them have the same name.
    """
    found: dict[str, str] = {}
    for path in sorted(root.glob(".copier-answers.*.y*ml")):
        if name := name_of(path.name):
            if name in found:
                raise Refused(f"There are two overlays `{name}`: {found[name]} and {path.name}.", "Remove one of them.")
            found[name] = path.name
    return found


def check_name(answers_file: str, address: str) -> str:
    """The name of the overlay at `address` with this answers file; raises `Refused` if it has none."""
    if name := name_of(answers_file):
        return name
    raise Refused(
        f"The overlay {address} does not have its own answers file: its template uses {answers_file}.",
        "Add `_answers_file: .copier-answers.NAME.yml` to its copier.yml.",
    )
