"""Implementations of `IntoPy` and `ToPyObject`: rewritten where nothing of theirs is lost, else named."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.model import File
from tests.migrations.support import FOLDERS, alone

(FOLDER,) = (folder for folder in FOLDERS if folder.name == "pyo3-0.25-into-py-any")
INTO = "impl IntoPy<PyObject> for A {\n    fn into_py(self, py: Python<'_>) -> PyObject { self.0 }\n}\n"
TO = "impl ToPyObject for A {\n    fn to_object(&self, py: Python<'_>) -> PyObject { self.0 }\n}\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ok(x.into_py(py))", "x.into_py_any(py)"),
        ("Ok(x.to_object(py))", "(&x).into_py_any(py)"),
        ("return Ok(x.into_py(py));", "return x.into_py_any(py);"),
        ("if a { Ok(x.into_py(py)) } else { Ok(y) }", "if a { x.into_py_any(py) } else { Ok(y) }"),
        ("match a { 0 => Ok(x.into_py(py)), _ => { Ok(y) } }", "match a { 0 => x.into_py_any(py), _ => { Ok(y) } }"),
        ("unsafe { Ok(x.into_py(py)) }", "unsafe { x.into_py_any(py) }"),
        # Here it is something else than what the function returns.
        ("let a = Ok(x.into_py(py)); a", "let a = Ok(x.into_py_any(py)?); a"),
        ("f(Ok(x.into_py(py)))", "f(Ok(x.into_py_any(py)?))"),
        ("Ok(x.into_py(py)).map(f)", "Ok(x.into_py_any(py)?).map(f)"),
        ("Ok(Some(x.into_py(py)))", "Ok(Some(x.into_py_any(py)?))"),
        ("a.map(|x| Ok(x.into_py(py)))", 'a.map(|x| Ok(x.into_py_any(py).expect("a value that Python can hold")))'),
    ],
)
def test_what_is_returned(body: str, expected: str) -> None:
    code = "fn f(py: Python<'_>) -> PyResult<PyObject> { %s }\n"
    after, _ = alone(FOLDER, {"lib.rs": File((code % body).encode())})
    assert after["lib.rs"].content.decode() == code % expected


@pytest.mark.parametrize("code", [INTO, TO, INTO.replace("py:", "_py:"), f'#[cfg(feature = "a")]\n{INTO}'])
def test_what_is_rewritten(code: str) -> None:
    after, (applied,) = alone(FOLDER, {"lib.rs": File(code.encode())})
    assert b"pyo3::IntoPyObject<'py> for" in after["lib.rs"].content
    assert not applied.review


@pytest.mark.parametrize(
    "code",
    [
        # What else stands in the block.
        INTO.replace("    fn", "    #[inline]\n    fn"),
        INTO.replace("    fn", "    type Other = u8;\n    fn"),
        INTO.replace("}\n}", "}\n    fn type_output() -> TypeInfo { TypeInfo::Any }\n}"),
        TO.replace("    fn", "    #[allow(dead_code)]\n    fn"),
        TO.replace("    fn", "    // One.\n    fn"),
        # What the new function's head has not.
        INTO.replace("(self", "(mut self"),
        INTO.replace("py:", "mut py:"),
        INTO.replace("for A", "for A where A: Clone"),
        INTO.replace("impl ", "impl<T> "),
    ],
)
def test_what_is_left_and_named(code: str) -> None:
    after, (applied,) = alone(FOLDER, {"lib.rs": File(code.encode())})
    assert after["lib.rs"].content.decode() == code
    assert {(place.line, place.note[:10]) for place in applied.review} == {(1, "The traits")}
