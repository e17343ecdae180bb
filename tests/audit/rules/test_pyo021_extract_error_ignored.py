from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("if let Ok(n) = value.extract::<i64>() { a(n) } else { b(value) }", "value.extract::<i64>()"),
        ("if let Ok(n) = value.extract::<i64>() && n > 1 { a(n) } else { b() }", "value.extract::<i64>()"),
        ("if let Ok(n) = value.extract::<i64>() { return a(n) }\n b(value)", "value.extract::<i64>()"),
        (
            "if let Ok(n) = value.extract::<i64>() { return Ok(n) }\n let m = f(); b(m, &value)",
            "value.extract::<i64>()",
        ),
        ("if c { if let Ok(n) = value.extract::<i64>() { return Ok(n) } }\n b(value)", "value.extract::<i64>()"),
        ("if let Ok(n) = value.extract() { a(n) } else if let Ok(s) = value.cast::<X>() { b(s) }", "value.extract()"),
        (
            "if let Ok(s) = value.cast::<X>() { a(s) } else if let Ok(n) = value.extract::<i64>() { b(n) }",
            "value.extract::<i64>()",
        ),
        (
            "for one in items { if let Ok(n) = one.extract::<i64>() { t(n); continue; } u(one); }",
            "one.extract::<i64>()",
        ),
        ("while let Ok(_) = value.extract::<u8>() {}", "value.extract::<u8>()"),
        ("let n = value.extract::<f64>().is_ok();", "value.extract::<f64>()"),
        ("let n = next()?.extract::<f64>().is_err();", "next()?.extract::<f64>()"),
        ("let n = value.extract::<i64>().ok().map(f).or_else(|| g(value));", "value.extract::<i64>()"),
        ("let n = value.extract::<i64>().ok(); let s = value.extract::<String>()?;", "value.extract::<i64>()"),
        ("match value.extract::<i64>() { Ok(n) => a(n), Err(_) => b() }", "value.extract::<i64>()"),
        ("match value.extract::<i64>() { Ok(n) => a(n), _ => b(value) }", "value.extract::<i64>()"),
        ("match value.extract::<i64>() { Ok(_) => 1, Err(_) => 2 }", "value.extract::<i64>()"),
        ("if let Err(_) = value.extract::<i64>() { return other() }", "value.extract::<i64>()"),
        ("if let Ok(n) = value.extract::<i64>(py) { a(n) } else { b(&value) }", "value.extract::<i64>(py)"),
        ("if value.extract::<i64>(other.py()).is_ok() { a() }", "value.extract::<i64>(other.py())"),
        ("if self.value.extract::<i64>(py).is_ok() { a() }", "self.value.extract::<i64>(py)"),
    ],
)
def test_a_check_whose_failure_is_as_normal_is_found(body: str, found: str) -> None:
    assert spots("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == [found]


@pytest.mark.parametrize(
    "body",
    [
        "if let Ok(n) = value.extract::<i64>() { use_it(n) }",
        "if let Ok(n) = value.extract::<i64>() { use_it(n) } else { 0 }",
        "if let Ok(n) = value.extract::<i64>() { use_it(n) } else { Vec::new() }",
        "if let Ok(Some(v)) = all.get_item(name) { if let Ok(s) = v.extract::<String>() { set(s) } }",
        "let Ok(n): PyResult<i64> = value.extract() else { return };",
        "let Ok(n) = value.extract::<i64>() else { continue };",
        "let n: Option<i64> = value.extract().ok();",
        "let n = value.extract::<f64>().unwrap_or(0.0);",
        "let n = value.extract::<f64>().unwrap_or_default();",
        "let days: i64 = value.getattr(name).ok()?.extract().ok()?;",
        "let text = value.str().ok()?.extract::<String>().ok()?;",
        "if version.extract::<u64>().ok() != Some(1) { return Err(bad()) }",
        "match value.extract::<i64>() { Ok(n) => n, Err(_) => 0 }",
    ],
)
def test_a_default_for_a_value_of_the_wrong_type_is_not_reported(body: str) -> None:
    assert check("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == []


@pytest.mark.parametrize("name", ["__eq__", "__richcmp__", "__contains__", "__radd__"])
def test_operators_get_objects_of_any_type(name: str) -> None:
    body = "let Ok(other) = value.extract::<i64>() else { return false }; self.0 == other"
    source = "impl A {{ fn {}(&self, value: &Bound<'_, PyAny>) -> bool {{ {} }} }}"
    assert spots("PYO021", HEAD + source.format(name, body)) == ["value.extract::<i64>()"]
    assert check("PYO021", HEAD + source.format("other", body)) == []


def test_a_function_that_only_asks_is_found() -> None:
    source = "fn as_text(value: &Bound<'_, PyAny>) -> Option<String> {{ {}value.extract::<String>().ok() }}"
    assert spots("PYO021", HEAD + source.format("")) == ["value.extract::<String>()"]
    assert check("PYO021", HEAD + source.format("log(); ")) == []


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("if let Ok(b) = value.cast_exact::<PyFloat>() { a(b) }", []),
        ("if let Ok(b) = value.downcast_exact::<types::PyFloat>() { a(b) }", []),
        ("if value.is_exact_instance_of::<PyFloat>() { a(value) }", []),
        ("if let Ok(b) = value.cast_exact::<PyInt>() { a(b) }", ["value.extract::<f64>()"]),
        ("if let Ok(b) = other.cast_exact::<PyFloat>() { a(b) }", ["value.extract::<f64>()"]),
        ("if let Ok(b) = x.value.cast_exact::<PyFloat>() { a(b) }", ["value.extract::<f64>()"]),
    ],
)
def test_what_is_left_after_an_exact_check_only_converts(first: str, found: list[str]) -> None:
    body = f"{first} else if let Ok(n) = value.extract::<f64>() {{ b(n) }} else {{ c(value) }}"
    assert spots("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == found


def test_a_function_that_gets_what_another_asked_for_exactly_only_converts() -> None:
    chain = "if value.extract::<i64>().is_ok() { b() } else if value.extract::<f64>().is_ok() { c() }"
    helper = f"fn f(value: &Bound<'_, PyAny>) {{ {chain} }}"
    caller = "fn g(value: &Bound<'_, PyAny>) { if value.is_exact_instance_of::<PyInt>() { f(value) } }"
    assert spots("PYO021", f"{HEAD}{caller} {helper}") == ["value.extract::<f64>()"]


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
        "let n = value.call_method0(name)?.extract::<bool>().unwrap_or(false);",
        "let n = value.extract::<i64>(path).ok();",
    ],
)
def test_nothing_is_said_where_the_error_counts(body: str) -> None:
    assert check("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == []


@pytest.mark.parametrize(
    "body",
    [
        "if let Ok(n) = value.extract::<i64>() { Ok(n) } else { Err(bad()) }",
        "if let Ok(n) = value.extract::<i64>() { Ok(n) } else { let name = value.get_type(); Err(bad(name)) }",
        "if let Ok(n) = value.extract::<i64>() { Ok(n) } else { return Err(bad())?; }",
        "if let Ok(n) = value.extract::<i64>() { return Ok(n) }\n Err(bad())",
        "if let Ok(n) = value.extract::<i64>() { return Ok(n) }\n let name = f(); Err(bad(name).into())",
        'if let Ok(n) = value.extract::<i64>() { return Ok(n) }\n bail!("no")',
        "if let Ok(n) = value.extract::<i64>() { return Ok(n) }\n type_error(value)",
        "if a { if let Ok(n) = value.extract::<i64>() { return Ok(n) } }\n Err(bad())",
        "let n = if let Ok(n) = value.extract::<i64>() { n } else { return Err(bad()) };",
        "if let Ok(s) = value.cast::<X>() { a } else if let Ok(n) = value.extract::<i64>() { b } else { Err(c) }",
        "if value.is_none() { Ok(0) } else if let Ok(n) = value.extract::<i64>() { Ok(n) } else { Err(bad()) }",
        "if value.extract::<i64>().ok() != Some(1) { return Err(bad()) }",
        "if value.is_none() { return 0 } else if let Ok(n) = value.extract::<i64>() { return n }\n Err(bad())",
        "let n = value.extract::<i64>().ok().ok_or(bad())?;",
        "value.extract::<i64>().ok().map(f).ok_or_else(|| bad())",
        'let n = value.extract::<i64>().ok().expect("a number");',
        "let Some(n) = value.extract::<i64>().ok() else { return Err(bad()) };",
        'let Ok(n) = value.extract::<i64>() else { panic!("no") };',
        "let Ok(n) = value.extract::<i64>() else { if strict { return Err(a) } else { return Err(b) } };",
        "if value.extract::<i64>().is_err() { return Err(bad()) }",
        "if !value.extract::<i64>().is_ok() { return Err(bad()) }",
        "if value.extract::<i64>().is_ok() { Ok(1) } else { Err(bad()) }",
        "if let Err(_) = value.extract::<i64>() { return Err(bad()) }",
        "match value.extract::<i64>() { Ok(n) => Ok(n), Err(_) => { let name = f(); Err(bad(name)) } }",
        "match value.extract::<i64>().ok() { Some(n) => Ok(n), None => Err(bad()) }",
        'match value.extract::<i64>() { Ok(n) => Ok(n), Err(_) => raise_error!("no") }',
    ],
)
def test_the_last_check_before_an_error_is_raised_is_not_reported(body: str) -> None:
    assert check("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == []


@pytest.mark.parametrize(
    "body",
    [
        "if let Ok(n) = value.extract::<i64>() { A } else if let Ok(n) = value.extract::<f64>() { B } else { Err(c) }",
        "if let Ok(n) = value.extract::<i64>() { A } else if let Ok(n) = value.cast::<PyDict>() { B } else { Err(c) }",
        "if let Ok(n) = value.extract::<i64>() { return A }\n let n: f64 = value.extract()?; Err(c)",
        "if let Ok(n) = value.extract::<i64>() { return A }\n if let Ok(n) = value.cast::<X>() { return B }\n Err(c)",
        "let Ok(n) = value.extract::<i64>() else { let s: String = value.extract()?; return Err(bad(s)) };",
        "match value.extract::<i64>() { Ok(n) => A, Err(_) => match value.cast::<X>() { Ok(n) => B, _ => Err(c) } }",
        "match value.extract::<i64>() { Ok(n) => A, _ => { if let Ok(n) = value.cast::<X>() { B } else { Err(c) } } }",
    ],
)
def test_a_check_that_another_one_follows_is_reported(body: str) -> None:
    assert spots("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}") == ["value.extract::<i64>()"]


@pytest.mark.parametrize(
    "source",
    [
        "fn f(value: &Bound<'_, PyString>) { let x = value.extract::<String>().ok(); }",
        "fn f(value: &Bound<'_, PyAny>) { let x = value.cast::<PyInt>()?; let n = x.extract::<u8>().is_ok(); }",
        "fn f(v: &Bound<'_, PyAny>) { if let Ok(x) = v.cast::<PyInt>() { if let Ok(n) = x.extract::<u8>() { a } } }",
        "fn f(v: &Bound<'_, PyAny>) { if v.is_instance_of::<PyInt>() { let n = v.extract::<u8>().unwrap_or(0); } }",
    ],
)
def test_a_value_of_a_known_python_type_is_not_reported(source: str) -> None:
    assert check("PYO021", HEAD + source) == []


@pytest.mark.parametrize(
    "body",
    [
        "let Ok(Point(x)) = value.extract() else { return false };",
        "let Ok(Self(x)) = value.extract() else { return true };",
        "let Ok(Self { x, .. }) = value.extract() else { return true };",
        "if let Ok(crate::Point { x }) = value.extract() { return x }",
        "let Ok(p): PyResult<Self> = value.extract() else { return true };",
        "let point: Option<Point> = value.extract().ok();",
        "match value.extract() { Ok(Point(x)) => x, Err(_) => return false }",
        "let same = value.extract::<Self>().is_ok();",
        "if let Ok(p) = value.extract::<Self>(py) { return p.x }",
    ],
)
def test_a_class_of_the_project_is_recognised_without_its_name_in_the_call(body: str) -> None:
    source = f"{HEAD}#[pyclass] struct Point(i64);\nimpl Point {{ fn __eq__(value: &Bound<'_, PyAny>) {{ {body} }} }}"
    assert check("PYO021", source) == []
    assert len(check("PYO021", source, pyo3="0.26")) == 1


@pytest.mark.parametrize(
    ("target", "concrete"),
    [
        ("i64", "`cast::<PyInt>()`"),
        ("f32", "`cast::<PyFloat>()`"),
        ("&str", "`cast::<PyString>()`"),
        ("Option<String>", "`cast::<PyString>()`"),
        ("Vec<u8>", "`cast::<PyBytes>()`"),
        ("Vec<String>", "`cast::<PyList>()`"),
        ("std::collections::HashMap<String, i64>", "`cast::<PyDict>()`"),
        ("(i64, i64)", "`cast::<PyTuple>()`"),
    ],
)
def test_the_help_names_the_python_type(target: str, concrete: str) -> None:
    source = f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ let x = value.extract::<{target}>().is_ok(); }}"
    assert concrete in check("PYO021", source)[0].help


