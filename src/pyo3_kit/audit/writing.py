"""Write fixed texts to the disk, and show the changes."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyo3_kit.errors import from_os_error

_BOM = b"\xef\xbb\xbf"


def write_texts(root: Path, texts: Mapping[str, str]) -> None:
    """Replace files, each at once and with its mode and byte order mark; `Refused` when the system does not let us."""
    for path, text in texts.items():
        write_file(root / path, text)


def write_file(path: Path, text: str) -> None:
    """Write one file at once; a link stays one, and what it leads to is replaced."""
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        data = text.encode("utf-8")
        if target.exists():
            data = (_BOM if target.read_bytes().startswith(_BOM) else b"") + data
            temporary.write_bytes(data)
            temporary.chmod(target.stat().st_mode & 0o7777)
        else:
            temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise from_os_error(error, "writing") from None


def unified_diff(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """The lines of a diff that `git apply` takes, without their newlines."""
    for path in sorted(after):
        old, new = _lines(before[path]), _lines(after[path])
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            yield line.rstrip("\n")
            if not line.endswith("\n") and line[:1] in ("+", "-", " "):
                yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    # Only line feeds end a line for Git and for Rust.
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([text.split("\n")[-1]] if text.split("\n")[-1] else [])
