"""Random edits on both sides of random small modules: nothing is lost, nothing comes back, and the result parses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.code import checks, merge
from pyo3_kit.merge.code.conflicts import settled
from pyo3_kit.merge.code.source import Language, parse
from pyo3_kit.merge.model import Labels

NAME = re.compile(r"\b[A-Za-z]{2}[bot]\d+\b")
"""Every generated name is there once in its version, and says who made it: `b` the base, `o` and `t` the sides."""


@dataclass
class Item:
    kind: str
    name: str
    doc: str
    marks: list[str] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)

    def copy(self) -> Item:
        parts = [part.copy() if isinstance(part, Item) else part for part in self.parts]
        return Item(self.kind, self.name, self.doc, list(self.marks), parts)


@dataclass
class Module:
    uses: list[Item]
    items: list[Item]

    def copy(self) -> Module:
        return Module([use.copy() for use in self.uses], [item.copy() for item in self.items])


class Maker:
    """Makes items with names that nobody else uses."""

    def __init__(self, random: Random, side: str) -> None:
        self.random, self.side, self.count = random, side, 0

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.side}{self.count}"

    def use(self) -> Item:
        return Item("use", self.name("us"), "", [], [self.name("nm") for _ in range(self.random.randint(1, 3))])

    def function(self) -> Item:
        lines = [self.name("st") for _ in range(self.random.randint(1, 4))]
        marks = [self.name("at")] if self.random.random() < 0.3 else []
        return Item("fn", self.name("fn"), self.name("dc") if self.random.random() < 0.5 else "", marks, lines)

    def fields(self) -> Item:
        return Item("struct", self.name("Ty"), self.name("dc"), [self.name("De")], [self.name("fi") for _ in range(3)])

    def holder(self) -> Item:
        return Item("impl", self.name("Ty"), "", [], [self.function() for _ in range(self.random.randint(1, 3))])

    def item(self) -> Item:
        return self.random.choice([self.function, self.fields, self.holder])()

    def module(self) -> Module:
        uses = [self.use() for _ in range(self.random.randint(0, 3))]
        return Module(uses, [self.item() for _ in range(self.random.randint(0, 5))])


def edited(module: Module, make: Maker) -> Module:
    """The module after a few edits of one side."""
    result = module.copy()
    for _ in range(make.random.randint(1, 4)):
        make.random.choice(EDITS)(result, make)
    return result


def _add(result: Module, make: Maker) -> None:
    result.items.insert(make.random.randint(0, len(result.items)), make.item())


def _add_use(result: Module, make: Maker) -> None:
    result.uses.insert(make.random.randint(0, len(result.uses)), make.use())


def _remove(result: Module, make: Maker) -> None:
    if result.items:
        result.items.pop(make.random.randrange(len(result.items)))


def _move(result: Module, make: Maker) -> None:
    if result.items:
        item = result.items.pop(make.random.randrange(len(result.items)))
        result.items.insert(make.random.randint(0, len(result.items)), item)


def _part(result: Module, make: Maker) -> None:
    """Add, remove or change a part: a line of a function, a field, a method, a name."""
    holders = [*result.uses, *result.items]
    if not holders:
        return
    item = make.random.choice(holders)
    if item.kind == "impl" and make.random.random() < 0.5 and item.parts:
        item = make.random.choice(item.parts)
    prefixes = {"use": "nm", "struct": "fi", "fn": "st"}
    new = make.function() if item.kind == "impl" else make.name(prefixes[item.kind])
    place = make.random.randint(0, len(item.parts))
    if make.random.random() < 0.5 or not item.parts:
        item.parts.insert(place, new)
    elif make.random.random() < 0.5 and len(item.parts) > 1:
        item.parts.pop(place - 1)
    else:
        item.parts[place - 1] = new


def _head(result: Module, make: Maker) -> None:
    """Change a doc comment, add an attribute, rename."""
    if result.items:
        item = make.random.choice(result.items)
        what = make.random.randrange(3)
        if what == 0:
            item.doc = make.name("dc")
        elif what == 1:
            item.marks = [*item.marks, make.name("De" if item.kind == "struct" else "at")]
        else:
            item.name = make.name("fn" if item.kind == "fn" else "Ty")


EDITS: list[Callable[[Module, Maker], None]] = [_add, _add_use, _remove, _move, _part, _part, _part, _head]


def rust(module: Module) -> str:
    uses = "".join(_rust_use(use) for use in module.uses)
    items = "\n".join(_rust(item, "") for item in module.items)
    return "\n".join(part for part in ("//! Text.\n", uses, items) if part)


def _rust_use(use: Item) -> str:
    return (
        f"use {use.name}::{use.parts[0]};\n"
        if len(use.parts) == 1
        else f"use {use.name}::{{{', '.join(use.parts)}}};\n"
    )


def _rust(item: Item, indent: str) -> str:
    lines = [f"/// {item.doc}"] if item.doc else []
    if item.kind == "struct":
        lines += [f"#[derive({', '.join(item.marks)})]", f"struct {item.name} {{"]
        lines += [*(f"    {part}: u8," for part in item.parts), "}"]
    elif item.kind == "fn":
        lines += [f"#[{mark}]" for mark in item.marks]
        lines += [f"fn {item.name}() {{", *(f"    {part}();" for part in item.parts), "}"]
    else:
        lines += [f"#[{mark}]" for mark in item.marks]
        inner = "\n".join(_rust(part, f"{indent}    ") for part in item.parts)
        lines += [f"impl {item.name} {{"]
        return "".join(f"{indent}{line}\n" for line in lines) + inner + f"{indent}}}\n"
    return "".join(f"{indent}{line}\n" for line in lines)


def python(module: Module) -> str:
    uses = "".join(f"from {use.name} import {', '.join(use.parts)}\n" for use in module.uses)
    items = "\n\n".join(_python(item, "") for item in module.items)
    return "\n\n".join(part for part in ('"""Text."""\n', uses, items) if part)


def _python(item: Item, indent: str) -> str:
    lines = [f"# {item.doc}"] if item.doc else []
    lines += [f"@{mark}" for mark in item.marks]
    if item.kind == "struct":
        lines += [f"class {item.name}:", '    """Text."""', *(f"    {part}: int" for part in item.parts)]
    elif item.kind == "fn":
        lines += [f"def {item.name}():", *(f"    {part}()" for part in item.parts), "    return None"]
    else:
        lines += [f"class {item.name}:", '    """Text."""', ""]
        inner = "\n".join(_python(part, f"{indent}    ") for part in item.parts)
        return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines) + inner
    return "".join(f"{indent}{line}\n" for line in lines)


def holds(random: Random, language: Language) -> None:
    """Merge random edits and check what must be true of every merge."""
    path, write = ("a.rs", rust) if language == "rust" else ("a.py", python)
    module = Maker(random, "b").module()
    versions = [module, edited(module, Maker(random, "o")), edited(module, Maker(random, "t"))]
    base, ours, theirs = (write(version) for version in versions)
    for unchanged, changed in ((base, ours), (base, theirs), (ours, ours)):
        same = merge(path, unchanged, unchanged, changed, Labels())
        other = merge(path, unchanged, changed, unchanged, Labels())
        assert same is not None
        assert other is not None
        assert same.text == other.text == changed
    merged = merge(path, base, ours, theirs, Labels())
    event("no answer" if merged is None else "conflict" if merged.conflicts else "clean")
    if merged is None:
        return
    there = set(NAME.findall(merged.text))
    before, mine, yours = (set(NAME.findall(text)) for text in (base, ours, theirs))
    assert (mine - before) <= there
    assert (yours - before) <= there
    assert (mine & yours) <= there
    assert all(
        merged.text.split("\n")[(conflict.line or 0) - 1].startswith("<<<<<<< ") for conflict in merged.conflicts
    )
    if merged.conflicts:
        assert merged.text.count("\n<<<<<<< yours\n") == merged.text.count("\n>>>>>>> template now\n")
        return
    assert (before - mine) & there == set()
    assert (before - yours) & there == set()
    sources = [parse(text, language) for text in (base, ours, theirs, merged.text)]
    b, o, t, result = ({_plain(name) for name in checks.names(source)} for source in sources if source)
    # What is new stands where its side put it, unless the other side renamed what it is in.
    for new in (o, t):
        added = {name for name in new - b if "b" not in name[-1][2:]}
        assert result >= {name for name in added if set(NAME.findall(" ".join(name[:-1]))) <= there}
    assert settled(merged.text) == merged.text


def _plain(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name in its scope without the attributes and decorators on the way."""
    return tuple(part for part in name if not part.startswith(("@", "#")))


@pytest.mark.parametrize("language", ["rust", "python"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(random=st.randoms(use_true_random=False))
def test_nothing_is_lost(language: Language, random: Random) -> None:
    holds(random, language)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["rust", "python"])
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(random=st.randoms(use_true_random=False))
def test_nothing_is_lost_in_many(language: Language, random: Random) -> None:
    holds(random, language)
