from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\nuse rayon::prelude::*;\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("items.par_iter().map(|item| Python::attach(|py| item.get(py))).collect()", "Python::attach"),
        ("items.into_par_iter().enumerate().for_each(|(i, x)| { Python::attach(|py| f(py, x)); })", "Python::attach"),
        ("items.par_iter().map(|item| { let x = Python::attach(|py| item.get(py))?; work(x) })", "Python::attach"),
        ("items.par_chunks(9).map(|item| Python::with_gil(|py| item.get(py)).unwrap())", "Python::with_gil"),
        ("items.par_iter().map(|item| pyo3::Python::attach(|py| item.get(py)))", "pyo3::Python::attach"),
        ("for item in items { Python::attach(|py| item.call(py)); }", "Python::attach"),
        ("for item in items.iter() { /* each */ Python::attach(|py| item.call(py))?; }", "Python::attach"),
        ("for i in 0..items.len() { Python::attach(|py| { items[i].call(py); }) }", "Python::attach"),
        ("for item in &items { Python::attach(|py| { item.call(py); }) }", "Python::attach"),
    ],
)
def test_an_attach_for_every_item_is_found(body: str, found: str) -> None:
    assert spots("PYO013", f"{HEAD}fn f(items: Vec<Item>) {{ {body} }}") == [found]


@pytest.mark.parametrize(
    "body",
    [
        "Python::attach(|py| { for item in items { item.call(py); } })",
        "items.iter().map(|item| Python::attach(|py| item.get(py))).collect()",
        "items.par_iter().map(|item| item.run().map_err(|e| Python::attach(|py| wrap(py, e)))).collect()",
        "items.par_iter().map(|item| { if item.due() { Python::attach(|py| py.check_signals()); } 1 })",
        "items.par_iter().map(|item| match item.run() { Ok(x) => x, Err(e) => Python::attach(|py| wrap(py, e)) })",
        "for message in rx { Python::attach(|py| callback.call1(py, (message,))); }",
        "for event in self.events.iter() { Python::attach(|py| callback.call1(py, (event,))); }",
        "for item in items { let x = work(item); Python::attach(|py| callback.call1(py, (x,))); }",
        "for item in items { if item.due() { Python::attach(|py| py.check_signals()); } }",
        "loop { Python::attach(|py| py.check_signals())?; }",
        "while running() { Python::attach(|py| py.check_signals())?; }",
        "for item in items { volume.attach(|py| item.call(py)); }",
        "for item in items { Snake::attach(|py| item.call(py)); }",
        "for item in items { Python::try_attach(|py| item.call(py)); }",
        "for _ in 0..times { Python::attach(|py| module.call(py)); }",
        "for _round in 0..rounds { Python::attach(|py| module.call(py)); }",
        "for round in 0..self.iterations { Python::attach(|py| module.call(py, round)); }",
        "for i in 0..1_000 { Python::attach(|py| module.call(py, i)); }",
    ],
)
def test_nothing_is_said_about_one_attach_or_one_now_and_then(body: str) -> None:
    assert check("PYO013", f"{HEAD}fn f(items: Vec<Item>) {{ {body} }}") == []


def test_tests_may_attach_as_they_like() -> None:
    source = "#[test]\nfn f() { for item in items { Python::attach(|py| item.call(py)); } }"
    assert check("PYO013", HEAD + source) == []


def test_a_loop_beside_a_token_is_another_rules() -> None:
    source = "fn f(py: Python<'_>) { for item in items { Python::attach(|py| item.call(py)); } }"
    assert check("PYO013", HEAD + source) == []
    assert spots("PYO031", HEAD + source) == ["Python::attach"]


@pytest.mark.parametrize("path", ["src/main.rs", "src/bin/tool.rs", "fuzz/target.rs", "src/profiling/run.rs"])
def test_programs_and_what_measures_may_attach_as_they_like(path: str) -> None:
    source = HEAD + "fn f(items: Vec<Item>) { for item in items { Python::attach(|py| item.call(py)); } }"
    assert check("PYO013", {path: source}) == []
    assert len(check("PYO013", {"src/domain.rs": source})) == 1
    assert check("PYO013", {"src/lib.rs": source.replace("fn f(", "fn bench_calls(")}) == []


def test_nothing_is_said_where_the_thread_is_attached_already() -> None:
    source = (
        "use pyo3::prelude::*;\n#[pymethods] impl Node { fn pretty(&self) -> String { let mut s = String::new(); "
        "for child in self.children.iter() { Python::attach(|py| { s.push_str(&child.borrow(py).pretty()); }); } s } }"
    )
    assert check("PYO013", source) == []
    assert spots("PYO013", source.replace("#[pymethods] ", "")) == ["Python::attach"]
