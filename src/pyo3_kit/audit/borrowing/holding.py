"""Which classes a Rust file holds in Python objects: what may be borrowed where the borrow itself names no type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pyo3_kit.audit.limits import timer
from pyo3_kit.rust.uses import last_name
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from pyo3_kit.audit.items import Function
    from pyo3_kit.audit.rust_file import RustFile

# As ends of words: `downcast` and `Option<Py` are among them, and what only ends so is held for nothing.
_HOLDERS = (
    *("Py", "Bound", "Borrowed", "PyRef", "PyClassGuard", "PyCell"),
    *("cast", "cast_exact", "cast_unchecked", "cast_into", "cast_into_exact", "extract"),
)
_REFERENCES = ("PyRef", "PyClassGuard")
"""What a method that only returns itself takes its `Self` by; no mutable borrow comes from there."""
_LENT = re.compile(r"&\s*(?:'\w+\s+)?mut\s+([A-Z]\w*)")
_PASSED = re.compile(r"\b([A-Z]\w*)::(\w+)\s*[,)]")
_CHANGING = re.compile(r"&\s*(?:'\w+\s+)?mut\b")
_HELD = re.compile(r"\s*(?:'\w+\s*,\s*)*([\w:]+)")
_NEW = re.compile(r"\b(?:Py|Bound|PyCell)\s*::\s*new\s*\(")
_PATH = re.compile(r"[&*\s]*(\w+(?:\s*::\s*\w+)*)\s*(?:\.\s*clone\s*\(\s*\)\s*)?(\S?)")
_NO_CLASS = frozenset({"Default", "Err", "From", "Into", "Ok", "Option", "PyClassInitializer", "Result", "Some"})
"""Beginnings of expressions that do not show the type."""
_GENERIC = re.compile(r"\b(?:fn\s+\w+|impl|(?:enum|struct|trait|type)\s+\w+)\s*<")
_PARAMETER = re.compile(r"\s*([A-Z]\w*)\s*(?:[:=]|\Z)")
_ANGLES = re.compile(r"->|[<(\[{]|[>)\]}]|,")
_AWAY = re.compile(r"(?:\s*(?:\?|\.\s*(?:unwrap\(\)|expect\([^)]*\))))*\s*(?:(\.\s*into_(?:any|py\w*)\b)|\)*\s*\})")
_BRACKETS = re.compile(r"[(\[{]|[)\]}]|,")


def note_held(file: RustFile) -> list[int]:
    """Record in `file.own` the types that the file holds; return where it creates objects of unknown types.

    What `Self` is in a trait or a macro is not known here: the types that implement it, or are given to it, are.
    """
    for name, index in held(file.code):
        if name != "Self":
            file.own.held.add(name)
        elif not _returns_itself(file, index) and (owner := owner_at(file, index)):
            file.own.held.add(owner)
    untold = []
    for found in _NEW.finditer(file.code):
        timer.check()
        names, end = _made(file, file.code, found, found.start())
        if _given_away(file, found.start(), end):
            continue
        file.own.held.update(names)
        if not names:
            untold.append(found.start())
    return untold


def note_lent(file: RustFile) -> None:
    """Write down in `file.own` which types the file names to a function that changes them."""
    own = file.own
    own.lent.update(_LENT.findall(file.code))
    changing = {(one.owner, one.name) for one in own.functions if _CHANGING.match(one.receiver)}
    own.lent.update(owner for owner, name in _PASSED.findall(file.code) if (owner, name) in changing)


def held(text: str) -> Iterator[tuple[str, int]]:
    """The types in `Py<…>`, `Bound<'py, …>`, `cast::<…>` and the like, with their places."""
    # Cutting at each `<` is many times faster than a pattern that begins with a choice of words.
    index = 0
    for before, after in pairwise(text.split("<")):
        timer.check()
        index += len(before) + 1
        if before.rstrip().removesuffix("::").rstrip().endswith(_HOLDERS):
            found = _HELD.match(after)
            if found:
                yield last_name(found[1]), index


def made_by(file: RustFile, value: str, index: int) -> set[str] | None:
    """The classes of which a value is made by `Py::new(py, …)` or `Bound::new(py, …)`.

    Empty if they are unknown, None if it is not created this way. `index` is where in the file it is used.
    """
    found = _NEW.search(value)
    return _made(file, value, found, index)[0] if found else None


def owner_at(file: RustFile, index: int) -> str | None:
    """The type of `Self` at a place: "" if unknown, in a trait; None without an owner, as in a macro."""
    place = Span(index, index)
    function = file.function_at(place)
    if function is not None and function.owner:
        return "" if re.search(rf"\btrait\s+{re.escape(function.owner)}\b", file.code) else function.owner
    around = [(one.name, one.span) for one in file.own.classes] + file.own.pymethods
    return next((name for name, part in around if part.contains(place)), None)


@lru_cache(maxsize=1)
def type_parameters(text: str) -> set[str]:
    """The names of all type parameters in a file, and the keywords for unnamed ones."""
    pieces = (piece for found in _GENERIC.finditer(text) for piece in _cut(text, found.end(), _ANGLES)[0])
    return {"impl", "dyn", *(match[1] for match in map(_PARAMETER.match, pieces) if match)}


def declared(file: RustFile, function: Function | None, name: str, before: int) -> str | None:
    """The type that a name is declared with: as a parameter, in a `let` above, as a field; None when none is found."""
    if not name:
        return None
    if function is not None:
        above = file.code[function.span.start : before]
        lets = re.findall(rf"\blet\s+(?:mut\s+)?{name}\s*(?::\s*([^=;]+))?=\s*([^;]+)", above)
        if lets:
            written, value = lets[-1]
            return str(written or value)
        for parameter in function.parameters:
            if parameter.name == name:
                return parameter.type.text
    field = re.search(rf"\b{name}\s*:\s*([^\n;=]+?),?\s*(?:\n|\}}|$)", file.code)
    return field[1] if field else None


def _returns_itself(file: RustFile, index: int) -> bool:
    """Whether a `Self` in brackets is what a method returns that is called by Python alone: `__iter__`, `#[new]`."""
    if file.code[max(0, index - 20) : index].rstrip("< :").endswith(_REFERENCES):
        return True
    function = file.function_at(Span(index, index))
    if function is None or function.returns is None or function.attribute("new") is None:
        return False
    return function.returns.span.contains(Span(index, index))


def _made(file: RustFile, text: str, new: re.Match[str], index: int) -> tuple[set[str], int]:
    """The classes of a new object, and where the call ends."""
    given, end = _cut(text, new.end(), _BRACKETS)
    if len(given) < 2:
        return set(), end
    # A tuple is a class with its base.
    value = given[1].strip()
    parts = _cut(value, 1, _BRACKETS)[0] if value.startswith("(") else [value]
    named = [_classes(file, part, index) for part in parts if part.strip()]
    return (set().union(*named) if all(named) else set()), end


def _given_away(file: RustFile, start: int, end: int) -> bool:
    """Whether nothing can borrow a new object by its class: it is made an object of any, or returned at once.

    What is returned has its class in the function's signature.
    """
    found = _AWAY.match(file.code, end)
    function = file.function_at(Span(start, start))
    if found is None or function is None or function.body is None:
        return False
    return bool(found[1]) or found.end() == function.body.end


def _classes(file: RustFile, written: str, index: int, *, deeper: bool = True) -> set[str]:
    """The types that a value may be of, by the path that it begins with; none when that says nothing."""
    found = _PATH.match(written)
    if found is None:
        return set()
    parts = [part.strip() for part in found[1].split("::")]
    # `Color::Red` is a `Color`, `Point::new` a `Point`: of a variant and of a function nothing is a class anyway.
    names = {part for part in parts if part[0].isupper()}
    if names & _NO_CLASS or names & type_parameters(file.code):
        return set()
    if names:
        resolved = (owner_at(file, index) if name == "Self" else name for name in names)
        return {name for name in resolved if name}
    if not deeper or len(parts) > 1 or found[2]:
        return set()
    kind = declared(file, file.function_at(Span(index, index)), parts[0], index)
    return _classes(file, kind, index, deeper=False) if kind else set()


def _cut(text: str, start: int, marks: re.Pattern[str]) -> tuple[list[str], int]:
    """What commas part from `start` to the bracket that closes, and the place behind that."""
    pieces = []
    depth, begin = 0, start
    for token in marks.finditer(text, start):
        mark = token[0]
        if mark in "<([{":
            depth += 1
        elif mark == "," and not depth:
            pieces.append(text[begin : token.start()])
            begin = token.end()
        elif mark in ">)]}":
            if not depth:
                return [*pieces, text[begin : token.start()]], token.end()
            depth -= 1
    return pieces, len(text)
