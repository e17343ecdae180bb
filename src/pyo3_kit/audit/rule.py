"""The base classes of rules: what a rule says about itself, and the fact that it gets.

A rule is a class named by its id, in a module of `pyo3_kit.audit.rules` named by the id and what the rule is about
(`pyo081_frozen_class`). Its docstring is its explanation (see `pyo3_kit.audit.texts`). It is handed facts and yields
findings; it opens no files.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pyo3_kit.audit.model import Confidence, Finding, Fix, Safety, Severity, Version
from pyo3_kit.rust.tree import SyntaxNode
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from pyo3_kit.audit.items import Function, PyClass
    from pyo3_kit.audit.manifests import Crate, TomlFile
    from pyo3_kit.audit.project import Project, Workflow
    from pyo3_kit.audit.rust_file import RustFile


LONGEST_HELP = 200
"""Characters of a finding's help, which is one line in a terminal."""


class Rule(ABC):
    """What all rules have. The id is the class's name."""

    title: ClassVar[str]
    """What the rule is about, in a few words, like a heading."""
    severity: ClassVar[Severity] = Severity.WARNING
    confidence: ClassVar[Confidence] = Confidence.HIGH
    fix: ClassVar[Safety | None] = None
    """The safest fix that it may offer."""
    since: ClassVar[Version] = (0, 0)
    """The first PyO3 version that it holds for."""
    until: ClassVar[Version | None] = None
    """The first PyO3 version that it no longer holds for."""
    default_on: ClassVar[bool] = True
    in_tests: ClassVar[bool] = False
    """Whether it looks at test code too: `#[cfg(test)]` (and `debug_assertions`), `tests/`, `benches/`, `examples/`."""

    @property
    def id(self) -> str:
        """`PYO`, two digits for the practice, and one of its own."""
        return type(self).__name__

    @property
    def practice(self) -> str:
        """The id of the practice, as in the catalogue: `PYO021` belongs to `PYO02`."""
        return self.id[:5]

    def holds_for(self, version: Version) -> bool:
        """Whether the rule is about this PyO3 version."""
        return version >= self.since and (self.until is None or version < self.until)

    def finding(self, path: str, span: Span, message: str, way_out: str, fix: Fix | None = None) -> Finding:
        """A finding of this rule: what is there, and as an order what to do about it."""
        help_text = way_out if len(way_out) <= LONGEST_HELP else f"{way_out[: LONGEST_HELP - 1]}…"
        return Finding(self.id, path, span, message, help_text, self.severity, self.confidence, fix)


class NodeRule(Rule):
    """Looks at nodes of Rust's syntax tree; only at those of `kinds`, each of them once."""

    kinds: ClassVar[frozenset[str]]
    words: ClassVar[tuple[str, ...]]
    """One of them is in every file, formatted as rustfmt does, in which the rule finds something.

    Other files are not walked for it.
    """

    @abstractmethod
    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """What is wrong with the node."""


class FunctionRule(Rule):
    """Checks exposed functions: `#[pyfunction]`s and methods in `#[pymethods]`."""

    @abstractmethod
    def check(self, function: Function, file: RustFile, project: Project) -> Iterator[Finding]:
        """What is wrong with the function."""


class ClassRule(Rule):
    """Looks at `#[pyclass]` types, with what the whole project does with them (`file.items`)."""

    @abstractmethod
    def check(self, item: PyClass, file: RustFile, project: Project) -> Iterator[Finding]:
        """What is wrong with the class."""


class FileRule(Rule):
    """Looks at a whole Rust file, once."""

    @abstractmethod
    def check(self, file: RustFile, project: Project) -> Iterator[Finding]:
        """What is wrong with the file."""


class CrateRule(Rule):
    """Looks at the `Cargo.toml` of each crate that depends on pyo3."""

    @abstractmethod
    def check(self, crate: Crate, project: Project) -> Iterator[Finding]:
        """Yield findings in the crate, in `crate.manifest` or in the workspace's manifest."""


class PyprojectRule(Rule):
    """Looks at each `pyproject.toml` of the project."""

    @abstractmethod
    def check(self, pyproject: TomlFile, project: Project) -> Iterator[Finding]:
        """What is wrong with the file."""


class WorkflowRule(Rule):
    """Looks at each workflow of CI."""

    @abstractmethod
    def check(self, workflow: Workflow, project: Project) -> Iterator[Finding]:
        """What is wrong with the workflow."""


class ProjectRule(Rule):
    """Looks at the project as a whole, once."""

    @abstractmethod
    def check(self, project: Project) -> Iterator[Finding]:
        """What is wrong with the project."""
