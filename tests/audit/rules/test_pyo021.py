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
        "let (_, [a, b]) = captures.extract::<2>().ok();",
    ],
)
def test_nothing_is_said_where_the_error_counts(body: str) -> None:
    assert check("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == []


def test_the_name_of_the_cast_is_that_of_the_version() -> None:
    source = f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ if let Ok(n) = value.extract::<i64>() {{}} }}"
    assert "`downcast::<" in check("PYO021", source, pyo3="0.25")[0].help
    assert "`cast::<" in check("PYO021", source, pyo3="0.26")[0].help


def test_tests_may_throw_errors_away() -> None:
    source = "#[cfg(test)]\nmod tests { fn f() { let x = v.extract::<u8>().ok(); } }"
    assert check("PYO021", HEAD + source) == []
