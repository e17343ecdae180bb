"""Merging what became of a template's files with what became of a project's.

Each path is decided alone, after files that were moved are found on both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pyo3_kit.merge import text
from pyo3_kit.merge.collisions import describe, without_collisions
from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.form import in_form_of
from pyo3_kit.merge.kinds import LOCK_FILES, kind_of
from pyo3_kit.merge.lines import split
from pyo3_kit.merge.matching import changes
from pyo3_kit.merge.model import Conflict, File, FileMerge, Labels, Outcome, Tree
from pyo3_kit.merge.renames import renames, share_left

_REWRITTEN = 0.4
"""A seed file is its user's own when less than that is left of the template's lines."""


def never(_path: str) -> bool:
    """Take a file away that the user edited? No."""
    return False


def merge_trees(
    base: Tree,
    ours: Tree,
    theirs: Tree,
    *,
    seed: Callable[[str], bool],
    labels: Labels,
    remove_edited: Callable[[str], bool] = never,
) -> list[FileMerge]:
    """What an update does with each file, by path.

    `base` and `theirs` are what the template renders before and now. `ours` holds the paths of both that exist in the
    project, and whatever else could be one of them that the user moved; of that, only what changes comes back. `seed`
    lists files that the user is meant to rewrite, `remove_edited` those that go with the template's although edited.
    """
    merge = _Merge(base, ours, theirs, labels, seed, remove_edited)
    return without_collisions(merge.all(), ours)


@dataclass(frozen=True, slots=True)
class _Place:
    """One file: its path in the old template, in the project, and in the merged project."""

    path: str
    base: File | None
    ours: File | None
    theirs: File | None
    source: str | None = None
    moved: str = ""
    """Who moved it, as the start of a reason."""


class _Merge:
    def __init__(
        self,
        base: Tree,
        ours: Tree,
        theirs: Tree,
        labels: Labels,
        seed: Callable[[str], bool],
        remove_edited: Callable[[str], bool],
    ) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.labels, self.seed, self.remove_edited = labels, seed, remove_edited
        gone = [path for path in base if path not in theirs]
        new = [path for path in theirs if path not in base]
        self.by_template = renames(gone, base, new, theirs)
        missing = [path for path in base if path not in ours]
        # Where both moved it to the same place, that place is in `theirs`.
        missing = [path for path in missing if self.by_template.get(path) not in ours]
        foreign = [path for path in ours if path not in base and path not in theirs]
        self.by_user = renames(missing, base, foreign, ours)

    def all(self) -> list[FileMerge]:
        """Every file's merge, by path."""
        found = [merged for path in self.base for merged in self.known(path)]
        added = self.theirs.keys() - self.base.keys() - set(self.by_template.values())
        found += [self.new(path) for path in added]
        return sorted(found, key=lambda merged: merged.path)

    def new(self, path: str) -> FileMerge:
        """What becomes of a file that the template has added."""
        if path not in self.ours and (folder := self.declined(path)):
            return FileMerge(path, Outcome.KEPT, f"you have none of the template's files in {folder}", None, None)
        return self.decide(_Place(path, None, self.ours.get(path), self.theirs[path]))

    def declined(self, path: str) -> str | None:
        """The folder around a new file in which the template had files, and the project has none of these.

        So it is where a project was adopted that has sources of its own: none of the template's are to come later.
        """
        parts = path.split("/")[:-1]
        for end in range(len(parts), 0, -1):
            folder = "/".join(parts[:end])
            had = [other for other in self.base if other.startswith(f"{folder}/")]
            if len(had) > 1:
                return None if any(self.kept(other) for other in had) else folder
        return None

    def kept(self, path: str) -> bool:
        """Whether the project has a file of the template's, there or elsewhere, as more than a name."""
        base, ours = self.base[path], self.ours.get(self.by_user.get(path, path))
        if ours is None or not base.content:
            return False
        return _same(base, ours) or (
            not text.is_binary(base.content) and share_left(base.content, ours.content) >= _REWRITTEN
        )

    def known(self, path: str) -> list[FileMerge]:
        """What becomes of a file that the template had."""
        base = self.base[path]
        target = self.by_template.get(path, path)
        theirs = self.theirs.get(target)
        place = self.by_user.get(path)
        if place is not None:
            merged = self.decide(_Place(place, base, self.ours[place], theirs, moved=f"you moved it from {path}, "))
            touched = [merged] if merged.outcome is not Outcome.UNCHANGED else []
            if theirs is None:
                return touched
            return [FileMerge(target, Outcome.KEPT, f"you moved it to {place}", None, None), *touched]
        if target == path:
            if path not in self.ours and theirs is None:
                return []
            return [self.decide(_Place(path, base, self.ours.get(path), theirs))]
        return self.carried(path, target)

    def carried(self, path: str, target: str) -> list[FileMerge]:
        """What becomes of a file that the template moved."""
        base, theirs = self.base[path], self.theirs[target]
        ours, there = self.ours.get(path), self.ours.get(target)
        if ours is None and there is None:
            return [FileMerge(target, Outcome.KEPT, f"you deleted it as {path}", None, None)]
        if ours is None:
            return [self.decide(_Place(target, base, there, theirs))]
        if there is not None:
            return [
                self.decide(_Place(path, base, ours, None)),
                self.decide(_Place(target, None, there, theirs)),
            ]
        return [self.decide(_Place(target, base, ours, theirs, path, f"the template moved it from {path}, "))]

    def decide(self, place: _Place) -> FileMerge:
        """What becomes of a file at its place."""
        decided = self.decide_there(place)
        if place.source is None:
            return replace(decided, reason=place.moved + decided.reason) if place.moved else decided
        outcome = decided.outcome if decided.outcome is Outcome.CONFLICT else Outcome.RENAMED
        return replace(decided, outcome=outcome, source=place.source, ours=None, reason=place.moved + decided.reason)

    def decide_there(self, place: _Place) -> FileMerge:
        """The same, as if nobody had moved it."""
        base, ours, theirs = place.base, place.ours, place.theirs

        def done(outcome: Outcome, reason: str, result: File | None) -> FileMerge:
            return FileMerge(place.path, outcome, reason, ours, result)

        if ours is None:
            if base is None:
                return done(Outcome.ADDED, "the template added it", theirs)
            changed = theirs is not None and not _same(base, theirs)
            return done(Outcome.KEPT, "you deleted it, the template changed it" if changed else "you deleted it", None)
        if theirs is None:
            if place.moved:
                # Like Git, which calls it a conflict: where the user put it, other files may need it.
                return done(Outcome.KEPT, "the template removed it", ours)
            if base is not None and _same(base, ours):
                return done(Outcome.REMOVED, "the template removed it", None)
            if self.remove_edited(place.path):
                return done(Outcome.REMOVED, "the template removed it, your edits go with it", None)
            return done(Outcome.KEPT, "the template removed it, you edited it", ours)
        if ours == theirs or _same(ours, theirs):
            reason = "nobody changed it" if base is not None and _same(base, ours) else "you already have the same"
            return done(Outcome.UNCHANGED, reason, ours)
        if base is not None and _same(base, theirs):
            return done(Outcome.UNCHANGED, "only you changed it", ours)
        if base is not None and _same(base, ours):
            return done(Outcome.UPDATED, "only the template changed it", self.styled(place, base, ours, theirs))
        return self.both(place, ours, theirs)

    def styled(self, place: _Place, base: File, ours: File, theirs: File) -> File:
        """The template's file, in the line endings of ours."""
        if ours.content == base.content or theirs.link or ours.link:
            return theirs
        return replace(
            theirs, content=merge_content(place.path, base.content, ours.content, theirs.content, self.labels).content
        )

    def both(self, place: _Place, ours: File, theirs: File) -> FileMerge:
        """What becomes of a file that both sides changed, or added."""
        base = place.base
        if ours.link or theirs.link or (base is not None and base.link):
            return self.links(place, ours, theirs)
        if self.seed(place.path):
            if base is None:
                return FileMerge(place.path, Outcome.KEPT, "you had it before the template added it", ours, ours)
            if not text.is_binary(base.content) and _left(place.path, base.content, ours.content) < _REWRITTEN:
                reason = f"you rewrote it, the template changed {_extent(base.content, theirs.content)}"
                return FileMerge(place.path, Outcome.KEPT, reason, ours, ours)
        was = None if base is None else base.content
        merged = merge_content(place.path, was, ours.content, theirs.content, self.labels)
        result = File(merged.content, _mode(base, ours, theirs))
        verb = "added" if base is None else "changed"
        if merged.conflicts:
            marked = any(conflict.line is not None for conflict in merged.conflicts)
            return FileMerge(
                place.path,
                Outcome.CONFLICT,
                merged.why or f"you and the template {verb} the same place",
                ours,
                result,
                conflicts=merged.conflicts,
                stages=(base, ours, theirs) if marked else None,
            )
        if merged.how == "lock":
            refresh = LOCK_FILES[place.path.rpartition("/")[2]]
            return FileMerge(place.path, Outcome.KEPT, f"a lock file: bring it up to date with `{refresh}`", ours, ours)
        if result == ours:
            if was is not None and self.lacks(place.path, was, ours, theirs):
                reason = "what you have takes precedence over what the template changed"
                return FileMerge(place.path, Outcome.KEPT, reason, ours, ours)
            return FileMerge(place.path, Outcome.UNCHANGED, "you have the template's changes already", ours, ours)
        return FileMerge(place.path, Outcome.MERGED, f"{verb} by you and by the template", ours, result)

    def lacks(self, path: str, base: bytes, ours: File, theirs: File) -> bool:
        """Whether ours lacks some of the template's changes: then they cannot be taken back from it."""
        back = merge_content(path, theirs.content, ours.content, base, self.labels)
        if not back.conflicts:
            return back.content == ours.content
        # Edits beside them are in the way of taking them back, but they are there.
        old, mine, new = ({*map(bytes.strip, each.split(b"\n"))} for each in (base, ours.content, theirs.content))
        return not new - old <= mine

    def links(self, place: _Place, ours: File, theirs: File) -> FileMerge:
        """What becomes of a file that is a symbolic link on one side at least, and that both sides changed."""
        sides = [None if file is None else describe(file) for file in (place.base, ours, theirs)]
        if ours.link and theirs.link:
            reason = "you and the template link to different places"
        else:
            reason = "it is a link on one side and a file on the other"
        conflict = Conflict(place.path, None, None, *sides)
        return FileMerge(place.path, Outcome.CONFLICT, reason, ours, ours, conflicts=(conflict,))


def _same(one: File, other: File) -> bool:
    """Whether two files are the same but for their line endings."""
    if (one.link, one.executable) != (other.link, other.executable):
        return False
    return one.content == other.content or (not one.link and text.same(one.content, other.content))


def _left(path: str, base: bytes, ours: bytes) -> float:
    """How much of the template's lines is left in ours, whatever form they have there."""
    try:
        before, mine = text.plain(base).decode(), text.plain(ours).decode()
    except UnicodeDecodeError:
        return share_left(base, ours)
    return share_left(in_form_of(kind_of(path), before, mine, before)[0].encode(), mine.encode())


def _mode(base: File | None, ours: File, theirs: File) -> bool:
    if base is None:
        return ours.executable or theirs.executable
    return theirs.executable if ours.executable == base.executable else ours.executable


def _extent(before: bytes, now: bytes) -> str:
    old, new = (split(text.plain(content).decode(errors="replace")) for content in (before, now))
    lines = sum(max(change.end - change.start, change.last - change.first) for change in changes(old, new))
    return "1 line of it" if lines == 1 else f"{lines} lines of it"
