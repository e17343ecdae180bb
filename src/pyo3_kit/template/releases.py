"""The released versions of our own template, carried by the package: an update needs no network for them.

`catalogue/releases.yml` lists them. A wheel holds their files in `_template/history.zip`, written by `hatch_build.py`:
`versions/<version>.json` maps each path to its blob and mode, `blobs/<sha256>` is a file's content. A checkout has them
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

_ENTRY = re.compile(r"^- version: (?P<version>\S+)\n  commit: (?P<commit>[0-9a-f]{40})$", re.MULTILINE)


class Release(NamedTuple):
    """A released version: its name, which is its tag, and its commit (40 hexadecimal digits)."""

    version: str
    commit: str


@cache
def releases() -> tuple[Release, ...]:
    """All released versions, oldest first."""
    # By a pattern, and not as YAML: `status` reads this list, and importing a parser would take longer than the rest.
    # A test compares the two.
    text = read_text(catalogue() / "releases.yml")
    return tuple(Release(found["version"], found["commit"]) for found in _ENTRY.finditer(text))


def find_release(name: str) -> Release | None:
    """The release of this name or commit; of a commit at least seven digits, as Git abbreviates."""
    for release in releases():
        if name == release.version or (len(name) >= 7 and release.commit.startswith(name)):
            return release
    return None


def release_root(release: Release) -> Path:
    """A folder that holds the template as it was released; `Refused` where this installation lacks it."""
    return fill_once(f"releases/{release.commit}", lambda folder: _unpack(release, folder))


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
        if repository.commit_of(release.commit):
            repository.export(release.commit, folder, PARTS)
            return
    raise Refused(
        f"This installation of pyo3-kit does not carry the template's version {release.version}.",
        "Install it from a package index or from a full clone, for example with `git fetch --unshallow --tags`.",
    )


def history_members(repository: Repository) -> Iterator[tuple[str, bytes]]:
    """Name and content of each member of `history.zip`, for the releases that the repository has.

    A shallow clone lacks them; the package that is built from one knows fewer versions.
    """
    written = set()
    for release in releases():
        if not repository.commit_of(release.commit):
            continue
        listed = {}
        for path, mode, digest, content in repository.files(release.commit, PARTS):
            listed[path] = (digest, mode == "100755")
            if digest not in written:
                written.add(digest)
                yield f"blobs/{digest}", content
        yield f"versions/{release.version}.json", json.dumps(listed, sort_keys=True).encode()
