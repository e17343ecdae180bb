from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("if let Ok(n) = value.extract::<i64>() { use_it(n) }", "value.extract::<i64>()"),
        ("if let Ok(n) = value.extract::<i64>() && n > 1 { use_it(n) }", "value.extract::<i64>()"),
        ("while let Ok(n) = next().extract::<u8>() {}", "next().extract::<u8>()"),
        ("let Ok(n): PyResult<i64> = value.extract() else { return };", "value.extract()"),
        ("let n = value.extract::<f64>().is_ok();", "value.extract::<f64>()"),
        ("let n = value.extract::<f64>().is_err();", "value.extract::<f64>()"),
        ("let n: Option<Point> = value.extract().ok();", "value.extract()"),
        ("let n = value.extract::<f64>().unwrap_or(0.0);", "value.extract::<f64>()"),
        ("let n = value.extract::<f64>().unwrap_or_default();", "value.extract::<f64>()"),
        ("match value.extract::<i64>() { Ok(n) => a(n), Err(_) => b() }", "value.extract::<i64>()"),
        ("match value.extract::<i64>() { Ok(n) => a(n), _ => b() }", "value.extract::<i64>()"),
    ],
)
def test_an_error_that_is_thrown_away_is_found(body: str, found: str) -> None:
    assert spots("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == [found]


@pytest.mark.parametrize(
    "body",
    [
        "let n: i64 = value.extract()?;",
        "value.extract::<i64>()",
        "value.extract::<i64>().map_err(wrap)?;",
        "value.extract::<i64>().unwrap_or_else(|error| log(error));",
        "match value.extract::<i64>() { Ok(n) => a(n), Err(error) => b(error) }",
        "if let Err(error) = value.extract::<i64>() { log(error) }",
        "if let Ok(n) = value.cast::<PyInt>() { use_it(n) }",
        "if let Ok(n) = archive.extract(path) { use_it(n) }",
        "let Ok(n) = value.extract::<i64>() else { return Err(bad()) };",
        "match value.extract::<i64>() { Ok(n) => Ok(n), Err(_) => Err(bad()) }",
        "match value.extract::<i64>() { Ok(n @ 0..9) => n, _ => return Err(bad()) }",
        "match value.extract::<i64>() { Ok(n) => n, Err(_) => { return Err(bad()) } }",
        "if let Ok(n) = value.cast::<PyInt>()?.extract::<u8>() { use_it(n) }",
        "let n = value.downcast_exact::<PyInt>()?.extract::<u8>().is_ok();",
        "let (_, [a, b]) = captures.extract::<2>().ok();",
    ],
)
def test_nothing_is_said_where_the_error_counts(body: str) -> None:
    assert check("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == []


def test_the_name_of_the_cast_is_that_of_the_version() -> None:
    source = f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ if let Ok(n) = value.extract::<i64>() {{}} }}"
    assert "`downcast::<" in check("PYO021", source, pyo3="0.25")[0].help
    assert "`cast::<" in check("PYO021", source, pyo3="0.26")[0].help


@pytest.mark.parametrize(
    "target",
    ["Bound<'_, PyInt>", "Py<PyList>", "PyRef<'_, Point>", "pyo3::PyRefMut<Point>", "&[u8]", "PyBackedBytes", "Point"],
)
def test_an_error_of_two_references_costs_nothing_since_there_are_such(target: str) -> None:
    body = f"let x = value.extract::<{target}>().ok();"
    source = f"{HEAD}#[pyclass] struct Point;\nfn f(value: &Bound<'_, PyAny>) {{ {body} }}"
    assert check("PYO021", source, pyo3="0.27") == []
    assert len(check("PYO021", source, pyo3="0.26")) == 1
    assert len(check("PYO021", source.replace(f"::<{target}>", f"::<Vec<{target}>>"), pyo3="0.27")) == 1


def test_tests_may_throw_errors_away() -> None:
    source = "#[cfg(test)]\nmod tests { fn f() { let x = v.extract::<u8>().ok(); } }"
    assert check("PYO021", HEAD + source) == []


def test_nothing_is_said_where_the_project_has_an_extract_of_its_own() -> None:
    source = f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ if let Ok(n) = value.extract::<i64>() {{}} }}"
    own = "impl Archive { pub fn extract<T: Default>(&self) -> Result<T, ()> { Ok(T::default()) } }"
    assert check("PYO021", {"src/lib.rs": source, "src/archive.rs": own}) == []
    for other in (
        "impl FromPyObject<'_> for A { fn extract(value: &Bound<'_, PyAny>) -> PyResult<Self> { g(&self) } }",
        "impl Value { fn extract<T: Cast>(&self) -> Option<T> { None } }",
        "impl Strings { fn extract(&self, pattern: &str) -> Result<Self, ()> { g(self) } }",
    ):
        assert len(check("PYO021", {"src/lib.rs": source, "src/a.rs": other})) == 1
