from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, manifest, spots

HEAD = "use pyo3::prelude::*;\n"
ABI3 = '{ version = "0.28.3", features = ["abi3-py38"] }'


def function(body: str, returns: str = "usize") -> str:
    return f"{HEAD}#[pyfunction]\nfn f(py: Python<'_>, text: String, n: usize) -> {returns} {{ {body} }}\n"


@pytest.mark.parametrize(
    "body",
    [
        "text.len()",
        "text.as_str().len()",
        "text.trim().parse::<usize>().unwrap_or(n)",
        "kernel::count(&text)",
        "let copy = text.clone(); copy.len()",
        'if text == "a" { 1 } else { 2 }',
        "if text == other { 1 } else { 2 }",
        'format!("{}", text).len()',
        'format!("{text:?} {n}").len()',
        'debug!("{} of {}", text, n); text.len()',
        'format!("{a}, {}", n, a = text).len()',
        "py.detach(|| kernel::count(&text))",
        "py.detach(|| text.chars().count())",
        "items.iter().filter(|item| text.contains(*item)).count()",
        "match text.as_str() { _ => 1 }",
        "let text_len = text.len(); text_len",
        'format!("no text={}", text).len()',
        'format!("text: {} of text", &text).len()',
        'format!("{text} is no text {}", text.trim()).len()',
        "items.iter().map(|text| text.len()).sum::<usize>() + text.len()",
        'Err(PyErr::new::<PyKeyError, _>(format!("nothing for text={}", text)))',
    ],
)
def test_a_string_that_is_only_read_is_found(body: str) -> None:
    assert spots("PYO101", function(body)) == ["String"]


def test_methods_take_strings_too() -> None:
    source = "#[pyclass] struct A;\n#[pymethods] impl A { fn f(&self, text: String) -> bool { text.is_empty() } }"
    assert spots("PYO101", HEAD + source) == ["String"]


@pytest.mark.parametrize(
    "body",
    [
        "0",
        "store(text)",
        "text.into_bytes().len()",
        "let x = text; x.len()",
        "Thing { text }.size()",
        "Thing { name: text }.size()",
        "let text = text.trim(); text.len()",
        "vec![text].len()",
        'json!({ "a": text })',
        "text + &other",
        "spawn(async move { text.len() })",
        "spawn(move || text.len())",
        "std::thread::spawn(|| text.len())",
        "let r = &mut text; 1",
        "text.push('a'); text.len()",
        "let f = || text.len(); f()",
        'format!("{}", consume(text)).len()',
        'format!("{}", consume(n, text)).len()',
        'format!("{}", { let x = text; x }).len()',
        "Some(text).map(size)",
        "return text;",
        "other.text.len()",
    ],
)
def test_nothing_is_said_where_it_is_needed_or_not_named(body: str) -> None:
    assert check("PYO101", function(body)) == []


@pytest.mark.parametrize(
    "source",
    [
        "fn f(text: String) -> usize { text.len() }",
        "#[pyfunction] fn f(text: &str) -> usize { text.len() }",
        "#[pyfunction] fn f(mut text: String) -> usize { text.len() }",
        "#[pyfunction] async fn f(text: String) -> usize { text.len() }",
        "#[pyfunction] fn f(text: Vec<String>) -> usize { text.len() }",
        "#[pyfunction] fn f(text: Option<String>) -> usize { text.iter().len() }",
        "#[pyfunction] fn f(#[pyo3(from_py_with = g)] text: String) -> usize { text.len() }",
        "use mine::String;\n#[pyfunction] fn f(text: String) -> usize { text.len() }",
        "#[cfg(test)] mod tests { #[pyfunction] fn f(text: String) -> usize { text.len() } }",
    ],
)
def test_nothing_is_said_about_other_parameters(source: str) -> None:
    assert check("PYO101", HEAD + source) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("text.len()", "text.len()"),
        ("text.as_str().len()", "text.len()"),
        ('if text == "é" { 1 } else { text.len() }', 'if text == "é" { 1 } else { text.len() }'),
        ('format!("{text}{}", text).len()', 'format!("{text}{}", text).len()'),
    ],
)
def test_the_fix_borrows(before: str, after: str) -> None:
    assert fixed("PYO101", function(before)) == function(after).replace("text: String", "text: &str")


@pytest.mark.parametrize(
    "source",
    [
        function("kernel::count(&text)"),
        function("let copy = text.clone(); copy.len()"),
        function("if text == other { 1 } else { 2 }"),
        function("wrap(py, text.len())", "Bound<'_, PyAny>"),
        function("wrap(text.len())", "PyResult<&str>"),
        function("text.len()").replace("fn f", "pub fn f"),
        function("text.len()").replace("fn f", "pub(crate) fn f"),
        function("text.len()") + "fn g() { f(py, String::new(), 1); }",
        function("text.len()").replace("#[pyfunction]", '#[pyfunction(signature = (text = "a".to_string(), n = 1))]'),
    ],
)
def test_no_fix_where_it_might_not_compile(source: str) -> None:
    (finding,) = check("PYO101", source)
    assert finding.fix is None


def test_nothing_is_said_where_pyo3_has_no_str_parameters() -> None:
    old = {"src/lib.rs": function("text.len()"), "Cargo.toml": manifest().replace('"0.28.3"', ABI3)}
    assert check("PYO101", old) == []
    assert len(check("PYO101", {**old, "Cargo.toml": old["Cargo.toml"].replace("py38", "py310")})) == 1


def optional(body: str) -> str:
    return f"{HEAD}#[pyfunction]\nfn f(py: Python<'_>, text: Option<String>, n: usize) -> usize {{ {body} }}\n"


@pytest.mark.parametrize(
    "body",
    [
        "text.map_or(0, |text| norm(&text).len())",
        "text.map(|t| t.len()).unwrap_or(n)",
        'text.as_deref().unwrap_or("x").len()',
        "if text.is_some() { 1 } else { 2 }",
        "if let Some(text) = text { text.len() } else { 0 }",
        "if let Some(t) = &text { t.len() } else { 0 }",
        "if let Some(t) = text && n > 1 { t.len() } else { 0 }",
        "match text { Some(t) => t.len(), None => 0 }",
        "match &text { Some(text) if n > 1 => text.len(), _ => 0 }",
        'text.is_some_and(|t| t == "a") as usize',
        "text.and_then(|text| text.parse().ok()).unwrap_or(n)",
    ],
)
def test_an_optional_string_that_is_only_read_is_found(body: str) -> None:
    assert spots("PYO101", optional(body)) == ["Option<String>"]


@pytest.mark.parametrize(
    "body",
    [
        "0",
        "store(text)",
        "text.map(store)",
        "text.map(|text| Thing { text }).size()",
        "text.map(|t| t).len()",
        "text.unwrap_or_default().into_bytes().len()",
        "if let Some(text) = text { store(text) } else { 0 }",
        "if let Some(mut text) = text { text.len() } else { 0 }",
        "match text { Some(t) => store(t), None => 0 }",
        "match text { Some(t) => t.len(), other => store(other) }",
        "text.map(|t| spawn(move || t.len()))",
        "let text = text.map(|t| t.len()); 1",
        'json!({ "a": text })',
    ],
)
def test_an_optional_string_that_is_needed_is_not_reported(body: str) -> None:
    assert check("PYO101", optional(body)) == []
