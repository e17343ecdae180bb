from __future__ import annotations

import pytest

from tests.audit.support import PYPROJECT, check, manifest, spots

HEAD = "use pyo3::prelude::*;\n"
FUNCTION = "#[pymodule]\nfn sample(m: &Bound<'_, PyModule>) -> PyResult<()> { Ok(()) }\n"
MODULE = "#[pymodule]\nmod sample { #[pymodule_export] use super::f; }\n"
TRUE = "pymodule(gil_used = true)"


@pytest.mark.parametrize("source", [FUNCTION, MODULE, MODULE.replace("\nmod", "\npub mod")])
def test_a_module_that_says_nothing_is_found_before_it_is_the_default(source: str) -> None:
    assert spots("PYO082", HEAD + source, pyo3="0.23") == ["sample"]
    assert spots("PYO082", HEAD + source, pyo3="0.27.2") == ["sample"]
    assert check("PYO082", HEAD + source, pyo3="0.28.3") == []
    assert check("PYO082", HEAD + source, pyo3="0.22") == []


def test_the_name_can_come_from_elsewhere() -> None:
    source = HEAD + FUNCTION.replace("fn sample", "fn _core")
    renamed = HEAD + FUNCTION.replace("fn sample", '#[pyo3(name = "_core")]\nfn other')
    for texts in (
        {"pyproject.toml": PYPROJECT + '[tool.maturin]\nmodule-name = "sample._core"\n'},
        {"Cargo.toml": manifest("0.25").replace("[lib]", '[lib]\nname = "_core"')},
        {"pyproject.toml": '[[tool.setuptools-rust.ext-modules]]\ntarget = "sample._core"\n'},
    ):
        assert spots("PYO082", {**texts, "src/lib.rs": source}, pyo3="0.25") == ["_core"]
        assert spots("PYO082", {**texts, "src/lib.rs": renamed}, pyo3="0.25") == ["other"]


@pytest.mark.parametrize(
    "source",
    [
        FUNCTION.replace("pymodule", "pymodule(gil_used = false)"),
        MODULE.replace("pymodule]", "pymodule(gil_used = false)]"),
        FUNCTION.replace("Ok(())", "m.gil_used(false)?; Ok(())"),
        FUNCTION.replace("fn sample", "fn inner"),
        MODULE.replace("use super::f;", "mod sample {}").replace("pymodule]", "pymodule(gil_used = false)]", 1),
        FUNCTION.replace("pymodule", TRUE),
        MODULE.replace("pymodule]", TRUE + "]"),
        MODULE.replace("#[pymodule]", "#[pymodule]\n#[pyo3(gil_used = true)]"),
        FUNCTION.replace("Ok(())", "m.gil_used(true)?; Ok(())"),
        f"#[cfg(test)] mod tests {{ {FUNCTION} }}",
        "mod sample {}",
        "fn sample() {}",
    ],
)
def test_nothing_is_said_where_the_module_decides(source: str) -> None:
    assert check("PYO082", HEAD + source, pyo3="0.25") == []
