"""Git, as far as projects need it: who the user is, the first commit, and answers about a repository that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyo3_kit.errors import Failed, Refused

_NO_ROOM = ("No space left", "Disk quota exceeded", "File too large", "Out of diskspace", "unable to write file")

# A hook, a signing key or an ignore file of the user's own must not be able to stop or to thin out the first commit:
# it is made of files that were rendered just now.
_PLAIN = {
    "core.hooksPath": os.devnull,
    "core.excludesFile": os.devnull,
    "commit.gpgSign": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "core.safecrlf": "false",
    "advice.defaultBranchName": "false",
}

# Git sets these for its hooks and aliases; they would send our commands to another repository.
_LEAKING = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Name and e-mail address of a user; each may be empty."""

    name: str = ""
    email: str = ""


def need_git() -> None:
    """`Refused` when Git is not installed."""
    if shutil.which("git") is None:
        raise Refused(
            "Git is not installed, and a new project begins as a Git repository.", "Install Git, or add `--no-git`."
        )


def inside_work_tree(folder: Path) -> bool:
    """Whether `folder`, which need not exist, lies in a Git work tree; found without starting a process."""
    return any((parent / ".git").exists() for parent in (folder, *folder.parents))


def user_identity() -> Identity:
    """The user's name and address from Git's configuration, by one process; empty where Git does not know."""
    try:
        done = subprocess.run(
            ["git", "config", "--null", "--get-regexp", r"^user\.(name|email)$"],
            capture_output=True,
            check=False,
            env=git_environment(),
        )
    except OSError:
        return Identity()
    found = {}
    for record in done.stdout.decode(errors="replace").split("\0"):
        key, separator, value = record.partition("\n")
        if separator:
            found[key.removeprefix("user.")] = value.strip()
    return Identity(found.get("name", ""), found.get("email", ""))


def first_commit(folder: Path, author: Identity, user: Identity, message: str = "Initial commit") -> None:
    """Make `folder` a repository on the branch `main` with everything in it committed.

    `user` is who Git knows; what it does not know is taken from `author`. `Refused` when the disk is full, `Failed`
    when Git fails.
    """
    environment = _as_committer(user.name or author.name, user.email or author.email)
    _git(["-c", "init.defaultBranch=main", "init", "--quiet"], folder, environment)
    _git(["add", "--all"], folder, environment)
    _git(["commit", "--quiet", f"--message={message}"], folder, environment)


def add_to_first_commit(folder: Path, name: str, author: Identity, user: Identity) -> None:
    """Put a file that the build made into the first commit; one that the project ignores stays out."""
    environment = _as_committer(user.name or author.name, user.email or author.email)
    ignored = subprocess.run(
        ["git", "check-ignore", "--quiet", name], cwd=folder, env=environment, capture_output=True, check=False
    )
    if ignored.returncode == 0:
        return
    _git(["add", "--", name], folder, environment)
    _git(["commit", "--quiet", "--amend", "--no-edit"], folder, environment)


def _as_committer(name: str, email: str) -> dict[str, str]:
    environment = git_environment()
    for role in ("AUTHOR", "COMMITTER"):
        environment.setdefault(f"GIT_{role}_NAME", name or "pyo3-kit")
        environment.setdefault(f"GIT_{role}_EMAIL", email or "pyo3-kit@localhost")
    return environment


def _git(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    settings = [part for key, value in _PLAIN.items() for part in ("-c", f"{key}={value}")]
    try:
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Failed(
            f"Git could not be started: {error.strerror}.", "Mend the installation of Git, or add `--no-git`."
        ) from error
    if done.returncode == 0:
        return
    said = done.stderr.decode(errors="replace").strip() or done.stdout.decode(errors="replace").strip()
    if ran_out_of_room(done):
        raise Refused("No room left for the Git repository.", "Free some space, or choose a folder on another disk.")
    last = said.splitlines()[-1] if said else f"exit code {done.returncode}"
    raise Failed(
        f"Git could not make the first commit: {last}", "Nothing was left behind. Mend this, or add `--no-git`."
    )


def ask_git(folder: Path, *arguments: str) -> str:
    """What a Git command that only reads says about the repository around `folder`; not even the index is refreshed.

    `Refused` when Git is not installed, `Failed`, with what Git said, when it fails.
    """
    # An optional lock refreshes the index; a file system monitor is a program of the user's own.
    options = ["--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]
    try:
        done = subprocess.run(
            ["git", *options, *arguments],
            cwd=folder,
            env=git_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise Refused(f"Git could not be started: {error.strerror}.", "Install Git.") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise Failed(
            f"`git {arguments[0]}` failed: {said[0].removeprefix('fatal: ')}", "Check the repository with `git fsck`."
        )
    return os.fsdecode(done.stdout)


def ignored_paths(folder: Path, paths: Iterable[str]) -> set[str]:
    """Those of the paths, relative to `folder`, that Git's ignore rules match and Git does not track; one process.

    `Refused` when Git is not installed, `Failed`, with what Git said, when it fails.
    """
    given = "".join(f"{path}\0" for path in paths)
    command = ["git", "-c", "core.fsmonitor=false", "check-ignore", "-z", "--stdin"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=git_environment(), input=os.fsencode(given), capture_output=True, check=False
        )
    except OSError as error:
        raise Refused(f"Git could not be started: {error.strerror}.", "Install Git.") from error
    # Exit code 1: none of them is ignored.
    if done.returncode not in (0, 1):
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise Failed(f"`git check-ignore` failed: {said[0].removeprefix('fatal: ')}", "Check the repository.")
    return set(filter(None, os.fsdecode(done.stdout).split("\0")))


def git_environment() -> dict[str, str]:
    """The process's environment without what would send Git's commands to another repository."""
    environment = {key: value for key, value in os.environ.items() if key not in _LEAKING}
    environment["LC_ALL"] = "C"
    return environment


def ran_out_of_room(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Whether Git failed because there was no room left to write in."""
    import signal

    if done.returncode == 0:
        return False
    # A process that writes past its limit is ended by this signal, where the system has it.
    ended = -done.returncode == int(getattr(signal, "SIGXFSZ", 0)) > 0
    return ended or any(words.encode() in done.stdout + done.stderr for words in _NO_ROOM)