@pytest.mark.parametrize("target", ["Value", "crate::Value", "PyReadonlyArray1<f64>", "chrono::NaiveDateTime", "_"])
def test_a_type_without_a_python_type_to_cast_to_is_not_reported(target: str) -> None:
    body = f"if let Ok(x) = value.extract::<{target}>() {{ a(x) }} else {{ b(value) }}"
    found = check("PYO021", f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ {body} }}")
    assert len(found) == (target == "_")
    if found:
        assert found[0].help == "check the type with `cast` first, then extract"


def test_the_name_of_the_cast_is_that_of_the_version() -> None:
    source = f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ if value.extract::<i64>().is_ok() {{}} }}"
    assert "`downcast::<" in check("PYO021", source, pyo3="0.25")[0].help
    assert "`cast::<" in check("PYO021", source, pyo3="0.26")[0].help


@pytest.mark.parametrize(
    "target",
    ["Bound<'_, PyInt>", "Py<PyList>", "PyRef<'_, Point>", "pyo3::PyRefMut<Point>", "&[u8]", "PyBackedBytes", "Point"],
)
def test_an_error_of_two_references_costs_nothing_since_there_are_such(target: str) -> None:
    body = f"let x = value.extract::<{target}>().is_ok();"
    source = f"{HEAD}#[pyclass] struct Point;\nfn f(value: &Bound<'_, PyAny>) {{ {body} }}"
    assert check("PYO021", source, pyo3="0.27") == []
    assert len(check("PYO021", source, pyo3="0.26")) == 1
    assert len(check("PYO021", source.replace(f"::<{target}>", f"::<Vec<{target}>>"), pyo3="0.27")) == 1


