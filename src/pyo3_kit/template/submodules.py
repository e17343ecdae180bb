"""Submodules of a template: repositories at other addresses, put where the template has them."""

from __future__ import annotations

import re
from pathlib import Path

from pyo3_kit.errors import Refused, without_secrets
from pyo3_kit.git.local import local_path
from pyo3_kit.git.remotes import Remote, refuse_bad_address
from pyo3_kit.git.repository import Repository

_DEEPEST = 8


def add_submodules(repository: Repository, commit: str, folder: Path, address: str, depth: int = 0) -> None:
    """Put the files of the submodules of a commit into `folder`, which holds those of the commit.

    `address` is that of the repository, from which relative addresses start. `Refused` for one that cannot be fetched,
    and as in Git for one that lies on this machine: a template has no business with other repositories here.
    """
    if not (folder / ".gitmodules").is_file():
        return
    for path, (written, digest) in repository.submodules(commit).items():
        url = _absolute(written, address)
        refuse_bad_address(url, "a submodule")
        if local_path(url) is not None or depth >= _DEEPEST:
            why = "lies on this machine" if depth < _DEEPEST else "is nested too deeply"
            raise Refused(
                f"The submodule {path} of the template {without_secrets(address)} {why}.",
                "Name the submodule by an address that others can fetch.",
            )
        remote = Remote(url, "submodule")
        found = remote.open(fresh=False)
        if found.commit_of(digest) is None:
            found = remote.open(fresh=True)
        if found.commit_of(digest) is None:
            raise Refused(
                f"The submodule {path} of the template {without_secrets(address)} has no commit {digest}.",
                "Push that commit to the submodule's repository.",
            )
        found.export(digest, folder / path)
        add_submodules(found, digest, folder / path, url, depth + 1)


def _absolute(url: str, base: str) -> str:
    """The address of a submodule as Git takes it: `./` and `../` start at the repository's own."""
    if not url.startswith(("./", "../")):
        return url
    base = base.rstrip("/")
    while url.startswith(("./", "../")):
        up, _, url = url.partition("/")
        if up == "..":
            base = re.sub(r"[/:][^/:]*$", "", base)
    separator = ":" if re.fullmatch(r"[^/:]+@[^/:]+", base) else "/"
    return f"{base}{separator}{url}"
