"""Three trees in, changes of the user's text and conflicts out."""

from __future__ import annotations

from dataclasses import dataclass

from pyo3_kit.merge import pins
from pyo3_kit.merge.lines import merge_lines
from pyo3_kit.merge.model import Conflict
from pyo3_kit.merge.yaml import remarks, writing
from pyo3_kit.merge.yaml.changes import Changes
from pyo3_kit.merge.yaml.edits import Meaning, SetKey, SetValue
from pyo3_kit.merge.yaml.layout import comments
from pyo3_kit.merge.yaml.lists import merge_list
from pyo3_kit.merge.yaml.nodes import Entry, Node, column
from pyo3_kit.merge.yaml.restyle import shift_lines
from pyo3_kit.merge.yaml.sides import as_lists, below, canonical, is_null, nothing_lost, renames, touched
from pyo3_kit.texts.edits import Edit


@dataclass(slots=True)
class ThreeWay(Changes):
    """One merge: goes through the entries of the three sides and records what becomes of each."""

    def entry(self, key: str, parent: Node | None, base: Entry, ours: Entry, theirs: Entry) -> None:
        """An entry that all three sides have."""
        in_block = parent is not None and not parent.flow
        if in_block:
            self._gap(key, base, ours, theirs)
        if canonical(theirs) == canonical(base):
            return
        untouched = ours.start not in self.part_by_part and canonical(ours) == canonical(base)
        if parent is not None and untouched:
            indent = column(ours.value.text, ours.start)
            text = self.restyle.entry(theirs, indent, flow=parent.flow)
            place = Edit(ours.start, ours.value.end if parent.flow else ours.end, text)
            meanings: list[Meaning] = [
                SetValue(ours.value, theirs.value.plain),
                SetKey(parent, ours.value, theirs.name),
            ]
            self.edit(key, [place], *meanings, base=base, ours=ours, theirs=theirs)
            self.changes[-1].whole = ours.start
            return
        if parent is not None and theirs.name != base.name:
            self._rename(key, parent, base, ours, theirs)
        self.value(key, parent, base, ours, theirs)
        if in_block and ours.value.is_block:
            self._behind(key, base, ours, theirs)
        if in_block:
            self._tail(key, base, ours, theirs)

    def value(self, key: str, parent: Node | None, base: Entry | None, ours: Entry, theirs: Entry) -> None:
        """The values of an entry; `base` is None where both sides added it."""
        b, o, t = base.value if base else None, ours.value, theirs.value
        same_face = (o.anchor, o.tag) == (t.anchor, t.tag) and o.kind == t.kind
        if o.kind == t.kind == "map" and same_face and (b is None or b.kind == "map" or is_null(b)):
            self._mapping(key, base, ours, theirs)
            return
        if o.kind == "list" and (lists := as_lists(b, o, t)):
            merge_list(self, self.entry, key, lists, (base, ours, theirs))
            return
        single = not any(value.is_block or "\n" in value.source for value in (o, t) if value)
        if b is not None and single and parent is not None and not parent.flow:
            self._single(key, base, ours, theirs)
        elif o.plain == t.plain or (b is not None and t.plain == b.plain):
            return
        elif base is not None and b is not None and o.plain == b.plain and nothing_lost(base, ours):
            edits = writing.replaced(parent, ours, theirs, self.restyle)
            self.edit(key, edits, SetValue(o, t.plain), base=base, ours=ours, theirs=theirs)
        elif not self._by_lines(key, base, ours, theirs):
            newer = pins.newer(*(_pin_of(entry, "") for entry in (base, ours, theirs))) if base else None
            if newer is None:
                self.conflict(key, base, ours, theirs)
            elif newer == "theirs":
                edits = writing.replaced(parent, ours, theirs, self.restyle)
                self.edit(key, edits, SetValue(o, t.plain), base=base, ours=ours, theirs=theirs)

    # Mappings

    def _mapping(self, key: str, base: Entry | None, ours: Entry, theirs: Entry) -> None:
        b = {e.name: e for e in base.value.entries} if base else {}
        o = {e.name: e for e in ours.value.entries}
        t = {e.name: e for e in theirs.value.entries}
        by_us = renames(b, o, t)
        by_them = renames(b, t, o)
        ours_of = {old: o[new] for old, new in by_us.items()} | {name: o[name] for name in b if name in o}
        theirs_of = {old: t[new] for old, new in by_them.items()} | {name: t[name] for name in b if name in t}
        gone: list[Entry] = []
        placed: dict[str, Entry] = {}
        for name, mine in ours_of.items():
            place = below(key, mine)
            if yours := theirs_of.get(name):
                placed[yours.name] = mine
                self.entry(place, ours.value, b[name], mine, yours)
            elif touched(b[name], mine):
                self.conflict(place, b[name], mine, None)
            else:
                gone.append(mine)
        for name in o:
            if name in t and name not in b:
                placed[name] = o[name]
                self.value(below(key, o[name]), ours.value, None, o[name], t[name])
        new: list[tuple[Entry | None, Entry]] = []
        after: Entry | None = None
        for name, yours in t.items():
            if name in placed:
                after = placed[name]
            elif name not in b and name not in by_them.values():
                new.append((after, yours))
        self.change(key, ours.value, gone, new)

    def _rename(self, key: str, parent: Node, base: Entry, ours: Entry, theirs: Entry) -> None:
        if ours.key is None or theirs.key is None or ours.name == theirs.name:
            return
        if ours.name != base.name:
            self.conflict(key, base, ours, theirs)
            return
        place = Edit(ours.key.start, ours.key.end, theirs.key.source)
        self.edit(key, [place], SetKey(parent, ours.value, theirs.name), base=base, ours=ours, theirs=theirs)

    # Single values

    def _single(self, key: str, base: Entry | None, ours: Entry, theirs: Entry) -> None:
        """A value on one line, with the comment behind it."""
        o, t = ours.value, theirs.value
        assert base is not None
        new = o.plain not in (t.plain,) and t.plain != base.value.plain
        said = [remarks.behind(entry) for entry in (base, ours, theirs)]
        if new and o.plain != base.value.plain:
            newer = pins.newer(
                *(_pin_of(entry, said) for entry, said in zip((base, ours, theirs), said, strict=True))
            ) or pins.newer_line(base.value.value, o.value, t.value)
            if newer is None:
                self.conflict(key, base, ours, theirs)
            elif newer == "theirs":
                start, end = remarks.behind_span(ours)
                spaces = o.text[start:end].partition("#")[0] or "  "
                text = t.source + (spaces + said[2] if said[2] else "")
                edits = [Edit(o.start, end, text)]
                self.edit(key, edits, SetValue(o, t.plain), base=base, ours=ours, theirs=theirs)
            return
        if o.plain == t.plain and len(set(said)) == 3:
            self.conflicts.append(Conflict(self.path, key, None, *(one or None for one in said)))
            return
        remark = self._remark(base, ours, theirs, moved=new)
        text = t.source if new else o.source
        start, end = remarks.behind_span(ours)
        same = remark == remarks.behind(ours)
        spaces = o.text[start:end].partition("#")[0] or t.text[slice(*remarks.behind_span(theirs))].partition("#")[0]
        rest = o.text[start:end] if same else spaces + remark if remark else ""
        if new or not same:
            if o.start == ours.body:
                text = f" {text}" if text else ""
            edits = [Edit(o.start, end, text + rest)]
            self.edit(key, edits, SetValue(o, t.plain if new else o.plain), base=base, ours=ours, theirs=theirs)

    def _remark(self, base: Entry, ours: Entry, theirs: Entry, *, moved: bool) -> str:
        """The comment behind a value; a version goes with the value that it is the version of."""
        b, o, t = (remarks.behind(entry) for entry in (base, ours, theirs))
        if t == b:
            return o
        if not moved and ours.value.plain != theirs.value.plain and (b or remarks.VERSION.match(t)):
            # It is about a value that is not there.
            return o
        return t if o == b or (moved and remarks.VERSION.match(o)) else o

    def _by_lines(self, key: str, base: Entry | None, ours: Entry, theirs: Entry) -> bool:
        """Merge two scripts; whether that went well."""
        o, t = ours.value, theirs.value
        if o.style != "|" or t.kind != "scalar" or base is None or base.value.kind != "scalar":
            return False
        texts = [value.value.removesuffix("\n") + "\n" for value in (base.value, o, t)]
        result = merge_lines(self.path, texts[0], texts[1], texts[2], self.labels)
        if result.conflicts or (t.style != "|" and "\n" in t.value.strip()):
            return False
        value = result.text if o.value.endswith("\n") else result.text.removesuffix("\n")
        meaning = SetValue(o, ("scalar", o.anchor, o.tag, value))
        place = Edit(o.start, o.end, writing.rewritten(o, value))
        self.edit(key, [place], meaning, base=base, ours=ours, theirs=theirs)
        return True

    # Comments

    def _gap(self, key: str, base: Entry, ours: Entry, theirs: Entry) -> None:
        if ours.gap == ours.start:
            return
        b, o, t = (entry.value.text[entry.gap : entry.start].rstrip(" ") for entry in (base, ours, theirs))
        if theirs.first and not base.first and comments(t) == comments(b):
            # It lost the blank line above because it became the first entry; in ours it may not.
            return
        self._comments(key, (b, o, t), ours.gap, ours, theirs)

    def _tail(self, key: str, base: Entry, ours: Entry, theirs: Entry) -> None:
        b, o, t = (entry.value.text[entry.close : entry.end] for entry in (base, ours, theirs))
        self._comments(key, (b, o, t), ours.close, ours, theirs)

    def _comments(self, key: str, texts: tuple[str, str, str], at: int, ours: Entry, theirs: Entry) -> None:
        result = remarks.merged(*texts)
        if result is None:
            self.conflicts.append(Conflict(self.path, key, None, *(text.strip() for text in texts)))
        elif result != texts[1]:
            if result == texts[2]:
                by = column(ours.value.text, ours.start) - column(theirs.value.text, theirs.start)
                result = shift_lines(result, by)
            self.edit(key, [Edit(at, at + len(texts[1]), result)], theirs=theirs)

    def _behind(self, key: str, base: Entry, ours: Entry, theirs: Entry) -> None:
        remark = self._remark(base, ours, theirs, moved=False) if theirs.value.is_block else remarks.behind(ours)
        if remark != remarks.behind(ours):
            start, end = remarks.behind_span(ours)
            self.edit(key, [Edit(start, end, f"  {remark}" if remark else "")], theirs=theirs)


def _pin_of(entry: Entry, remark: str) -> pins.Pin | None:
    return pins.read_pin(entry.name, entry.value.value, remark) if entry.value.kind == "scalar" else None
