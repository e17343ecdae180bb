"""Whether a journal that was read from the disk is one that this program may have written.

A repository may come out of an archive, with a journal that somebody made up in its Git directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyo3_kit.system.names import escape_of
from pyo3_kit.transaction.record import FLAGS, NOTES, Index, Journal, Side

_TOKEN = re.compile(r"[0-9a-f]{8}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def fault_of_journal(journal: Journal) -> str:
    """Why a journal must not be used: a path that leads elsewhere, or what no journal holds; empty when it may be."""
    return next(_faults(journal), "")


def _faults(journal: Journal) -> Iterator[str]:
    if not _is_text(journal.token, _TOKEN):
        yield "its token is malformed"
    paths = [*(step.path for step in journal.steps if step.path != ""), *journal.made, *journal.emptied]
    for path in [*paths, *journal.conflicts, *journal.marked, *journal.sidecars]:
        if not isinstance(path, str):
            yield "it has a path that is not a text"
        elif why := escape_of(path):
            yield f"it names the path {path!a}: {why}"
    for path in journal.sidecars:
        if not path.startswith(f"{NOTES}/"):
            yield f"it takes {path!a} for a conflict note"
    for step in journal.steps:
        for side in (step.before, step.after):
            if side is not None and not _is_side(side):
                yield f"its record of {step.path!a} is malformed"
    if not all(_is_number(mode, 0o7777) for mode in journal.emptied.values()):
        yield "it has the mode of a folder that is malformed"
    if not all(_are_texts(lines) for lines in journal.marked.values()) or not isinstance(journal.meta, Mapping):
        yield "it has marker lines or details that are malformed"
    if journal.index is not None and not _is_index(journal.index):
        yield "its record of Git's index is malformed"


def _is_side(side: Side) -> bool:
    numbers = _is_number(side.mode, 0o7777) and _is_number(side.start) and _is_number(side.length)
    return side.kind in ("file", "link") and numbers and _is_text(side.digest, _DIGEST)


def _is_index(index: Index) -> bool:
    texts = isinstance(index.before, str) and isinstance(index.after, str)
    return texts and isinstance(index.flags, Mapping) and all(map(_is_flag, index.flags.items()))


def _is_flag(flag: tuple[Any, Any]) -> bool:
    return flag[0] in FLAGS.values() and _are_texts(flag[1])


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_text(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_number(value: Any, most: int = 1 << 62) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
