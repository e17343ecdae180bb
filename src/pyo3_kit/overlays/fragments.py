"""The fragments of an overlay in a tree of files, and the record of those that the project's files hold already."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.merge.kinds import BY_KEY, kind_of
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.system.reading import RECORD, read_bytes, read_text
from pyo3_kit.texts.bounds import load_json

Fragments: TypeAlias = Mapping[str, str]
"""The text of each fragment of one overlay, by the path of the file that it changes."""

FOLDER = ".pyo3-kit/overlays"
_MARK = ".fragment"
_RESTORE = "Restore it from Git."


def applied_file(name: str) -> str:
    """The record of what the project's files hold of an overlay: the fragments as they were when they were merged."""
    return f"{FOLDER}/{name}.applied.json"


def fragment_file(name: str, path: str) -> str:
    """Where the overlay's fragment for a file lies: `pyproject.toml` is changed by `pyproject.fragment.toml`.

    Under its own name it would be taken for such a file by linters, package managers, and whatever looks for updates.
    """
    place = PurePosixPath(path)
    return f"{FOLDER}/{name}/{place.with_name(f'{place.stem}{_MARK}{place.suffix}')}"


def fragments_in(tree: Tree, name: str) -> dict[str, str]:
    """The overlay's fragments in a tree of files.

    `Refused` for one that is a link, no UTF-8, for a file that is neither TOML nor YAML, and for what lies in
    the folder of overlays without being this overlay's.
    """
    found = {}
    mine = f"{FOLDER}/{name}/"
    for path, file in sorted(tree.items()):
        if not path.startswith(f"{FOLDER}/"):
            continue
        if not path.startswith(mine):
            raise Refused(f"The overlay `{name}` writes {path}.", f"Its fragments belong into {mine}.")
        target = _changed(name, path.removeprefix(mine))
        found[target] = _text(path, target, file)
    return found


def read_fragments(root: Path, name: str) -> dict[str, str]:
    """The overlay's fragments as they lie in the project at `root`; refused as in `fragments_in`."""
    folder = root / FOLDER / name
    tree = {}
    try:
        for parent, _, files in os.walk(folder):
            for file in files:
                path = Path(parent, file)
                content = os.fsencode(path.readlink()) if path.is_symlink() else read_bytes(path)
                tree[path.relative_to(root).as_posix()] = File(content, link=path.is_symlink())
    except OSError as error:
        raise from_os_error(error, f"reading the fragments of {name}") from error
    return fragments_in(tree, name)


def read_applied(root: Path, name: str) -> dict[str, str]:
    """The fragments that the project's files hold; none without a record, `Refused` for a damaged one."""
    place = applied_file(name)
    try:
        found = load_json(read_text(root / place, RECORD))
        return {str(path): "".join(f"{line}\n" for line in lines) for path, lines in found["files"].items()}
    except FileNotFoundError:
        return {}
    except json.JSONDecodeError as error:
        raise Refused(f"{place}, line {error.lineno}, column {error.colno}: {error.msg}.", _RESTORE) from None
    except OSError as error:
        raise from_os_error(error, f"reading {place}") from error
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refused(f"{place} is not what pyo3-kit writes.", _RESTORE) from None


def write_applied(fragments: Fragments) -> bytes:
    """The record of these fragments as the text of its file."""
    record = {
        "about": "Written by pyo3-kit: what of the overlay is merged into the project's files.",
        "files": {path: text.splitlines() for path, text in sorted(fragments.items())},
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()


def _changed(name: str, path: str) -> str:
    """The file that the fragment at `path` in the overlay's folder changes."""
    place = PurePosixPath(path)
    stem, mark, suffix = place.name.rpartition(_MARK)
    target = str(place.with_name(stem + suffix)) if stem else ""
    if not mark or not target or fragment_file(name, target) != f"{FOLDER}/{name}/{path}":
        raise Refused(
            f"{FOLDER}/{name}/{path} is not named like a fragment.",
            f"The fragment for {path} is {fragment_file(name, path)}.",
        )
    return target


def _text(path: str, target: str, file: File) -> str:
    if file.link:
        raise Refused(f"The fragment {path} is a symbolic link.", "Make it a file.")
    if kind_of(target) not in BY_KEY:
        raise Refused(
            f"The fragment {path} is neither TOML nor YAML.", "Only files that have keys can be merged by key."
        )
    try:
        text = file.content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Refused(f"The fragment {path} is not UTF-8 text.", "Save it as UTF-8.") from None
    # Lines are what the record holds, so that the last one ends like any other.
    return "".join(f"{line}\n" for line in text.splitlines())


def refuse_double(name: str, tree: Tree, owners: Mapping[str, str]) -> None:
    """`Refused` when the overlay writes a file that another template writes too.

    `owners` tells of each path which overlay's it is, or nothing for a file of the template below.
    """
    for path in sorted(tree.keys() & owners.keys()):
        whose = f"the overlay `{owners[path]}`'s" if owners[path] else "the template's own"
        way = f"Change it by a fragment: {fragment_file(name, path)} holds only the keys that differ."
        if kind_of(path) not in BY_KEY:
            way = "Give the overlay's file another name: only TOML and YAML can be changed by a fragment."
        raise Refused(f"The overlay `{name}` writes {path}, which is {whose}.", way, path=path)
