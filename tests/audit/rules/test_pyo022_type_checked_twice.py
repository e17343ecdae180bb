from __future__ import annotations

import pytest

from tests.audit.support import check, spots

SOURCE = "use pyo3::prelude::*;\nfn f(x: &Bound<'_, PyAny>) -> PyResult<()> {{ {} }}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("if x.is_instance_of::<PyList>() { let y = x.cast::<PyList>()?; }", "x.is_instance_of::<PyList>()"),
        ("if x.is_instance_of::<PyList>() { g(x.downcast::<PyList>()?) }", "x.is_instance_of::<PyList>()"),
        ("if x.is_instance_of::<PyList>() { g(x.cast_into::<PyList>()?) }", "x.is_instance_of::<PyList>()"),
        (
            "if a {} else if x.is_instance_of::<A>() && b { let y: &Bound<'_, A> = x.cast().unwrap(); }",
            "x.is_instance_of::<A>()",
        ),
        (
            "if x.is_instance_of::<PyList>() { g(unsafe { x.cast_unchecked::<PyList>() }) }",
            "x.is_instance_of::<PyList>()",
        ),
        (
            "if self.x.is_exact_instance_of::<PyInt>() { g(self.x.cast_exact::<PyInt>()?) }",
            "self.x.is_exact_instance_of::<PyInt>()",
        ),
    ],
)
def test_a_type_asked_for_twice_is_found(body: str, found: str) -> None:
    assert spots("PYO022", SOURCE.format(body)) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "if let Ok(y) = x.cast::<PyList>() { g(y) }",
        "if x.is_instance_of::<PyInt>() { g(x.extract::<i64>()?) }",
        "if x.is_instance_of::<PyList>() { g(x.cast::<PyTuple>()?) }",
        "if x.is_instance_of::<PyList>() { g(y.cast::<PyList>()?) }",
        "if x.is_instance_of::<PyList>() { g(x.get_item(0)?.cast::<PyList>()?) }",
        "if x.is_instance_of::<PyList>() { g(x) } else { g(x.cast::<PyList>()?) }",
        "if !x.is_instance_of::<PyList>() { g(x.cast::<PyList>()?) }",
        "if x.is_instance_of::<PyList>() || a { g(x.cast::<PyList>()?) }",
        "if x.is_instance_of::<PyInt>() { g(x.cast_exact::<PyInt>()?) }",
        "if x.is_instance(&kind)? { g(x.cast::<PyList>()?) }",
        "if next().x(1).is_instance_of::<A>() { next().x(1).cast::<A>() }",
        "let a = x.is_instance_of::<PyList>(); let b = x.cast::<PyList>()?;",
        "if a { x.is_instance_of::<PyList>(); x.cast::<PyList>()?; }",
    ],
)
def test_nothing_is_said_about_other_questions(body: str) -> None:
    assert check("PYO022", SOURCE.format(body)) == []


def test_tests_may_ask_twice() -> None:
    body = "if x.is_instance_of::<PyList>() { let y = x.cast::<PyList>()?; }"
    assert check("PYO022", "#[cfg(test)] mod tests {" + SOURCE.format(body) + "}") == []
