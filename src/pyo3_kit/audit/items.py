"""What a Rust file defines and does that matters to its other files: plain data that can go to another process."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyo3_kit.rust.attributes import Attribute
from pyo3_kit.rust.types import Type
from pyo3_kit.texts.edits import Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter other than `self`."""

    name: str
    type: Type
    span: Span
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function of any kind.

    `exposed` if Python can call it; `owner` is the type of its `impl` or trait.
    `receiver` is the `self` parameter's text without spaces around (`&self`, `&mut self`, `self`), "" without one; a
    `slf: PyRef<Self>` is a parameter.
    """

    name: str
    span: Span
    name_span: Span
    body: Span | None
    exposed: bool
    owner: str
    receiver: str
    parameters: tuple[Parameter, ...]
    returns: Type | None
    attributes: tuple[Attribute, ...]
    is_async: bool = False
    in_tests: bool = False

    def attribute(self, name: str) -> Attribute | None:
        """The first attribute of that name."""
        return next((one for one in self.attributes if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a class; tuple fields are named by number."""

    name: str
    type: Type
    attributes: tuple[Attribute, ...]

    def option(self, name: str) -> bool:
        """Whether `#[pyo3(…)]` of the field has that option, as `get` or `set`."""
        return any(one.name == "pyo3" and name in one.options for one in self.attributes)


@dataclass(frozen=True, slots=True)
class PyClass:
    """A type with `#[pyclass]`.

    `attribute` is the first `#[pyclass]`, `options` are those of all of them and of `#[pyo3(…)]` on the type.
    """

    name: str
    path: str
    span: Span
    name_span: Span
    kind: str
    """`struct` or `enum`."""
    attribute: Attribute
    attributes: tuple[Attribute, ...]
    options: Mapping[str, str | None]
    fields: tuple[Field, ...]
    fieldless: bool
    """Of an enum: none of its variants holds anything."""
    in_tests: bool = False


@dataclass(slots=True)
class FileItems:
    """What one file adds to the project's knowledge."""

    path: str
    classes: list[PyClass] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    pymethods: list[tuple[str, Span]] = field(default_factory=list)
    """The type of each `#[pymethods]` block."""
    mutated: dict[str, str] = field(default_factory=dict)
    """Types that are reached mutably through Python, and how."""
    borrows_unknown: str = ""
    """How an unidentified class among those held is borrowed mutably."""
    borrows_generic: str = ""
    """How classes are borrowed mutably by a type parameter: those that are held or lent."""
    borrows_any: str = ""
    """Set if the file mutably borrows a class that cannot be identified."""
    aliases: set[tuple[str, str]] = field(default_factory=set)
    """Aliases of types, from `type … = …;` or `pub use … as …;`, with the original names."""
    held: set[str] = field(default_factory=set)
    """Types in `Py<…>`, `Bound<…>` and the like."""
    lent: set[str] = field(default_factory=set)
    """Types with `&mut` in the code, or with a method with `&mut self` that is passed on."""
    in_macros: set[str] = field(default_factory=set)
    """Names in macros between items, which may make methods of these types."""
    modules: list[str] = field(default_factory=list)
    """Names of `#[pymodule]`s."""
    keeps_gil: bool = False
    """Whether a module sets `gil_used = true`."""
    test_modules: set[str] = field(default_factory=set)
    """Where the code of `#[cfg(test)] mod name;` is: paths without `.rs`."""
    gil_modules: set[str] = field(default_factory=set)
    """The same of modules that a build for free-threaded Python leaves out."""
    own_methods: set[str] = field(default_factory=set)
    """Methods, with a `self`, that have a name of one of PyO3's or of a runtime's."""

    def shared(self) -> FileItems:
        """What other files may ask about: all but the functions that Python cannot call."""
        return replace(self, functions=[one for one in self.functions if one.exposed])


