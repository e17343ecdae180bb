"""Projects as an older version of the template made them, and the template's history with its tags."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyo3_kit.git.repository import Repository
from pyo3_kit.render import Source, open_template
from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.template.releases import Release, find_commit, release_root, releases
from tests.support.command import ROOT


def git(folder: Path, *arguments: str) -> str:
    """What Git says in `folder`; an error fails the test."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def render_release(release: Release, folder: Path, answers: Mapping[str, Any]) -> Path:
    """Render the template as it was released into `folder`, recorded under its public address."""
    source = Source(TEMPLATE_URL, None, (release_root(release), release.version))
    with open_template(source, folder) as template:
        evaluation = template.interview({}).evaluate({"project_name": "my-lib", **answers})
        assert not [item.name for item in evaluation.asked if item.error or item.missing]
        template.render(folder, evaluation)
    return folder


def commit_all(folder: Path, message: str = "Work") -> None:
    """Commit everything in `folder`, which becomes a repository when it is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def tagged_template(folder: Path) -> Path:
    """A clone of this repository that has the tag of each release, which the clone at hand may lack."""
    git(ROOT, "clone", "--quiet", str(ROOT), str(folder))
    for release in releases():
        commit = find_commit(Repository(folder / ".git"), release)
        assert commit is not None, f"this clone does not have the history up to {release.version}"
        git(folder, "tag", "--force", release.version, commit)
    return folder
