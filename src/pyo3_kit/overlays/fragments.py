"""The fragments of an overlay in a tree of files, and the record of those already merged into the project."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.merge.kinds import BY_KEY, kind_of
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.system.platforms import link_content
from pyo3_kit.system.reading import RECORD, read_bytes, read_text
from pyo3_kit.texts.bounds import load_json

Fragments: TypeAlias = Mapping[str, str]
"""The text of each fragment of an overlay, by the path of the file that it changes."""

FOLDER = ".pyo3-kit/overlays"
_MARK = ".fragment"
_RESTORE = "Restore it from Git."


def applied_file(name: str) -> str:
    """The path of the record of an overlay's merged fragments."""
    return f"{FOLDER}/{name}.applied.json"


def fragment_file(name: str, path: str) -> str:
    """The path of an overlay's fragment for a file: `pyproject.fragment.toml` changes `pyproject.toml`.

    With the file's own name, linters, package managers and dependency updaters would read it.
    """
    place = PurePosixPath(path)
    return f"{FOLDER}/{name}/{place.with_name(f'{place.stem}{_MARK}{place.suffix}')}"


def fragments_in(tree: Tree, name: str) -> dict[str, str]:
    """The overlay's fragments in a tree of files.

    Raises `Refused` for links, text that is not UTF-8, files that are neither TOML nor YAML, and files in
    the overlays' folder that do not belong to this overlay.
    """
    found = {}
    mine = f"{FOLDER}/{name}/"
    for path, file in sorted(tree.items()):
        if not path.startswith(f"{FOLDER}/"):
            continue
        if not path.startswith(mine):
            raise Refused(f"The overlay `{name}` writes {path}.", f"Its fragments belong in {mine}.")
        target = _changed(name, path.removeprefix(mine))
        found[target] = _text(path, target, file)
    return found


def read_fragments(root: Path, name: str) -> dict[str, str]:
    """The overlay's fragments in the project at `root`; raises like `fragments_in`."""
    folder = root / FOLDER / name
    tree = {}
    try:
        for parent, _, files in os.walk(folder):
            for file in files:
                path = Path(parent, file)
                content = link_content(str(path.readlink())) if path.is_symlink() else read_bytes(path)
                tree[path.relative_to(root).as_posix()] = File(content, link=path.is_symlink())
    except OSError as error:
        raise from_os_error(error, f"reading the fragments of {name}") from error
    return fragments_in(tree, name)


def read_applied(root: Path, name: str) -> dict[str, str]:
    """The fragments that are merged into the project; none without a record. Raises `Refused` for a damaged one."""
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
        raise Refused(f"{place} was not written by pyo3-kit, or was edited.", _RESTORE) from None


def write_applied(fragments: Fragments) -> bytes:
    """The record of these fragments, as text."""
    record = {
        "about": "Written by pyo3-kit: the overlay's fragments that are merged into the project's files.",
        "files": {path: text.splitlines() for path, text in sorted(fragments.items())},
    }
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()


def _changed(name: str, path: str) -> str:
    """The file changed by the fragment at `path` in the overlay's folder."""
    place = PurePosixPath(path)
    stem, mark, suffix = place.name.rpartition(_MARK)
    target = str(place.with_name(stem + suffix)) if stem else ""
    if not mark or not target or fragment_file(name, target) != f"{FOLDER}/{name}/{path}":
        raise Refused(
            f"{FOLDER}/{name}/{path} does not have the name of a fragment.",
            f"The fragment for {path} is {fragment_file(name, path)}.",
        )
    return target


def _text(path: str, target: str, file: File) -> str:
    if file.link:
        raise Refused(f"The fragment {path} is a symbolic link.", "Replace it by a file.")
    if kind_of(target) not in BY_KEY:
        raise Refused(
            f"The fragment {path} is neither TOML nor YAML.", "Only files that have keys can be merged by key."
        )
    try:
        text = file.content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Refused(f"The fragment {path} is not UTF-8 text.", "Save it as UTF-8.") from None
    # The record consists of lines, so the last one needs a newline too.
    return "".join(f"{line}\n" for line in text.splitlines())


def refuse_double(name: str, tree: Tree, owners: Mapping[str, str]) -> None:
    """Raise `Refused` if the overlay writes a file that another template writes too, or has a folder where that is.

    `owners` maps each path to its overlay's name, or to "" for a file of the base template.
    """
    for path in sorted(tree.keys() & owners.keys()):
        whose = f"the overlay `{owners[path]}`'s" if owners[path] else "the template's own"
        way = f"Use a fragment instead: {fragment_file(name, path)}, with only the keys that differ."
        if kind_of(path) not in BY_KEY:
            way = "Rename the overlay's file: fragments can only change TOML and YAML files."
        raise Refused(f"The overlay `{name}` writes {path}, which is {whose}.", way, path=path)
    for inner, outer in ((tree, owners), (owners, tree)):
        for path in sorted(inner):
            if above := next((str(one) for one in PurePosixPath(path).parents if str(one) in outer), None):
                raise Refused(
                    f"The overlay `{name}` cannot be used: {path} would be in a folder {above}, and another template "
                    "has a file or a link there.",
                    "Give one of them another name.",
                    path=path,
                )
