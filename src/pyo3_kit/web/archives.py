"""A project as a zip or tar.gz file: the bytes that `new` writes, below one folder, and always the same file."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Mapping

from pyo3_kit.merge.model import File

KINDS = {"zip": "application/zip", "tar.gz": "application/gzip"}

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first that a zip file can have."""


def pack(kind: str, folder: str, files: Mapping[str, File]) -> bytes:
    """The archive; `kind` is one of `KINDS`."""
    return (_zip if kind == "zip" else _tar)(folder, files)


def _mode(file: File) -> int:
    return 0o777 if file.link else 0o755 if file.executable else 0o644


def _zip(folder: str, files: Mapping[str, File]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, file in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _DATE)
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = ((stat.S_IFLNK if file.link else stat.S_IFREG) | _mode(file)) << 16
            archive.writestr(entry, file.content)
    return buffer.getvalue()


def _tar(folder: str, files: Mapping[str, File]) -> bytes:
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed,
        tarfile.TarFile(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, file in sorted(files.items()):
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.mode = _mode(file)
            if file.link:
                entry.type, entry.linkname = tarfile.SYMTYPE, os.fsdecode(file.content)
                archive.addfile(entry)
            else:
                entry.size = len(file.content)
                archive.addfile(entry, io.BytesIO(file.content))
    return buffer.getvalue()
