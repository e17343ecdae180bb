from __future__ import annotations

import pytest

from tests.audit.support import check, spots


@pytest.mark.parametrize(
    "source",
    [
        "#[pyclass(unsendable)] struct A;",
        '#[pyclass(name = "B", unsendable)] struct A { x: Rc<u8> }',
        "#[pyclass]\n#[pyo3(unsendable)]\nstruct A;",
        '#[cfg_attr(feature = "python", pyclass(unsendable))] struct A;',
        "#[pyclass(unsendable)] enum A { X }",
    ],
)
def test_a_class_of_one_thread_is_found(source: str) -> None:
    assert spots("PYO083", source) == ["A"]


@pytest.mark.parametrize(
    "source",
    [
        "#[pyclass] struct A;",
        "#[pyclass(frozen)] struct A { x: Arc<u8> }",
        '#[pyclass(name = "unsendable")] struct A;',
        "#[other(unsendable)] struct A;",
        "struct A { unsendable: u8 }",
        "#[cfg(test)] mod tests { #[pyclass(unsendable)] struct A; }",
    ],
)
def test_nothing_is_said_of_others(source: str) -> None:
    assert check("PYO083", source) == []
