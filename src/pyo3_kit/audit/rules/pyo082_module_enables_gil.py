"""PYO082."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FileRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.attributes import Attribute, attributes_of
from pyo3_kit.rust.tree import span
from pyo3_kit.texts.edits import Span

_CALLED = re.compile(r"\bgil_used\s*\(\s*(?:false|true)")


class PYO082(FileRule):
    """A module that enables the GIL in free-threaded Python.

    ## What it does

    Finds the crate's module if it does not set `gil_used`, before PyO3 0.28. A module that sets `gil_used = true` has
    decided, and is not reported.

    ## Why

    Free-threaded Python enables its GIL for the whole process as soon as such a module is imported. From PyO3 0.28
    on, the default is to run without it; before that, a module has to opt in.

    ## Example

    ```rust
    #[pymodule]
    mod fast {
        #[pymodule_export]
        use super::norm;
    }
    ```

    ## Use instead

    ```rust
    #[pymodule(gil_used = false)]
    mod fast {
        #[pymodule_export]
        use super::norm;
    }
    ```

    ## When not

    If the module has state that the GIL protects: a library that is not thread-safe, a `static mut`. Then set
    `gil_used = true`.
    """

    title = "module that enables the GIL"
    since = (0, 23)
    until = (0, 28)

    def check(self, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report the crate's own module if it enables the GIL."""
        for name, place, body, attributes in _modules(file):
            if _name(name, attributes) not in _expected(file, project):
                continue
            is_set = any("gil_used" in one.options for one in attributes)
            if not is_set and not _CALLED.search(file.text, body.start, body.end):
                yield self.finding(
                    file.path,
                    place,
                    f"`{name}` does not set `gil_used = false`: importing it enables the GIL in free-threaded Python",
                    "add it once classes and statics are thread-safe, or `gil_used = true` to keep the GIL",
                )


def _modules(file: RustFile) -> Iterator[tuple[str, Span, Span, Sequence[Attribute]]]:
    """Name, span of the name, whole span and attributes of each top-level module."""
    for function in file.own.functions:
        if function.attribute("pymodule") is not None:
            yield function.name, function.name_span, function.span, function.attributes
    outer: list[Span] = []
    for node in file.nodes_in(Span(0, len(file.text)), "mod_item"):
        attributes, name, place = attributes_of(node), node.field("name"), span(node)
        if name is None or not any(one.name == "pymodule" for one in attributes):
            continue
        if not any(one.contains(place) for one in outer):
            yield name.text(), span(name), place, attributes
        outer.append(place)


def _name(name: str, attributes: Sequence[Attribute]) -> str:
    """The module's name in Python."""
    for one in attributes:
        if one.name in ("pymodule", "pyo3") and (given := one.options.get("name")):
            return given.strip('"')
    return name.removeprefix("r#")


def _expected(file: RustFile, project: Project) -> set[str]:
    """The possible names of the crate's own module, as opposed to its submodules."""
    manifest = file.crate.manifest
    names = {str(manifest.get("lib", "name") or file.crate.name).replace("-", "_")}
    for pyproject in project.pyprojects:
        modules = [pyproject.get("tool", "maturin", "module-name")]
        listed = pyproject.get("tool", "setuptools-rust", "ext-modules")
        modules += [one.get("target") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        names |= {str(one).rpartition(".")[2] for one in modules if one}
    return names