def test_tests_may_throw_errors_away() -> None:
    source = "#[cfg(test)]\nmod tests { fn f() { let x = v.extract::<u8>().ok(); } }"
    assert check("PYO021", HEAD + source) == []


def test_an_own_extract_that_takes_the_token_excludes_calls_with_a_token() -> None:
    source = f"{HEAD}fn f(value: Py<PyAny>) {{ if value.extract::<i64>(py).is_ok() {{}} }}"
    own = "impl Archive { pub fn extract<T>(&self, py: Python<'_>) -> Result<T, ()> { g() } }"
    assert check("PYO021", {"src/lib.rs": source, "src/archive.rs": own}) == []
    assert len(check("PYO021", {"src/lib.rs": source.replace("(py)", "()"), "src/archive.rs": own})) == 1


def test_nothing_is_said_where_the_project_has_an_extract_of_its_own() -> None:
    source = f"{HEAD}fn f(value: &Bound<'_, PyAny>) {{ if value.extract::<i64>().is_ok() {{}} }}"
    own = "impl Archive { pub fn extract<T: Default>(&self) -> Result<T, ()> { Ok(T::default()) } }"
    assert check("PYO021", {"src/lib.rs": source, "src/archive.rs": own}) == []
    for other in (
        "impl FromPyObject<'_> for A { fn extract(value: &Bound<'_, PyAny>) -> PyResult<Self> { g(&self) } }",
        "impl Value { fn extract<T: Cast>(&self) -> Option<T> { None } }",
        "impl Strings { fn extract(&self, pattern: &str) -> Result<Self, ()> { g(self) } }",
    ):
        assert len(check("PYO021", {"src/lib.rs": source, "src/a.rs": other})) == 1


