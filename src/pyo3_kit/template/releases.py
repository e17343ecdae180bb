"""The released versions of our own template, carried by the package: an update needs no network for them.

`catalogue/releases.yml` lists them, each by its commit and by the digest of its files: after a rewrite of the history,
the commit no longer exists, and another one with the same files is the release. A wheel holds the files in
`_template/history.zip`, written by `hatch_build.py`: `versions/<version>.json` maps each path to its blob and mode,
`blobs/<sha256>` is a file's content. A checkout has them
in its Git repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyo3_kit.errors import Refused
from pyo3_kit.git.repository import Repository
from pyo3_kit.system.caches import fill_once
from pyo3_kit.system.reading import read_text
from pyo3_kit.system.writing import Root
from pyo3_kit.template.location import catalogue, template_root

HISTORY = "history.zip"
PARTS = ("copier.yml", "questions", "extensions", "catalogue", "template", "migrations")
"""What belongs to the template, relative to the repository's root."""

LIST = "catalogue/releases.yml"
"""The list is left out of digests: it is complete only after a release, and it contains the digests."""

_ENTRY = re.compile(
    r"^- version: (?P<version>\S+)\n  commit: (?P<commit>[0-9a-f]{40})\n  digest: (?P<digest>[0-9a-f]{64})$",
    re.MULTILINE,
)


class Release(NamedTuple):
    """A released version: its name, which is its tag; its commit, 40 hex digits; and the digest of its files."""

    version: str
    commit: str
    digest: str


@cache
def releases() -> tuple[Release, ...]:
    """All released versions, oldest first."""
    # By a pattern, and not as YAML: `status` reads this list, and importing a parser would take longer than the rest.
    # A test compares the two.
    text = read_text(catalogue() / "releases.yml")
    return tuple(Release(found["version"], found["commit"], found["digest"]) for found in _ENTRY.finditer(text))


def find_release(name: str) -> Release | None:
    """The release of this name or commit; of a commit at least seven digits, as Git abbreviates."""
    for release in releases():
        if name == release.version or (len(name) >= 7 and release.commit.startswith(name)):
            return release
    return None


def release_root(release: Release) -> Path:
    """A folder that holds the template as it was released; `Refused` where this installation lacks it."""
    return fill_once(f"releases/{release.digest}", lambda folder: _unpack(release, folder))


def _unpack(release: Release, folder: Path) -> None:
    import zipfile

    packed = template_root() / HISTORY
    if packed.is_file():
        with zipfile.ZipFile(packed) as history:
            name = f"versions/{release.version}.json"
            if name in history.namelist():
                with Root(folder) as root:
                    for path, (blob, executable) in json.loads(history.read(name)).items():
                        root.make_parents(path)
                        root.write_new(path, history.read(f"blobs/{blob}"), 0o777 if executable else 0o666)
                return
    elif (template_root() / ".git").exists():
        repository = Repository(template_root() / ".git")
        if commit := find_commit(repository, release):
            repository.export(commit, folder, PARTS)
            return
    raise Refused(
        f"This installation of pyo3-kit does not carry the template's version {release.version}.",
        "Install it from a package index or from a full clone, for example with `git fetch --unshallow --tags`.",
    )


def digest_files(repository: Repository, commit: str) -> str:
    """The digest of the template's files in a commit, by which a release is found after its history was rewritten."""
    return repository.digest(commit, PARTS, without=LIST)


def find_commit(repository: Repository, release: Release) -> str | None:
    """The commit of the repository that has the release's files; None if it has none, as a shallow clone.

    That is the recorded commit. Where it does not exist, it is the release's tag, or any commit, with the same files.
    """
    if commit := repository.commit_of(release.commit):
        return commit
    tagged = repository.tags.get(release.version)
    for commit in [*([tagged] if tagged else []), *repository.commits_changing(PARTS)]:
        if digest_files(repository, commit) == release.digest:
            return commit
    return None


def history_members(repository: Repository) -> Iterator[tuple[str, bytes]]:
    """Name and content of each member of `history.zip`, for the releases that the repository has.

    A shallow clone lacks them; the package that is built from one knows fewer versions.
    """
    written = set()
    for release in releases():
        commit = find_commit(repository, release)
        if commit is None:
            continue
        listed = {}
        for path, mode, digest, content in repository.files(commit, PARTS):
            listed[path] = (digest, mode == "100755")
            if digest not in written:
                written.add(digest)
                yield f"blobs/{digest}", content
        yield f"versions/{release.version}.json", json.dumps(listed, sort_keys=True).encode()
