from __future__ import annotations

import pytest

from pyo3_kit.rust.tree import parse
from pyo3_kit.rust.uses import bound_names, imports


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("use pyo3;", [("pyo3", "pyo3")]),
        ("use ::pyo3::types::PyList;", [("PyList", "pyo3::types::PyList")]),
        ("pub(crate) use a :: b;", [("b", "a::b")]),
        ("use a::b as c;", [("c", "a::b")]),
        ("use a::T as _;", [("_", "a::T")]),
        ("use a::*;", [("*", "a")]),
        (
            "use a::{self, b, c::{d, self as e}, f::*};",
            [("a", "a"), ("b", "a::b"), ("d", "a::c::d"), ("e", "a::c"), ("*", "a::f")],
        ),
        ("use {a, b::c};", [("a", "a"), ("c", "b::c")]),
        ("use self::a;", [("a", "self::a")]),
        ("use super::super::{a /* it */, /* and */ b};", [("a", "super::super::a"), ("b", "super::super::b")]),
        ("use crate as me;", [("me", "crate")]),
    ],
)
def test_names_and_paths_of_an_import(declaration: str, expected: list[tuple[str, str]]) -> None:
    (use,) = parse(declaration).find_all(kind="use_declaration")
    assert list(imports(use)) == expected


def test_what_is_bound_has_a_name_of_its_own() -> None:
    (use,) = parse("use a::{T as _, b, *};").find_all(kind="use_declaration")
    assert bound_names(use) == ["b"]
