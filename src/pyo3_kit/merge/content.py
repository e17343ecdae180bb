"""Merging one file's content: by meaning where its kind has one, by lines, and else a conflict.

Lines come first where they mean something side by side (Rust, Python, Markdown): what they merge stays as the user
wrote it. A result counts only when nothing is wrong with it that was not wrong before (`validity`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from pyo3_kit.merge import pins, text
from pyo3_kit.merge.form import in_form_of
from pyo3_kit.merge.kinds import BY_KEY, MEANING_FIRST, Kind, kind_of
from pyo3_kit.merge.lines import Region, join_regions, regions, split
from pyo3_kit.merge.model import Conflict, Labels, Merged
from pyo3_kit.merge.reformatting import reformatted
from pyo3_kit.merge.untangling import untangled
from pyo3_kit.merge.validity import BROKEN, Problem, problems
from pyo3_kit.rust.bounds import excess

_Merger = Callable[[str, str, str, str, Labels], Merged | None]

_MERGERS: dict[Kind, str] = {
    "toml": "toml",
    "yaml": "yaml",
    "ignore": "ignore",
    "json": "json",
    "markdown": "markdown",
    "rust": "code",
    "python": "code",
    "ini": "blocks",
    "make": "blocks",
    "just": "blocks",
    "env": "blocks",
    "requirements": "blocks",
}
"""The modules beside this one that merge a kind by its meaning; they are imported when they are needed."""

_LARGEST = 2_000_000
"""Bytes above which a text is merged by its lines alone: reading it by its meaning would take minutes."""
_SINGLED_OUT = 40
"""As many of the template's changes are tried alone to find the one that makes a result invalid."""


@dataclass(frozen=True, slots=True)
class ContentMerge:
    """A merged content.

    `how` names the rung that it comes from: `meaning`, `lines`, `nothing`, or `lock` for a lock file, of which
    ours stays as it is.
    `why` is a clause about its conflicts, where they are more than two edits of the same place.
    """

    content: bytes
    conflicts: tuple[Conflict, ...]
    how: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class _Sides:
    path: str
    kind: Kind
    base: str
    ours: str
    theirs: str
    labels: Labels

    def new_problems(self, merged: str) -> list[Problem]:
        """What is wrong with a result and with no side; one that does not parse is excused by ours alone."""
        found = problems(self.kind, merged)
        if not found:
            return []
        mine = problems(self.kind, self.ours)
        known = {*mine, *(each for each in problems(self.kind, self.theirs) if each.what != BROKEN)}
        return [problem for problem in found if problem not in known]


def merge_content(path: str, base: bytes | None, ours: bytes, theirs: bytes, labels: Labels) -> ContentMerge:
    """Merge what became of `base` on two sides; None: both added the file.

    Line endings and byte order mark are those of `ours`, byte for byte where nothing changes. What cannot be merged
    stays as it is in `ours` (TOML, YAML, binary files) or carries diff3 markers, and is in `conflicts`.
    """
    if theirs in (base, ours):
        return ContentMerge(ours, (), "lines")
    if ours == base:
        return ContentMerge(theirs, (), "lines")
    contents = [content for content in (base, ours, theirs) if content is not None]
    if any(map(text.is_binary, contents)):
        return _binary(path, base, ours, theirs)
    encoding = text.encoding_of(contents)
    was = None if base is None else text.read(base, encoding)
    mine, other = text.read(ours, encoding), text.read(theirs, encoding)
    kind = _kind(path, contents) if encoding == "utf-8" else "lines"
    if kind in BY_KEY and max(map(len, contents)) > _LARGEST:
        return ContentMerge(ours, (_whole(path, base, ours, theirs),), "nothing", "it is too large to be merged")
    before, after = in_form_of(kind, was.text, mine.text, other.text) if was else ("", other.text)
    sides = _Sides(path, kind, before, mine.text, after, labels)
    merged, how, why = _merge(sides)
    return ContentMerge(text.write(merged.text, encoding, was, mine, other), merged.conflicts, how, why)


def _kind(path: str, contents: Sequence[bytes]) -> Kind:
    """The kind of a text, or `lines` if it cannot be merged as its kind."""
    kind = kind_of(path)
    if kind in BY_KEY or kind == "lock":
        return kind
    # Where conflicts are, is noted in the texts by a NUL while they are put together.
    if any(b"\0" in content for content in contents) or max(map(len, contents)) > _LARGEST:
        return "lines"
    return "lines" if kind == "rust" and any(excess(content.decode()) for content in contents) else kind


def _merge(sides: _Sides) -> tuple[Merged, str, str | None]:
    merged = _merge_once(sides)
    if sides.kind not in ("rust", "python") or merged[0].conflicts or merged[0].text == sides.ours:
        return merged
    from pyo3_kit.merge.code.imports import missing_imports, with_kept_imports

    language = sides.kind
    missing = missing_imports(language, sides.ours, sides.theirs, merged[0].text)
    if not missing:
        return merged
    # What the user's code needs is the user's import, as if the template had never had it.
    base, ours = with_kept_imports(language, sides.base, sides.ours, sides.theirs, missing)
    kept = _merge_once(replace(sides, base=base, ours=ours))
    if kept[0].conflicts or not missing_imports(language, sides.ours, sides.theirs, kept[0].text):
        return kept
    parts = regions(split(sides.base), split(sides.ours), split(sides.theirs))
    parts = [replace(part, kind="conflict") if part.kind == "theirs" else part for part in parts]
    names = " and ".join(f"`{name}`" for name in sorted(missing))
    why = f"your code uses {names}, which the template no longer imports"
    return join_regions(sides.path, parts, sides.labels), "lines", why


