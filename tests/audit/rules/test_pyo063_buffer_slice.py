from __future__ import annotations

import pytest

from tests.audit.support import check, spots

SOURCE = "use pyo3::prelude::*;\nuse pyo3::buffer::PyBuffer;\nfn f(py: Python<'_>, buffer: PyBuffer<u8>) {{ {} }}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("buffer.as_slice(py).unwrap();", "as_slice"),
        ("let x = PyBuffer::<u8>::get(data)?.as_mut_slice(py);", "as_mut_slice"),
        ("self.buffer.as_fortran_slice(py);", "as_fortran_slice"),
        ("buffer.as_fortran_mut_slice(data.py());", "as_fortran_mut_slice"),
    ],
)
@pytest.mark.parametrize("version", ["0.22", "0.28.3", "0.30.1"])
def test_slices_of_buffers_are_found(body: str, found: str, version: str) -> None:
    assert spots("PYO063", SOURCE.format(body), pyo3=version) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "data.as_slice();",
        "array.as_slice().unwrap();",
        "array.as_slice_mut();",
        "buffer.to_vec(py)?;",
        "buffer.as_slice_ptr();",
        "buffer.copy_to_slice(py, &mut target)?;",
        "as_slice(py);",
    ],
)
def test_nothing_is_said_about_other_slices_and_copies(body: str) -> None:
    assert check("PYO063", SOURCE.format(body)) == []


def test_nothing_is_said_where_no_buffer_is_known() -> None:
    assert check("PYO063", "fn f() { matrix.as_slice(order); }") == []


def test_the_pointer_is_named_where_it_is_there() -> None:
    assert "as_slice_ptr" in check("PYO063", SOURCE.format("buffer.as_slice(py);"), pyo3="0.30")[0].help
    assert "as_slice_ptr" not in check("PYO063", SOURCE.format("buffer.as_slice(py);"), pyo3="0.29")[0].help


def test_with_the_gil_only_what_leaves_it_is_found_before_the_deprecation() -> None:
    module = "\n#[pymodule(gil_used = true)] mod sample {}"
    attached = SOURCE.format("buffer.as_slice(py).unwrap()[0].get()") + module
    detached = SOURCE.format("let cells = buffer.as_slice(py).unwrap(); py.detach(|| hash(cells))") + module
    unsafe = SOURCE.format("let cells = buffer.as_slice(py); unsafe { transmute(cells) }") + module
    assert check("PYO063", attached, pyo3="0.29") == []
    assert spots("PYO063", attached, pyo3="0.30") == ["as_slice"]
    assert spots("PYO063", attached.replace("= true", "= false"), pyo3="0.29") == ["as_slice"]
    for source in (detached, unsafe):
        assert spots("PYO063", source, pyo3="0.29") == ["as_slice"]
