from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\n"
FUNCTION = "#[pymodule]\nfn fast(m: &Bound<'_, PyModule>) -> PyResult<()> { Ok(()) }\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (FUNCTION, ["fast"]),
        (FUNCTION.replace("#[pymodule]", '#[pyo3::pymodule]\n#[pyo3(name = "x")]'), ["fast"]),
        (FUNCTION.replace("#[pymodule]", "#[pymodule(gil_used = false)]"), ["fast"]),
        (FUNCTION.replace("#[pymodule]", '#[cfg_attr(feature = "python", pymodule)]'), ["fast"]),
        (FUNCTION + FUNCTION.replace("fast", "inner"), ["fast", "inner"]),
    ],
)
def test_a_function_is_found(source: str, found: list[str]) -> None:
    assert spots("PYO131", HEAD + source) == found


@pytest.mark.parametrize(
    "source",
    [
        "#[pymodule] mod fast { #[pymodule_export] use super::f; }",
        "#[pymodule] mod fast { #[pymodule_init] fn init(m: &Bound<'_, PyModule>) -> PyResult<()> { Ok(()) } }",
        "#[pyfunction] fn fast() {}",
        "fn pymodule() {}",
        f"#[cfg(test)] mod tests {{ {FUNCTION} }}",
    ],
)
def test_nothing_is_said_of_modules_and_other_functions(source: str) -> None:
    assert check("PYO131", HEAD + source) == []


def test_nothing_is_said_before_modules_could_be_declared() -> None:
    assert check("PYO131", HEAD + FUNCTION, pyo3="0.22") == []