class Items:
    """What all Rust files of the project define and do."""

    def __init__(self, files: tuple[FileItems, ...]) -> None:
        self.files = files
        self.classes: dict[str, list[PyClass]] = {}
        """By name; classes of the same name are grouped."""
        self._mutated: dict[str, str] = {}
        self._held: set[str] = set()
        self._children: dict[str, list[str]] = {}
        self._unknown = self._generic = self._any = ""
        self._lent = {name for file in files for name in file.lent}
        self._aliases: dict[str, set[str]] = {}
        self._own_methods = {name for file in files for name in file.own_methods}
        self._test_modules = {stem for file in files for stem in file.test_modules}
        self._gil_modules = {stem for file in files for stem in file.gil_modules}
        for file in files:
            for item in file.classes:
                self._add(item)
            for name in file.in_macros:
                self._mutated.setdefault(name, "a macro names it")
            for name, reason in file.mutated.items():
                self._mutated.setdefault(name, reason)
            for name, meant in file.aliases:
                self._aliases.setdefault(name, set()).add(meant)
            self._held |= file.held
            self._unknown = self._unknown or file.borrows_unknown
            self._generic = self._generic or file.borrows_generic
            self._any = self._any or file.borrows_any
        self._spread()

    def functions(self) -> Iterator[Function]:
        """Every exposed function."""
        return (one for file in self.files for one in file.functions)

    def is_user_class(self, name: str) -> bool:
        """Whether a `#[pyclass]` of the project has this name."""
        return name.rpartition("::")[2] in self.classes

    def has_method(self, name: str) -> bool:
        """Whether the project defines a method of this name, so that a call of it need not be PyO3's."""
        return name in self._own_methods

    def is_test_file(self, path: str) -> bool:
        """Whether the code of a test module is in the file."""
        return _is_below(path, self._test_modules)

    def needs_gil(self, path: str) -> bool:
        """Whether a build for free-threaded Python leaves the file out."""
        return _is_below(path, self._gil_modules)

    @property
    def keeps_gil(self) -> bool:
        """Whether a module of the project sets `gil_used = true`, so that its code always runs with the GIL."""
        return any(file.keeps_gil for file in self.files)

    @property
    def borrows_generic(self) -> bool:
        """Whether classes are borrowed mutably through a type parameter, so that only a compiler knows which."""
        return bool(self._generic)

    def why_mutable(self, name: str) -> str:
        """Why a class of this name cannot be frozen; "" if it can."""
        return self._why(name, set())

    def _add(self, item: PyClass) -> None:
        self.classes.setdefault(item.name, []).append(item)
        if base := item.options.get("extends"):
            self._children.setdefault(base.rpartition("::")[2].strip(), []).append(item.name)
        if "set_all" in item.options or any(one.option("set") for one in item.fields):
            self._mutated[item.name] = "Python sets its attributes"

    def _spread(self) -> None:
        """Borrows of an alias count for the original type."""
        pending = list(self._mutated)
        while pending:
            name = pending.pop()
            for meant in self._aliases.get(name, ()):
                if meant not in self._mutated:
                    self._mutated[meant] = self._mutated[name]
                    pending.append(meant)
        self._held |= {meant for name in self._held for meant in self._aliases.get(name, ())}

    def _why(self, name: str, seen: set[str]) -> str:
        if name in seen:
            return ""
        seen.add(name)
        if reason := self._mutated.get(name):
            return reason
        if self._any:
            return self._any
        if name in self._held and (reason := self._unknown or self._generic):
            return reason
        if name in self._lent and self._generic:
            return self._generic
        for child in self._children.get(name, ()):
            if self._why(child, seen):
                return f"its subclass `{child}` is mutable"
        return ""


def _is_below(path: str, stems: Collection[str]) -> bool:
    """Whether a file is a module with one of these stems, or inside one."""
    stem = path.removesuffix(".rs").removesuffix("/mod")
    return bool(stems) and any(stem == one or stem.startswith(f"{one}/") for one in stems)
