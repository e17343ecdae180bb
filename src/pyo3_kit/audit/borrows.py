"""Which classes a Rust file reaches mutably through Python objects, and which it holds.

A class that is never borrowed so can be frozen. What cannot be told counts as borrowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from pyo3_kit.audit.model import Span

if TYPE_CHECKING:
    from pyo3_kit.audit.items import Function
    from pyo3_kit.audit.rust import RustFile

_GUARD = r"\b(?:{names})\s*(?:::)?\s*<\s*(?:'\w+\s*,\s*)?([\w:]+)"
# As ends of words: `downcast` and `Option<Py` are among them, and what only ends so is held for nothing.
_HOLDERS = (
    *("Py", "Bound", "Borrowed", "PyRef", "PyClassGuard", "PyCell"),
    *("cast", "cast_exact", "cast_unchecked", "cast_into", "cast_into_exact", "extract"),
)
_HELD = re.compile(r"\s*(?:'\w+\s*,\s*)*([\w:]+)")
_BORROW = re.compile(r"\.\s*(?:try_)?borrow_mut\s*\(\s*([\w.()]*)\s*\)")
_OWN_CELL = re.compile(r"\b(?:RefCell|AtomicRefCell|LazyCell)\b")
_NAME = re.compile(r"(\w+)(?:\s*\(\s*\))?\s*\Z")
_GUARDS = ("PyRefMut", "PyClassGuardMut")
_NEAR = 200
"""Characters before a call in which its receiver is sought."""


def note_borrows(file: RustFile) -> None:
    """Write down in `file.own` which types the file borrows mutably and which it holds."""
    own, text = file.own, file.text
    for function in own.functions:
        if function.exposed:
            _by_signature(file, function)
    renamed = {name: _last(path) for name, path in file.uses.items() if name != _last(path)}
    if "PyRefMut" in text or "PyClassGuardMut" in text:
        names = [*_GUARDS, *(name for name, meant in (*renamed.items(), *own.aliases) if meant in _GUARDS)]
        for found in re.finditer(_GUARD.format(names="|".join(names)), text):
            name = _last(found[1])
            if name == "_":
                own.borrows_unknown = own.borrows_unknown or f"`{file.path}` extracts some class mutably"
            elif name != "Self":
                own.mutated.setdefault(name, f"`{file.path}` uses `PyRefMut` of it")
    own.held.update(_held(text))
    if "borrow_mut" in text:
        for found in _BORROW.finditer(text):
            _borrowed(file, found)
    for name, meant in renamed.items():
        if name in own.mutated:
            own.mutated.setdefault(meant, own.mutated[name])
        if name in own.held:
            own.held.add(meant)


def _held(text: str) -> Iterator[str]:
    """The types in `Py<…>`, `Bound<'py, …>`, `cast::<…>` and the like."""
    # Cutting at each `<` is many times faster than a pattern that begins with a choice of words.
    pieces = text.split("<")
    for before, after in pairwise(pieces):
        if before.rstrip().removesuffix("::").rstrip().endswith(_HOLDERS):
            found = _HELD.match(after)
            if found:
                yield _last(found[1])


def _by_signature(file: RustFile, function: Function) -> None:
    name = f"`{function.owner}.{function.name}`" if function.owner else f"`{function.name}`"
    if re.match(r"&\s*(?:'\w+\s+)?mut\b", function.receiver):
        file.own.mutated.setdefault(function.owner, f"{name} takes `&mut self`")
    elif ":" in function.receiver and "&mut" in function.receiver:
        file.own.mutated.setdefault(function.owner, f"{name} takes `{function.receiver}`")
    for parameter in function.parameters:
        for part in parameter.type.every():
            if part.name in _GUARDS or part.name == "&mut":
                for inner in part.arguments:
                    target = function.owner if inner.name == "Self" else inner.name
                    file.own.mutated.setdefault(target, f"{name} takes `{part.text}`")


def _borrowed(file: RustFile, found: re.Match[str]) -> None:
    place = Span(found.start(), found.start())
    function = file.function_at(place)
    before = file.text[max(0, found.start() - _NEAR) : found.start()]
    match = _NAME.search(before.rstrip()[-_NEAR:])
    receiver = match[1] if match else ""
    kind = _declared(file, function, receiver, place.start)
    if kind is not None and _OWN_CELL.search(kind):
        return
    held = next(_held(kind or ""), None)
    if held:
        target = held
        if target == "Self" and function is not None:
            target = function.owner
        file.own.mutated.setdefault(target, f"`{file.path}` borrows it mutably")
    elif found[1] or _OWN_CELL.search(file.text) is None or kind is None:
        file.own.borrows_unknown = file.own.borrows_unknown or f"`{file.path}` borrows some class mutably"


def _declared(file: RustFile, function: Function | None, name: str, before: int) -> str | None:
    """The type that a name is declared with: as a parameter, in a `let` above, as a field; None when none is found."""
    if not name:
        return None
    if function is not None:
        for parameter in function.parameters:
            if parameter.name == name:
                return parameter.type.text
        above = file.text[function.span.start : before]
        lets = re.findall(rf"\blet\s+(?:mut\s+)?{name}\s*(?::\s*([^=;]+))?=\s*([^;]+)", above)
        if lets:
            written, value = lets[-1]
            return str(written or value)
    field = re.search(rf"\b{name}\s*:\s*([^\n;=]+?),?\s*(?:\n|\}}|$)", file.text)
    return field[1] if field else None


def _last(path: str) -> str:
    return path.rpartition("::")[2]
