"""Clones of a fleet's repositories in its workspace. They are this program's own: what a person puts there is left.

While a clone is being changed a mark stands in it. A clone that is found with the mark was left by a run that died: it
is thrown away and made anew, so that nothing half-done is ever gone on from.
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
    """What a remote has: the commit to start from, its branch (None: it is on none), and our branch's commit."""

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
        """The clone, as messages name it: the same on every machine and in every shard."""
        return f"repositories/{self.folder.name} in the workspace"

    @property
    def project(self) -> Path:
        """Where the project lies in the clone."""
        return self.folder / self.entry.folder

    def open(self) -> Heads:
        """Bring the clone to what the remote has now, with the base checked out.

        Raises `Ended` for what cannot be reached or read, and where a person has changed something in the clone.
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
            # What was not known before may be part of what has just come.
            self._refuse_commits(own)
            with self.busy():
                run_git(self.folder, "checkout", "--quiet", "--force", "--detach", heads.base)
        except Failed as error:
            raise Ended(State.BROKEN, error.message, "Mend the repository.") from error
        return heads

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Mark the clone as being changed; the mark stays when the block does not come to its end."""
        mark = self.folder / ".git" / _MARK
        mark.touch()
        yield
        mark.unlink()

    def commit(self, message: str, heads: Heads) -> str:
        """Commit everything in the clone, and return the commit: that of the remote's branch if it is the same.

        The message is sealed with the tree that it is about: who changes the commit breaks the seal.
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
        """Put the commit on the remote's branch, unless that has moved meanwhile; `Failed` when it is not taken."""
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
        """Whether a commit of this program's was made on the base as it is now."""
        return self.is_ours(commit) and self._parents(commit) == [heads.base]

    def is_ours(self, commit: str) -> bool:
        """Whether a commit is one that this program made, and that nobody changed."""
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
            raise Ended(State.BROKEN, what, "Check `base`." if base else "Commit something to it.")
        if name == branch:
            # To push there would be to push to the base.
            what = f"the branch for updates, {self.entry.branch}, is the one that is checked out there"
            raise Ended(State.REFUSED, what, "Check out the main branch there, or name a `base` or another `branch`.")
        return Heads(found, name, commits.get(branch))

    def _unreachable(self, error: Failed) -> Ended:
        if self.entry.path is not None:
            return Ended(State.BROKEN, error.message, "Mend the repository.")
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
        """Throw away a clone with the mark in it; `Ended` when a person has committed something there since."""
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
        """`Ended` when a person has changed something in the clone."""
        if run_git(self.folder, "status", "--porcelain"):
            what = "there is work in its clone that is not committed"
            raise Ended(State.DIRTY, f"{what}: {self.shown}", "Take it elsewhere, or remove the clone.")

    def _refuse_commits(self, commits: Sequence[str]) -> None:
        """`Ended` when the remote has not all of a person's commits, which are kept nowhere else."""
        if any(map(self._is_here_only, commits)):
            what = "there are commits in its clone that are not pushed"
            raise Ended(State.DIRTY, f"{what}: {self.shown}", "Push them, or remove the clone.")

    def _own_commits(self, heads: Heads | None) -> list[str]:
        """What HEAD and the branches in the clone are at and what neither the remote nor this program made."""
        rows = run_git(self.folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads").splitlines()
        tips = dict(row.split() for row in rows)
        self._branch = tips.get(f"refs/heads/{self.entry.branch}")
        tips["HEAD"] = run_git(self.folder, "rev-parse", "HEAD")
        known = (heads.base, heads.branch) if heads is not None else ()
        return [tip for tip in set(tips.values()) if tip not in known and self._is_here_only(tip)]

    def _is_here_only(self, commit: str) -> bool:
        """Whether a commit that is not this program's is none of the remote's, as far as that was fetched."""
        theirs = not run_git(self.folder, "rev-list", "--max-count=1", commit, "--not", "--remotes")
        return not theirs and not self.is_ours(commit)

    def _tree(self, commit: str) -> str:
        return run_git(self.folder, "rev-parse", f"{commit}^{{tree}}")

    def _parents(self, commit: str) -> list[str]:
        return run_git(self.folder, "show", "-s", "--format=%P", commit).split()


@cache
def _committer() -> dict[str, str]:
    """Who commits: the user, or this program where Git knows nobody."""
    user = user_identity()
    changes = {}
    for role in ("AUTHOR", "COMMITTER"):
        for key, value, other in (("NAME", user.name, "pyo3-kit"), ("EMAIL", user.email, "pyo3-kit@localhost")):
            variable = f"GIT_{role}_{key}"
            changes[variable] = os.environ.get(variable) or value or other
    return changes
