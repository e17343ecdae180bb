"""Git repositories at addresses, copied into the user's cache folder."""

from __future__ import annotations

import re
import time
from pathlib import Path

from pyo3_kit.errors import Refused, Unreachable, without_secrets
from pyo3_kit.git.hardened import reason
from pyo3_kit.git.local import digest_of, local_path, make_bare, open_local
from pyo3_kit.git.repository import Repository
from pyo3_kit.git.run import TEMPLATE, GitFailed, run_git
from pyo3_kit.system.addresses import refuse_address
from pyo3_kit.system.caches import fill_once, scratch_folder
from pyo3_kit.system.own_files import make_own_folder, remove_own_tree
from pyo3_kit.system.reading import read_bytes
from pyo3_kit.system.writing import Root

_HEAD = "refs/pyo3-kit/head"
_REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
"""Branches and tags, as they are there now; nothing else (`refs/replace`, `refs/pull`) is of use."""

_OTHER_FORMAT = "mismatched algorithms"
_PATIENCE = 30
_SHORT = (("gh:", "https://github.com/"), ("gl:", "https://gitlab.com/"), ("git+", ""))


def is_remote(url: str) -> bool:
    """Whether Git has to fetch this address from somewhere else."""
    return bool(re.match(r"(git\+)?(https?|ssh|git|file)://|(gh|gl):|[\w.-]+@[\w.-]+:", url))


def split_ref(text: str) -> tuple[str, str | None]:
    """Split `ADDRESS[@REF]`; the `@` of `git@host:path`, and one in a folder's name, does not begin a ref."""
    refuse_address(text, "The address")
    address, separator, ref = text.rpartition("@")
    if not separator or not address or not ref or "/" in ref or ":" in ref or Path(text).expanduser().exists():
        return text, None
    return address, ref


def refuse_bad_address(url: str, what: str) -> None:
    """`Refused` for what Git would treat as an option or as a program to run."""
    if not url.strip() or url.startswith("-") or "::" in url:
        raise Refused(f"`{url}` is not an address of {what}.", "Give a folder, a Git address, or gh:owner/name.")


class Remote:
    """The repository at an address; `what` is what it holds, for messages. Nothing is fetched before it is needed.

    It is copied into the user's cache folder, one copy for each address, whether it lies elsewhere or on this machine:
    its branches and its tags, with every object checked. Its configuration is never read.
    """

    def __init__(self, url: str, what: str = "template") -> None:
        self.url, self.what = url, what
        self.folder = local_path(url)
        self._repository: Repository | None = None
        self._fetched = False

    @property
    def shown(self) -> str:
        """The address without credentials."""
        return without_secrets(self.url)

    def open(self, *, fresh: bool) -> Repository:
        """The copy of the repository; with `fresh` what the address has now, which is fetched once.

        `Refused` when it cannot be fetched, or when a folder is not a repository.
        """
        if self._repository is None:
            self._repository = self._copy()
        if not self._fetched and (fresh or self._is_path):
            self._fetch(self._repository.git_dir)
            self._repository, self._fetched = Repository(self._repository.git_dir), True
        return self._repository

    def draft(self) -> str | None:
        """A commit of a work tree's uncommitted changes, created in the copy; None when there are none."""
        if self.folder is None or not (self.folder / ".git").exists():
            return None
        return self.open(fresh=True).commit_work_tree(self.folder.resolve())

    @property
    def _is_path(self) -> bool:
        return not is_remote(self.url)

    def _copy(self) -> Repository:
        address = _address(self.url) if self.folder is None else f"file {self.folder.absolute()}"
        from hashlib import sha256

        name = sha256(address.encode(errors="surrogateescape")).hexdigest()[:32]
        return Repository(fill_once(f"repositories/{name}", self._clone))

    def _clone(self, folder: Path) -> None:
        make_bare(folder, sha256=False)
        with Root(folder) as root:
            root.write("HEAD", f"ref: {_HEAD}\n".encode())
        self._fetch(folder)
        self._fetched = True

    def _fetch(self, git_dir: Path) -> None:
        if self.folder is None:
            self._fetch_from(git_dir, _address(self.url))
            return
        there = open_local(self.folder)
        if there is None and self._is_path:
            raise Refused(
                f"The {self.what} {self.shown} is not a Git repository, so it has no versions to update between.",
                "Put it under Git with `git init`, and tag its versions.",
            )
        if there is None:
            raise self._unfetched(f"there is no repository in {self.folder}")
        state = there.state()
        known, digest = git_dir / "pyo3-kit-state", digest_of(state)
        if known.is_file() and read_bytes(known) == digest.encode():
            return
        with scratch_folder() as scratch:
            mirror = scratch / "mirror"
            make_own_folder(mirror)
            there.mirror(mirror, state)
            self._fetch_from(git_dir, str(mirror))
        with Root(git_dir) as root:
            root.write(known.name, digest.encode())

    def _fetch_from(self, git_dir: Path, address: str) -> None:
        for patience in range(_PATIENCE, -1, -1):
            try:
                self._fetch_refs(git_dir, address)
                return
            except GitFailed as error:
                if _OTHER_FORMAT in error.said and not any((git_dir / "objects").glob("*/*")):
                    _rename_objects(git_dir)
                elif not patience or not re.search(r"\.lock'|cannot lock ref", error.said):
                    raise self._unfetched(reason(error.said)) from error
                else:
                    # Another process fetches the same.
                    time.sleep(0.1)

    def _fetch_refs(self, git_dir: Path, address: str) -> None:
        words = ["fetch", "--quiet", "--prune", "--force", "--no-tags", "--no-write-fetch-head", "--update-shallow"]
        where = ["--end-of-options", address, *_REFS]
        try:
            run_git(TEMPLATE, f"--git-dir={git_dir}", *words, *where, f"+HEAD:{_HEAD}")
        except GitFailed as error:
            if "remote ref HEAD" not in error.said:
                raise
            # Nothing is committed to the branch that is checked out there.
            run_git(TEMPLATE, f"--git-dir={git_dir}", "update-ref", "-d", _HEAD)
            run_git(TEMPLATE, f"--git-dir={git_dir}", *words, *where)

    def _unfetched(self, why: str) -> Unreachable:
        return Unreachable(
            f"The {self.what} {self.shown} cannot be fetched: {why}",
            "Check the address, the network and your access to it.",
        )


def _rename_objects(git_dir: Path) -> None:
    """Make an empty repository use SHA-256."""
    remove_own_tree(git_dir)
    make_own_folder(git_dir)
    make_bare(git_dir, sha256=True)
    with Root(git_dir) as root:
        root.write("HEAD", f"ref: {_HEAD}\n".encode())


def _address(url: str) -> str:
    """What Git calls the address, for which Copier has short forms."""
    for short, long in _SHORT:
        if url.startswith(short):
            url = long + url.removeprefix(short)
    return url
