"""The note beside the answers file of what its version rendered, so that a moved tag is noticed.

Only projects have one whose version's name may come to mean something else.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyo3_kit.errors import without_secrets
from pyo3_kit.merge.model import Tree
from pyo3_kit.project.answers_file import Recorded
from pyo3_kit.system.reading import read_text
from pyo3_kit.system.version import __version__
from pyo3_kit.texts.bounds import load_json

_HEAD = "# Written by `pyo3-kit update`: what the template's version rendered, so that a moved tag is noticed.\n"


@dataclass(frozen=True, slots=True)
class Pin:
    """The version, a digest of the answers, and a digest of the files that both gave."""

    commit: str
    answers: str
    render: str


def make_pin(recorded: Recorded, rendered: Tree) -> Pin:
    """The note for these answers and what was rendered with them; the answers file is not to be among the files."""
    return Pin(recorded.commit, _digest_of_answers(recorded), _digest_of_tree(rendered))


def write_pin(pin: Pin) -> bytes:
    """The note as the text of its file."""
    rows = {
        "commit": pin.commit,
        "answers": pin.answers,
        "render": pin.render,
        "generator": f"pyo3-kit {__version__}",
    }
    return (_HEAD + "".join(f"{key} = {json.dumps(value)}\n" for key, value in rows.items())).encode()


def read_pin(path: Path, recorded: Recorded) -> Pin | None:
    """The note at `path`; None when there is none, when it is damaged, or when it is about other answers."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError):
        return None
    # This is the common subset of TOML and JSON, one entry per line.
    found: dict[str, Any] = {}
    for line in text.splitlines():
        key, separator, value = line.partition(" = ")
        if separator:
            try:
                found[key] = load_json(value)
            except ValueError:
                return None
    if not all(isinstance(found.get(name), str) for name in ("commit", "answers", "render")):
        return None
    pin = Pin(found["commit"], found["answers"], found["render"])
    return pin if (pin.commit, pin.answers) == (recorded.commit, _digest_of_answers(recorded)) else None


def _digest_of_answers(recorded: Recorded) -> str:
    text = json.dumps(
        [without_secrets(recorded.source), recorded.commit, dict(recorded.answers)], sort_keys=True, default=str
    )
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _digest_of_tree(tree: Tree) -> str:
    digest = hashlib.sha256()
    for path in sorted(tree):
        file = tree[path]
        head = f"{path}\0{'link' if file.link else 'program' if file.executable else 'file'}\0{len(file.content)}\0"
        digest.update(head.encode(errors="surrogateescape") + file.content)
    return f"sha256:{digest.hexdigest()}"
