"""How a file of a project differs from what its template renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pyo3_kit.merge.model import File


class Kind(Enum):
    """How a file differs; the value is the word that people and programs read."""

    CUSTOMISED = "customised"
    DRIFTED = "drifted"
    STALE = "stale"
    MISSING = "missing"


class FileStatus(NamedTuple):
    """One file that is not what the template renders.

    Customised is what is the user's to change: a file to start from, or an addition to any other. Drifted: the
    template's own part was changed; of TOML files `keys` are the changed ones, of customised ones the added ones.
    Stale: the file is that of an older version. `reason` is one clause.
    """

    path: str
    kind: Kind
    reason: str
    keys: tuple[str, ...] = ()


def same(one: File, other: File) -> bool:
    """Whether two files are equal but for their line endings."""
    if one == other:
        return True
    if one.link or other.link or one.executable != other.executable:
        return False
    return one.content.replace(b"\r\n", b"\n") == other.content.replace(b"\r\n", b"\n")


def compare(path: str, base: File, ours: File) -> FileStatus:
    """How a file that differs from what the template renders differs from it."""
    if base.link or ours.link:
        return FileStatus(path, Kind.DRIFTED, "it leads elsewhere" if base.link == ours.link else "a link and a file")
    try:
        texts = [file.content.decode().removeprefix("\ufeff").replace("\r\n", "\n") for file in (base, ours)]
    except UnicodeDecodeError:
        return FileStatus(path, Kind.DRIFTED, "its content is another")
    if texts[0] == texts[1]:
        return FileStatus(path, Kind.DRIFTED, "it is a program no more" if base.executable else "it was made a program")
    if path.endswith(".toml") and (compared := _compare_toml(path, texts[0], texts[1])):
        return compared
    if _within(texts[0].splitlines(), texts[1].splitlines()):
        return FileStatus(path, Kind.CUSTOMISED, "you added to it")
    return FileStatus(path, Kind.DRIFTED, "lines of the template were changed")


def _compare_toml(path: str, base: str, ours: str) -> FileStatus | None:
    from pyo3_kit.merge.toml.reader import Unreadable, load

    try:
        before, now = load(path, base), load(path, ours)
    except Unreadable:
        return None
    added: list[str] = []
    changed: list[str] = []
    _compare_data((), before, now, added, changed)
    if changed:
        return FileStatus(path, Kind.DRIFTED, "keys of the template were changed", tuple(changed))
    if added:
        return FileStatus(path, Kind.CUSTOMISED, "you added to it", tuple(added))
    return FileStatus(path, Kind.CUSTOMISED, "only its form was changed")


def _compare_data(path: tuple[str, ...], base: Any, ours: Any, added: list[str], changed: list[str]) -> None:
    name = ".".join(path)
    if isinstance(base, Mapping) and isinstance(ours, Mapping):
        for key in base:
            if key not in ours:
                changed.append(".".join((*path, key)))
            else:
                _compare_data((*path, key), base[key], ours[key], added, changed)
        added += [".".join((*path, key)) for key in ours if key not in base]
    elif base != ours:
        both = isinstance(base, (list, tuple)) and isinstance(ours, (list, tuple))
        if both and all(list(ours).count(item) >= list(base).count(item) for item in base):
            if len(base) != len(ours):
                added.append(name)
        else:
            changed.append(name)


def _within(base: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether `ours` contains all lines of `base`, in order."""
    rest = iter(ours)
    return all(any(line == other for other in rest) for line in base)
