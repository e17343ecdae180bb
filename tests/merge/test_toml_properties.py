"""Random documents on three sides: nothing of the user's is lost, nothing of the template's goes unsaid."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.toml import merge
from pyo3_kit.merge.toml.reader import load

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILES = ["Cargo.toml", "pyproject.toml", "deny.toml", ".cargo/config.toml", "some/settings.toml"]
TABLES = [
    "package",
    "dependencies",
    "dev-dependencies",
    "lints.rust",
    "tool.ruff",
    "tool.ruff.lint",
    "project",
    "dependency-groups",
    "target.'cfg(all())'",
    "a",
    "a.b",
]
ARRAYS = ["bin", "tool.x.overrides"]
KEYS = ["name", "version", "features", "test", "rustflags", "pyo3", '"odd key"', "x.y", "x.z", "w"]
WORDS = ["a", "b", "pytest>=8", "pytest>=9", "ruff", "--cfg", "x", "-C", "lto=thin", "abi3-py310", "abi3-py311"]
SCALARS = [
    '"1"',
    '"2"',
    "'lit'",
    "1",
    "2.5",
    "true",
    "false",
    "1979-05-27",
    '"""\nmany # no comment\nlines"""',
    '"[x]"',
]


@dataclass(frozen=True)
class Entry:
    key: str
    value: Any
    above: tuple[str, ...] = ()
    behind: str = ""
    spread: bool = False

    def lines(self) -> Iterator[str]:
        yield from (f"# {comment}" for comment in self.above)
        yield f"{self.key} = {self.text()}" + (f"  # {self.behind}" if self.behind else "")

    def text(self) -> str:
        if isinstance(self.value, list) and self.spread:
            return "[\n" + "".join(f"  {each},\n" for each in self.value) + "]"
        if isinstance(self.value, list):
            return f"[{', '.join(self.value)}]"
        if isinstance(self.value, dict):
            return (
                "{ " + ", ".join(f"{key} = {each}" for key, each in self.value.items()) + " }" if self.value else "{}"
            )
        return str(self.value)


