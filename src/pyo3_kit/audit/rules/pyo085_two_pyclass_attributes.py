"""PYO085."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyo3_kit.audit.items import PyClass
from pyo3_kit.audit.model import Finding, Fix, Safety, Severity
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import ClassRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.attributes import Attribute
from pyo3_kit.texts.edits import Edit


class PYO085(ClassRule):
    """A type with two `#[pyclass]` attributes.

    ## What it does

    Finds more than one `#[pyclass]` on a type, except in a `cfg_attr`.

    ## Why

    It does not compile: each attribute would define the class.

    ## Example

    ```rust
    #[pyclass(frozen)]
    #[pyclass(freelist = 256)]
    struct Header;
    ```

    ## Use instead

    ```rust
    #[pyclass(frozen, freelist = 256)]
    struct Header;
    ```

    ## When not

    Never.

    ## Fix

    Moves all options to the first attribute.
    """

    title = "two `#[pyclass]` attributes on one type"
    severity = Severity.ERROR
    fix = Safety.SAFE

    def check(self, item: PyClass, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report the second unconditional attribute of a type."""
        marks = [one for one in item.attributes if one.name == "pyclass" and not one.conditional]
        if len(marks) > 1:
            yield self.finding(
                file.path,
                marks[1].span,
                f"`{item.name}` has {len(marks)} `#[pyclass]` attributes, which does not compile",
                "merge them into one",
                _merged(marks, file.text),
            )


def _merged(marks: Sequence[Attribute], text: str) -> Fix | None:
    """All options in the first attribute; None if one is set twice."""
    names = [name for mark in marks for name in mark.options]
    if len(names) != len(set(names)):
        return None
    lists = [text[mark.arguments.start : mark.arguments.end].strip().rstrip(",") for mark in marks if mark.arguments]
    if any("//" in one for one in lists):
        return None
    options = ", ".join(one for one in lists if one)
    edits = [Edit(*marks[0].span, f"{marks[0].path}({options})" if options else marks[0].path)]
    for mark in marks[1:]:
        end = mark.item.end
        while end < len(text) and text[end] in " \t":
            end += 1
        edits.append(Edit(mark.item.start, end + 1 if text.startswith("\n", end) else end, ""))
    return Fix(tuple(edits))