@pytest.mark.parametrize(
    "body",
    [
        # A cast of the container says nothing about its items.
        "match x.extract::<Vec<String>>() { Ok(a) => f(a), Err(_) => g(x.extract::<Vec<f64>>()?) }",
        "let a: Option<Vec<f64>> = x.extract().ok(); if let Some(a) = a { return f(a); } g(x.extract::<(u8, u8)>()?)",
        # An index may be one of NumPy's integers.
        "if x.is_instance_of::<PyString>() || x.extract::<isize>().is_ok() { f(x) } else { g(x) }",
        # Only the range differs.
        "match x.extract::<i64>() { Ok(a) => f(a), Err(_) => g(x.extract::<i128>()?) }",
        "if let Ok(a) = x.extract::<u64>() { f(a) } else { g(x.extract::<BigInt>()?) }",
        # A cast to PyFloat would lose integers.
        "if let Ok(a) = x.extract::<f64>() { return Ok(f(a)); } g(x.extract::<Vec<f64>>()?)",
        "if !x.is_instance_of::<PyInt>() { return Err(e); } match x.extract::<u64>() { Ok(a) => f(a), Err(_) => g(x) }",
    ],
)
def test_nothing_is_said_where_a_cast_decides_nothing(body: str) -> None:
    assert check("PYO021", f"use pyo3::prelude::*;\nfn f(x: &Bound<'_, PyAny>) -> PyResult<u8> {{ {body} }}") == []


def test_a_float_after_an_integer_is_found() -> None:
    body = "if let Ok(a) = x.extract::<i64>() { f(a) } else if let Ok(a) = x.extract::<f64>() { g(a) } else { h(x) }"
    found = check("PYO021", f"use pyo3::prelude::*;\nfn f(x: &Bound<'_, PyAny>) -> u8 {{ {body} }}")
    assert len(found) == 2
