"""Where a name comes from, as far as its file tells."""

from __future__ import annotations

import pytest

from pyo3_kit.rust.origins import OTHER, OWN, PYO3, origin


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("", None),
        ("use pyo3::prelude::*;", None),
        ("use crate::*;", None),
        ("use pyo3::PyThing;", PYO3),
        ("use ::pyo3::types::{PyAny, PyThing};", PYO3),
        ("use pyo3::{prelude::*, types::{self, PyThing}};", PYO3),
        ("use pyo3::types::Other as PyThing;", PYO3),
        ("use pyo3 as py;\nuse py::PyThing;", PYO3),
        ("use pyo3::types;\nuse types::PyThing;", PYO3),
        ("use crate::thing::PyThing;", OWN),
        ("use {super::PyThing, pyo3::PyAny};", OWN),
        ("use crate::thing;\nuse thing::PyThing;", OWN),
        ("use pyo3::ffi::PyThing;", OWN),
        ("use pyo3_ffi::PyThing;", OWN),
        ("pub struct PyThing;", OWN),
        ("mod inner { pub type PyThing = u8; }", OWN),
        ("use other::PyThing;", OTHER),
        ("use PyThing;", OTHER),
        ("use pyo3::PyThing;\nmod inner { use crate::PyThing; }", OTHER),
        ("use pyo3::PyThing as Thing;", None),
        ("use pyo3::types as types;\nuse types::{self as types};", None),
        ("// use pyo3::PyThing;", None),
    ],
)
def test_origin(imports: str, expected: str | None) -> None:
    assert origin(imports, "PyThing") == expected
