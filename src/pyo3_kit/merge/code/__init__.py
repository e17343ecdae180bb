"""Rust and Python merged by items: functions, types, imports and their names, each by its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyo3_kit.merge.model import Labels, Merged

if TYPE_CHECKING:
    from pyo3_kit.merge.code.source import Language

_LANGUAGES: dict[str, Language] = {".rs": "rust", ".py": "python", ".pyi": "python"}


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:
    """Merge three versions of a Rust or Python file; where items conflict, with markers around the smallest of them.

    Texts with LF line endings; `base` is empty when both sides added the file. None for other files, when a version
    does not parse, and when the result would not be sure: then nothing is known to be lost, but lines have to do.
    """
    from pyo3_kit.merge.code import checks, python, rust
    from pyo3_kit.merge.code.combine import Combiner
    from pyo3_kit.merge.code.conflicts import SIGN, Clash, Conflicts, settled
    from pyo3_kit.merge.code.source import parse

    language = next((name for suffix, name in _LANGUAGES.items() if path.endswith(suffix)), None)
    if language is None or any(SIGN in text for text in (base, ours, theirs)):
        return None
    if ours == theirs or base == theirs:
        return Merged(ours)
    if base == ours:
        return Merged(theirs)
    sources = [parse(text, language) for text in (base, ours, theirs)]
    if language == "python" and not all(checks.compiles(text) for text in (base, ours, theirs)):
        return None
    before, mine, yours = sources
    if before is None or mine is None or yours is None:
        return None
    conflicts = Conflicts(path, labels)
    tree = rust.tree if language == "rust" else python.tree
    try:
        text = Combiner(conflicts).node(tree(before) if base.strip() else None, tree(mine), tree(yours))
    except Clash:
        return None
    merged = conflicts.finished(text)
    plain = settled(text)
    result = parse(plain, language)
    if result is None or checks.repeats(result, mine, yours) or (language == "python" and not checks.compiles(plain)):
        return None
    if merged.conflicts:
        known = checks.mentions(before, mine, text) and checks.mentions(before, yours, text)
    else:
        known = checks.accounted(before, mine, yours, result)
    return merged if known else None
