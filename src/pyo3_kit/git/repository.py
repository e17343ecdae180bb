"""A Git repository that a template comes from, read without a work tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pyo3_kit.git.run import TEMPLATE, GitFailed, run_git
from pyo3_kit.system.caches import scratch_folder

_DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<distance>\d+)-g(?P<hash>[0-9a-f]{4,40})")


_DRAFTER = {"NAME": "pyo3-kit", "EMAIL": "pyo3-kit@localhost"}


class Described(NamedTuple):
    """The parts of a name like `v1.2.0-3-gabc1234`; `hash` is None for a plain tag, `tag` for a plain hash."""

    tag: str | None
    distance: int
    hash: str | None


def described(name: str) -> Described:
    """Parse the output of `git describe --tags --always`."""
    if found := _DESCRIBED.fullmatch(name):
        return Described(found["tag"], int(found["distance"]), found["hash"])
    if re.fullmatch(r"[0-9a-f]{7,40}", name):
        return Described(None, 0, name)
    return Described(name, 0, None)


class Repository:
    """The repository whose Git folder is `git_dir`; every method that reads raises `Failed` when Git does not work."""

    def __init__(self, git_dir: Path) -> None:
        self.git_dir = git_dir

    @cached_property
    def tags(self) -> dict[str, str]:
        """The commit of each tag, by the tag's name."""
        said = self._git("for-each-ref", "--format=%(refname:strip=2)%09%(*objectname)%09%(objectname)", "refs/tags")
        rows = [line.split("\t") for line in said.decode().splitlines()]
        return {name: peeled or direct for name, peeled, direct in rows}

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place, from 1, of each tag that names a version (PEP 440, as Copier has it), oldest first."""
        from packaging.version import InvalidVersion, Version

        known = []
        for tag in self.tags:
            try:
                known.append((Version(tag), tag))
            except InvalidVersion:
                continue
        return {tag: place for place, (_, tag) in enumerate(sorted(known), start=1)}

    @property
    def newest_tag(self) -> str | None:
        """The tag of the newest version that is not a prerelease; None without one."""
        from packaging.version import Version

        final = [tag for tag in self.ranks if not Version(tag).is_prerelease]
        return max(final, key=lambda tag: self.ranks[tag], default=None)

    def commit_of(self, ref: str) -> str | None:
        """The commit (40 digits) that a tag, a branch or a hash means; None when there is none."""
        if ref in self.tags:
            return self.tags[ref]
        try:
            said = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        except GitFailed:
            return None
        return said.decode().strip()

    def name_of(self, commit: str) -> str:
        """The name that a project records for a commit: its tag, the distance from one, or its hash."""
        tags = [tag for tag, tagged in self.tags.items() if tagged == commit]
        if len(tags) == 1:
            return tags[0]
        return self._git("describe", "--tags", "--always", commit).decode().strip()

    def order_of(self, name: str) -> tuple[int, int] | None:
        """The position of a recorded name among the versions: the rank of its tag and the distance from it."""
        said = described(name)
        if said.tag is not None:
            return (self.ranks[said.tag], said.distance) if said.tag in self.ranks else None
        if self.ranks:
            return None
        return (0, int(self._git("rev-list", "--count", str(said.hash))))

    def export(self, commit: str, folder: Path, parts: Sequence[str] = ()) -> None:
        """Write the files of a commit into `folder`, as a checkout would; with `parts` only those."""
        # Not by `git archive`, which leaves out what is marked as export-ignore: Copier sees that too.
        with scratch_folder() as scratch:
            changes = {"GIT_INDEX_FILE": str(scratch / "index"), "GIT_WORK_TREE": str(folder)}
            if not parts:
                self._git("read-tree", "--reset", "-u", commit, changes=changes)
                return
            self._git("read-tree", commit, changes=changes)
            listed = self._git("ls-tree", "-r", "-z", "--name-only", commit, "--", *parts)
            self._git("checkout-index", "--force", "-z", "--stdin", given=listed, changes=changes, folder=folder)

    def submodules(self, commit: str) -> dict[str, tuple[str, str]]:
        """Address, as it is written, and commit of each submodule, by its path."""
        rows = self._git("ls-tree", "-r", "-z", commit).decode(errors="surrogateescape").split("\0")[:-1]
        heads = (row.partition("\t") for row in rows)
        commits = {path: head.split()[2] for head, _, path in heads if head.startswith("160000 ")}
        if not commits:
            return {}
        try:
            said = self._git("config", "--null", f"--blob={commit}:.gitmodules", "--get-regexp", r"^submodule\.")
        except GitFailed:
            return {}
        values = dict(record.partition("\n")[::2] for record in said.decode(errors="replace").split("\0") if record)
        named = {value: key.removesuffix(".path") for key, value in values.items() if key.endswith(".path")}
        return {
            path: (values[f"{named[path]}.url"], digest)
            for path, digest in commits.items()
            if path in named and f"{named[path]}.url" in values
        }

    def files(self, commit: str, parts: Sequence[str]) -> Iterator[tuple[str, str, str, bytes]]:
        """Path, mode, SHA-256 and content of each file below `parts`."""
        from hashlib import sha256

        rows = self._git("ls-tree", "-r", "-z", commit, "--", *parts).decode().split("\0")[:-1]
        heads = [row.partition("\t") for row in rows]
        wanted = "".join(f"{head.split()[2]}\n" for head, _, _ in heads).encode()
        contents = self._git("cat-file", "--batch=%(objectsize)", given=wanted)
        at = 0
        for head, _, path in heads:
            end = contents.index(b"\n", at)
            size = int(contents[at:end])
            content = contents[end + 1 : end + 1 + size]
            at = end + size + 2
            yield path, head.split()[0], sha256(content).hexdigest(), content

    def digest(self, commit: str, parts: Sequence[str], *, without: str) -> str:
        """The SHA-256 of mode, blob and path of each file below `parts`: the same for each commit with the same files.

        The path `without` is left out.
        """
        from hashlib import sha256

        rows = self._git("ls-tree", "-r", "-z", commit, "--", *parts).split(b"\0")[:-1]
        return sha256(b"\0".join(row for row in rows if not row.endswith(b"\t" + without.encode()))).hexdigest()

    def commits_changing(self, parts: Sequence[str]) -> list[str]:
        """All commits that change something below `parts`, on any branch or tag, newest first."""
        return self._git("rev-list", "--all", "--", *parts).decode().split()

    def commit_work_tree(self, folder: Path) -> str | None:
        """A commit of the changes in a folder since HEAD, without ignored files; None when there are none."""
        head = self.commit_of("HEAD")
        if head is None:
            return None
        with scratch_folder() as scratch:
            # The folder's own configuration, with its filters, is not read: the Git folder is this one.
            variables = {"GIT_INDEX_FILE": str(scratch / "index"), "GIT_WORK_TREE": str(folder)}
            self._git("read-tree", head, changes=variables)
            self._git("add", "--all", changes=variables, folder=folder)
            tree = self._git("write-tree", changes=variables).decode().strip()
        if tree == self._git("rev-parse", f"{head}^{{tree}}").decode().strip():
            return None
        who = {f"GIT_{role}_{key}": _DRAFTER[key] for role in ("AUTHOR", "COMMITTER") for key in _DRAFTER}
        message = "pyo3-kit: changes that are not committed"
        return self._git("commit-tree", "-p", head, "-m", message, tree, changes=who).decode().strip()

    def _git(
        self, *arguments: str, given: bytes = b"", changes: dict[str, str] | None = None, folder: Path | None = None
    ) -> bytes:
        return run_git(TEMPLATE, f"--git-dir={self.git_dir}", *arguments, given=given, changes=changes, folder=folder)
