from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"


def function(body: str) -> str:
    return f"{HEAD}fn f(py: Python<'_>, rows: Vec<Bound<'_, PyAny>>) -> PyResult<()> {{ {body} Ok(()) }}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('for row in rows { row.getattr("price")?; }', ['"price"']),
        ('for row in rows { row.setattr("price", 1)?; }', ['"price"']),
        ('for row in rows { row.call_method0("close")?; }', ['"close"']),
        ('for row in rows { row.call_method1("add", (1,))?; }', ['"add"']),
        ('for row in rows { held.getattr(py, "price")?; }', ['"price"']),
        ('for row in rows { held.call_method0(row.py(), "close")?; }', ['"close"']),
        ('while row.hasattr("next")? { step(); }', ['"next"']),
        ('loop { if x { break } row.call_method0("step")?; }', ['"step"']),
        ('for row in rows { items.iter().for_each(|item| { item.getattr("a"); }); }', ['"a"']),
        ('for row in rows { row.getattr("a")?.getattr("b")?; }', ['"a"', '"b"']),
    ],
)
def test_a_literal_in_a_loop_is_found(body: str, found: list[str]) -> None:
    assert sorted(spots("PYO141", function(body))) == found


@pytest.mark.parametrize(
    "body",
    [
        'row.getattr("price")?;',
        'for row in rows { row.getattr(intern!(py, "price"))?; }',
        "for row in rows { row.getattr(name)?; }",
        'for row in rows.getattr("items")?.try_iter()? { use_it(row); }',
        'for row in rows { if bad { return row.call_method0("close"); } }',
        'for row in rows { row.get("price"); }',
        'for row in rows { row.call1(("price",))?; }',
        'for row in rows { row.setattr(name, "price")?; }',
        'for row in rows { fn inner(x: &Bound<PyAny>) { x.getattr("a"); } }',
    ],
)
def test_nothing_is_said_outside_of_loops_and_of_other_names(body: str) -> None:
    assert check("PYO141", function(body)) == []


def test_tests_may_do_so() -> None:
    source = function('for row in rows { row.getattr("price")?; }').removeprefix(HEAD)
    assert check("PYO141", f"{HEAD}#[cfg(test)] mod tests {{ {source} }}") == []
