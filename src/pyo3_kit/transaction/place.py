"""Where a project is. Modules that do not read the journal import only this."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """Where a project is.

    `root` is its folder; `git_dir` the Git directory of its work tree (that of a linked work tree: its own); `prefix`
    the project's path inside the work tree, with `/` between its parts, empty at the top.
    """

    root: Path
    git_dir: Path
    prefix: str = ""

    @property
    def kept(self) -> str:
        """Where in the Git directory what is known of the project's update is kept; it need not exist."""
        from hashlib import sha256

        digest = sha256(os.fsencode(self.prefix.strip("/"))).hexdigest()[:12]
        return f"pyo3-kit/{digest}"

    @property
    def folder(self) -> Path:
        """The whole path of that."""
        return self.git_dir / self.kept

    def in_repository(self, path: str) -> str:
        """A path of the project as the repository's index knows it."""
        prefix = self.prefix.strip("/")
        return f"{prefix}/{path}" if prefix else path

    @property
    def may_be_unfinished(self) -> bool:
        """Whether there can be an unfinished update: none was ever begun while this is false."""
        return (self.git_dir / "pyo3-kit").exists()
