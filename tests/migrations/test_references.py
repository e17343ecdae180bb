"""What becomes of `&PyAny` and its like, by where they stand and by what is imported."""

from __future__ import annotations

import pytest

from pyo3_kit.codemods import ReviewItem
from pyo3_kit.merge.model import File
from tests.migrations.support import FOLDERS, alone

(FOLDER,) = (folder for folder in FOLDERS if folder.name == "pyo3-0.23-references")
TRAITS = "Import `pyo3::prelude::*`"


def moved(code: str) -> tuple[str, list[ReviewItem]]:
    after, applied = alone(FOLDER, {"lib.rs": File(code.encode())})
    return after["lib.rs"].content.decode(), [place for one in applied for place in one.review]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("&PyAny", "&Bound<'_, PyAny>"),
        ("&'a PyAny", "&Bound<'a, PyAny>"),
        ("Option<&PyDict>", "Option<&Bound<'_, PyDict>>"),
        ("Option<&'a types::PyDict>", "Option<&Bound<'a, types::PyDict>>"),
        # What a collection holds cannot be lent.
        ("Vec<&PyAny>", "Vec<Bound<'_, PyAny>>"),
        ("Vec<&'a PyAny>", "Vec<Bound<'a, PyAny>>"),
        ("HashMap<String, &PyAny>", "HashMap<String, Bound<'_, PyAny>>"),
        ("Option<Vec<&PyAny>>", "Option<Vec<Bound<'_, PyAny>>>"),
        ("Vec<Option<&PyAny>>", "Vec<Option<Bound<'_, PyAny>>>"),
        ("(&PyAny, u8)", "(Bound<'_, PyAny>, u8)"),
        ("[&PyAny; 2]", "[Bound<'_, PyAny>; 2]"),
        # What is no argument from Python.
        ("&[&PyAny]", "&[&Bound<'_, PyAny>]"),
        ("impl Fn(&PyAny) -> u8", "impl Fn(&Bound<'_, PyAny>) -> u8"),
        ("Box<dyn Fn(Option<&PyAny>)>", "Box<dyn Fn(Option<&Bound<'_, PyAny>>)>"),
        ("&mut PyAny", "&mut PyAny"),
    ],
)
def test_parameters(old: str, new: str) -> None:
    code = "use pyo3::prelude::*;\n\nfn f<'a>(a: %s, b: &str) {}\n"
    assert moved(code % old) == (code % new, [])


@pytest.mark.parametrize(
    ("imports", "bound"),
    [
        ("use pyo3::prelude::*;", "Bound"),
        ("use pyo3::{Bound, PyAny};", "Bound"),
        ("use pyo3::*;", "Bound"),
        ("use pyo3::{prelude::*, types::PyList};", "Bound"),
        ("use pyo3::PyAny;", "pyo3::Bound"),
        ("use super::*;", "pyo3::Bound"),
        ("use std::ops::Bound;\nuse pyo3::prelude::*;", "pyo3::Bound"),
        ("mod inner { use pyo3::Bound; }", "pyo3::Bound"),
    ],
)
def test_bound_is_named_where_it_is_not_imported(imports: str, bound: str) -> None:
    after, _ = moved(f"{imports}\nfn f(a: &PyAny) {{}}\n")
    assert after == f"{imports}\nfn f(a: &{bound}<'_, PyAny>) {{}}\n"


def test_a_module_has_its_own_imports() -> None:
    code = "use pyo3::prelude::*;\nmod inner {\n    use pyo3::PyAny;\n    fn f(a: &PyAny) {}\n}\n"
    assert moved(code)[0] == code.replace("&PyAny", "&pyo3::Bound<'_, PyAny>")


@pytest.mark.parametrize(
    ("imports", "body", "named"),
    [
        ("use pyo3::PyAny;", "a.len()", True),
        ("use pyo3::PyAny;", "g(a)", False),
        ("use pyo3::PyAny;", "a.py()", False),
        ("use pyo3::{prelude::*, PyAny};", "a.len()", False),
        ("use pyo3::types::PyAnyMethods;\nuse pyo3::PyAny;", "a.len()", False),
    ],
)
def test_traits_that_the_methods_need_are_named(imports: str, body: str, named: bool) -> None:
    _, places = moved(f"{imports}\nfn f(a: &PyAny) {{\n    {body};\n}}\n")
    assert [place.note.startswith(TRAITS) for place in places] == [True] * named
