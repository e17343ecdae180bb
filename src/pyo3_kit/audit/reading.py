"""Parses a Rust file once and notes what it defines and does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyo3_kit.audit.borrowing.borrows import note_borrows
from pyo3_kit.audit.items import Field, FileItems, Function, Parameter, PyClass
from pyo3_kit.audit.model import Notice
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.attributes import Attribute, attributes_of, read_attribute
from pyo3_kit.rust.tree import Pattern, SyntaxNode, parse, span
from pyo3_kit.rust.types import read_type
from pyo3_kit.rust.uses import imports, last_name

if TYPE_CHECKING:
    from pyo3_kit.audit.manifests import Crate

KINDS = frozenset(
    {
        "ERROR",
        "enum_item",
        "function_item",
        "impl_item",
        "macro_definition",
        "macro_invocation",
        "mod_item",
        "struct_item",
        "type_item",
        "use_declaration",
    }
)
"""What the facts need; the engine asks for these and for what the rules look at, all at once."""

_PLAIN = frozenset({"ERROR", "macro_definition", "macro_invocation", "type_item"})
"""What is read of a file that defines nothing for Python and that no rule walks: most files of a large workspace."""

_TELLING = re.compile(
    r"py(?:class|function|methods|module)|borrow_mut|PyRefMut|PyClassGuardMut|\b(?:Py|Bound)<(?:'\w+, )?Self>"
    r"|\bpub(?:\(\w+\))? use [^;]* as "
)
_TEST_FOLDERS = ("tests/", "benches/", "examples/")
_HIDDEN = re.compile(r"#\s*\[\s*(?:pyo3::)?py(?:class|methods|function)\b")
_OTHERS_METHODS = ("fn downcast", "fn extract", "fn block_on")
_SELF = r"\b[^;{}]*?\(\s*(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b"
# An `extract` that takes an argument or gives no `Result` is not called as PyO3's is.
_OWN_METHOD = re.compile(rf"\bfn (?:(downcast\w*|block_on){_SELF}|(extract){_SELF}\s*,?\s*\)\s*->\s*[\w:]*Result\b)")
_WORD = re.compile(r"\b[A-Z]\w*")
_LISTS = frozenset({"source_file", "declaration_list"})


def read_rust(path: str, text: str, crate: Crate, kinds: Iterable[str]) -> tuple[RustFile, list[Notice]]:
    """Parse a file; unchecked parts are reported in the notices."""
    root = parse(text)
    walked = set(kinds)
    walked |= KINDS if walked or _TELLING.search(text) else _PLAIN
    wanted: list[Pattern] = [{"kind": kind} for kind in sorted(walked)]
    nodes = [(node.kind(), node) for node in root.find_all(any=wanted)]
    own = FileItems(path)
    file = RustFile(path, text, crate, nodes, own)
    inside = path[len(crate.folder) + 1 :] if crate.folder else path
    file.is_test_file = inside.startswith(_TEST_FOLDERS)
    notices = _Reader(file).read()
    note_borrows(file)
    if any(words in text for words in _OTHERS_METHODS):
        own.own_methods.update(found[1] or found[2] for found in _OWN_METHOD.finditer(text))
    return file, notices


class _Reader:
    def __init__(self, file: RustFile) -> None:
        self.file = file
        self.own = file.own
        self.hidden = 0
        self.error: SyntaxNode | None = None

    def read(self) -> list[Notice]:
        # Modules come before what is in them, so that all test code is known when its functions are read.
        for kind, node in self.file.nodes:
            if kind == "mod_item":
                self._module(node)
        for kind, node in self.file.nodes:
            read = _READERS.get(kind)
            if read is not None:
                read(self, node)
        notices = []
        if self.error is not None:
            line = self.error.range().start.line + 1
            notices.append(Notice(self.file.path, "a syntax error, or syntax that is not understood", line))
        if self.hidden:
            notices.append(Notice(self.file.path, f"{self.hidden} PyO3 items are made by macros and are not checked"))
        return notices

    def _error(self, node: SyntaxNode) -> None:
        # Macros can contain anything.
        if self.error is None:
            self.error = node

    def _module(self, node: SyntaxNode) -> None:
        attributes = attributes_of(node)
        name = node.field("name")
        if any(one.name == "pymodule" for one in attributes) and name is not None:
            self.own.modules.append(name.text())
        if _is_test(attributes):
            self.file.tests.append(span(node))

    def _use(self, node: SyntaxNode) -> None:
        names = {name: path for name, path in imports(node) if name != "*"}
        self.file.uses.update(names)
        if node.text().startswith("pub"):
            # Other files may take the new name from here.
            self.own.aliases.update((name, last_name(path)) for name, path in names.items() if name != last_name(path))

    def _type(self, node: SyntaxNode) -> None:
        name, meant = node.field("name"), node.field("type")
        around = node.ancestors()[1:2]
        # In an `impl` it is a type of the trait, not a name of its own.
        if name is not None and meant is not None and not (around and around[0].kind() == "impl_item"):
            self.own.aliases.add((name.text(), meant.text().partition("<")[0].rpartition("::")[2].strip()))

    def _macro(self, node: SyntaxNode) -> None:
        text = node.text()
        self.hidden += len(_HIDDEN.findall(text))
        parent = node.parent()
        if parent is not None and parent.kind() == "expression_statement":
            parent = parent.parent()
        if node.kind() == "macro_definition" or (parent is not None and parent.kind() in _LISTS):
            self.own.in_macros.update(_WORD.findall(text))

    def _class(self, node: SyntaxNode) -> None:
        attributes = attributes_of(node)
        marks = [one for one in attributes if one.name == "pyclass"]
        name = node.field("name")
        if not marks or name is None:
            return
        options = {
            key: value for one in attributes if one.name in ("pyclass", "pyo3") for key, value in one.options.items()
        }
        body = node.field("body")
        place = span(node)
        variants = [child for child in body.children() if child.kind() == "enum_variant"] if body else []
        self.own.classes.append(
            PyClass(
                name.text(),
                self.file.path,
                place,
                span(name),
                node.kind().removesuffix("_item"),
                marks[0],
                attributes,
                options,
                tuple(_fields(body)) if body else (),
                node.kind() == "enum_item" and all(variant.field("body") is None for variant in variants),
                self.file.in_tests(place),
            )
        )

    def _impl(self, node: SyntaxNode) -> None:
        if any(one.name == "pymethods" for one in attributes_of(node)):
            target = node.field("type")
            if target is not None:
                self.own.pymethods.append((read_type(target).name, span(node)))

    def _function(self, node: SyntaxNode) -> None:
        attributes = attributes_of(node)
        place = span(node)
        if _is_test(attributes):
            self.file.tests.append(place)
        owner, exposed = self._owner(node)
        exposed = exposed or any(one.name in ("pyfunction", "pyfn") for one in attributes)
        name, body, returns = node.field("name"), node.field("body"), node.field("return_type")
        listed = node.field("parameters")
        receiver, parameters = _parameters(listed) if listed else ("", ())
        modifiers = next((child for child in node.children() if child.kind() == "function_modifiers"), None)
        if name is None:
            return
        self.own.functions.append(
            Function(
                name.text(),
                place,
                span(name),
                span(body) if body else None,
                exposed,
                owner,
                receiver,
                parameters,
                read_type(returns) if returns else None,
                attributes,
                modifiers is not None and "async" in modifiers.text().split(),
                self.file.in_tests(place),
            )
        )

    def _owner(self, node: SyntaxNode) -> tuple[str, bool]:
        """The type or trait of a function, and whether it is in a `#[pymethods]` block."""
        listed = node.parent()
        outer = listed.parent() if listed is not None and listed.kind() == "declaration_list" else None
        if outer is None or outer.kind() not in ("impl_item", "trait_item"):
            return "", False
        target = outer.field("type") or outer.field("name")
        # A block comes before its content, so the latest block is the only candidate.
        methods = bool(self.own.pymethods) and self.own.pymethods[-1][1] == span(outer)
        return (read_type(target).name if target else ""), methods


_READERS = {
    "ERROR": _Reader._error,
    "type_item": _Reader._type,
    "use_declaration": _Reader._use,
    "macro_definition": _Reader._macro,
    "macro_invocation": _Reader._macro,
    "struct_item": _Reader._class,
    "enum_item": _Reader._class,
    "impl_item": _Reader._impl,
    "function_item": _Reader._function,
}


def _is_test(attributes: tuple[Attribute, ...]) -> bool:
    for one in attributes:
        if one.name == "test" or (one.path == "cfg" and any(re.search(r"\btest\b", key) for key in one.options)):
            return True
    return False


def _fields(body: SyntaxNode) -> Iterator[Field]:
    pending: list[Attribute] = []
    number = 0
    positional = body.kind() == "ordered_field_declaration_list"
    for child in body.children():
        kind = child.kind()
        if kind == "attribute_item":
            pending += read_attribute(child)
        elif kind == "field_declaration":
            name, type_ = child.field("name"), child.field("type")
            if name is not None and type_ is not None:
                yield Field(name.text(), read_type(type_), tuple(pending))
            pending = []
        elif positional and child.is_named() and kind != "visibility_modifier" and "comment" not in kind:
            yield Field(str(number), read_type(child), tuple(pending))
            number, pending = number + 1, []


def _parameters(listed: SyntaxNode) -> tuple[str, tuple[Parameter, ...]]:
    receiver, found, pending = "", [], list[Attribute]()
    for child in listed.children():
        kind = child.kind()
        if kind == "attribute_item":
            pending += read_attribute(child)
        elif kind == "self_parameter":
            receiver, pending = " ".join(child.text().split()), []
        elif kind == "parameter":
            pattern, type_ = child.field("pattern"), child.field("type")
            if pattern is not None and type_ is not None:
                found.append(Parameter(pattern.text(), read_type(type_), span(child), tuple(pending)))
            pending = []
    return receiver, tuple(found)
