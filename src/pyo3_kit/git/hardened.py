"""Git in a fleet's repositories, unattended: one line says why a command failed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pyo3_kit.errors import Failed, without_secrets
from pyo3_kit.git import run
from pyo3_kit.git.run import FLEET, GitFailed

_CHATTER = ("Resolving", "Counting", "Compressing", "Total", "error: hook declined")


def run_git(folder: Path, *arguments: str, given: str = "", changes: Mapping[str, str] | None = None) -> str:
    """Run a Git command in `folder` and return its output.

    `Refused` without Git or room, and for a repository that Git refuses for its owner; `Failed` with Git's reason.
    """
    room = "Free some space, or set another `workspace`."
    try:
        said = run.run_git(FLEET, *arguments, folder=folder, given=given.encode(), changes=changes, room=room)
    except GitFailed as error:
        raise Failed(reason(error.said) or error.message, "Fix what Git reports.") from error
    return os.fsdecode(said).strip()


def git_says_yes(folder: Path, *arguments: str) -> bool:
    """Whether a Git command exits with 0."""
    try:
        run_git(folder, *arguments)
    except Failed:
        return False
    return True


def reason(said: str) -> str:
    """Git's error in one line: the remote's own words before Git's."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    remote = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    theirs = [line for line in remote if line and not line.startswith(_CHATTER)]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "!"))]
    chosen = [*theirs[-2:], *(line for line in fatal[:1] if not theirs or line.startswith("!"))] or lines[-1:]
    return without_secrets("; ".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in chosen))
