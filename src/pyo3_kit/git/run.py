"""The one place that runs Git: with a named set of options, in one environment, with one error when it cannot start."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pyo3_kit.errors import Failed, Refused, without_secrets
from pyo3_kit.git.addresses import PROTOCOLS
from pyo3_kit.git.options import FIRST_COMMIT, FLEET, INDEX, LOCAL_RECEIVER, READ, TEMPLATE, OptionSet
from pyo3_kit.git.special import refuse_special
from pyo3_kit.system.platforms import is_size_limit
from pyo3_kit.system.processes import Completed, current_environment, find_program, run

_NO_ROOM = ("No space left", "Disk quota exceeded", "File too large", "Out of diskspace", "unable to write file")

# `GIT_*` variables that say who the user is, how Git connects and what it traces. All others (`GIT_DIR`,
# `GIT_EXTERNAL_DIFF`, `GIT_ALTERNATE_OBJECT_DIRECTORIES` …) would send a command elsewhere or have it run something.
_KEPT = (
    "GIT_ASKPASS",
    "GIT_AUTHOR_",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_",
    "GIT_CONFIG_",
    "GIT_CURL_VERBOSE",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH",
    "GIT_HTTP_",
    "GIT_PROXY_",
    "GIT_REDACT_",
    "GIT_SSH",
    "GIT_SSL_",
    "GIT_TEMPLATE_DIR",
    "GIT_TRACE",
)


class GitFailed(Failed):
    """A Git command ended with an error; `said` is what it printed, without secrets."""

    def __init__(self, command: str, said: str, code: int) -> None:
        lines = [line for line in said.splitlines() if line.strip()]
        first = lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else f"exit code {code}"
        super().__init__(f"`git {command}` failed: {first}", "Fix what Git reports, then run the command again.")
        self.said, self.code = said, code
        self.last = lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else f"exit code {code}"


class Identity(NamedTuple):
    """Name and e-mail address of a user; each may be empty."""

    name: str = ""
    email: str = ""


def run_git(
    options: OptionSet,
    *arguments: str,
    folder: Path | None = None,
    given: bytes = b"",
    changes: Mapping[str, str] | None = None,
    room: str = "Free some space.",
) -> bytes:
    """Run Git in `folder` and return what it prints; `changes` are variables, `room` is the hint for a full disk.

    Raises:
        Refused: Git cannot be started, the disk is full, Git refuses the repository for its owner, or would read a
            named pipe or a device in it.
        GitFailed: Git ended with an error.
    """
    environment = {**git_environment(options), **(changes or {})}
    if folder is not None and (top := repository_around(folder.absolute())) is not None:
        refuse_special(folder.absolute(), top, arguments[arguments.index("--") + 1 :] if "--" in arguments else ())
    try:
        done = run(options.command(arguments), folder=folder, environment=environment, given=given)
    except OSError as error:
        raise cannot_start(error) from error
    if done.returncode == 0:
        return done.stdout
    said = without_secrets((done.stderr or done.stdout).decode(errors="replace")).strip()
    if _ran_out_of_room(done):
        raise Refused("Git ran out of disk space.", room)
    if "dubious ownership" in said:
        raise _of_another_owner(said)
    raise GitFailed(next((word for word in arguments if not word.startswith("-")), ""), said, done.returncode)


def cannot_start(error: OSError | None = None) -> Refused:
    """The one error for a Git that is missing or cannot be started."""
    if error is None or isinstance(error, FileNotFoundError):
        return Refused("Git is not installed.", "Install Git, and check that `git --version` works.")
    return Refused(f"Git could not be started: {error.strerror}.", "Check that `git --version` works.")


def need_git() -> None:
    """`Refused` when Git is not installed."""
    if find_program("git") is None:
        raise Refused(
            "Git is not installed, and a new project is created as a Git repository.", "Install Git, or add `--no-git`."
        )


def has_git() -> bool:
    """Whether Git is installed."""
    return find_program("git") is not None


def git_environment(options: OptionSet = READ) -> dict[str, str]:
    """The environment that Git is run in: without variables that point to another repository or program."""
    environment = {
        key: value
        for key, value in current_environment().items()
        if not key.startswith("GIT_") or key.startswith(_KEPT)
    }
    environment["LC_ALL"] = "C"
    environment["GIT_ALLOW_PROTOCOL"] = _protocols()
    environment["GIT_PAGER"] = environment["PAGER"] = "cat"
    if options is FLEET and "GIT_SSH" not in environment:
        environment.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return {**environment, **options.variables}


def inside_work_tree(folder: Path) -> bool:
    """Whether `folder`, which need not exist, is in a Git work tree; found without starting a process."""
    return repository_around(folder) is not None


def repository_around(folder: Path) -> Path | None:
    """The nearest folder at or above `folder` that holds a `.git`; found without starting a process."""
    return next((parent for parent in (folder, *folder.parents) if os.path.lexists(parent / ".git")), None)


def user_identity() -> Identity:
    """The user's name and address from Git's configuration, by one process; empty where Git does not know."""
    try:
        said = run_git(READ, "config", "--null", "--get-regexp", r"^user\.(name|email)$", folder=Path.cwd())
    except (Refused, Failed, OSError):
        return Identity()
    found = {}
    for record in said.decode(errors="replace").split("\0"):
        key, separator, value = record.partition("\n")
        if separator:
            found[key.removeprefix("user.")] = value.strip()
    return Identity(found.get("name", ""), found.get("email", ""))


def first_commit(folder: Path, author: Identity, user: Identity, message: str = "Initial commit") -> None:
    """Make `folder` a repository on the branch `main` with everything in it committed.

    `user` is who Git knows; what it does not know is taken from `author`. `Refused` when the disk is full, `Failed`
    when Git fails.
    """
    changes = _as_committer(user.name or author.name, user.email or author.email)
    _commit(folder, changes, "-c", "init.defaultBranch=main", "init", "--quiet")
    _commit(folder, changes, "add", "--all")
    _commit(folder, changes, "commit", "--quiet", f"--message={message}")


def add_to_first_commit(folder: Path, name: str, author: Identity, user: Identity) -> None:
    """Put a file that the build made into the first commit; one that the project ignores stays out."""
    changes = _as_committer(user.name or author.name, user.email or author.email)
    try:
        run_git(READ, "check-ignore", "--quiet", name, folder=folder, changes=changes)
    except GitFailed:
        _commit(folder, changes, "add", "--", name)
        _commit(folder, changes, "commit", "--quiet", "--amend", "--no-edit")


def _commit(folder: Path, changes: Mapping[str, str], *arguments: str) -> None:
    room = "Free some space, or choose a folder on another disk."
    try:
        run_git(FIRST_COMMIT, *arguments, folder=folder, changes=changes, room=room)
    except GitFailed as error:
        raise Failed(
            f"Git could not make the first commit: {error.last}",
            "Nothing was left behind. Fix what Git reports, or add `--no-git`.",
        ) from error


def _as_committer(name: str, email: str) -> dict[str, str]:
    changes = {}
    for role in ("AUTHOR", "COMMITTER"):
        for key, value in (("NAME", name or "pyo3-kit"), ("EMAIL", email or "pyo3-kit@localhost")):
            variable = f"GIT_{role}_{key}"
            changes[variable] = os.environ.get(variable) or value
    return changes


def ask_git(folder: Path, *arguments: str) -> str:
    """The output of a read-only Git command in the repository around `folder`; raises what `run_git` raises."""
    return os.fsdecode(run_git(READ, *arguments, folder=folder))


class IgnoreRule(NamedTuple):
    """A pattern that makes Git ignore a path, and its place."""

    file: str
    line: str
    pattern: str


def ignore_rules(folder: Path, paths: Iterable[str]) -> dict[str, IgnoreRule]:
    """Those of the paths, relative to `folder`, that Git ignores and does not track, each with the rule; one process.

    Raises what `run_git` raises.
    """
    given = os.fsencode("".join(f"{path}\0" for path in paths))
    try:
        said = run_git(INDEX, "check-ignore", "--verbose", "-z", "--stdin", folder=folder, given=given)
    except GitFailed as error:
        # Exit code 1: none of them is ignored.
        if error.code == 1:
            return {}
        raise
    words = os.fsdecode(said).split("\0")
    rows = zip(*(words[at::4] for at in range(4)), strict=False)
    # A pattern with an exclamation mark makes Git take the path after all.
    return {path: IgnoreRule(*rule) for *rule, path in rows if not rule[2].startswith("!")}


def _protocols() -> str:
    """The protocols that Git may use, also after a redirect or a rewritten address; never more than the user allows."""
    allowed = os.environ.get("GIT_ALLOW_PROTOCOL")
    if allowed is None:
        return PROTOCOLS
    return ":".join(name for name in PROTOCOLS.split(":") if name in allowed.split(":"))


def _of_another_owner(said: str) -> Refused:
    lines = [line.strip() for line in said.splitlines()]
    advice = next((line for line in lines if line.startswith("git config ")), "")
    reason = next((line for line in lines if "dubious ownership" in line), lines[0]).removeprefix("fatal: ")
    hint = f"If you trust its owner, run `{advice}`." if advice else "See `safe.directory` in `git help config`."
    return Refused(f"Git refuses the repository: {reason}.", hint)


def _ran_out_of_room(done: Completed) -> bool:
    return is_size_limit(done.returncode) or any(words.encode() in done.stdout + done.stderr for words in _NO_ROOM)


__all__ = [
    "FIRST_COMMIT",
    "FLEET",
    "INDEX",
    "LOCAL_RECEIVER",
    "READ",
    "TEMPLATE",
    "GitFailed",
    "Identity",
    "IgnoreRule",
    "OptionSet",
    "add_to_first_commit",
    "ask_git",
    "cannot_start",
    "first_commit",
    "git_environment",
    "has_git",
    "ignore_rules",
    "inside_work_tree",
    "need_git",
    "repository_around",
    "run_git",
    "user_identity",
]
