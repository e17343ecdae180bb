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
_COMMENT = re.compile(r"[ \t]*//(?![/!])")


class PYO082(FileRule):
    """A module that turns the GIL on in free-threaded Python.

    ## What it does

    Finds the crate's module when it says `gil_used = true`, or, before PyO3 0.28, when it says nothing. A comment
    that stands above the attribute or in its line counts as the reason for a `gil_used = true`.

    ## Why

    Free-threaded Python turns its GIL on, for the whole process, as soon as such a module is imported. From PyO3 0.28
    on a module that says nothing does without; before, it has to say so.

    ## Example

    ```rust
    #[pymodule(gil_used = true)]
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

    Where the module has state that the GIL guards: a library behind it that is not thread-safe, a `static mut`. Say
    so in a comment.
    """

    title = "module that turns the GIL on"
    since = (0, 23)

    def check(self, file: RustFile, project: Project) -> Iterator[Finding]:
        """The crate's own module, by what it says of the GIL."""
        for name, place, body, attributes in _modules(file):
            if _name(name, attributes) not in _expected(file, project):
                continue
            said = next((one for one in attributes if "gil_used" in one.options), None)
            if said is not None:
                if said.options["gil_used"] == "true" and not _explained(said, file.text):
                    yield self.finding(
                        file.path,
                        said.span,
                        f"importing `{name}` turns the GIL on in free-threaded Python",
                        "write `gil_used = false` once classes and statics are thread-safe, or say why in a comment",
                    )
            elif file.version < (0, 28) and not _CALLED.search(file.text, body.start, body.end):
                yield self.finding(
                    file.path,
                    place,
                    f"`{name}` does not say `gil_used = false`: importing it turns the GIL on in free-threaded Python",
                    "add it to the `#[pymodule]` once its classes and statics are thread-safe",
                )


def _modules(file: RustFile) -> Iterator[tuple[str, Span, Span, Sequence[Attribute]]]:
    """Name, its place, the whole, and the attributes of each module that is not inside of another."""
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
    """What the module is called in Python."""
    for one in attributes:
        if one.name in ("pymodule", "pyo3") and (given := one.options.get("name")):
            return given.strip('"')
    return name.removeprefix("r#")


def _expected(file: RustFile, project: Project) -> set[str]:
    """The names that the crate's own module can have, in contrast to its submodules."""
    manifest = file.crate.manifest
    names = {str(manifest.get("lib", "name") or file.crate.name).replace("-", "_")}
    for pyproject in project.pyprojects:
        modules = [pyproject.get("tool", "maturin", "module-name")]
        listed = pyproject.get("tool", "setuptools-rust", "ext-modules")
        modules += [one.get("target") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        names |= {str(one).rpartition(".")[2] for one in modules if one}
    return names


def _explained(attribute: Attribute, text: str) -> bool:
    """Whether a comment that is no documentation stands above the attribute, or in its line."""
    before = text[: attribute.item.start].rpartition("\n")[0].rpartition("\n")[2]
    after = text[attribute.item.end :].partition("\n")[0]
    return bool(_COMMENT.match(before) or _COMMENT.match(after))
