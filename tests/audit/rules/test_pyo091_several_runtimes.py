from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots

HEAD = "use pyo3::prelude::*;\n"
TOKIO = "use tokio::runtime::Runtime;\n"
BRIDGE = manifest() + 'pyo3-async-runtimes = { version = "0.28", features = ["tokio-runtime"] }\ntokio = "1"\n'
SHARED = """\
use pyo3::prelude::*;
use std::sync::OnceLock;
use tokio::runtime::Runtime;

fn runtime() -> &'static Runtime {
    static RT: OnceLock<Runtime> = OnceLock::new();
    RT.get_or_init(|| Runtime::new().expect("a runtime"))
}

#[pyfunction]
fn fetch(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    pyo3_async_runtimes::tokio::future_into_py(py, async move { Ok(1) })
}
"""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "#[pyfunction] fn f(py: Python<'_>) { tokio::runtime::Runtime::new().unwrap().block_on(g()); }",
            "tokio::runtime::Runtime::new()",
        ),
        (
            "use tokio::runtime::Runtime;\n#[pyfunction] fn f() { let rt = Runtime::new()?; rt.block_on(g()); }",
            "Runtime::new()",
        ),
        (
            "use tokio::runtime;\n#[pyfunction] fn f() { let rt = runtime::Builder::new_current_thread().build()?; }",
            "runtime::Builder::new_current_thread()",
        ),
        (
            "use tokio::runtime::Builder;\n#[pyclass] struct A;\n"
            "#[pymethods] impl A { fn f(&self) { Builder::new_multi_thread().enable_all().build(); } }",
            "Builder::new_multi_thread()",
        ),
        (
            "use tokio::runtime::Runtime;\n#[pyfunction] fn f(py: Python<'_>) { py.detach(|| Runtime::new()); }",
            "Runtime::new()",
        ),
    ],
)
def test_a_runtime_of_each_call_is_found(source: str, found: str) -> None:
    assert spots("PYO091", HEAD + source) == [found]


def test_a_runtime_beside_the_bridges_is_found() -> None:
    assert spots("PYO091", {"Cargo.toml": BRIDGE, "src/lib.rs": SHARED}) == ["Runtime::new()"]
    lazy = SHARED.replace("OnceLock<Runtime> = OnceLock::new()", "LazyLock<Runtime> = LazyLock::new(|| Runtime::new())")
    lazy = lazy.replace('RT.get_or_init(|| Runtime::new().expect("a runtime"))', "&RT")
    assert spots("PYO091", {"Cargo.toml": BRIDGE, "src/lib.rs": lazy}) == ["Runtime::new()"]


@pytest.mark.parametrize(
    ("cargo", "source"),
    [
        (manifest(), SHARED),
        (BRIDGE.replace("tokio-runtime", "async-std-runtime"), SHARED),
        (BRIDGE, SHARED.replace("pyo3_async_runtimes::tokio::future_into_py", "other")),
        (BRIDGE, SHARED + "fn init() { pyo3_async_runtimes::tokio::init_with_runtime(runtime()); }"),
    ],
)
def test_nothing_is_said_of_the_only_runtime(cargo: str, source: str) -> None:
    assert check("PYO091", {"Cargo.toml": cargo, "src/lib.rs": source}) == []


@pytest.mark.parametrize(
    "source",
    [
        "use mine::Runtime;\n#[pyfunction] fn f() { Runtime::new(); }",
        "#[pyfunction] fn f() { Runtime::new(); }",
        "use tokio::runtime::Runtime;\nfn f() { Runtime::new(); }",
        "use tokio::runtime::Runtime;\n#[pyfunction] fn f() { CELL.get_or_init(|| Runtime::new()); }",
        TOKIO + "#[pyfunction] fn f() { static RT: LazyLock<Runtime> = LazyLock::new(|| Runtime::new()); }",
        TOKIO + "#[pymethods] impl A { #[new] fn new() -> PyResult<Self> { Ok(A(Runtime::new()?)) } }",
        "use tokio::runtime::Runtime;\n#[pymethods] impl A { #[staticmethod] fn open() -> Self { A(Runtime::new()) } }",
        "use tokio::runtime::Handle;\n#[pyfunction] fn f() { Handle::current(); }",
        "#[cfg(test)] mod tests { use tokio::runtime::Runtime;\n#[pyfunction] fn f() { Runtime::new(); } }",
    ],
)
def test_nothing_is_said_where_it_is_kept_or_another(source: str) -> None:
    assert check("PYO091", HEAD + source) == []


@pytest.mark.parametrize("name", ["start", "run", "serve", "run_forever", "start_http_server", "main"])
def test_nothing_is_said_about_what_runs_a_server(name: str) -> None:
    source = f"{HEAD}use tokio::runtime::Runtime;\n#[pyfunction] fn {name}() {{ Runtime::new()?.block_on(g()); }}"
    assert check("PYO091", source) == []
    assert spots("PYO091", source.replace(f"fn {name}", "fn run_query")) == ["Runtime::new()"]
