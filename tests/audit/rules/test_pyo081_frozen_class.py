from __future__ import annotations

import pytest

from pyo3_kit.audit.model import Safety
from tests.audit.support import check, fixed, spots

GENERIC = "fn mutate<'py, T: PyClass<Frozen = False>>(object: &Bound<'py, T>) { object.borrow_mut(); }\n"
UNKNOWN = "fn unknown(mystery: &Mystery) { mystery.at(0).borrow_mut(); }\n"
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
        f"{GENERIC}#[pymethods] impl Point {{ fn f(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {{ slf }} }}",
        f"{GENERIC}#[pymethods] impl Other {{ fn poke(slf: Bound<'_, Self>) {{ mutate(&slf) }} }}",
        f"{GENERIC}impl Point {{ fn shift(&mut self) {{}} }}",
        f"{UNKNOWN}#[pymethods] impl Point {{ #[new] fn new() -> PyResult<Py<Self>> {{ Py::new(py, Self {{ x }}) }} }}",
        f"{UNKNOWN}fn f(p: Point) -> PyResult<Py<PyAny>> {{ Ok(Py::new(py, p)?.into_any()) }}",
        f"{UNKNOWN}fn f(p: Other) {{ let o = Py::new(py, p)?; o.g() }}",
        'describe! { "A Point in space." }',
        "macro_rules! m { () => { /* not of Point */ impl Other {} } }",
        "// PyRefMut<Point>\nfn f() {}",
        'const HELP: &str = "takes a PyRefMut<Point>, see `Py<Point>::borrow_mut`";',
        "/// Calls `point.borrow_mut()` of a `Py<Point>`.\nfn f(point: &Py<Point>) {}",
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
        "#[pymethods] impl Point { fn f(&self, o: &Bound<'_, PyAny>) { let p = o.extract::<PyRefMut<'_, Self>>(); } }",
        "impl Point { fn f(o: &Bound<'_, PyAny>) { let mut p: PyRefMut<'_, Self> = o.extract().unwrap(); } }",
        "fn f(o: &Bound<'_, PyAny>) { let o = o.cast::<Point>().unwrap(); o.borrow_mut().x = 1.0; }",
        *(
            f"{head}fn f(py: Python<'_>) {{ {body} }}"
            for head in ("", "use std::cell::RefCell;\n")
            for body in (
                "let o = Bound::new(py, Point { x: 1.0 })?; o.borrow_mut().x = 2.0;",
                "let o = Py::new(py, crate::Point::at(1.0)).unwrap(); o.borrow_mut(py).x = 2.0;",
                "let p = Point::default(); let o = Bound::new(py, p)?; o.borrow_mut().x = 2.0;",
                "let o = Bound::new(py, make())?; o.borrow_mut().x = 2.0;",
                "let o = Bound::new(py, (Sub {}, Point { x: 1.0 }))?; o.borrow_mut().x = 2.0;",
                "let o = Bound::new(py, PyClassInitializer::from(p))?; o.borrow_mut().x = 2.0;",
                "Bound::new(py, Point { x: 1.0 })?.borrow_mut().x = 2.0;",
                "Bound::new(py, make())?.borrow_mut().x = 2.0;",
                "let o = make().into_pyobject(py)?; o.borrow_mut().x = 2.0;",
            )
        ),
        "impl Point { fn f(py: Python<'_>) { let o = Py::new(py, Self { x: 1.0 })?; o.borrow_mut(py).x = 2.0; } }",
        "impl Point { fn f(py: Python<'_>) { let o = Py::new(py, Self::at(1.0))?; o.borrow_mut(py).x = 2.0; } }",
        GENERIC + "#[pymethods] impl Point { fn poke(slf: Bound<'_, Self>) { mutate(&slf) } }",
        GENERIC + "impl Point { fn shift(&mut self) {} }\nfn f(o: &Bound<'_, PyAny>) { change(o, Point::shift) }",
        GENERIC + "fn f(o: &Bound<'_, PyAny>) { change(o.cast()?, |p: &mut Point| p.x = 1.0) }",
        "fn mutate(o: &Bound<'_, impl PyClass<Frozen = False>>) { o.borrow_mut(); }\nfn f(p: Py<Point>) {}",
        "struct Guard<'a, T: PyClass> { inner: PyRefMut<'a, T> }\nfn f(p: Py<Point>) {}",
        "trait Touch: PyClass { fn touch(slf: &Bound<'_, Self>) { slf.borrow_mut(); } }\nfn f(p: Py<Point>) {}",
        "impl<T: PyClass> Touch for Bound<'_, T> { fn touch(&self) { self.borrow_mut(); } }\nfn f(p: Py<Point>) {}",
        UNKNOWN + "#[pymethods] impl Point { fn poke(slf: Bound<'_, Self>) { poke(&slf) } }",
        UNKNOWN + "fn f(p: Point) { let o = Py::new(py, p)?; g(o) }",
        "fn f(all: Vec<Bound<'_, Point>>) { all.iter().map(Bound::borrow_mut).count(); }",
        "fn f(all: Vec<Py<Point>>) { all.iter().map(|o| Py::try_borrow_mut(o, py)).count(); }",
        "fn f(o: &Bound<'_, Point>) { <Bound<'_, Point>>::borrow_mut(o).x = 1.0; }",
        "fn f(o: &Bound<'_, Point>) { PyClassGuardMut::try_borrow(o.as_unbound()).unwrap().x = 1.0; }",
        "#[pymodule] mod m { fn init(m: &Bound<'_, PyModule>) { #[pyfn(m)] fn bump(p: &mut Point) {} } }",
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


