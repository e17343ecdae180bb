"""Clones of a fleet's repositories in its workspace. Changes by others in a clone are never overwritten.

A clone is marked while it is being changed. A clone that is found marked was left by an aborted run: it
is deleted and cloned again, so that no run continues from a partial state.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.fleet.entries import folder_in
from pyo3_kit.fleet.model import Ended, Entry, State
from pyo3_kit.git.hardened import git_says_yes, run_git
from pyo3_kit.git.local import local_path
from pyo3_kit.git.run import LOCAL_RECEIVER, user_identity

_MARK = "pyo3-kit-busy"
_SEAL = "Pyo3-kit-fleet"


@dataclass(frozen=True, slots=True)
class Heads:
    """The state of a remote: the commit to start from, its branch (None if detached), and our branch's commit."""

    base: str
    base_name: str | None
    branch: str | None


class Clone:
    """The clone of one repository, at `folder`."""

    def __init__(self, entry: Entry, workspace: Path) -> None:
        self.entry = entry
        self.folder = folder_in(workspace, entry)
        self._branch: str | None = None

    @property
    def shown(self) -> str:
        """The clone's name in messages, the same on every machine and in every shard."""
        return f"repositories/{self.folder.name} in the workspace"

    @property
    def project(self) -> Path:
        """The project's folder in the clone."""
        return self.folder / self.entry.folder

    def open(self) -> Heads:
        """Update the clone to the remote's state, with the base checked out.

        Raises `Ended` if the remote cannot be reached or read, or if someone has changed the clone.
        """
        heads = self._heads()
        try:
            self._leave_torn()
            own: list[str] = []
            if (self.folder / ".git").is_dir():
                self._refuse_changes()
                own = self._own_commits(heads)
            else:
                self._make()
            with self.busy():
                wanted = [f"+{heads.base_name or 'HEAD'}:refs/remotes/origin/base"]
                if heads.branch is not None:
                    wanted.append(f"+refs/heads/{self.entry.branch}:refs/remotes/origin/branch")
                run_git(self.folder, "fetch", "--quiet", "--no-tags", "--", self.entry.remote, *wanted)
            # Commits that were unknown before may have just been fetched.
            self._refuse_commits(own)
            with self.busy():
                run_git(self.folder, "checkout", "--quiet", "--force", "--detach", heads.base)
        except Failed as error:
            raise Ended(State.BROKEN, error.message, "Check the repository with `git fsck`.") from error
        return heads

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Mark the clone as being changed; the mark stays if the block does not complete."""
        mark = self.folder / ".git" / _MARK
        mark.touch()
        yield
        mark.unlink()

    def commit(self, message: str, heads: Heads) -> str:
        """Commit everything in the clone, and return the commit, or the remote branch's if it is the same.

        The message is sealed with the commit's tree: changing the commit breaks the seal.
        """
        run_git(self.folder, "add", "--all")
        tree = run_git(self.folder, "write-tree")
        known = [heads.branch, self._branch]
        same = (one for one in known if one and self._tree(one) == tree and self._parents(one) == [heads.base])
        if (commit := next(same, None)) is None:
            options = ("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=-")
            run_git(self.folder, *options, given=f"{message}\n\n{_SEAL}: {tree}\n", changes=_committer())
            commit = run_git(self.folder, "rev-parse", "HEAD")
        else:
            run_git(self.folder, "update-ref", "--no-deref", "HEAD", commit)
        if commit != self._branch:
            run_git(self.folder, "update-ref", f"refs/heads/{self.entry.branch}", commit)
        return commit

    def push(self, commit: str, heads: Heads) -> None:
        """Push the commit to the remote's branch, unless it has moved; raises `Failed` if it is rejected."""
        branch = f"refs/heads/{self.entry.branch}"
        lease = f"--force-with-lease={branch}:{heads.branch or ''}"
        # The other side of a push to this machine is a Git of ours, in which no hook runs.
        receiver = [f"--receive-pack={LOCAL_RECEIVER}"] if local_path(self.entry.remote) else []
        words = ["push", "--quiet", lease, *receiver]
        run_git(self.folder, *words, "--", self.entry.remote, f"{commit}:{branch}")

    def is_merged(self, heads: Heads) -> bool:
        """Whether the remote's branch is part of its base."""
        return heads.branch is not None and git_says_yes(
            self.folder, "merge-base", "--is-ancestor", heads.branch, heads.base
        )

    def is_on(self, commit: str, heads: Heads) -> bool:
        """Whether a commit by this program was made on the current base."""
        return self.is_ours(commit) and self._parents(commit) == [heads.base]

    def is_ours(self, commit: str) -> bool:
        """Whether this program made the commit and nobody changed it."""
        sealed = re.findall(rf"^{_SEAL}: ([0-9a-f]+)$", run_git(self.folder, "show", "-s", "--format=%B", commit), re.M)
        return bool(sealed) and sealed[-1] == self._tree(commit)

    def _heads(self) -> Heads:
        base, branch = self.entry.base, f"refs/heads/{self.entry.branch}"
        asked = ["HEAD", branch, *([f"refs/heads/{base}"] if base else [])]
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            said = run_git(self.folder.parent, "ls-remote", "--symref", "--", self.entry.remote, *asked)
        except Failed as error:
            raise self._unreachable(error) from error
        rows = [line.split("\t") for line in said.splitlines()]
        commits = {name: value for value, name in rows if not value.startswith("ref: ")}
        leads = {name: value.removeprefix("ref: ") for value, name in rows if value.startswith("ref: ")}
        name = f"refs/heads/{base}" if base else leads.get("HEAD")
        found = commits.get(f"refs/heads/{base}" if base else "HEAD")
        if found is None:
            what = f"it has no branch {base}" if base else "it has no commit"
            raise Ended(State.BROKEN, what, "Check `base`." if base else "Create a commit in it.")
        if name == branch:
            # To push there would be to push to the base.
            what = f"the branch for updates, {self.entry.branch}, is checked out there"
            raise Ended(State.REFUSED, what, "Check out the main branch there, or set `base` or another `branch`.")
        return Heads(found, name, commits.get(branch))

    def _unreachable(self, error: Failed) -> Ended:
        if self.entry.path is not None:
            return Ended(State.BROKEN, error.message, "Check the repository with `git fsck`.")
        return Ended(
            State.GONE, f"the remote cannot be reached: {error.message}", "Check the address and your access to it."
        )

    def _make(self) -> None:
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        if self.folder.exists():
            raise Refused(f"{self.folder} is in the way of a clone.", "Remove it.")
        fresh.mkdir(parents=True)
        run_git(fresh, "init", "--quiet", "--template=")
        fresh.rename(self.folder)

    def _leave_torn(self) -> None:
        """Delete a marked clone; raises `Ended` if someone has committed to it since."""
        if not (self.folder / ".git" / _MARK).exists():
            return
        try:
            own = self._own_commits(None)
        except Failed:
            own = []
        self._refuse_commits(own)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._branch = None

    def _refuse_changes(self) -> None:
        """Raise `Ended` if someone has changed something in the clone."""
        if run_git(self.folder, "status", "--porcelain"):
            what = "its clone has uncommitted changes"
            raise Ended(State.DIRTY, f"{what}: {self.shown}", "Move the changes elsewhere, or remove the clone.")

    def _refuse_commits(self, commits: Sequence[str]) -> None:
        """Raise `Ended` if the clone contains someone's commits that the remote does not have."""
        if any(map(self._is_here_only, commits)):
            what = "its clone has unpushed commits"
            raise Ended(State.DIRTY, f"{what}: {self.shown}", "Push them, or remove the clone.")

    def _own_commits(self, heads: Heads | None) -> list[str]:
        """The tips of HEAD and of the clone's branches that neither the remote has nor this program made."""
        rows = run_git(self.folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads").splitlines()
        tips = dict(row.split() for row in rows)
        self._branch = tips.get(f"refs/heads/{self.entry.branch}")
        tips["HEAD"] = run_git(self.folder, "rev-parse", "HEAD")
        known = (heads.base, heads.branch) if heads is not None else ()
        return [tip for tip in set(tips.values()) if tip not in known and self._is_here_only(tip)]

    def _is_here_only(self, commit: str) -> bool:
        """Whether a commit by someone else is not among the remote's fetched commits."""
        theirs = not run_git(self.folder, "rev-list", "--max-count=1", commit, "--not", "--remotes")
        return not theirs and not self.is_ours(commit)

    def _tree(self, commit: str) -> str:
        return run_git(self.folder, "rev-parse", f"{commit}^{{tree}}")

    def _parents(self, commit: str) -> list[str]:
        return run_git(self.folder, "show", "-s", "--format=%P", commit).split()


@cache
def _committer() -> dict[str, str]:
    """The committer: the user, or this program if Git has no user."""
    user = user_identity()
    changes = {}
    for role in ("AUTHOR", "COMMITTER"):
        for key, value, other in (("NAME", user.name, "pyo3-kit"), ("EMAIL", user.email, "pyo3-kit@localhost")):
            variable = f"GIT_{role}_{key}"
            changes[variable] = os.environ.get(variable) or value or other
    return changes
