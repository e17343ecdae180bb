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
        ('for i in 0..1000 { row.getattr("a")?; }', ['"a"']),
        ('for zero in [0; 1000] { row.getattr("a")?; }', ['"a"']),
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
        'for name in ["a", "b"] { found.push(row.call_method1("version", (name,))?); }',
        'for name in &[A, B] { row.getattr("a"); }',
        'for (i, name) in ["a"].iter().enumerate() { row.getattr("a"); }',
        'for name in NAMES { row.getattr("a"); }',
        'for name in names::ALL.iter() { row.getattr("a"); }',
        'for name in vec!["a", "b"] { row.getattr("a"); }',
        'for i in 0..3 { row.getattr("a"); }',
        'CELL.get_or_init(py, || { for name in names { row.getattr("a"); } });',
        'for row in rows { fn inner(x: &Bound<PyAny>) { x.getattr("a"); } }',
    ],
)
def test_nothing_is_said_outside_of_loops_and_of_other_names(body: str) -> None:
    assert check("PYO141", function(body)) == []


def test_tests_may_do_so() -> None:
    source = function('for row in rows { row.getattr("price")?; }').removeprefix(HEAD)
    assert check("PYO141", f"{HEAD}#[cfg(test)] mod tests {{ {source} }}") == []


@pytest.mark.parametrize(
    "head",
    [
        "fn f(module: &Bound<'_, PyModule>)",
        "fn f(py: Python<'_>, module: &PyModule)",
        "#[pymodule]\nfn f(m: &Bound<'_, PyModule>)",
        "#[pymodule_init]\nfn f(m: &Bound<'_, PyModule>)",
    ],
)
def test_what_runs_at_import_is_not_reported(head: str) -> None:
    assert check("PYO141", f'{HEAD}{head} {{ for name in names {{ m.getattr("a"); }} }}') == []


def test_a_function_that_gets_its_module_at_every_call_is_reported() -> None:
    head = "#[pyfunction]\n#[pyo3(pass_module)]\nfn f(module: &Bound<'_, PyModule>)"
    assert spots("PYO141", f'{HEAD}{head} {{ for name in names {{ m.getattr("a"); }} }}') == ['"a"']
