"""Which paths may be written: none that leaves its folder, none that some file system takes for Git's own folder.

The rules are those of Git itself with `core.protectHFS` and `core.protectNTFS`, on every system: what is rendered here
may be checked out anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pyo3_kit.errors import Refused
from pyo3_kit.system.platforms import is_drive

# Characters that HFS+ leaves out when it compares names (`next_hfs_char` in Git's utf8.c).
_IGNORED = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
# NTFS finds a file under its short name as well, and leaves out what follows a colon, and dots and spaces at the end.
_SHORT_GIT = re.compile(r"git~\d+\Z")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\Z")
# Files that Git reads by itself, so that one that is a link would make it read any other file.
_READ_BY_GIT = re.compile(
    r"\.(gitmodules|gitattributes|gitignore|mailmap)\Z|(gitmod|gitatt|gitign|mailma)~[1-4]\Z"
    r"|(gi7eba|gi7d29|gi250a|maba30)~\d\Z"
)
_WHOSE = "Please report this to the maintainers of what brings the file."


# Renders of one template have nearly the same names: a fleet and a server ask for them again and again.
@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name, or a path, as a file system sees it that ignores case, Unicode forms and invisible characters."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name.translate(_IGNORED)).casefold())


def is_git_folder(name: str) -> bool:
    """Whether a file system may take this name, one part of a path, for `.git`."""
    plain = _ntfs(folded(name))
    return plain == ".git" or _SHORT_GIT.match(plain) is not None


def escape_of(path: str) -> str:
    """Why nothing may ever be written or removed at `path`, relative to its folder, with `/`; empty when it may be."""
    if not path or "\0" in path:
        return "it is not a path"
    if path.startswith("/") or is_drive(path):
        return "it is absolute"
    for part in path.split("/"):
        if part in ("", "."):
            return "it has an empty part"
        # A backslash separates parts on Windows, and of dots and spaces alone there are no names.
        pieces = part.split("\\")
        if not all(piece.rstrip(". ") for piece in pieces):
            return "it leads out of the folder" if part == ".." else "it leads out of the folder on Windows"
        if any(map(is_git_folder, pieces)):
            return f"{part!a} is Git's own folder on some systems" if part != ".git" else "it is in Git's own folder"
    return ""


@lru_cache(maxsize=4096)
def fault_of(path: str, *, link: bool = False) -> str:
    """Why no new file may be made at `path`, a symbolic link if `link`; empty when one may be made."""
    if why := escape_of(path):
        return why
    for part in path.split("/"):
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in part):
            return f"{part!a} holds control characters"
        if "\\" in part or ":" in part:
            return f"{part!a} holds a character that separates paths or streams on Windows"
        if part[-1] in ". ":
            return f"{part!a} ends with a dot or a space, which Windows drops"
        if _DEVICE.match(folded(part).partition(".")[0].rstrip(" ")):
            return f"{part!a} is a device on Windows"
    name = path.rpartition("/")[2]
    if link and _READ_BY_GIT.match(_ntfs(folded(name))):
        return f"{name!a} is read by Git and must not be a symbolic link"
    return ""


def refuse_names(
    paths: Mapping[str, bool], who: Mapping[str, str] | str, beside: Iterable[str] = (), *, hint: str = _WHOSE
) -> None:
    """Raise `Refused` when a file that is to be made must not have its name, or has that of another one.

    `paths` maps each new path to whether it is a symbolic link, `who` to what brings it, as the subject of a sentence
    (one text for all of them). `beside` are paths that are there already.
    """
    whose = who if isinstance(who, Mapping) else dict.fromkeys(paths, who)
    refuse_faults(paths, whose, hint=hint)
    seen: dict[str, str] = {}
    for path in sorted({*paths, *beside}, key=lambda path: (path in paths, path)):
        for above in (*_parents(path), path):
            other = seen.setdefault(folded(above), above)
            if other != above and path in paths:
                raise Refused(
                    f"{whose[path]} writes {path!a}, and {other!a} is the same name where case and Unicode forms do "
                    "not count.",
                    hint,
                    path=path,
                )


def refuse_faults(paths: Mapping[str, bool], who: Mapping[str, str], *, hint: str = _WHOSE) -> None:
    """Raise `Refused` when a file that is to be made must not have its name, as `refuse_names` has it."""
    for path, link in sorted(paths.items()):
        if why := fault_of(path, link=link):
            raise Refused(f"{who[path]} writes {path!a}, which is refused: {why}.", hint, path=path)


def _ntfs(name: str) -> str:
    return name.partition(":")[0].rstrip(". ")


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]