@pytest.mark.parametrize("alias", ["pub type P = crate::Point;\n", "pub(crate) use crate::{Other, Point as P};\n"])
def test_an_alias_in_another_file_is_known(alias: str) -> None:
    files = {"src/lib.rs": POINT, "src/a.rs": alias, "src/b.rs": "use crate::a::P;\n#[pyfunction] fn f(p: &mut P) {}"}
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


@pytest.mark.parametrize(
    ("rest", "safety"),
    [
        ("", Safety.SAFE),
        (GENERIC, Safety.UNSAFE),
        ("macro_rules! b { ($t:ty, $o:expr) => { $o.extract::<PyRefMut<$t>>() } }\n", Safety.UNSAFE),
        (
            "trait Up: PyClass<Frozen = False> { fn up(o: &Bound<'_, PyAny>) { o.extract::<PyRefMut<Self>>(); } }\n",
            Safety.UNSAFE,
        ),
    ],
)
def test_the_fix_is_unsafe_where_classes_are_borrowed_by_a_type_parameter(rest: str, safety: Safety) -> None:
    [finding] = check("PYO081", POINT + rest)
    assert finding.fix is not None
    assert finding.fix.safety is safety


def test_nothing_is_said_before_frozen_classes_lend_themselves() -> None:
    assert check("PYO081", POINT, pyo3="0.18") == []


LONG = 'name = "AVeryLongNameOfAClass", module = "sample.package.subpackage"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '#[pyclass(\n    name = "Sum",\n    module = "a"\n)]',
            '#[pyclass(\n    frozen,\n    name = "Sum",\n    module = "a"\n)]',
        ),
        (
            '#[pyclass(\n    // ours\n    name = "Sum",\n)]',
            '#[pyclass(\n    frozen,\n    // ours\n    name = "Sum",\n)]',
        ),
        ("#[pyclass()]", "#[pyclass(frozen)]"),
        ("#[pyclass(eq, hash)]", "#[pyclass(frozen, eq, hash)]"),
        (
            f"#[pyclass({LONG})]",
            "#[pyclass(\n    frozen,\n    " + LONG.replace(", ", ",\n    ") + ",\n)]",
        ),
        (f'#[cfg_attr(feature = "py", pyclass({LONG}))]', f'#[cfg_attr(feature = "py", pyclass(frozen, {LONG}))]'),
    ],
)
def test_the_fix_writes_as_rustfmt_does(before: str, after: str) -> None:
    rest = "\npub struct Point {\n    x: f64,\n}\n"
    assert fixed("PYO081", before + rest) == after + rest
    module = f"mod a {{\n    {before}{rest}}}\n".replace("\n)]", "\n    )]").replace("(\n    ", "(\n        ")
    assert not [line for line in fixed("PYO081", module).splitlines() if line.endswith(" ")]
