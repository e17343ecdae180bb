"""Files that a merge would put where the project keeps a folder, or the other way round."""

from __future__ import annotations

from pyo3_kit.merge import text
from pyo3_kit.merge.model import Conflict, File, FileMerge, Outcome, Tree


def describe(file: File) -> str:
    """What a conflict shows of a file: its text, or what it is."""
    if file.link:
        return f"link to {file.content.decode(errors='replace')}"
    return (
        f"binary, {len(file.content)} bytes" if text.is_binary(file.content) else file.content.decode(errors="replace")
    )


def without_collisions(merges: list[FileMerge], ours: Tree) -> list[FileMerge]:
    """The merges, but none that would put a file where the project keeps a folder, or the other way round."""
    stays = set(ours) - {merged.source for merged in merges if merged.source is not None}
    stays -= {merged.path for merged in merges if merged.result is None}
    folders = {path[:i] for path in stays for i, letter in enumerate(path) if letter == "/"}
    checked = []
    for merged in merges:
        path = merged.path
        above = {path[:i] for i, letter in enumerate(path) if letter == "/"}
        if merged.result is not None and merged.ours is None and (path in folders or above & stays):
            reason = (
                "a folder of yours has its name" if path in folders else "a file of yours has the name of its folder"
            )
            conflict = Conflict(path, None, None, None, None, describe(merged.result))
            merged = FileMerge(path, Outcome.CONFLICT, reason, None, None, conflicts=(conflict,))
        checked.append(merged)
    return checked
