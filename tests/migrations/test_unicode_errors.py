"""Which error bytes that are no text become, by the function or closure whose `?` hands it on."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.model import File
from tests.migrations.support import FOLDERS, alone

(FOLDER,) = (folder for folder in FOLDERS if folder.name == "pyo3-0.29-unicode-errors")
DECODE = "std::str::from_utf8(data)"
TOKEN = f"{DECODE}.map_err(|error| pyo3::exceptions::PyUnicodeDecodeError::new_err_from_utf8(py, data, error))"
BASE = f"{DECODE}.map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ok(%s?.len())", TOKEN),
        # A closure without the token, and one with its own.
        ("py.detach(|| -> PyResult<usize> { Ok(%s?.len()) })", BASE),
        ("Python::attach(|py| -> PyResult<usize> { Ok(%s?.len()) })", TOKEN),
        # An error of another kind.
        ("let f = |data: &[u8]| -> Result<usize, MyError> { Ok(%s?.len()) };", DECODE),
        ("fn inner() -> Result<usize, MyError> { Ok(%s?.len()) }", DECODE),
    ],
)
def test_the_nearest_that_hands_it_on_counts(body: str, expected: str) -> None:
    code = f"fn f(py: Python<'_>, data: &[u8]) -> PyResult<usize> {{\n    {body}\n}}\n"
    after, applied = alone(FOLDER, {"lib.rs": File((code % DECODE).encode())})
    assert after["lib.rs"].content.decode() == code % expected
    assert not [place for one in applied for place in one.review]


@pytest.mark.parametrize("body", ["py.detach(|| Ok(%s?.len()))", "spawn(async move { Ok(%s?.len()) });"])
def test_what_does_not_say_its_error_is_named(body: str) -> None:
    code = f"fn f(py: Python<'_>, data: &[u8]) -> PyResult<usize> {{\n    {body % DECODE}\n}}\n"
    after, (applied,) = alone(FOLDER, {"lib.rs": File(code.encode())})
    assert after["lib.rs"].content.decode() == code
    assert [place.line for place in applied.review] == [2]
    plain = code.replace("PyResult<usize>", "Result<usize, MyError>")
    assert alone(FOLDER, {"lib.rs": File(plain.encode())})[1] == []
