from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\nuse pyo3::exceptions::*;\nuse std::fs::{self, File};\n"


@pytest.mark.parametrize(
    ("receiver", "closure"),
    [
        ("fs::read(path)", "|e| PyOSError::new_err(e.to_string())"),
        ("std::fs::read_to_string(path)", "|error| PyIOError::new_err(error.to_string())"),
        ("File::open(path)", '|e| PyIOError::new_err(format!("{e}"))'),
        ("fs::File::create(path)", '|e| exceptions::PyOSError::new_err(format!("{}", e))'),
        ("fs::read_dir(path)", "|e| pyo3::exceptions::PyOSError::new_err(e)"),
        ("text.parse::<i64>()", "|e| PyValueError::new_err(e.to_string())"),
        ("text.trim().parse::<f64>()", '|e| PyValueError::new_err(format!("{e}"))'),
    ],
)
def test_an_error_that_loses_its_kind_is_found(receiver: str, closure: str) -> None:
    source = f"{HEAD}fn f() -> PyResult<()> {{ let x = {receiver}.map_err({closure})?; Ok(()) }}"
    assert spots("PYO113", source) == [f".map_err({closure})"]


@pytest.mark.parametrize(
    "body",
    [
        "let x = fs::read(path)?;",
        'let x = fs::read(path).map_err(|e| PyOSError::new_err(format!("{path}: {e}")))?;',
        'let x = fs::read(path).map_err(|_| PyOSError::new_err("no file"))?;',
        "let x = fs::read(path).map_err(|e| ConfigError::new_err(e.to_string()))?;",
        "let x = fs::read(path).map_err(|e| PyValueError::new_err(e.to_string()))?;",
        "return fs::read(path).map_err(|e| PyOSError::new_err(e.to_string()));",
        "let x = archive.read(path).map_err(|e| PyOSError::new_err(e.to_string()))?;",
        "let x = text.parse::<Url>().map_err(|e| PyValueError::new_err(e.to_string()))?;",
        "let x: i64 = text.parse().map_err(|e| PyTypeError::new_err(e.to_string()))?;",
        "let x = parse(text).map_err(|e| PyValueError::new_err(e.to_string()))?;",
        "let x = mine::File::open(path).map_err(|e| PyOSError::new_err(e.to_string()))?;",
    ],
)
def test_nothing_is_said_where_it_says_more_or_cannot_be_told(body: str) -> None:
    assert check("PYO113", f"{HEAD}fn f() -> PyResult<()> {{ {body} Ok(()) }}") == []
