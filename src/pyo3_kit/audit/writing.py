"""Writes fixed texts and baselines to the disk, and shows what they change."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.system import escaping
from pyo3_kit.system.own_files import write_named_file
from pyo3_kit.system.writing import Root

_BOM = b"\xef\xbb\xbf"


def write_texts(root: Path, texts: Mapping[str, str]) -> None:
    """Replace files of the project at `root`, each at once and with its mode and byte order mark.

    A link stays one, and what it leads to is replaced. `Refused` when that is not in the project, and when the system
    does not let us.
    """
    real = Path(os.path.realpath(root))
    try:
        with Root(real) as opened:
            for path, text in texts.items():
                target = Path(os.path.realpath(real / path))
                if not target.is_relative_to(real):
                    raise Refused(
                        f"{path} is behind a symbolic link out of the project.", "Fix the link's target instead."
                    )
                name = target.relative_to(real).as_posix()
                mark = _BOM if opened.read(name).startswith(_BOM) else b""
                opened.write(name, mark + text.encode("utf-8"))
    except OSError as error:
        raise from_os_error(error, "writing") from None


def write_baseline(root: Path, path: Path, text: str) -> None:
    """Write a baseline; one in the project is not written through links.

    `Refused` when the file is there and is not a baseline, and when the system does not let us.
    """
    try:
        if (path.exists() or path.is_symlink()) and not _may_be_baseline(path):
            raise Refused(f"{path} is not a baseline, and was not overwritten.", "Name another file, or remove it.")
        if path.is_relative_to(root):
            with Root(root) as opened:
                opened.write(path.relative_to(root).as_posix(), text.encode())
        else:
            write_named_file(path, text.encode())
    except OSError as error:
        raise from_os_error(error, "writing the baseline") from None


def _may_be_baseline(path: Path) -> bool:
    """Whether a file is empty or holds what this program writes, an older or a damaged version included."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(1000)
    return not head.strip() or b'"findings"' in head


def unified_diff(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """The lines of a diff that `git apply` takes, without their newlines."""
    for path in sorted(after):
        old, new = _lines(before[path]), _lines(after[path])
        shown = escaping.line(path)
        for line in difflib.unified_diff(old, new, f"a/{shown}", f"b/{shown}"):
            yield line.rstrip("\n")
            if not line.endswith("\n") and line[:1] in ("+", "-", " "):
                yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    # Only line feeds end a line for Git and for Rust.
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([text.split("\n")[-1]] if text.split("\n")[-1] else [])
