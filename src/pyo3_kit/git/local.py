"""Repositories on this machine that are not ours: only their objects and refs are used.

Git obeys the configuration of a repository that it works in, and that is a stranger's program. So a bare repository of
our own is made beside it, with its refs and with its objects as alternates; Git fetches from that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyo3_kit.errors import Refused
from pyo3_kit.git.run import READ, run_git
from pyo3_kit.system.platforms import is_own_user
from pyo3_kit.system.writing import Root

_LARGEST = 50_000_000
_REF = re.compile(r"(?P<value>[0-9a-f]{40}|[0-9a-f]{64}|ref: refs/[^\s\\]+)\s*")
_PACKED = re.compile(r"[0-9a-f]{40,64} refs/(?:heads|tags)/\S+")


class LocalRepository(NamedTuple):
    """A repository on this machine: `head_of` is the folder with its HEAD, `common` that with its refs and objects."""

    head_of: Path
    common: Path

    def state(self) -> dict[str, bytes]:
        """Its HEAD and the files of its branches and tags, by their paths below the Git folder.

        `Refused` when that cannot be read as files.
        """
        found = {}
        head = _read(self.head_of / "HEAD").decode(errors="replace")
        if _REF.fullmatch(head):
            found["HEAD"] = head.encode()
        packed = _read(self.common / "packed-refs").decode(errors="replace").splitlines()
        if rows := [row for row in packed if _PACKED.fullmatch(row)]:
            found["packed-refs"] = "".join(f"{row}\n" for row in rows).encode()
        for kind in ("refs/heads", "refs/tags"):
            for path in _files_below(self.common / kind):
                text = _read(path).decode(errors="replace")
                if _REF.fullmatch(text) and not path.name.endswith(".lock"):
                    found[path.relative_to(self.common).as_posix()] = text.encode()
        return found

    @property
    def has_sha256(self) -> bool:
        """Whether its objects are named by SHA-256."""
        return _extension(self.common, "objectformat") == "sha256"

    def mirror(self, folder: Path, state: dict[str, bytes]) -> None:
        """Make a bare repository in `folder` that has these refs, and the objects by reference."""
        make_bare(folder, sha256=self.has_sha256)
        objects = str(self.common / "objects")
        if "\n" in objects:
            raise Refused(f"The folder {objects!r} has a newline in its name.", "Rename it.")
        with Root(folder) as root:
            for path, content in state.items():
                root.make_parents(path)
                root.write(path, content)
            root.make_folder("objects/info")
            root.write("objects/info/alternates", os.fsencode(objects) + b"\n")
            shallow = _read(self.common / "shallow")
            if re.fullmatch(rb"([0-9a-f]{40,64}\n)+", shallow):
                root.write("shallow", shallow)


def local_path(address: str) -> Path | None:
    """The folder that an address means on this machine; None for an address elsewhere.

    Paths, and `file:` in every spelling that Git takes.
    """
    url = re.fullmatch(r"(?:git\+)?file://(?P<path>.*)", address, re.IGNORECASE)
    if url is None:
        return None if _has_host(address) else Path(address).expanduser()
    from urllib.parse import unquote

    # Git takes what follows the host, whichever that is, and decodes it.
    path = unquote(re.sub(r"^[^/]*", "", url["path"]))
    return Path(path[1:] if re.match(r"/[A-Za-z]:", path) else path)


def open_local(folder: Path) -> LocalRepository | None:
    """The repository in a folder; None where there is none. `Refused` when Git refuses it for its owner."""
    git_dir = folder / ".git"
    if git_dir.is_file():
        line = _read(git_dir).decode(errors="replace").strip()
        if not line.startswith("gitdir: "):
            return None
        git_dir = folder / line.removeprefix("gitdir: ")
    elif not git_dir.is_dir():
        git_dir = folder
    if not (git_dir / "HEAD").is_file():
        return None
    common = git_dir
    if (git_dir / "commondir").is_file():
        common = git_dir / _read(git_dir / "commondir").decode(errors="replace").strip()
    if not (common / "objects").is_dir():
        return None
    _refuse_other_owner(folder, git_dir, common)
    if _extension(common, "refstorage") not in ("", "files"):
        raise Refused(
            f"The repository {folder} stores its refs in a format that pyo3-kit does not support.",
            "Use its address instead: `https://…` or `ssh://…`.",
        )
    return LocalRepository(git_dir.resolve(), common.resolve())


def make_bare(folder: Path, *, sha256: bool) -> None:
    """Make an empty bare repository in `folder`, which exists, without starting a process."""
    extension = "[extensions]\n\tobjectFormat = sha256\n" if sha256 else ""
    version = 1 if sha256 else 0
    config = f"[core]\n\trepositoryFormatVersion = {version}\n\tbare = true\n{extension}"
    with Root(folder) as root:
        for name in ("objects", "refs/heads", "refs/tags"):
            root.make_folders(name)
        root.write("HEAD", b"ref: refs/heads/main\n")
        root.write("config", config.encode())


def digest_of(state: dict[str, bytes]) -> str:
    """A digest of the refs."""
    from hashlib import sha256

    digest = sha256()
    for path in sorted(state):
        digest.update(f"{path}\0{len(state[path])}\0".encode(errors="surrogateescape") + state[path])
    return digest.hexdigest()


def _has_host(address: str) -> bool:
    return bool(
        re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|(gh|gl):", address)
        # `host:path`; one letter before the colon is a drive of Windows, and after a slash Git sees a path.
        or re.match(r"(?![A-Za-z]:)[^/:\\]+:", address)
    )


def _refuse_other_owner(*folders: Path) -> None:
    """`Refused`, in Git's own words, where it does not trust the owner (`safe.directory`); a process only then."""
    try:
        if all(is_own_user(folder.stat().st_uid) for folder in folders):
            return
    except OSError as error:
        raise Refused(f"{error.filename} cannot be read: {error.strerror}.", "Check your access to it.") from error
    # Git asks for the owner only of what it finds by itself.
    run_git(READ, "-c", "safe.bareRepository=all", "rev-parse", "--git-dir", folder=folders[0])


def _extension(common: Path, name: str) -> str:
    """An extension of the repository's format; nothing else in its configuration is used."""
    text = _read(common / "config").decode(errors="replace")
    found = re.findall(rf"^\s*{name}\s*=\s*\"?(\w+)", text, re.MULTILINE | re.IGNORECASE)
    return found[-1].lower() if found else ""


def _files_below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield Path(parent, name)


def _read(path: Path) -> bytes:
    """The content of a regular file; empty when there is none. `Refused` for one that is too large."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.", "Check your access to it.") from error
    if len(content) > _LARGEST:
        raise Refused(f"{path} is too large for a file in a Git folder.", "Use another repository.")
    return content
