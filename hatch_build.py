"""Add version and history from Git to the distributions, since these contain no Git repository.

A project remembers the template version that it was rendered from as `_commit`, and Copier looks that up again in the
template's git repository. So it has to be what `git describe --tags --always` says, and not the package's version. The
released versions come along as files, so that a project made by an older one is updated without a network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "version.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of all members of the history, so that the same history gives the same bytes."""


class TemplateVersion(BuildHookInterface[Any]):
    """Adds `version.json` and `history.zip`: to the sdist's root, and to the wheel beside the template."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files to a temporary directory, or use the sdist's, and include them.

        Raises:
            RuntimeError: when the version is neither in a file nor to be had from git.
        """
        sys.path.insert(0, str(Path(self.root, "src")))
        from pyo3_kit.template.releases import HISTORY

        self._folder = tempfile.TemporaryDirectory()
        for name, write in ((NAME, self._write_version), (HISTORY, self._write_history)):
            source = Path(self.root, name)
            if not source.exists():
                source = Path(self._folder.name, name)
                write(source)
            inside = name if self.target_name == "sdist" else f"pyo3_kit/_template/{name}"
            build_data["force_include"][str(source)] = inside

    def _write_version(self, target: Path) -> None:
        target.write_text(json.dumps({"commit": self._describe()}) + "\n", encoding="utf-8")

    def _write_history(self, target: Path) -> None:
        from pyo3_kit.git.repository import Repository
        from pyo3_kit.template.releases import history_members

        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as history:
            for name, content in history_members(Repository(Path(self.root, ".git"))):
                history.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)

    def _describe(self) -> str:
        command = ["git", "-C", self.root, "describe", "--tags", "--always"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(
                "pyo3-kit is built from its git repository or from its sdist, because projects remember "
                f"which version of the template made them; git says: {done.stderr.strip()}"
            )
        return done.stdout.strip()