@dataclass(frozen=True)
class Section:
    header: str
    array: bool = False
    entries: tuple[Entry, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = field(default=())

    def lines(self) -> Iterator[str]:
        yield from (f"# {comment}" for comment in self.above)
        if self.header:
            yield f"[[{self.header}]]" if self.array else f"[{self.header}]"
        for entry in self.entries:
            yield from entry.lines()
        yield from (line for comment in self.below for line in ("", f"# {comment}"))


class Maker:
    """Makes a document, and edits of it, out of one source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0

    def comment(self, who: str) -> str:
        self.comments += 1
        return f"{who} {self.comments}"

    def value(self) -> Any:
        kind = self.random.randrange(6)
        if kind < 3:
            return self.random.choice(SCALARS)
        if kind < 5:
            return [f'"{word}"' for word in self.random.sample(WORDS, self.random.randrange(5))]
        keys = self.random.sample(["version", "features", "path", "w"], self.random.randrange(1, 4))
        return {key: self.random.choice(SCALARS[:8]) for key in keys}

    def entry(self, key: str, who: str) -> Entry:
        above = (self.comment(who),) if self.random.random() < 0.2 else ()
        behind = self.comment(who) if self.random.random() < 0.1 else ""
        return Entry(key, self.value(), above, behind, self.random.random() < 0.3)

    def section(self, header: str, who: str, *, array: bool = False, number: int = 0) -> Section:
        keys = self.random.sample(KEYS[1:], self.random.randrange(5))
        entries = [self.entry(key, who) for key in keys]
        if array:
            entries.insert(0, Entry("name", f'"{who}{number}"'))
        above = (self.comment(who),) if self.random.random() < 0.2 else ()
        below = (self.comment(who),) if self.random.random() < 0.1 else ()
        return Section(header, array, tuple(entries), above, below)

    def document(self) -> list[Section]:
        headers = self.random.sample(TABLES, self.random.randrange(1, 5))
        sections = [self.section("", "base")] if self.random.random() < 0.3 else []
        sections += [self.section(header, "base") for header in headers]
        for header in ARRAYS:
            for number in range(self.random.choice([0, 0, 0, 1, 2])):
                sections.append(self.section(header, "base", array=True, number=number))
        return sections

    def edited(self, sections: list[Section], who: str) -> list[Section]:
        sections = list(sections)
        for number in range(self.random.randrange(1, 5)):
            self.edit(sections, who, number)
        return sections

    def edit(self, sections: list[Section], who: str, number: int) -> None:
        random = self.random
        kind = random.randrange(10)
        if kind == 0:
            free = [each for each in TABLES if each not in {section.header for section in sections}]
            if free:
                at = random.randrange(1 if sections and not sections[0].header else 0, len(sections) + 1)
                sections.insert(at, self.section(random.choice(free), who))
            return
        if kind == 1:
            sections.append(self.section(random.choice(ARRAYS), who, array=True, number=number))
            return
        if not sections:
            return
        place = random.randrange(len(sections))
        section = sections[place]
        entries = list(section.entries)
        if kind == 2:
            del sections[place]
        elif kind == 3 and section.header and place + 1 < len(sections):
            sections[place], sections[place + 1] = sections[place + 1], section
        elif kind in {4, 5}:
            free = [key for key in KEYS if key not in {entry.key for entry in entries}]
            entries.insert(random.randrange(len(entries) + 1), self.entry(random.choice(free or ["zz"]), who))
            sections[place] = replace(section, entries=tuple(entries))
        elif entries:
            at = random.randrange(len(entries))
            entry = entries[at]
            if kind == 6:
                del entries[at]
            elif kind == 7:
                entries[at] = replace(entry, spread=not entry.spread, above=(*entry.above, self.comment(who)))
            elif kind == 8 and isinstance(entry.value, list):
                words = [*entry.value, f'"{random.choice([*WORDS, who])}"']
                entries[at] = replace(entry, value=words[random.randrange(2) :])
            else:
                entries[at] = replace(entry, value=self.value())
            sections[place] = replace(section, entries=tuple(entries))


def render(sections: list[Section]) -> str:
    return "\n".join("\n".join(section.lines()) + "\n" for section in sections)


def parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@st.composite
def triples(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """A file's name with three related documents in it."""
    random = draw(st.randoms(use_true_random=True))
    maker = Maker(random)
    base = maker.document()
    ours, theirs = maker.edited(base, "ours"), maker.edited(base, "theirs")
    return random.choice(FILES), render(base), render(ours), render(theirs)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All values that are not tables, each by the name that a conflict would give it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            name = key if key.replace("-", "").replace("_", "").isalnum() else f"'{key}'"
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and all(isinstance(each, (dict, str)) for each in value):
        counted: dict[str, int] = {}
        for each in paired(value) if path.endswith("rustflags") else value:
            if isinstance(each, dict) and isinstance(each.get("name"), str):
                yield from leaves(each, f"{path}[name={each['name']}]")
                continue
            label = each if isinstance(each, str) else repr(each)
            counted[label] = counted.get(label, 0) + 1
            yield f"{path}[{label}]", f"{each!r} {counted[label]}"
        if not value:
            yield path, "[]"
    else:
        yield path, repr(value)


def paired(words: list[Any]) -> Iterator[Any]:
    """Flags with what they take: `--cfg` is another one before each name, and none at an array's end."""
    rest = iter(words)
    for word in rest:
        value = next(rest, None) if word in ("--cfg", "-C") else None
        yield word if value is None else f"{word} {value}"


def is_removed_lint(key: str, before: Mapping[str, Any], yours: Mapping[str, Any]) -> bool:
    """Whether a value is that of a lint which the user removed: it stays so, whatever the template has now."""
    found = re.match(r"(?:workspace\.)?lints\.\w+\.(?:'[^']*'|[\w-]+)", key)
    if found is None:
        return False
    had, has = (any(other.startswith(found[0]) for other in side) for side in (before, yours))
    return had and not has


def said(path: str, merged: Merged) -> bool:
    """Whether a conflict names a path, what it stands in or what stands in it."""
    for conflict in merged.conflicts:
        key = conflict.key or ""
        if path.startswith(key) or key.startswith(path):
            return True
        element = path[path.rfind("[") + 1 : -1] if path.endswith("]") else None
        texts = [each for each in (conflict.base, conflict.ours, conflict.theirs) if each is not None]
        if element and key.startswith(path[: path.rfind("[")]) and any(element in each for each in texts):
            return True
    return False


def check(path: str, base: str, ours: str, theirs: str) -> None:
    b, o, t = (parsed(text) for text in (base, ours, theirs))
    merged = merge(path, base, ours, theirs, Labels())
    if b is None or o is None or t is None:
        assert merged is None or ours in (base, theirs) or theirs == base
        return
    assert merged is not None
    assert parsed(merged.text) is not None
    before, yours, now, after = (dict(leaves(load(path, each))) for each in (base, ours, theirs, merged.text))
    for key in {*before, *yours, *now}:
        was, mine, new, is_ = (each.get(key) for each in (before, yours, now, after))
        if was == new != mine or was == mine != new:
            wanted = mine if was == new else new
            if path.endswith("Cargo.toml") and is_removed_lint(key, before, yours):
                continue
            assert is_ == wanted or (wanted == "[]" and key not in after) or said(key, merged), key
    for line in ours.splitlines():
        comment = line.rpartition("# ours")
        if comment[1]:
            assert f"# ours{comment[2]}" in merged.text
    assert merge(path, base, base, theirs, Labels()) == Merged(theirs)
    assert merge(path, base, ours, base, Labels()) == Merged(ours)
    assert merge(path, base, ours, ours, Labels()) == Merged(ours)


@given(triples())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_that_nothing_is_lost(triple: tuple[str, str, str, str]) -> None:
    check(*triple)


@pytest.mark.slow
@given(triples())
@settings(max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck))
def test_that_nothing_is_lost_in_many_more(triple: tuple[str, str, str, str]) -> None:
    check(*triple)
