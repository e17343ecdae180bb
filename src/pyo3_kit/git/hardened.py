"""Git on a fleet's repositories: nothing that it is told runs a program, nobody is asked, no secret is repeated."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.git.addresses import PROTOCOLS, without_secrets
from pyo3_kit.git.run import git_environment, ran_out_of_room

# Hooks and file system monitors are programs; a repository's submodules are none of the fleet's.
_SAFE = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "core.safecrlf": "false",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_CHATTER = ("Resolving", "Counting", "Compressing", "Total", "error: hook declined")
_SETTINGS = [part for key, value in _SAFE.items() for part in ("-c", f"{key}={value}")]


def run_git(folder: Path, *arguments: str, given: str = "", changes: Mapping[str, str] | None = None) -> str:
    """What a Git command says in `folder`; `Refused` without Git or room, `Failed` with Git's reason when it fails."""
    try:
        done = subprocess.run(
            ["git", *_SETTINGS, *arguments],
            cwd=folder,
            env={**environment(), **(changes or {})},
            input=given.encode(),
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Refused(f"Git could not be started: {error.strerror}.", "Install Git.") from error
    if ran_out_of_room(done):
        raise Refused("No room left in the fleet's workspace.", "Free some space, or name another `workspace`.")
    if done.returncode != 0:
        raise Failed(reason(done.stderr.decode(errors="replace")) or f"`git {arguments[0]}` failed", "Mend this.")
    return os.fsdecode(done.stdout).strip()


def git_says_yes(folder: Path, *arguments: str) -> bool:
    """Whether a Git command that answers by its exit code says yes."""
    try:
        run_git(folder, *arguments)
    except Failed:
        return False
    return True


def environment() -> dict[str, str]:
    """The process's environment, in which Git asks nobody and speaks only plain protocols."""
    variables = git_environment()
    variables["GIT_TERMINAL_PROMPT"] = "0"
    variables["GIT_ALLOW_PROTOCOL"] = PROTOCOLS
    # Without it SSH would ask about an unknown host, or for a password.
    variables.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    variables.setdefault("GCM_INTERACTIVE", "never")
    return variables


def reason(said: str) -> str:
    """What Git complains about, in one line: the remote's own words before what Git makes of them."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    own = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    told = [line for line in own if line and not line.startswith(_CHATTER)]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "!"))]
    chosen = [*told[-2:], *(line for line in fatal[:1] if not told or line.startswith("!"))] or lines[-1:]
    return without_secrets("; ".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in chosen))
