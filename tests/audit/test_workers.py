"""Several processes find what one finds, and a rule that breaks ends no run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rust_file import RustFile
from tests.audit.disk import CLASS, lay_out, report, session


def test_processes_share_what_they_know(tmp_path: Path) -> None:
    files = {f"src/m{number}.rs": f"#[pyclass]\nstruct A{number};\n" for number in range(6)}
    files |= {f"src/n{number}.rs": f"#[pyfunction]\nfn f(a: &mut A{number}) {{}}\n" for number in range(0, 6, 2)}
    lay_out(tmp_path, files)
    alone = session(tmp_path, processes=1).check()
    for processes in (2, 3):
        together = session(tmp_path, processes=processes).check()
        assert together.findings == alone.findings
        assert together.notices == alone.notices
    assert [one.path for one in alone.findings] == ["src/m1.rs", "src/m3.rs", "src/m5.rs"]


def test_a_rule_that_breaks_is_told_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_node: object, _file: RustFile, _project: Project) -> Iterator[Finding]:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(registry.rule("PYO021"), "check", breaks)
    found = report(lay_out(tmp_path, {"src/lib.rs": f"{CLASS}fn f() {{ x.extract(); }}\n"}))
    assert [one.rule for one in found.findings] == ["PYO081"]
    assert [str(one) for one in found.notices] == [
        "src/lib.rs: PYO021 could not be checked here: ZeroDivisionError: oh"
    ]
