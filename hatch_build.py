"""Puts the template's version into the distributions, because neither holds a git repository.

A project remembers the template version that it was rendered from as `_commit`, and Copier looks that up again in the
template's git repository. So it has to be what `git describe --tags --always` says, and not the package's version.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "version.json"


class TemplateVersion(BuildHookInterface[Any]):
    """Adds `version.json`: to the sdist's root, and to the wheel beside the template."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file aside, or take the sdist's, and have it included.

        Raises:
            RuntimeError: when the version is neither in a file nor to be had from git.
        """
        source = Path(self.root, NAME)
        if not source.exists():
            self._folder = tempfile.TemporaryDirectory()
            source = Path(self._folder.name, NAME)
            source.write_text(json.dumps({"commit": self._describe()}) + "\n", encoding="utf-8")
        inside = NAME if self.target_name == "sdist" else f"pyo3_kit/_template/{NAME}"
        build_data["force_include"][str(source)] = inside

    def _describe(self) -> str:
        command = ["git", "-C", self.root, "describe", "--tags", "--always"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(
                "pyo3-kit is built from its git repository or from its sdist, because projects remember "
                f"which version of the template made them; git says: {done.stderr.strip()}"
            )
        return done.stdout.strip()
