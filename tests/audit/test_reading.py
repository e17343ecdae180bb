"""Files are read as far as they matter: what is left out changes no finding and hides no syntax error."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.rule import NodeRule
from tests.audit.disk import CLASS, lay_out, report, session

PLAIN = "fn plain(items: &[u8]) -> usize { items.iter().map(|x| usize::from(*x)).sum() }\n"
CALLS = """\
#[pyfunction]
fn f(value: &Bound<'_, PyAny>, text: &str) -> usize {
    if let Ok(n) = value.extract::<i64>() { return g(n, value); }
    for _ in 0..99 { value.getattr("name").unwrap(); }
    Python::attach(|py| text.parse().unwrap())
}
"""


def test_a_syntax_error_is_told_in_a_file_that_defines_nothing_for_python(tmp_path: Path) -> None:
    found = report(lay_out(tmp_path, {"src/lib.rs": CLASS, "src/plain.rs": f"{PLAIN}fn broken( {{"}))
    assert [one.rule for one in found.findings] == ["PYO081"]
    assert [one.path for one in found.notices] == ["src/plain.rs"]


@pytest.mark.parametrize("plain", ["with_methods!(A);\n", "macro_rules! m { () => { impl A {} } }\n"])
def test_a_macro_counts_wherever_it_names_a_class(tmp_path: Path, plain: str) -> None:
    texts = {"src/lib.rs": CLASS, "src/plain.rs": PLAIN}
    assert [one.rule for one in report(lay_out(tmp_path, texts)).findings] == ["PYO081"]
    assert report(lay_out(tmp_path, {**texts, "src/plain.rs": plain + PLAIN})).findings == []


def test_a_mutable_borrow_counts_wherever_it_is(tmp_path: Path) -> None:
    texts = {"src/lib.rs": CLASS, "src/plain.rs": f"fn g(a: &Py<A>, py: Python) {{ a.borrow_mut(py); }}\n{PLAIN}"}
    assert report(lay_out(tmp_path, texts)).findings == []


def test_walking_each_file_for_all_rules_finds_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, {"src/lib.rs": CLASS + CALLS, "src/plain.rs": PLAIN})
    found = session(tmp_path, select=("ALL",)).check()
    assert len({one.rule for one in found.findings if one.path.endswith(".rs")}) >= 5
    for rule in registry.rules().values():
        if isinstance(rule, NodeRule):
            monkeypatch.setattr(type(rule), "words", ("",))
    assert session(tmp_path, select=("ALL",)).check().findings == found.findings
