"""Git repositories at addresses: those on the disk are read where they lie, all others are cloned into the cache."""

from __future__ import annotations

import re
from pathlib import Path

from pyo3_kit.errors import Failed, Refused, Unreachable
from pyo3_kit.git.repository import Repository, git
from pyo3_kit.system.addresses import refuse_address
from pyo3_kit.system.caches import cache_folder, made_once

_SHORT = (("gh:", "https://github.com/"), ("gl:", "https://gitlab.com/"), ("git+", ""))


def is_remote(url: str) -> bool:
    """Whether Git has to fetch this address from somewhere else."""
    return bool(re.match(r"(git\+)?(https?|ssh|git|file)://|(gh|gl):|[\w.-]+@[\w.-]+:", url))


def split_ref(text: str) -> tuple[str, str | None]:
    """`ADDRESS[@REF]` taken apart; the `@` of `git@host:path`, and one in the name of a folder, is none of a ref."""
    refuse_address(text, "The address")
    address, separator, ref = text.rpartition("@")
    if not separator or not address or not ref or "/" in ref or ":" in ref or Path(text).expanduser().exists():
        return text, None
    return address, ref


def refuse_bad_address(url: str, what: str) -> None:
    """`Refused` for what Git would take for an option or for a program to run."""
    if not url.strip() or url.startswith("-") or "::" in url:
        raise Refused(f"`{url}` is no address of {what}.", "Give a folder, a Git address, or gh:owner/name.")


class Remote:
    """The repository at an address; `what` is what it holds, for messages. Nothing is fetched before it is needed."""

    def __init__(self, url: str, what: str = "template") -> None:
        self.url, self.what = url, what
        self._repository: Repository | None = None
        self._fetched = False

    def open(self, *, fresh: bool) -> Repository:
        """The repository; with `fresh` what the address has now, which is fetched once.

        `Refused` when it cannot be fetched, or when a folder is no repository.
        """
        if self._repository is None:
            self._repository, self._fetched = self._locate()
        if fresh and not self._fetched:
            self._fetch(self._repository)
        return self._repository

    def _locate(self) -> tuple[Repository, bool]:
        if not is_remote(self.url):
            folder = Path(self.url)
            if (folder / ".git").is_dir():
                return Repository(folder / ".git"), True
            if (folder / ".git").is_file():
                said = git("-C", str(folder), "rev-parse", "--absolute-git-dir").decode().strip()
                return Repository(Path(said)), True
            if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
                return Repository(folder), True
            raise Refused(
                f"The {self.what} {self.url} is no Git repository, so it has no versions to update between.",
                f"Put the {self.what} under Git, and tag its versions.",
            )
        from hashlib import sha256

        name = f"clones/{sha256(self.url.encode()).hexdigest()[:20]}.git"
        there = (cache_folder() / name).is_dir()
        return Repository(made_once(name, self._clone)), not there

    def _clone(self, folder: Path) -> None:
        self._fetching("clone", "--quiet", "--bare", "--end-of-options", _address(self.url), str(folder))

    def _fetch(self, repository: Repository) -> None:
        where = ["--git-dir", str(repository.git_dir)]
        # Every ref as it is there, tags that were moved included: the update compares what they render.
        self._fetching(*where, "fetch", "--quiet", "--prune", "--force", "origin", "+refs/*:refs/*")
        self._repository, self._fetched = Repository(repository.git_dir), True

    def _fetching(self, *arguments: str) -> None:
        try:
            git("-c", "protocol.ext.allow=never", *arguments, changes={"GIT_TERMINAL_PROMPT": "0"})
        except Failed as error:
            raise Unreachable(
                f"The {self.what} {self.url} cannot be fetched: {error.message.removeprefix('Git failed: ')}",
                "Check the address, the network and your access to it.",
            ) from error


def _address(url: str) -> str:
    """What Git calls the address, for which Copier has short forms."""
    for short, long in _SHORT:
        if url.startswith(short):
            url = long + url.removeprefix(short)
    return url
