"""The repositories of a fleet, from its file and lists; invalid ones are reported by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pyo3_kit.errors import KitError, Refused, without_secrets
from pyo3_kit.fleet.model import BRANCH, Entry, Row, State
from pyo3_kit.git.addresses import checked_address, checked_name, is_address, name_of


@dataclass(frozen=True, slots=True)
class Written:
    """A repository as written: the values of its keys, and the place `line L, column C` for messages."""

    values: Mapping[str, Any]
    place: str


def make_entries(written: list[Written], base: Path, root: Path) -> tuple[list[Entry], list[Row]]:
    """The entries, and a row for each rejected repository: invalid, or a duplicate.

    Relative paths are relative to `base`; local repositories must be in `root`.
    """
    entries: list[Entry] = []
    refused: list[Row] = []
    known: dict[str, str] = {}
    for one in written:
        shown = without_secrets(str(one.values.get("path") or one.values.get("url")))
        name = shown
        wave = int(one.values.get("wave", 1))
        try:
            entry = _entry(one, base, root)
            name, shown = entry.name, entry.source
            _refuse_again(entry, known, one.place)
            entries.append(entry)
        except KitError as error:
            unique = next(free for free in _names(name) if free not in known)
            known[unique] = one.place
            reason = f"{one.place}: {error.message}".rstrip(".")
            refused.append(Row(unique, shown, State.REFUSED, reason, error.hint, wave))
    return entries, refused


def _names(name: str) -> Iterator[str]:
    """The name, made unique."""
    yield name
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1


def _refuse_again(entry: Entry, known: dict[str, str], place: str) -> None:
    """Raise `Refused` for a duplicate; otherwise record the entry as known."""
    remote = _plain(entry.remote)
    keys = {entry.name, f"folder {folder_of(entry.name).lower()}", f"{remote} {entry.folder}"}
    for key in keys:
        if key in known:
            raise Refused(f"it is already in the list ({known[key]})", "List each repository once.")
    # Each of the two projects would discard the other's commit.
    branch = f"branch {remote} {entry.branch}"
    if branch in known:
        raise Refused(
            f"another project of the repository uses the branch {entry.branch} ({known[branch]})",
            "Set another `branch`.",
        )
    known.update(dict.fromkeys((*keys, branch), place))


def _plain(remote: str) -> str:
    """A normalised address, the same for all forms of a repository's address."""
    address = re.sub(r"^[a-z+]+://(?:[^/@]*@)?|^[\w.+-]+@(?=[\w.-]+:)|(?:\.git)?/*$", "", remote)
    return address.replace(":", "/").lower() if is_address(remote) else address


def folder_of(name: str) -> str:
    """The name of a repository's folder in the workspace."""
    return name.replace("/", "--")


def folder_in(workspace: Path, entry: Entry) -> Path:
    """The folder of a repository's clone in a workspace."""
    return workspace / "repositories" / folder_of(entry.name)


def _entry(one: Written, base: Path, root: Path) -> Entry:
    values = one.values
    address, path = values.get("url"), values.get("path")
    if (address is None) == (path is None):
        raise Refused("a repository must have either `path` or `url`", "Use only one of them.")
    place = None
    if path is not None:
        place = _inside(path, base, root)
        remote = source = str(place)
    else:
        remote = checked_address(str(address))
        source = without_secrets(remote)
    folder = _folder(values.get("folder", ""))
    name = values.get("name") or "/".join(part for part in (_tame(name_of(remote)), folder) if part)
    for key in ("branch", "base", "to"):
        if key in values:
            _refuse_option(key, values[key])
    branch = values.get("branch") or _branch_of(folder)
    if branch == values.get("base"):
        raise Refused(f"`base` and `branch` are both {branch}", "Updates need a separate branch.")
    for person in values.get("reviewers", ()):
        _refuse_option("reviewers", person)
    return Entry(
        name=checked_name(name),
        source=source,
        remote=remote,
        path=place,
        folder=folder,
        answers_file=values.get("answers-file"),
        base=values.get("base"),
        branch=branch,
        to=values.get("to"),
        reviewers=tuple(values.get("reviewers", ())),
        request=values.get("request"),
        wave=int(values.get("wave", 1)),
    )


def _inside(path: str, base: Path, root: Path) -> Path:
    """The folder at `path`, with links resolved; raises `Refused` if it is outside `root`. It need not exist."""
    try:
        place = (base / Path(path).expanduser()).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused(f"the path {path!r} cannot be read: {error}", "Check the path.") from error
    if not place.is_relative_to(root):
        raise Refused(
            f"the path {path} is outside {root}", "Local repositories must be in `root`: set it, or use an address."
        )
    return place


def _folder(folder: str) -> str:
    pure = PurePosixPath(folder)
    if pure.is_absolute() or ".." in pure.parts or folder.startswith("-") or re.search(r"[\x00-\x1f\\:]", folder):
        raise Refused(
            f"the folder {folder!r} is outside the repository", "Use a path relative to the repository's root."
        )
    return "" if str(pure) == "." else str(pure)


def _branch_of(folder: str) -> str:
    """The default branch for updates: a different one for each project in a repository."""
    words = re.sub(r"[^A-Za-z0-9_]+", "-", folder).strip("-")
    return f"{BRANCH}-{words}" if words else BRANCH


def _tame(name: str) -> str:
    """A folder's name, with invalid characters replaced."""
    return "/".join(re.sub(r"[^A-Za-z0-9_.+-]+", "-", part).lstrip("-.+") or "repository" for part in name.split("/"))


def _refuse_option(key: str, value: str) -> None:
    odd = re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|\.lock$|\.$", value)
    if not value or value.startswith(("-", "/")) or odd:
        raise Refused(f"`{key}` is {value!r}, which is not a valid Git name", "Check the name.")