def _merge_once(sides: _Sides) -> tuple[Merged, str, str | None]:
    # A user's file in which nothing but line endings changed, or the template's, needs no merge.
    if sides.ours in (sides.base, sides.theirs):
        return Merged(sides.theirs), "lines", None
    if sides.theirs == sides.base:
        return Merged(sides.ours), "lines", None
    if sides.kind == "lock":
        return Merged(sides.ours), "lock", None
    by_meaning = _by_meaning(sides) if sides.kind in MEANING_FIRST else None
    if by_meaning is not None:
        return by_meaning, "meaning", None
    by_lines, why = _by_lines(sides)
    if not by_lines.conflicts:
        return by_lines, "lines", None
    if sides.kind in BY_KEY:
        return _unmerged(sides), "nothing", "one of the texts could not be read by key"
    if sides.kind not in MEANING_FIRST:
        by_meaning = _by_meaning(sides)
    best, how = by_lines, "lines"
    if by_meaning is not None and len(by_meaning.conflicts) < len(by_lines.conflicts):
        best, how, why = by_meaning, "meaning", None
    if best.conflicts:
        apart, apart_why = _by_lines(sides, apart=True)
        if len(apart.conflicts) < len(best.conflicts):
            return apart, "lines", apart_why
    return best, how, why


def _by_meaning(sides: _Sides) -> Merged | None:
    name = _MERGERS.get(sides.kind)
    if name is None:
        return None
    merger: _Merger = import_module(f"pyo3_kit.merge.{name}").merge
    merged = merger(sides.path, sides.base, sides.ours, sides.theirs, sides.labels)
    if merged is None:
        return None
    marked_up = any(conflict.line is not None for conflict in merged.conflicts)
    if (marked_up and sides.kind in BY_KEY) or (not marked_up and sides.new_problems(merged.text)):
        return None
    return merged


def _by_lines(sides: _Sides, *, apart: bool = False) -> tuple[Merged, str | None]:
    """Merge by lines; with `apart`, changes that only touch each other do not conflict."""
    found = regions(split(sides.base), split(sides.ours), split(sides.theirs))
    parts = [reformatted(sides.kind, each) for part in found for each in _pinned(sides.kind, part)]
    if apart:
        parts = [each for part in parts for each in untangled(sides.kind, part)]
    merged = join_regions(sides.path, parts, sides.labels)
    why = None
    if not merged.conflicts:
        wrong = sides.new_problems(merged.text)
        if wrong:
            why = f"in the merged file, {wrong[0].what}"
            merged = join_regions(sides.path, _doubted(parts, sides), sides.labels)
    return merged, why


def _pinned(kind: Kind, part: Region) -> list[Region]:
    """The region, line by line with the newer side where all that changed in its lines is versions."""
    # In code, what looks like a bound is a comparison.
    code = kind in ("rust", "python")
    if part.kind != "conflict" or code or not len(part.base) == len(part.ours) == len(part.theirs):
        return [part]
    found: list[Region] = []
    for base, ours, theirs in zip(part.base, part.ours, part.theirs, strict=True):
        # A side that changed nothing is older than one that did.
        newer = "ours" if ours == base == theirs else pins.newer_line(base, ours, theirs)
        if newer is None:
            return [part]
        found.append(Region(newer, (base,), (ours,), (theirs,)))
    return found


def _doubted(parts: Sequence[Region], sides: _Sides) -> list[Region]:
    """The regions with the change of the template that makes the result invalid as a conflict; or else with all."""
    changed = [i for i, part in enumerate(parts) if part.kind == "theirs"]

    def without(left_out: set[int]) -> list[Region]:
        return [replace(part, kind="conflict") if i in left_out else part for i, part in enumerate(parts)]

    for i in changed[:_SINGLED_OUT]:
        doubted = without({i})
        if not sides.new_problems("".join(line for part in doubted for line in part.merged)):
            return doubted
    return without(set(changed))


def _unmerged(sides: _Sides) -> Merged:
    whole = Conflict(sides.path, None, None, sides.base or None, sides.ours, sides.theirs)
    return Merged(sides.ours, (whole,))


def _whole(path: str, base: bytes | None, ours: bytes, theirs: bytes, what: str = "text") -> Conflict:
    sizes = [None if content is None else f"{what}, {len(content)} bytes" for content in (base, ours, theirs)]
    return Conflict(path, None, None, *sizes)


def _binary(path: str, base: bytes | None, ours: bytes, theirs: bytes) -> ContentMerge:
    sides = [None if content is None else f"binary, {len(content)} bytes" for content in (base, ours, theirs)]
    return ContentMerge(ours, (Conflict(path, None, None, *sides),), "nothing", "it is a binary file, yours is kept")
