from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("#[pyclass(frozen)]\n#[pyclass(freelist = 256)]\nstruct A;", "pyclass(freelist = 256)"),
        ("#[pyclass]\n#[derive(Clone)]\n#[pyo3::pyclass(eq)]\nstruct A;", "pyo3::pyclass(eq)"),
        ("#[pyclass] #[pyclass] enum A { X }", "pyclass"),
    ],
)
def test_the_second_is_found(source: str, found: str) -> None:
    assert spots("PYO085", source) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "#[pyclass(frozen, freelist = 256)] struct A;",
        "#[pyclass]\n#[pyo3(frozen)]\nstruct A;",
        '#[cfg_attr(feature = "a", pyclass)]\n#[cfg_attr(not(feature = "a"), pyclass(frozen))]\nstruct A;',
        "#[pyclass] struct A;\n#[pyclass] struct B;",
        "#[other] #[other] struct A;",
    ],
)
def test_nothing_is_said_of_one(source: str) -> None:
    assert check("PYO085", source) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "// é\n#[pyclass(frozen)]\n#[pyclass(freelist = 256)]\nstruct A;\n",
            "// é\n#[pyclass(frozen, freelist = 256)]\nstruct A;\n",
        ),
        ("#[pyclass]\n#[derive(Clone)]\n#[pyclass(eq,)]\nstruct A;\n", "#[pyclass(eq)]\n#[derive(Clone)]\nstruct A;\n"),
        ("#[pyclass] #[pyclass] struct A;\n", "#[pyclass] struct A;\n"),
        ("#[pyclass(eq)]\n#[pyclass(eq)]\nstruct A;\n", None),
    ],
)
def test_the_fix_writes_one(before: str, after: str | None) -> None:
    assert fixed("PYO085", before) == (after or before)
