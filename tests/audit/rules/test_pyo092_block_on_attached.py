from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\nuse futures::executor::block_on;\n"


def function(body: str) -> str:
    return f"{HEAD}#[pyfunction]\nfn f(py: Python<'_>, url: String) -> u8 {{ {body} }}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("runtime().block_on(get(url))", "block_on"),
        ("RT.get_or_init(|| Runtime::new()).block_on(get(url))", "block_on"),
        ("self.rt.block_on(async move { get(url).await })", "block_on"),
        ("Handle::current().block_on(get(url))", "block_on"),
        ("block_on(get(url))", "block_on"),
        ("pollster::block_on(get(url))", "pollster::block_on"),
        ("Python::attach(|py| rt.block_on(get(url)))", "block_on"),
        ("urls.iter().map(|url| rt.block_on(get(url))).sum()", "block_on"),
    ],
)
def test_waiting_while_attached_is_found(body: str, found: str) -> None:
    assert spots("PYO092", function(body)) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "py.detach(|| runtime().block_on(get(url)))",
        "py.allow_threads(move || rt.block_on(async { get(url).await }))",
        "py.detach(|| { let x = 1; block_on(get(url)) })",
        "std::thread::spawn(move || rt.block_on(get(url)))",
        "let wait = || rt.block_on(get(url)); py.detach(wait)",
        "blocking::block_on(get(url))",
        "self.block_on(py, get(url))",
        "rt.spawn(get(url))",
        "fn inner(rt: Runtime) { rt.block_on(get()) }",
    ],
)
def test_nothing_is_said_where_it_is_detached_or_unknown(body: str) -> None:
    assert check("PYO092", function(body)) == []


def test_nothing_is_said_outside_exposed_functions() -> None:
    assert check("PYO092", f"{HEAD}fn f(rt: Runtime) {{ rt.block_on(g()); block_on(g()); }}") == []
    assert check("PYO092", f"{HEAD}#[pyfunction] async fn f() {{ rt.block_on(g()); }}") == []


def test_the_way_out_is_that_of_the_version() -> None:
    assert "allow_threads" in check("PYO092", function("rt.block_on(g())"), pyo3="0.25")[0].help


def test_nothing_is_said_where_the_project_has_a_block_on_of_its_own() -> None:
    own = "pub trait Device { fn block_on(&self, number: u8) -> u8; }"
    assert check("PYO092", {"src/lib.rs": function("device.block_on(1)"), "src/device.rs": own}) == []
    assert spots("PYO092", {"src/lib.rs": function("block_on(get(url))"), "src/device.rs": own}) == ["block_on"]


def test_a_function_within_an_old_modules_function_is_pythons_too() -> None:
    source = "#[pymodule] fn m(m: &Bound<'_, PyModule>) { #[pyfn(m)] fn f(url: String) { rt.block_on(get(url)) } }"
    assert spots("PYO092", HEAD + source) == ["block_on"]
