from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots

POINT = "use pyo3::prelude::*;\n#[pyclass]\npub struct Point { #[pyo3(get)] x: f64 }\n"


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "#[pymethods] impl Point { fn norm(&self) -> f64 { self.x } }",
        "#[pymethods] impl Point { fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> { slf } }",
        "impl Point { fn shift(&mut self) { self.x += 1.0 } }",
        "#[pyfunction] fn f(p: &Point, out: &mut Vec<u8>) {}",
        "#[pyclass] struct Other {}\n#[pymethods] impl Other { fn f(&mut self) {} }",
        "fn f(cell: &RefCell<u8>) { cell.borrow_mut(); }",
        "impl Deref for Other { type Target = Point; }\n#[pyfunction] fn f(other: &mut Target) {}",
        "use crate::Other as Point2;\n#[pyfunction] fn f(other: &mut Point2) {}",
        "fn f(point: &Bound<'_, Point>, other: &Bound<'_, Other>) { other.borrow_mut().x = 1; }",
    ],
)
def test_a_class_that_nothing_changes_is_found(rest: str) -> None:
    assert "Point" in spots("PYO081", POINT + rest)


@pytest.mark.parametrize(
    "rest",
    [
        "#[pymethods] impl Point { fn shift(&mut self) {} }",
        "#[pymethods] impl Point { fn shift(self: &mut Self) {} }",
        "#[pymethods] impl Point { fn __next__(mut slf: PyRefMut<'_, Self>) {} }",
        "#[pymethods] impl Point { fn a(&self) {} }\n#[pymethods] impl Point { fn b(&'a mut self) {} }",
        "#[pyfunction] fn f(point: &mut Point) {}",
        "#[pyfunction] fn f(point: PyRefMut<'_, Point>) {}",
        "fn f(point: &Bound<'_, PyAny>) { let p = point.extract::<PyRefMut<Point>>(); }",
        "fn f(py: Python<'_>, point: Py<Point>) { point.borrow_mut(py).x = 1.0; }",
        "fn f(point: &Bound<'_, Point>) { point.borrow_mut().x = 1.0; }",
        "fn f(any: &Bound<'_, PyAny>) { let p = any.cast::<Point>().unwrap(); p.borrow_mut().x = 1.0; }",
        "fn f(any: &Bound<'_, PyAny>) { any.cast::<Point>().unwrap().borrow_mut().x = 1.0; }",
        "#[pyclass(extends = Point)] struct Sub {}\n#[pymethods] impl Sub { fn f(mut slf: PyRefMut<'_, Self>) {} }",
        "type Alias = Point;\n#[pyfunction] fn f(point: &mut Alias) {}",
        "use crate::Point as P;\n#[pyfunction] fn f(point: &mut P) {}",
        "use pyo3::PyRefMut as Mut;\n#[pyfunction] fn f(point: Mut<'_, Point>) {}",
        "use pyo3::PyRefMut as Mut;\nfn f(point: &Bound<'_, PyAny>) { let p = point.extract::<Mut<Point>>(); }",
        "type Mut<'py, T> = PyRefMut<'py, T>;\n#[pyfunction] fn f(point: Mut<'_, Point>) {}",
        "type Held = Point;\nfn f(point: &Bound<'_, Held>) { point.borrow_mut().x = 1.0; }",
        "type A = crate::Point;\ntype B = A;\nmake_methods!(B);",
        "make_methods!(Point);",
        "macro_rules! methods { () => { #[pymethods] impl Point {} } }",
    ],
)
def test_nothing_is_said_about_what_is_reached_mutably(rest: str) -> None:
    files = {"src/lib.rs": POINT, "src/other.rs": "use crate::Point;\n" + rest}
    assert "Point" not in spots("PYO081", files, notices=True)


def test_an_alias_in_another_file_is_known() -> None:
    files = {
        "src/lib.rs": POINT,
        "src/a.rs": "pub type P = crate::Point;\n",
        "src/b.rs": "#[pyfunction] fn f(p: &mut P) {}",
    }
    assert spots("PYO081", files) == []


@pytest.mark.parametrize(
    "source",
    [
        "#[pyclass(frozen)] struct A;",
        "#[pyclass]\n#[pyo3(frozen)]\nstruct A;",
        '#[cfg_attr(feature = "python", pyclass(frozen))] struct A;',
        "#[pyclass(set_all)] struct A { x: u8 }",
        "#[pyclass] struct A { #[pyo3(get, set)] x: u8 }",
        "#[pyclass] struct A(#[pyo3(set)] u8);",
        "#[pyclass] enum A { X { x: u8 }, Y() }",
        "struct A;",
        "#[cfg(test)] mod tests { #[pyclass] struct A; }",
    ],
)
def test_nothing_is_said_about_what_is_frozen_set_or_no_class(source: str) -> None:
    assert check("PYO081", source) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#[pyclass]\nstruct A;\n", "#[pyclass(frozen)]\nstruct A;\n"),
        ("#[pyclass()]\nstruct A;\n", "#[pyclass(frozen)]\nstruct A;\n"),
        ("#[pyo3::pyclass]\nstruct A;\n", "#[pyo3::pyclass(frozen)]\nstruct A;\n"),
        (
            '#[derive(Clone)]\n#[pyclass(name = "a,b", eq)] // é\nenum A { X, Y }\n',
            '#[derive(Clone)]\n#[pyclass(frozen, name = "a,b", eq)] // é\nenum A { X, Y }\n',
        ),
        (
            '// é\n#[cfg_attr(feature = "x", derive(Clone), pyclass(get_all))]\nstruct A { x: u8 }\n',
            '// é\n#[cfg_attr(feature = "x", derive(Clone), pyclass(frozen, get_all))]\nstruct A { x: u8 }\n',
        ),
    ],
)
def test_the_fix_adds_frozen(before: str, after: str) -> None:
    assert fixed("PYO081", before) == after


def test_nothing_is_said_before_frozen_classes_lend_themselves() -> None:
    assert check("PYO081", POINT, pyo3="0.18") == []
