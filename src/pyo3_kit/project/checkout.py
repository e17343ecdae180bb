"""What Git hides of a project's files, and how far the files on the disk can be trusted.

A sparse checkout leaves files out, `skip-worktree` and `assume-unchanged` hide changes from `git status`, a file may be
ignored and so missing in every clone, a file system may not know executable files, and Git LFS may have left a pointer
in a file's place. None of these is an edit of the user's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.git.run import ask_git, ignore_rules
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.project.location import Project

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_ENTRY = re.compile(r"(?P<tag>\S) (?P<mode>\d+) (?P<blob>[0-9a-f]+) (?P<stage>\d)\t(?P<path>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A tracked file: its mode and blob in Git's index, and the tag of `git ls-files -v`."""

    mode: str
    blob: str
    tag: str

    @property
    def skipped(self) -> bool:
        """Whether Git leaves the file out of the work tree, or ignores what is there (`skip-worktree`)."""
        return self.tag in "Ss"

    @property
    def assumed(self) -> bool:
        """Whether Git does not look for changes (`assume-unchanged`)."""
        return self.tag.islower()


class Checkout:
    """A project's work tree as Git sees it; each fact costs one Git process, when it is first asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def index(self) -> Mapping[str, IndexEntry]:
        """The tracked files below the project's folder, by path."""
        listed = ask_git(self.project.root, "ls-files", "-z", "-v", "--stage")
        matches = filter(None, map(_ENTRY.fullmatch, listed.split("\0")))
        return {match["path"]: IndexEntry(match["mode"], match["blob"], match["tag"]) for match in matches}

    @cached_property
    def knows_executables(self) -> bool:
        """Whether Git compares the executable bit here (`core.fileMode`)."""
        try:
            return ask_git(self.project.root, "config", "--type=bool", "core.fileMode").strip() != "false"
        except Failed:
            return True

    def left_out(self, missing: Iterable[str]) -> dict[str, File]:
        """Those of the missing paths that only the sparse checkout leaves out, with their content in the index."""
        entries = {path: self.index[path] for path in missing if path in self.index and self.index[path].skipped}
        found = {}
        for path, entry in entries.items():
            content = os.fsencode(ask_git(self.project.root, "cat-file", "blob", entry.blob))
            found[path] = File(content, entry.mode == "100755", entry.mode == "120000")
        return found

    def ignored(self, missing: Iterable[str]) -> set[str]:
        """Those of the missing paths that Git ignores and does not track: no clone has them."""
        paths = [path for path in missing if path not in self.index]
        return set(ignore_rules(self.project.root, paths)) if paths else set()

    def with_known_modes(self, ours: Tree, rendered: Tree) -> dict[str, File]:
        """The files, with the executable bit of Git's index where the file system does not keep it."""
        differing = [path for path, file in ours.items() if path in rendered and _differs_in_mode(file, rendered[path])]
        found = dict(ours)
        if differing and not self.knows_executables:
            for path in differing:
                if entry := self.index.get(path):
                    found[path] = replace(ours[path], executable=entry.mode == "100755")
        return found

    def refuse_hidden(self, paths: Iterable[str]) -> None:
        """`Refused`, naming files and the way out, when Git hides one of the paths that are to be written."""
        entries = {path: self.index[path] for path in sorted(set(paths)) if path in self.index}
        for path, entry in entries.items():
            if not entry.skipped and not entry.assumed:
                continue
            absent = not (self.project.root / path).exists()
            if entry.skipped and absent:
                raise Refused(
                    f"{path} is outside the sparse checkout, and the update would change it.",
                    "Check it out, for example with `git sparse-checkout disable`, and run the command again.",
                )
            flag = "skip-worktree" if entry.skipped else "assume-unchanged"
            raise Refused(
                f"{path} is marked `{flag}`, so Git would not show what the update changes in it.",
                f"Remove the mark with `git update-index --no-{flag} {path}`, and run the command again.",
            )


def is_pointer(ours: File, rendered: File) -> bool:
    """Whether Git LFS has left a pointer where the template renders the file itself."""
    return ours.content.startswith(_POINTER) and not rendered.content.startswith(_POINTER)


def _differs_in_mode(one: File, other: File) -> bool:
    return not one.link and not other.link and one.executable != other.executable
