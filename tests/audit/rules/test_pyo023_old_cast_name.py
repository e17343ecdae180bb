from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots

HEAD = "use pyo3::prelude::*;\n#[pyclass(frozen)] struct Point;\n"
SOURCE = HEAD + "fn f(x: &Bound<'_, PyAny>) -> PyResult<()> { %s }"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("x.downcast::<PyList>()?;", "downcast"),
        ("x.downcast::<pyo3::types::PyDict>()?;", "downcast"),
        ("x.downcast::<Point>()?;", "downcast"),
        ("x.downcast::<PyArray1<f64>>()?;", "downcast"),
        ("let y: &Bound<'_, PyList> = x.downcast()?;", "downcast"),
        ("x.downcast_into::<PyList>()?;", "downcast_into"),
        ("x.downcast_exact::<PyList>()?;", "downcast_exact"),
        ("x.downcast_into_exact()?;", "downcast_into_exact"),
        ("unsafe { x.downcast_unchecked::<PyList>() };", "downcast_unchecked"),
        ("unsafe { x.downcast_into_unchecked::<PyList>() };", "downcast_into_unchecked"),
        ("object.downcast_bound::<PyList>(py)?;", "downcast_bound"),
    ],
)
def test_old_names_are_found(body: str, found: str) -> None:
    assert spots("PYO023", SOURCE % body) == [found]
    assert check("PYO023", SOURCE % body, pyo3="0.26") == []
    assert check("PYO023", SOURCE % body, pyo3="0.29") == []


@pytest.mark.parametrize(
    "body",
    [
        "x.cast::<PyList>()?;",
        "any.downcast_ref::<String>();",
        "any.downcast_mut::<PyList>();",
        "payload.downcast::<String>()?;",
        "error.downcast::<MyError>()?;",
        "error.downcast::<PyErr>()?;",
        "let text: Box<String> = payload.downcast()?;",
        "let y = payload.downcast();",
        "x.downcast(kind)?;",
        "Rc::downcast::<PyList>(x);",
        "downcast::<PyList>();",
    ],
)
def test_nothing_is_said_about_new_names_and_other_anys(body: str) -> None:
    assert check("PYO023", SOURCE % body) == []


@pytest.mark.parametrize(
    "signature",
    [
        "fn downcast_into<T>(self) -> Result<T, Self>;",
        "fn downcast_into<T: Into<Vec<u8>>, F: Fn(u8)>(&'a mut self, f: F) -> Option<T> {}",
        "fn downcast_into<T>(\n        &self,\n    ) -> Option<T>;",
    ],
)
def test_nothing_is_said_where_the_project_has_a_method_of_that_name(signature: str) -> None:
    own = {"src/own.rs": f"pub trait Narrow {{ {signature} }}", "src/lib.rs": SOURCE % "x.downcast_into::<u8>().ok();"}
    assert check("PYO023", own) == []
    assert spots("PYO023", {**own, "src/lib.rs": SOURCE % "x.downcast_exact::<PyList>().ok();"}) == ["downcast_exact"]


def test_a_function_of_that_name_is_no_method() -> None:
    texts = {
        "src/own.rs": "fn downcast_into<T>(x: Any) -> T {}",
        "src/lib.rs": SOURCE % "x.downcast_into::<PyList>()?;",
    }
    assert spots("PYO023", texts) == ["downcast_into"]


def test_tests_may_use_old_names() -> None:
    assert check("PYO023", "#[cfg(test)] mod tests {" + SOURCE % "x.downcast::<PyList>()?;" + "}") == []


@pytest.mark.parametrize(
    ("before", "safe", "unsafe"),
    [
        ("if let Ok(y) = x.downcast::<PyList>() { é(y) }", True, True),
        ("let Ok(y) = x.downcast_exact::<PyList>() else { return };", True, True),
        ("let y = x.downcast::<PyList>().map(|y| y.len()).ok();", True, True),
        ("x.downcast_into::<PyList>().unwrap();", True, True),
        ("x.downcast::<PyList>().map_err(|_| wrong())?;", True, True),
        ("match x.downcast::<PyList>() { Ok(y) => g(y), Err(_) => h() }", True, True),
        ("unsafe { x.downcast_unchecked::<PyList>() };", True, True),
        ("object.downcast_bound::<PyList>(py)?.len();", False, True),
        ("x.downcast::<PyList>()?;", False, True),
        ("x.downcast::<PyList>().map_err(PyErr::from)?;", False, True),
        ("x.downcast::<PyList>().map_err(Wrong::from)?;", False, False),
        ("let y = x.downcast::<PyList>();", False, False),
        ("match x.downcast::<PyList>() { Ok(y) => g(y), Err(e) => h(e) }", False, False),
        ("if let Ok(y) = x.get_borrowed_item(0)?.downcast::<PyList>() {}", False, False),
        ("x.downcast::<PyList>()?; let e: DowncastError<'_, '_> = g();", False, False),
    ],
)
def test_the_fix_takes_the_new_name(before: str, safe: bool, unsafe: bool) -> None:
    after = before.replace("downcast", "cast")
    assert fixed("PYO023", SOURCE % before) == SOURCE % (after if safe else before)
    assert fixed("PYO023", SOURCE % before, unsafe=True) == SOURCE % (after if unsafe else before)


def test_another_error_type_keeps_the_fix_away() -> None:
    source = HEAD + "fn f(x: &Bound<'_, PyAny>) -> Result<(), Wrong> { x.downcast::<PyList>()?; }"
    assert fixed("PYO023", source, unsafe=True) == source
