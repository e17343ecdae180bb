"""The answers file of a project, read strictly: a hand-broken one is refused with the line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.system.addresses import refuse_address, refuse_version
from pyo3_kit.system.reading import TEXT, read_bytes
from pyo3_kit.texts.checked import read_mapping


class Recorded(NamedTuple):
    """What a project remembers: its template, the version that rendered it, and the answers.

    `answers` holds no key of Copier's own.
    """

    source: str
    commit: str
    answers: Mapping[str, Any]


def read_answers(path: Path) -> Recorded:
    """What the answers file at `path` records.

    Raises `Refused`, with the line if possible, for a file that cannot be read, is not a mapping, or lacks the template
    or its version.
    """
    if path.is_symlink() and not path.exists():
        raise Refused(f"{path} is a broken symbolic link.", "Restore the file from Git.")
    if path.is_dir():
        raise Refused(f"{path} is a folder, not an answers file.", "Restore the file from Git.")
    try:
        text = read_bytes(path, TEXT)
    except OSError as error:
        raise from_os_error(error, f"reading {path.name}") from error
    if marked := re.search(rb"^(<{7} |={7}$|>{7} )", text, re.MULTILINE):
        line = text.count(b"\n", 0, marked.start()) + 1
        raise Refused(f"{path}, line {line}: a conflict marker is left.", "Resolve the conflict in this file first.")
    found = read_mapping(path, "answers file")
    source = _needed(path, text, found, "_src_path", "the template")
    commit = _needed(path, text, found, "_commit", "the template's version")
    refuse_address(source, f"{path}: `_src_path`")
    refuse_version(commit, f"{path}: `_commit`")
    return Recorded(
        source=source,
        commit=commit,
        answers={key: value for key, value in found.items() if not key.startswith("_")},
    )


def _needed(path: Path, text: bytes, found: Mapping[str, Any], key: str, what: str) -> str:
    value = found.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if value is None:
        raise Refused(
            f"{path} does not record {what}: it has no `{key}`.",
            "Restore the file from Git; a project that was never rendered from a template's Git repository has none.",
        )
    lines = text.decode(errors="replace").splitlines()
    line = next((at for at, content in enumerate(lines, start=1) if content.startswith(f"{key}:")), 1)
    raise Refused(f"{path}, line {line}: `{key}` is {value!r}, not a string.", "Put it in quotes.")
