"""Which classes a Rust file reaches mutably through Python objects.

A class that is never borrowed mutably can be frozen. Unknown types count as borrowed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyo3_kit.audit.borrowing.holding import declared, held, made_by, note_held, note_lent, owner_at, type_parameters
from pyo3_kit.audit.limits import timer
from pyo3_kit.rust.uses import last_name
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from pyo3_kit.audit.items import Function
    from pyo3_kit.audit.rust_file import RustFile

_GUARD = r"\b(?:{names})\s*(?:::)?\s*<\s*(?:'\w+\s*,\s*)?(\$?[\w:]+)"
_BORROW = re.compile(r"\.\s*(?:try_)?borrow_mut\s*\(\s*([\w.()]*)\s*\)")
_BY_PATH = re.compile(
    r"(?:\b(?:Py|Bound|Borrowed|PyCell)|>)\s*::\s*(?:try_)?borrow_mut\b|\bPyClassGuardMut\s*::\s*try_borrow\w*"
)
_OWN_CELL = re.compile(r"\b(?:RefCell|AtomicRefCell|LazyCell)\b")
_NAME = re.compile(r"(\w+)(?:\s*\(\s*\))?\s*\Z")
_GUARDS = ("PyRefMut", "PyClassGuardMut")
_OBJECTS = frozenset({"Borrowed", "Bound", "Py"})
_NEAR = 200
"""Characters before a call in which its receiver is sought."""


def note_borrows(file: RustFile) -> None:
    """Write down in `file.own` which types the file borrows mutably and which it holds."""
    own, text = file.own, file.code
    for function in own.functions:
        if function.exposed:
            _by_signature(file, function)
    renamed = {name: last_name(path) for name, path in file.uses.items() if name != last_name(path)}
    if "PyRefMut" in text or "PyClassGuardMut" in text:
        names = [*_GUARDS, *(name for name, meant in (*renamed.items(), *own.aliases) if meant in _GUARDS)]
        for found in re.finditer(_GUARD.format(names="|".join(names)), text):
            timer.check()
            if found[1] == "_":
                _unknown(file)
            elif found[1].startswith("$"):
                _generic(file)
            else:
                _mutated(file, found[1], found.start(), f"`{file.path}` uses `PyRefMut` of it")
    untold = note_held(file)
    note_lent(file)
    if "borrow_mut" in text:
        for found in _BORROW.finditer(text):
            timer.check()
            _borrowed(file, found, untold)
    if _BY_PATH.search(text):
        _unknown(file)
    for name, meant in renamed.items():
        if name in own.mutated:
            own.mutated.setdefault(meant, own.mutated[name])
        if name in own.held:
            own.held.add(meant)


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


def _borrowed(file: RustFile, found: re.Match[str], untold: list[int]) -> None:
    """Note what a `.borrow_mut()` borrows. `untold` are places where objects of some class are made."""
    function = file.function_at(Span(found.start(), found.start()))
    before = file.code[max(0, found.start() - _NEAR) : found.start()]
    match = _NAME.search(before.rstrip()[-_NEAR:])
    receiver = match[1] if match else ""
    if receiver == "self" and function is not None and function.owner in _OBJECTS:
        # A trait of the project's for objects of any class.
        _generic(file)
        return
    kind = declared(file, function, receiver, found.start())
    if kind is not None and _OWN_CELL.search(kind):
        return
    reason = f"`{file.path}` borrows it mutably"
    if target := next((name for name, _ in held(kind or "")), None):
        _mutated(file, target, found.start(), reason)
    elif kind and (names := made_by(file, kind, found.start())) is not None:
        for name in names:
            _mutated(file, name, found.start(), reason)
        if not names:
            _any(file)
    elif kind and "into_pyobject" in kind:
        _any(file)
    elif found[1] or _OWN_CELL.search(file.code) is None or kind is None:
        if function is not None and any(function.span.contains(Span(index, index)) for index in untold):
            _any(file)
        _unknown(file)


def _mutated(file: RustFile, path: str, index: int, reason: str) -> None:
    """Note a type that is borrowed mutably, by the path that names it; where that is a type parameter, any."""
    first = path.partition("::")[0]
    name = "" if first == "Self" else last_name(path)
    if path == "Self":
        owner = owner_at(file, index)
        if owner is None:
            return
        name = owner
    if not name or {first, name} & type_parameters(file.code):
        _generic(file)
    else:
        file.own.mutated.setdefault(name, reason)


def _unknown(file: RustFile) -> None:
    file.own.borrows_unknown = file.own.borrows_unknown or f"`{file.path}` borrows some class mutably"


def _generic(file: RustFile) -> None:
    reason = f"`{file.path}` borrows classes mutably by a type parameter"
    file.own.borrows_generic = file.own.borrows_generic or reason


def _any(file: RustFile) -> None:
    file.own.borrows_any = file.own.borrows_any or f"`{file.path}` makes and borrows some class mutably"
