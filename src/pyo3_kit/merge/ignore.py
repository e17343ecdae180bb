"""Files that are sets of lines: what Git ignores, attributes, owners.

A line is identified by its text alone: an addition of one side joins the other's lines behind the neighbour that it
has on its own side (`!keep.so` has to come after `*.so`), a line that one side took out is gone. Nothing conflicts,
except that two sides give one pattern other attributes or owners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.pairing import longest_rising

_VALUED = (".gitattributes", "CODEOWNERS")

Key = tuple[str, int]
"""A line and how many equal ones are before it."""


def merge(path: str, base: str, ours: str, theirs: str, labels: Labels) -> Merged | None:  # noqa: ARG001
    """Merge three texts as sets of lines in the user's order.

    None where both sides changed what is said about one pattern: that takes a merge by lines, or the user.
    """
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    if path.rpartition("/")[2] in _VALUED and _clash(base, ours, theirs):
        return None
    b, o, t = (_keyed(text) for text in (base, ours, theirs))
    known_b, known_o, known_t = ({key for key in keys if key[0]} for keys in (b, o, t))
    moved = _moved(b, o, t) if known_b else set()
    gone = (known_b - known_t) & known_o
    changed = _changed(b, t)
    # A line that the user took out does not come back because the template writes it another way.
    dropped = {one for one, was in changed.items() if was not in known_o and _core(was) == _core(one)}
    new = (known_t - known_b - known_o - dropped) | moved
    places = {one: was for one, was in changed.items() if was in gone and one in new}
    lines = _with([line for line in o if line not in moved], t, new, places)
    lines = _without(lines, gone - _headings_of_own(o, gone, known_b))
    written = dict(zip(o, ours.removesuffix("\n").split("\n"), strict=False))
    text = "\n".join(written.get(line, line[0]) for line in lines)
    ended = ours.endswith("\n") or (not ours and theirs.endswith("\n"))
    return Merged(text + "\n" if text and ended else text)


def _keyed(text: str) -> list[Key]:
    seen: Counter[str] = Counter()
    found = []
    for line in text.removesuffix("\n").split("\n") if text else []:
        key = line.rstrip() if not line.endswith("\\ ") else line
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def _without(lines: list[Key], gone: set[Key]) -> list[Key]:
    """The lines that stay; where a whole group goes, so does one of the blank lines around it."""
    kept: list[Key] = []
    cut = False
    for line in lines:
        if line in gone:
            cut = True
        elif line[0] or not cut or (kept and kept[-1][0]):
            kept.append(line)
            cut = cut and not line[0]
    if cut:
        while kept and not kept[-1][0]:
            kept.pop()
    return kept


def _headings_of_own(ours: list[Key], gone: set[Key], base: set[Key]) -> set[Key]:
    """Headings that the template took out, below which the user has lines."""
    kept = set()
    for index, line in enumerate(ours):
        if line in gone and line[0].startswith("#"):
            below: list[Key] = []
            for after in ours[index + 1 :]:
                if not after[0] or (after[0].startswith("#") and below):
                    break
                below.append(after)
            if any(after not in base and not after[0].startswith("#") for after in below):
                kept.add(line)
    return kept


def _changed(b: list[Key], t: list[Key]) -> dict[Key, Key]:
    """New lines of the template to the old ones that were between the same neighbours."""
    old, new = _runs(b, set(t)), _runs(t, set(b))
    found: dict[Key, Key] = {}
    for place, lines in new.items():
        before = old.get(place, [])
        if len(lines) == len(before):
            found |= zip(lines, before, strict=True)
            continue
        by_core = {_core(line): line for line in before}
        found |= {line: by_core[_core(line)] for line in lines if _core(line) in by_core}
    return found


def _runs(lines: list[Key], other: set[Key]) -> dict[Key | None, list[Key]]:
    """The lines that `other` does not have, by the common line that they follow."""
    found: dict[Key | None, list[Key]] = {}
    last: Key | None = None
    for line in lines:
        if line in other and line[0]:
            last = line
        elif line[0]:
            found.setdefault(last, []).append(line)
    return found


def _core(line: Key) -> str:
    """What a pattern is about: `/target` is `target/`, whatever attributes or owners follow it."""
    return (line[0].split() or [""])[0].strip("/*")


def _moved(b: list[Key], o: list[Key], t: list[Key]) -> set[Key]:
    """Lines that the template moved, in an order that the user left alone."""
    common = {line for line in b if line[0]} & set(o) & set(t)
    place = {line: index for index, line in enumerate(b)}
    by_ours = [place[line] for line in o if line in common]
    by_theirs = [place[line] for line in t if line in common]
    if by_ours != sorted(by_ours):
        return set()
    return {b[index] for index in set(by_theirs) - longest_rising(by_theirs)}


def _with(lines: list[Key], t: list[Key], new: set[Key], places: Mapping[Key, Key]) -> list[Key]:
    """The lines and the new ones: each behind the one in `places`, or in a run beside the neighbours it has in `t`."""
    result = list(lines)
    for one, was in places.items():
        at = result.index(was) + 1
        while at < len(result) and places.get(result[at]) == was:
            at += 1
        result.insert(at, one)
    present = {key for key in result if key[0]}
    after: Key | None = None
    run: list[Key] = []
    line: Key | None
    for line in [*t, None]:
        if line is not None and line not in present:
            if line in new or not line[0]:
                run.append(line)
            continue
        if any(one[0] for one in run):
            result = _put(result, after, run, line)
        after, run = line, []
    return result


def _put(lines: list[Key], after: Key | None, run: list[Key], before: Key | None) -> list[Key]:
    if after is None and before is not None:
        while not run[0][0]:
            run = run[1:]
        at = lines.index(before)
        return lines[:at] + run + lines[at:]
    while not run[-1][0]:
        run = run[:-1]
    at = lines.index(after) + 1 if after is not None else len(lines)
    if not run[0][0] or run[0][0].startswith("#"):
        # A group of its own does not come between the lines of another.
        while at < len(lines) and lines[at][0] and not lines[at][0].startswith("#"):
            at += 1
    return lines[:at] + run + lines[at:]


def _clash(base: str, ours: str, theirs: str) -> bool:
    b, o, t = (_values(text) for text in (base, ours, theirs))
    return any(len({b.get(name), o[name], t[name]}) == 3 for name in o.keys() & t.keys())


def _values(text: str) -> dict[str, tuple[str, ...]]:
    words = [line.split() for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return {name: tuple(sorted(values)) for name, *values in words}
