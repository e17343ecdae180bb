"""Rust that is cut off anywhere, and worse: each file is read as far as it goes, and nothing breaks."""

from __future__ import annotations

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.analysis import check_texts
from pyo3_kit.audit.fixing import fix_text
from pyo3_kit.audit.project import read_project
from tests.audit.support import RUST, project

SOURCE = """\
use pyo3::{prelude::*, types::{PyDict as D}};
#[cfg_attr(feature = "py", pyclass(name = "A\\"", extends = super::Base))]
pub struct A<T>(#[pyo3(get)] Vec<&'static [T; 3]>, u8);
#[pymethods]
impl A { #[new] #[pyo3(signature = (a, *, b=None))]
  async fn f<'py>(slf: PyRefMut<'_, Self>, b: Option<String>) -> PyResult<()> {
    if let Ok(n) = b.extract::<i64>() { py.detach(|| n.unwrap()); }
    let é = x.borrow_mut(py); PyTuple::new(py, [1])?; json!({"a": [1]}) } }
#[pymodule] mod m { #[pymodule_export] use super::A; #[pyfunction] fn g(x: &[u8]) {} }
"""


@pytest.fixture(autouse=True)
def loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what breaks in a rule or in the reading come through."""
    monkeypatch.setenv("PYO3_KIT_TRACEBACK", "1")


FACTS, _ = read_project({path: text for path, text in project("").items() if path != RUST}, environment={})


def run(text: str) -> None:
    found = check_texts(FACTS, {RUST: text}, registry.rule_ids())
    own = [one for one in found.findings if one.path == RUST]
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in own)
    fix_text(RUST, text, own, unsafe=True)


@pytest.mark.parametrize("start", range(7))
def test_a_file_may_end_anywhere(start: int) -> None:
    for end in range(start, len(SOURCE), 7):
        run(SOURCE[:end])


@pytest.mark.parametrize("start", range(0, 7, 3))
def test_any_character_may_lack(start: int) -> None:
    for at in range(start, len(SOURCE), 7):
        run(SOURCE[:at] + SOURCE[at + 1 :])


def test_a_file_may_be_anything() -> None:
    for text in ("", "\n", "\x00", "é", "#[", "#[]", "#[pyclass(", "fn", "impl", '"', "/*", 'r#"', "\u2028", "\r"):
        run(text)
