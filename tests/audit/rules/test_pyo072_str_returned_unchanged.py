from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("text.to_string()", ["text.to_string()"]),
        ("if a { text.to_owned() } else { g(text) }", ["text.to_owned()"]),
        ("if a { return String::from(text); } g(text)", ["String::from(text)"]),
        ("if a { g(text) } else if b { text.into() } else { h(text) }", ["text.into()"]),
        (
            "match a { 1 => text.to_string(), 2 => { text.to_owned() } _ => g(text) }",
            ["text.to_string()", "text.to_owned()"],
        ),
        ("let x = g(text); if x { return text.to_string() } h(x)", ["text.to_string()"]),
    ],
)
def test_a_text_that_comes_back_is_found(body: str, found: list[str]) -> None:
    assert spots("PYO072", f"{HEAD}#[pyfunction] fn f(text: &str, a: u8) -> String {{ {body} }}") == found
    assert spots("PYO072", f"{HEAD}#[pymethods] impl A {{ fn f(&self, text: &str) -> String {{ {body} }} }}") == found


def test_a_result_counts_too() -> None:
    source = (
        f"{HEAD}#[pyfunction] fn f(text: &str) -> PyResult<String> {{ if a {{ return Ok(text.to_string()); }} g() }}"
    )
    assert spots("PYO072", source) == ["Ok(text.to_string())"]


@pytest.mark.parametrize(
    "source",
    [
        "#[pyfunction] fn f(text: &str) -> String { g(text) }",
        "#[pyfunction] fn f(text: &str) -> String { text.trim().to_string() }",
        "#[pyfunction] fn f(text: &str) -> String { let text = text.trim(); text.to_string() }",
        "#[pyfunction] fn f(text: &str) -> String { let x = text.to_string(); g(x) }",
        "#[pyfunction] fn f(text: &str) -> Name { text.into() }",
        "#[pyfunction] fn f(text: &str) -> Vec<String> { vec![text.to_string()] }",
        "#[pyfunction] fn f(text: &str) -> String { let g = |x| { return text.to_string(); }; g(1) }",
        "#[pyfunction] fn f(text: String) -> String { text.to_string() }",
        "#[pyfunction] fn f(text: &str) -> String { other.to_string() }",
        "#[pyfunction] fn f<'a>(text: &'a str) -> Cow<'a, str> { text.into() }",
        "fn f(text: &str) -> String { text.to_string() }",
        "#[cfg(test)] mod tests { #[pyfunction] fn f(text: &str) -> String { text.to_string() } }",
    ],
)
def test_nothing_is_said_about_what_changes_or_goes_elsewhere(source: str) -> None:
    assert check("PYO072", HEAD + source) == []
