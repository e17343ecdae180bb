"""What an overlay is called, where its answers file lies, and how a user names its template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.git.remotes import refuse_bad_address, split_ref

_ANSWERS = re.compile(r"\.copier-answers\.(?P<name>[A-Za-z0-9][A-Za-z0-9_-]*)\.ya?ml")


@dataclass(frozen=True, slots=True)
class OverlaySource:
    """An overlay's template as a user names it: its address, and a version of it or None for the newest."""

    address: str
    ref: str | None


def overlay_source(text: str) -> OverlaySource:
    """`SRC[@REF]` taken apart; the `@` of `git@host:path` is none of a ref. `Refused` for an empty address."""
    address, ref = split_ref(text)
    refuse_bad_address(address, "an overlay")
    if address.endswith("@"):
        raise Refused(
            f"`{text}` names no version of the overlay.", "Write it as in `SRC@v1.2.0`, or leave out the `@`."
        )
    return OverlaySource(address, ref)


def name_of(answers_file: str) -> str:
    """The name of the overlay whose answers file this is; empty for any other file."""
    found = _ANSWERS.fullmatch(answers_file)
    return found["name"] if found else ""


def overlay_answers(root: Path) -> dict[str, str]:
    """The answers file of each overlay of the project at `root`, by the overlay's name, in the order of the names.

    `Refused` when two of them have one name.
    """
    found: dict[str, str] = {}
    for path in sorted(root.glob(".copier-answers.*.y*ml")):
        if name := name_of(path.name):
            if name in found:
                raise Refused(
                    f"There are two overlays `{name}`: {found[name]} and {path.name}.", "Remove one of the two."
                )
            found[name] = path.name
    return found


def check_name(answers_file: str, address: str) -> str:
    """The name of the overlay at `address`, whose template names this answers file; `Refused` when it has none."""
    if name := name_of(answers_file):
        return name
    raise Refused(
        f"The overlay {address} has no answers file of its own: its template names {answers_file}.",
        "Add `_answers_file: .copier-answers.NAME.yml` to its copier.yml.",
    )
