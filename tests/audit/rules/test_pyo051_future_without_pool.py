from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots

FLAG = '["--cfg", "pyo3_disable_reference_pool"]'
CONFIG = {".cargo/config.toml": f"[build]\nrustflags = {FLAG}\n"}
CALL = "use pyo3::prelude::*;\n#[pyfunction] fn f(py: Python<'_>) {{ {}(py, async move {{ Ok(1) }}) }}"
FULL = CALL.format("pyo3_async_runtimes::tokio::future_into_py")


def project(source: str, config: dict[str, str]) -> dict[str, str]:
    return {"Cargo.toml": manifest() + 'pyo3-async-runtimes = "0.28"\n', "src/lib.rs": source, **config}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (FULL, "pyo3_async_runtimes::tokio::future_into_py"),
        ("use pyo3_async_runtimes::tokio::future_into_py;\n" + CALL.format("future_into_py"), "future_into_py"),
        (
            "use pyo3_async_runtimes::tokio as runtime;\n" + CALL.format("runtime::future_into_py_with_locals"),
            "runtime::future_into_py_with_locals",
        ),
        (CALL.format("pyo3_asyncio::tokio::future_into_py"), "pyo3_asyncio::tokio::future_into_py"),
    ],
)
def test_the_bridge_is_found_when_the_pool_is_disabled(source: str, found: str) -> None:
    assert spots("PYO051", project(source, CONFIG)) == [found]


@pytest.mark.parametrize(
    "config",
    [
        {".cargo/config.toml": f"[target.'cfg(all())']\nrustflags = {FLAG}\n"},
        {".cargo/config.toml": '[build]\nrustflags = "--cfg pyo3_disable_reference_pool"\n'},
        {".cargo/config.toml": '[build]\nrustflags = ["--cfg=pyo3_disable_reference_pool"]\n'},
        {
            "pyproject.toml": f'[tool.maturin]\nconfig = ["build.rustflags={FLAG}"]'.replace(
                '"--cfg", ', "'--cfg', "
            ).replace('"pyo3_disable_reference_pool"', "'pyo3_disable_reference_pool'")
        },
        {
            "pyproject.toml": "[tool.maturin]\nconfig = [\"target.'cfg(all())'.rustflags="
            "['--cfg', 'pyo3_disable_reference_pool']\"]\n"
        },
    ],
)
def test_every_place_of_the_flag_counts(config: dict[str, str]) -> None:
    assert len(check("PYO051", project(FULL, config))) == 1


def test_the_leak_flag_leaks() -> None:
    flags = '["--cfg", "pyo3_disable_reference_pool", "--cfg", "pyo3_leak_on_drop_without_reference_pool"]'
    config = {".cargo/config.toml": f"[build]\nrustflags = {flags}\n"}
    assert "leaks" in check("PYO051", project(FULL, config))[0].message
    assert "aborts" in check("PYO051", project(FULL, CONFIG))[0].message


@pytest.mark.parametrize(
    ("source", "config"),
    [
        (FULL, {}),
        (FULL, {".cargo/config.toml": '[build]\nrustflags = ["-C", "target-cpu=native"]\n'}),
        (FULL, {".cargo/config.toml": "# pyo3_disable_reference_pool\n[build]\n"}),
        (CALL.format("crate::runtime::future_into_py"), CONFIG),
        (CALL.format("future_into_py"), CONFIG),
        (CALL.format("pyo3_async_runtimes::tokio::into_future"), CONFIG),
        ("#[cfg(test)] mod tests {" + FULL + "}", CONFIG),
    ],
)
def test_nothing_is_said_with_the_pool_or_another_bridge(source: str, config: dict[str, str]) -> None:
    assert check("PYO051", project(source, config)) == []
