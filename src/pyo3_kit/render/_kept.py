"""What a template's texts became in earlier runs: files in the user's cache folder, each with its digest."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.system.caches import cache_folder
from pyo3_kit.system.own_files import make_own_folder
from pyo3_kit.system.reading import read_bytes
from pyo3_kit.system.writing import Root

_DIGEST = hashlib.sha256().digest_size


class KeptFile:
    """One file of the folder `kind`, for the template in the folder `template` and the versions that it depends on."""

    def __init__(self, kind: str, template: Path, *versions: str) -> None:
        named = (sys.version, *versions, os.fspath(template))
        self._kind, self._name = kind, f"{hashlib.sha256(repr(named).encode()).hexdigest()}.bin"

    def read(self) -> bytes | None:
        """The content; None when the file is missing, was cut off or changed."""
        try:
            kept = read_bytes(cache_folder() / self._kind / self._name)
        except (OSError, Refused):
            return None
        content = kept[_DIGEST:]
        return content if hashlib.sha256(content).digest() == kept[:_DIGEST] else None

    def write(self, content: bytes) -> None:
        """Replace the content. Where that cannot be done, the next run is slower, and that is all."""
        with suppress(OSError, Refused):
            folder = cache_folder() / self._kind
            make_own_folder(folder)
            with Root(folder) as root:
                root.write(self._name, hashlib.sha256(content).digest() + content, 0o600)
